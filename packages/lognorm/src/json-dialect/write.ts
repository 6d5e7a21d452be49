/** Writes values the way the native library prints them: `{ "k": v, "k2": [ a, b ] }`, empty ones `{ }` and `[ ]`. */
import { JsonNumber } from './value.ts';
import type { JsonObject, JsonValue } from './value.ts';

const NAMED: Readonly<Record<string, string>> = {
  '"': '\\"',
  '\\': '\\\\',
  '/': '\\/',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
};

function escapeByte(char: string): string {
  return NAMED[char] ?? `\\u00${char.charCodeAt(0).toString(16).padStart(2, '0')}`;
}

/** Escapes a byte string. Note that `/` is escaped too, and that 0x7f and bytes from 0x80 are not. */
export function escapeJson(text: string): string {
  return text.replace(/["\\/\u0000-\u001f]/g, escapeByte);
}

/** The JSON text of a value, as a byte string. */
export function writeJson(value: JsonValue): string {
  if (typeof value === 'string') return `"${escapeJson(value)}"`;
  if (value === null || typeof value === 'boolean') return String(value);
  if (value instanceof JsonNumber) return value.text;
  if (Array.isArray(value)) return value.length === 0 ? '[ ]' : `[ ${value.map(writeJson).join(', ')} ]`;
  return writeObject(value);
}

export function writeObject(object: JsonObject): string {
  if (object.size === 0) return '{ }';
  const members: string[] = [];
  for (const [key, value] of object) members.push(`"${escapeJson(key)}": ${writeJson(value)}`);
  return `{ ${members.join(', ')} }`;
}
