/** `checkpoint-lea`: `name: value;` repeated, to the end of the line or (v2) to a terminator byte. Nothing at all gives null. */
import { byteString } from '../bytes.ts';
import type { JsonObject } from '../json-dialect/value.ts';
import type { Motif } from './motif.ts';
import { VALUE } from './motif.ts';

type Visit = (nameFrom: number, nameTo: number, valueFrom: number, valueTo: number) => void;

function skipSpaces(line: Uint8Array, from: number, end: number): number {
  let at = from;
  while (at < end && line[at] === 32) at += 1;
  return at;
}

function find(line: Uint8Array, byte: number, from: number, end: number): number {
  let at = from;
  while (at < end && line[at] !== byte) at += 1;
  return at < end ? at : -1;
}

function walk(line: Uint8Array, from: number, end: number, terminator: number | undefined, visit: Visit): number {
  let at = from;
  let fields = 0;
  for (;;) {
    const blanks = at;
    at = skipSpaces(line, at, end);
    if (at === end) return fields === 0 && at > blanks ? -1 : at;
    if (line[at] === terminator) return at;
    const colon = find(line, 58, at, end);
    if (colon < 0) return -1;
    const value = skipSpaces(line, colon + 1, end);
    const semicolon = find(line, 59, value, end);
    if (semicolon < 0) return -1;
    visit(at, colon, value, semicolon);
    fields += 1;
    at = semicolon + 1;
  }
}

export const checkpointLea: Motif = {
  type: 'checkpoint-lea',
  priority: 4,
  versions: [1, 2],
  create(parameters, version) {
    if (version === 2) parameters.allowOnly(['terminator']);
    const terminator = version === 2 ? parameters.byte('terminator') : undefined;
    return {
      kind: VALUE,
      scans: true,
      match: (line, from, end) => walk(line, from, end, terminator, () => undefined),
      value(line, from, _to, end) {
        const object: JsonObject = new Map();
        walk(line, from, end, terminator, (a, b, c, d) => object.set(byteString(line, a, b), byteString(line, c, d)));
        return object.size === 0 ? null : object;
      },
    };
  },
};
