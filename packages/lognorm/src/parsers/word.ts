/** `word`: one or more bytes up to a space (0x20 only; a tab belongs to the word) or the end of the line. */
import { plainMotif, TEXT } from './motif.ts';

export function matchWord(line: Uint8Array, from: number, end: number): number {
  let at = from;
  while (at < end && line[at] !== 32) at += 1;
  return at === from ? -1 : at;
}

export const word = plainMotif('word', 32, {
  kind: TEXT,
  scans: false,
  match: matchWord,
  inline: { op: 'until', byte: 32, min: 1, orEnd: true },
});
