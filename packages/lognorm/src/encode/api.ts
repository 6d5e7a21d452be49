/** The encoders for users: events as `normalize` or `normalizeToTree` return them, to text. */
import { decodeText, encodeText } from '../bytes.ts';
import { JsonNumber } from '../json-dialect/value.ts';
import type { JsonObject, JsonValue, PlainObject, PlainValue } from '../json-dialect/value.ts';
import { writeObject } from '../json-dialect/write.ts';
import { writeCee, writeCsv, writeXml } from './text.ts';

/** An event in one of its two forms. */
export type Event = PlainObject | JsonObject;

function numberOf(value: number): JsonNumber {
  if (!Number.isInteger(value)) return new JsonNumber(String(value), false);
  return Math.abs(value) < 2 ** 63 ? new JsonNumber(BigInt(value).toString(), true) : new JsonNumber(String(value), false);
}

function treeOf(value: PlainValue): JsonValue {
  if (typeof value === 'string') return encodeText(value);
  if (typeof value === 'number') return numberOf(value);
  if (value === null || typeof value === 'boolean') return value;
  return Array.isArray(value) ? value.map(treeOf) : objectOf(value);
}

function objectOf(event: Event): JsonObject {
  if (event instanceof Map) return event;
  return new Map(Object.entries(event).map(([key, value]) => [encodeText(key), treeOf(value)]));
}

/** JSON in the format of the native library, `{ "k": "v", "n": 1 }`. */
export function asJson(event: Event): string {
  return decodeText(writeObject(objectOf(event)));
}

/** `<event><field name="k"><value>v</value></field>...</event>`. */
export function asXml(event: Event): string {
  return decodeText(writeXml(objectOf(event)));
}

/** The given fields as one line of quoted values; a missing one is empty. */
export function asCsv(event: Event, fields: readonly string[]): string {
  return decodeText(writeCsv(objectOf(event), fields.map(encodeText)));
}

/** A structured data element of RFC 5424, `[cee@115 k="v"]`: what `lognormalizer -e cee-syslog` prints. */
export function asRfc5424(event: Event): string {
  return decodeText(writeCee(objectOf(event)));
}

/** The same under the name that the native tool uses. */
export const asCeeSyslog = asRfc5424;
