/** `hexnumber`: `0x`, any number of hexadecimal digits, and a whitespace byte behind them that is not consumed. */
import { byteString, CLASS, HEX, isSpace } from '../bytes.ts';
import { JsonNumber } from '../json-dialect/value.ts';
import type { Motif, Parser } from './motif.ts';
import { TEXT, VALUE } from './motif.ts';

function matchHex(line: Uint8Array, from: number, end: number): number {
  if (end - from < 3 || line[from] !== 48 || line[from + 1] !== 120) return -1;
  let at = from + 2;
  while (at < end && CLASS[line[at]!]! & HEX) at += 1;
  return at < end && isSpace(line[at]!) ? at : -1;
}

function integerOf(line: Uint8Array, from: number, to: number): bigint {
  return to - from === 2 ? 0n : BigInt.asIntN(64, BigInt(byteString(line, from, to)));
}

export const hexnumber: Motif = {
  type: 'hexnumber',
  priority: 16,
  versions: [1, 2],
  create(parameters, version) {
    if (version === 1) return { kind: TEXT, scans: false, match: matchHex };
    parameters.allowOnly(['maxval', 'format']);
    const greatest = parameters.bound('maxval');
    const match: Parser['match'] = (line, from, end) => {
      const to = matchHex(line, from, end);
      return to >= 0 && greatest > 0n && integerOf(line, from, to) > greatest ? -1 : to;
    };
    if (parameters.choice('format', ['string', 'number']) === 'string') return { kind: TEXT, scans: false, match };
    return { kind: VALUE, scans: false, match, value: (line, from, to) => new JsonNumber(integerOf(line, from, to).toString(), true) };
  },
};
