/**
 * `char-to`: one or more bytes up to the first of a set of terminators, which must be there. `char-sep`: any number of bytes up to the
 * first of them or the end of the line; it never fails. In v1 only the first byte of the set counts.
 */
import { toBytes } from '../bytes.ts';
import type { Motif, Parser } from './motif.ts';
import { TEXT } from './motif.ts';
import type { Parameters } from './parameters.ts';

function terminators(parameters: Parameters, version: 1 | 2): Uint8Array {
  parameters.allowOnly(['extradata']);
  const set = toBytes(parameters.requiredText('extradata'));
  return version === 1 ? set.subarray(0, 1) : set;
}

function membership(set: Uint8Array): Uint8Array {
  const table = new Uint8Array(256);
  for (const byte of set) table[byte] = 1;
  return table;
}

function until(set: Uint8Array, min: 0 | 1, orEnd: boolean): Parser {
  const table = membership(set);
  const match: Parser['match'] = (line, from, end) => {
    let at = from;
    while (at < end && table[line[at]!] === 0) at += 1;
    return at - from < min || (at === end && !orEnd) ? -1 : at;
  };
  if (set.length > 1) return { kind: TEXT, scans: true, match };
  return { kind: TEXT, scans: true, match, inline: { op: 'until', byte: set[0]!, min, orEnd } };
}

export const charTo: Motif = {
  type: 'char-to',
  priority: 32,
  versions: [1, 2],
  create: (parameters, version) => until(terminators(parameters, version), 1, false),
};

export const charSep: Motif = {
  type: 'char-sep',
  priority: 32,
  versions: [1, 2],
  create: (parameters, version) => until(terminators(parameters, version), 0, true),
};
