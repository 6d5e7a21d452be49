/** Builds the value tree of an event from its captures: the general way, for what cannot be written piece by piece. */
import { byteString } from '../bytes.ts';
import type { JsonObject, JsonValue } from '../json-dialect/value.ts';
import { JsonNumber } from '../json-dialect/value.ts';
import { ENTRY } from '../match/captures.ts';
import type { Field } from '../match/fields.ts';
import { REPEAT, TYPE } from '../match/fields.ts';
import { INNER, INTEGER, TEXT, UNQUOTED } from '../parsers/motif.ts';
import { wrappedInteger } from '../parsers/number.ts';

/** A matched line: what the writers read. */
export interface Captured {
  fields: readonly Field[];
  captures: Int32Array;
  line: Uint8Array;
  /** The end of the line in `line`. */
  end: number;
}

/** The value of a parser's field. */
export function leafValue(field: Field, captured: Captured, from: number, to: number): JsonValue {
  const { line } = captured;
  const { kind } = field;
  if (kind === TEXT) return byteString(line, from, to);
  if (kind === INNER || (kind === UNQUOTED && line[from] === 34)) return byteString(line, from + 1, to - 1);
  if (kind === UNQUOTED) return byteString(line, from, to);
  if (kind === INTEGER) return new JsonNumber(wrappedInteger(byteString(line, from, to)), true);
  return field.parser!.value!(line, from, to, captured.end);
}

/** Adds the fields of the entries `low`..`high` to an object, last entry first. */
export function addFields(object: JsonObject, captured: Captured, low: number, high: number): void {
  const { captures, fields } = captured;
  let at = high;
  while (at > low) {
    at -= ENTRY;
    const field = fields[captures[at]!]!;
    const a = captures[at + 1]!;
    store(object, field.name, fieldValue(captured, field, at));
    if (field.kind >= TYPE) at = a;
  }
}

/** The value of the field whose entry is at `at`, as it stands in the object around it. */
export function memberValue(captured: Captured, field: Field, at: number): JsonValue {
  return unwrapped(fieldValue(captured, field, at));
}

function fieldValue(captured: Captured, field: Field, at: number): JsonValue {
  const a = captured.captures[at + 1]!;
  if (field.kind === REPEAT) return arrayValue(captured, a, at);
  if (field.kind !== TYPE) return leafValue(field, captured, a, captured.captures[at + 2]!);
  const object: JsonObject = new Map();
  addFields(object, captured, a, at);
  return object;
}

/** Null when the repeat succeeded without any element. */
function arrayValue(captured: Captured, low: number, high: number): JsonValue {
  const elements: JsonValue[] = [];
  let at = high;
  while (at > low) {
    at -= ENTRY;
    const start = captured.captures[at + 1]!;
    elements.push(elementValue(captured, start, at));
    at = start;
  }
  return elements.length === 0 ? null : elements.reverse();
}

/** An element is the object of its fields, or the value of the one called `.`; `..` means nothing here. */
function elementValue(captured: Captured, low: number, high: number): JsonValue {
  const { captures, fields } = captured;
  const object: JsonObject = new Map();
  let at = high;
  while (at > low) {
    at -= ENTRY;
    const field = fields[captures[at]!]!;
    const a = captures[at + 1]!;
    const value = fieldValue(captured, field, at);
    if (field.name === '.') return unwrapped(value);
    object.set(field.name, unwrapped(value));
    if (field.kind >= TYPE) at = a;
  }
  return object;
}

/** The rules for field names: `.` merges an object into the one around it, an object with `..` alone gives way to that value. */
export function store(object: JsonObject, name: string, value: JsonValue): void {
  if (name === '.' && value instanceof Map) for (const [key, member] of value) object.set(key, member);
  else object.set(name, unwrapped(value));
}

function unwrapped(value: JsonValue): JsonValue {
  if (!(value instanceof Map) || value.size !== 1) return value;
  return value.get('..') ?? (value.has('..') ? null : value);
}
