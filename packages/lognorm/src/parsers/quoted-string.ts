/**
 * `quoted-string`: `"` to the next `"`, without escapes; v2 keeps the quotes in the value, v1 strips them.
 * `op-quoted-string`: a quoted string without its quotes, or else a word.
 */
import type { Motif } from './motif.ts';
import { INNER, plainMotif, TEXT, UNQUOTED } from './motif.ts';
import { matchWord } from './word.ts';

function matchQuoted(line: Uint8Array, from: number, end: number): number {
  if (from >= end || line[from] !== 34) return -1;
  let at = from + 1;
  while (at < end && line[at] !== 34) at += 1;
  return at < end ? at + 1 : -1;
}

export const quotedString: Motif = {
  type: 'quoted-string',
  priority: 64,
  versions: [1, 2],
  create: (_parameters, version) => ({ kind: version === 1 ? INNER : TEXT, scans: true, match: matchQuoted }),
};

export const opQuotedString = plainMotif('op-quoted-string', 64, {
  kind: UNQUOTED,
  scans: true,
  match: (line, from, end) => (from < end && line[from] === 34 ? matchQuoted(line, from, end) : matchWord(line, from, end)),
});
