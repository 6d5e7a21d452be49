/**
 * The values of extracted fields. Strings and keys are byte strings (`bytes.ts`). An object is a Map: keys such as `__proto__` or `1` are
 * plain keys in insertion order. A number keeps the text it is written with, because a double is printed as it stood in the log.
 */
import { decodeText } from '../bytes.ts';

export class JsonNumber {
  /** The text that the encoders print. */
  readonly text: string;
  /** An integer of 64 bits, as opposed to a double. */
  readonly isInteger: boolean;

  constructor(text: string, isInteger: boolean) {
    this.text = text;
    this.isInteger = isInteger;
  }
}

export type JsonObject = Map<string, JsonValue>;
export type JsonValue = string | boolean | null | JsonNumber | JsonValue[] | JsonObject;

/** A plain JavaScript value, as `rulebase.normalize` returns. */
export type PlainValue = string | number | boolean | null | PlainValue[] | { [key: string]: PlainValue };
export type PlainObject = { [key: string]: PlainValue };

/** Sets an own property whatever its name; `__proto__` by assignment would change the prototype instead. */
export function setPlain(object: PlainObject, key: string, value: PlainValue): void {
  if (key === '__proto__') Object.defineProperty(object, key, { value, writable: true, enumerable: true, configurable: true });
  else object[key] = value;
}

export function toPlain(value: JsonValue): PlainValue {
  if (typeof value === 'string') return decodeText(value);
  if (value === null || typeof value === 'boolean') return value;
  if (value instanceof JsonNumber) return Number.parseFloat(value.text);
  if (Array.isArray(value)) return value.map(toPlain);
  return toPlainObject(value);
}

export function toPlainObject(map: JsonObject): PlainObject {
  const object: PlainObject = {};
  for (const [key, value] of map) setPlain(object, decodeText(key), toPlain(value));
  return object;
}
