/** `number`: one or more digits, with an optional greatest value; as a number it is a 64-bit integer that wraps beyond. */
import { byteString } from '../bytes.ts';
import type { Motif } from './motif.ts';
import { INTEGER, TEXT } from './motif.ts';

/** Offset after a run of digits. */
export function skipDigits(line: Uint8Array, from: number, end: number): number {
  let at = from;
  while (at < end) {
    const byte = line[at]!;
    if (byte < 48 || byte > 57) break;
    at += 1;
  }
  return at;
}

/** The digits as a signed 64-bit integer in canonical form. */
export function wrappedInteger(digits: string): string {
  if (digits.length <= 15) return String(Number(digits));
  return BigInt.asIntN(64, BigInt(digits)).toString();
}

function matchNumber(line: Uint8Array, from: number, end: number): number {
  const to = skipDigits(line, from, end);
  return to === from ? -1 : to;
}

export const number: Motif = {
  type: 'number',
  priority: 16,
  versions: [1, 2],
  create(parameters, version) {
    if (version === 1) return { kind: TEXT, scans: false, match: matchNumber };
    parameters.allowOnly(['maxval', 'format']);
    const kind = parameters.choice('format', ['string', 'number']) === 'number' ? INTEGER : TEXT;
    const greatest = parameters.bound('maxval');
    if (greatest <= 0n) return { kind, scans: false, match: matchNumber };
    return {
      kind,
      scans: false,
      match(line, from, end) {
        const to = matchNumber(line, from, end);
        if (to < 0) return -1;
        return BigInt(wrappedInteger(byteString(line, from, to))) > greatest ? -1 : to;
      },
    };
  },
};
