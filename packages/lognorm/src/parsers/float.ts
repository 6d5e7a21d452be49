/**
 * `float`: optional `-`, then digits with at most one `.`. It also accepts `-`, `.`, `5.` and `.5`; as a number those are completed to
 * valid JSON, and what holds no digit at all stays a string.
 */
import { byteString, isDigit } from '../bytes.ts';
import { JsonNumber } from '../json-dialect/value.ts';
import type { JsonValue } from '../json-dialect/value.ts';
import type { Motif } from './motif.ts';
import { TEXT, VALUE } from './motif.ts';

function matchFloat(line: Uint8Array, from: number, end: number): number {
  let at = from;
  if (at < end && line[at] === 45) at += 1;
  let point = false;
  for (; at < end; at += 1) {
    const byte = line[at]!;
    if (byte === 46 && !point) point = true;
    else if (!isDigit(byte)) break;
  }
  return at === from ? -1 : at;
}

export function floatValue(text: string): JsonValue {
  const parts = /^(-?)(\d*)(\.?)(\d*)$/.exec(text)!;
  const [, sign = '', whole = '', point = '', fraction = ''] = parts;
  if (whole === '' && fraction === '') return text;
  const digits = whole.replace(/^0+(?=\d)/, '') || '0';
  return new JsonNumber(point === '' ? sign + digits : `${sign}${digits}.${fraction || '0'}`, false);
}

export const float: Motif = {
  type: 'float',
  priority: 16,
  versions: [1, 2],
  create(parameters, version) {
    if (version === 1) return { kind: TEXT, scans: false, match: matchFloat };
    parameters.allowOnly(['format']);
    if (parameters.choice('format', ['string', 'number']) === 'string') return { kind: TEXT, scans: false, match: matchFloat };
    return { kind: VALUE, scans: false, match: matchFloat, value: (line, from, to) => floatValue(byteString(line, from, to)) };
  },
};
