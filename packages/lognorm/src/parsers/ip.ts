/** `ipv4`, `ipv6` and `mac48`. */
import { CLASS, HEX, isDigit, isSpace } from '../bytes.ts';
import { plainMotif, textParser } from './motif.ts';

export function matchIpv4(line: Uint8Array, from: number, end: number): number {
  if (end - from < 7) return -1;
  let at = from;
  for (let group = 0; group < 4; group += 1) {
    if (group > 0) {
      if (at >= end || line[at] !== 46) return -1;
      at += 1;
    }
    let value = 0;
    const start = at;
    while (at < end && at - start < 3 && isDigit(line[at]!)) {
      value = value * 10 + line[at]! - 48;
      at += 1;
    }
    if (at === start || value > 255) return -1;
  }
  return at;
}

/** Checks common to every way an IPv6 address may end. */
function checked(line: Uint8Array, from: number, at: number, blocks: number, abbreviated: boolean): number {
  if (blocks > 8 || (abbreviated && blocks >= 8)) return -1;
  const endsInColon = line[at - 1] === 58 && (at - from < 2 || line[at - 2] !== 58);
  return endsInColon ? -1 : at;
}

export function matchIpv6(line: Uint8Array, from: number, end: number): number {
  if (end - from < 2) return -1;
  const first = line[from]!;
  if (!(CLASS[first]! & HEX) && !(first === 58 && line[from + 1] === 58)) return -1;
  let at = from;
  let abbreviated = false;
  for (let blocks = 1; blocks <= 9; blocks += 1) {
    const block = at;
    while (at < end && at - block < 4 && CLASS[line[at]!]! & HEX) at += 1;
    if (at === end || isSpace(line[at]!)) return checked(line, from, at, blocks, abbreviated);
    if (line[at] === 46) {
      const tail = blocks === 1 ? -1 : matchIpv4(line, block, end);
      return tail < 0 ? -1 : checked(line, from, tail, blocks - 1, abbreviated);
    }
    if (line[at] !== 58) return -1;
    at += 1;
    if (at === end) return checked(line, from, at, blocks, abbreviated);
    if (line[at] === 58) {
      if (abbreviated) return -1;
      abbreviated = true;
      at += 1;
      if (at === end) return checked(line, from, at, blocks, abbreviated);
    }
  }
  return -1;
}

export const ipv4 = plainMotif('ipv4', 4, textParser(matchIpv4));
export const ipv6 = plainMotif('ipv6', 4, textParser(matchIpv6));

export const mac48 = plainMotif(
  'mac48',
  16,
  textParser((line, from, end) => {
    if (end - from < 17) return -1;
    const separator = line[from + 2];
    if (separator !== 58 && separator !== 45) return -1;
    for (let i = 0; i < 17; i += 1) {
      const byte = line[from + i]!;
      if (i % 3 === 2 ? byte !== separator : !(CLASS[byte]! & HEX)) return -1;
    }
    return from + 17;
  }),
);
