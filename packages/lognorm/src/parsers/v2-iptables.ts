/** `v2-iptables`: at least two items `NAME` or `NAME=value`, one space between, to the end of the line. */
import { byteString, CLASS, isSpace, UPPER } from '../bytes.ts';
import type { JsonObject } from '../json-dialect/value.ts';
import { plainMotif, VALUE } from './motif.ts';

/** `valueFrom` is -1 for an item without `=`. */
type Visit = (nameFrom: number, nameTo: number, valueFrom: number, valueTo: number) => void;

/** The offset after one item, or -1. */
function item(line: Uint8Array, from: number, end: number, visit: Visit): number {
  let name = from;
  while (name < end && CLASS[line[name]!]! & UPPER) name += 1;
  if (name === from) return -1;
  if (name < end && line[name] === 61) {
    let to = name + 1;
    while (to < end && !isSpace(line[to]!)) to += 1;
    visit(from, name, name + 1, to);
    return to;
  }
  visit(from, name, -1, -1);
  return name;
}

function walk(line: Uint8Array, from: number, end: number, visit: Visit): boolean {
  let at = from;
  let items = 0;
  while (at < end) {
    const to = item(line, at, end, visit);
    if (to < 0 || (to < end && line[to] !== 32)) return false;
    items += 1;
    at = to + 1;
  }
  return items >= 2;
}

export const v2Iptables = plainMotif('v2-iptables', 4, {
  kind: VALUE,
  scans: true,
  match: (line, from, end) => (walk(line, from, end, () => undefined) ? end : -1),
  value(line, from, _to, end) {
    const object: JsonObject = new Map();
    walk(line, from, end, (a, b, c, d) => object.set(byteString(line, a, b), c < 0 ? null : byteString(line, c, d)));
    return object;
  },
  pairs: (line, from, _to, end, into) => void walk(line, from, end, into.add),
});
