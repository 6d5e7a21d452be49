/**
 * `name-value-list`: pairs `name=value`. v2: separator and assignator may be set, values may be quoted, an invalid pair ends the list before
 * it, and the list always matches, possibly with nothing. v1: no quotes, and the pairs must cover the rest of the line.
 */
import { byteString, CLASS, isSpace, NAME } from '../bytes.ts';
import type { JsonObject } from '../json-dialect/value.ts';
import type { Motif, Parser } from './motif.ts';
import { VALUE } from './motif.ts';

interface Syntax {
  /** The separator byte; undefined for the whitespace class. */
  separator: number | undefined;
  assignator: number;
  /** With an explicit assignator a name is any bytes except it. */
  anyName: boolean;
  quotes: boolean;
  wholeLine: boolean;
}

type Visit = (nameFrom: number, nameTo: number, valueFrom: number, valueTo: number) => void;

function isSeparator(byte: number, syntax: Syntax): boolean {
  return syntax.separator === undefined ? isSpace(byte) : byte === syntax.separator;
}

/** Whether the byte at `at` follows an odd number of backslashes that begin no earlier than `from`. */
function isEscaped(line: Uint8Array, from: number, at: number): boolean {
  let backslashes = 0;
  while (at - 1 - backslashes >= from && line[at - 1 - backslashes] === 92) backslashes += 1;
  return backslashes % 2 === 1;
}

function nameEnd(line: Uint8Array, from: number, end: number, syntax: Syntax): number {
  let at = from;
  if (syntax.anyName) while (at < end && line[at] !== syntax.assignator) at += 1;
  else while (at < end && CLASS[line[at]!]! & NAME) at += 1;
  return at;
}

/** The offset of the closing quote, or -1. */
function closingQuote(line: Uint8Array, from: number, end: number): number {
  const quote = line[from];
  for (let at = from + 1; at < end; at += 1) if (line[at] === quote && !isEscaped(line, from + 1, at)) return at;
  return -1;
}

function bareEnd(line: Uint8Array, from: number, end: number, syntax: Syntax): number {
  let at = from;
  while (at < end && !(isSeparator(line[at]!, syntax) && !(syntax.quotes && isEscaped(line, from, at)))) at += 1;
  return at;
}

/** The offset after one pair, or -1. */
function pair(line: Uint8Array, from: number, end: number, syntax: Syntax, visit: Visit): number {
  const name = nameEnd(line, from, end, syntax);
  if (name === from || name >= end || line[name] !== syntax.assignator) return -1;
  const value = name + 1;
  if (syntax.quotes && value < end && (line[value] === 34 || line[value] === 39)) {
    const close = closingQuote(line, value, end);
    if (close < 0) return -1;
    visit(from, name, value + 1, close);
    return close + 1;
  }
  const to = bareEnd(line, value, end, syntax);
  visit(from, name, value, to);
  return to;
}

function walk(line: Uint8Array, from: number, end: number, syntax: Syntax, visit: Visit): number {
  let at = from;
  while (at < end) {
    const to = pair(line, at, end, syntax, visit);
    if (to < 0) return syntax.wholeLine ? -1 : at;
    at = to;
    if (at < end && !isSeparator(line[at]!, syntax)) return syntax.wholeLine ? -1 : at;
    while (at < end && isSeparator(line[at]!, syntax)) at += 1;
  }
  return at;
}

function listParser(syntax: Syntax): Parser {
  return {
    kind: VALUE,
    scans: true,
    match(line, from, end) {
      const to = walk(line, from, end, syntax, () => undefined);
      return syntax.wholeLine && to === from ? -1 : to;
    },
    value(line, from, to) {
      const object: JsonObject = new Map();
      walk(line, from, to, syntax, (a, b, c, d) => object.set(byteString(line, a, b), byteString(line, c, d)));
      return object;
    },
    pairs: (line, from, to, _end, into) => void walk(line, from, to, syntax, into.add),
  };
}

export const nameValueList: Motif = {
  type: 'name-value-list',
  priority: 8,
  versions: [1, 2],
  create(parameters, version) {
    if (version === 1) return listParser({ separator: undefined, assignator: 61, anyName: false, quotes: false, wholeLine: true });
    parameters.allowOnly(['separator', 'extradata', 'assignator']);
    const separator = parameters.byte('separator') ?? parameters.byte('extradata');
    const assignator = parameters.byte('assignator');
    return listParser({ separator, assignator: assignator ?? 61, anyName: assignator !== undefined, quotes: true, wholeLine: false });
  },
};
