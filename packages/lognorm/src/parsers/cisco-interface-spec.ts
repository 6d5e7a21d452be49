/**
 * `cisco-interface-spec`: `[interface:]ip/port [SP(ip2/port2)] [[SP](user)]`. Optional parts that do not fit are not consumed.
 */
import { byteString, isSpace } from '../bytes.ts';
import type { JsonObject } from '../json-dialect/value.ts';
import { matchIpv4 } from './ip.ts';
import { plainMotif, VALUE } from './motif.ts';
import { skipDigits } from './number.ts';

type Visit = (name: string, from: number, to: number) => void;

/** The offset after `ipv4/number`, or -1. */
function endpoint(line: Uint8Array, from: number, end: number, suffix: string, visit: Visit): number {
  const slash = matchIpv4(line, from, end);
  if (slash < 0 || slash >= end || line[slash] !== 47) return -1;
  const to = skipDigits(line, slash + 1, end);
  if (to === slash + 1) return -1;
  visit(`ip${suffix}`, from, slash);
  visit(`port${suffix}`, slash + 1, to);
  return to;
}

/** The offset of the address: after `interface:` when there is one. -1 when neither fits. */
function addressOffset(line: Uint8Array, from: number, end: number, visit: Visit): number {
  if (from >= end || line[from] === 58 || isSpace(line[from]!)) return -1;
  if (matchIpv4(line, from, end) >= 0) return from;
  let at = from;
  while (at < end && line[at] !== 58 && !isSpace(line[at]!)) at += 1;
  if (at >= end || line[at] !== 58) return -1;
  visit('interface', from, at);
  return at + 1;
}

/** The offset after ` (ip2/port2)`, or `from` when it is not there. */
function secondEndpoint(line: Uint8Array, from: number, end: number, visit: Visit): number {
  if (end - from < 2 || line[from] !== 32 || line[from + 1] !== 40) return from;
  const pending: [string, number, number][] = [];
  const to = endpoint(line, from + 2, end, '2', (...part) => pending.push(part));
  if (to < 0 || to >= end || line[to] !== 41) return from;
  for (const part of pending) visit(...part);
  return to + 1;
}

/** The offset after `(user)` or ` (user)`, or `from` when it is not there. The user may be empty only without the space. */
function userPart(line: Uint8Array, from: number, end: number, visit: Visit): number {
  const spaced = from < end && line[from] === 32;
  const open = spaced ? from + 1 : from;
  if (open >= end || line[open] !== 40) return from;
  let at = open + 1;
  while (at < end && line[at] !== 41 && !isSpace(line[at]!)) at += 1;
  if (at >= end || line[at] !== 41 || (spaced && at === open + 1)) return from;
  visit('user', open + 1, at);
  return at + 1;
}

function walk(line: Uint8Array, from: number, end: number, visit: Visit): number {
  const address = addressOffset(line, from, end, visit);
  if (address < 0) return -1;
  const first = endpoint(line, address, end, '', visit);
  if (first < 0) return -1;
  return userPart(line, secondEndpoint(line, first, end, visit), end, visit);
}

function nothing(): void {
  // Matching only asks for the end.
}

export const ciscoInterfaceSpec = plainMotif('cisco-interface-spec', 4, {
  kind: VALUE,
  scans: true,
  match: (line, from, end) => walk(line, from, end, nothing),
  value(line, from, _to, end) {
    const object: JsonObject = new Map();
    walk(line, from, end, (name, start, stop) => object.set(name, byteString(line, start, stop)));
    return object;
  },
});
