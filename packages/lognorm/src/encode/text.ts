/** The encoders other than JSON, over value trees. All of them write arrays in reverse, as the native tool does. */
import { JsonNumber } from '../json-dialect/value.ts';
import type { JsonObject, JsonValue } from '../json-dialect/value.ts';
import { writeJson } from '../json-dialect/write.ts';
import { TAGS_KEY } from './plan.ts';

const UNSUPPORTED = '***unsupported type***';

/** An array element: the string itself, or JSON text. */
function elementText(value: JsonValue): string {
  return typeof value === 'string' ? value : writeJson(value);
}

function reversed(array: readonly JsonValue[]): string[] {
  return array.map(elementText).reverse();
}

/** The text of a scalar that the text formats support. */
function scalarText(value: JsonValue): string | undefined {
  if (typeof value === 'string') return value;
  return value instanceof JsonNumber && value.isInteger ? value.text : undefined;
}

function csvEscape(text: string): string {
  return text.replace(/["\\\u0000-\u001f]/g, (char) => {
    const named = { '"': '\\"', '\\': '\\\\', '\b': '\\b', '\f': '\\f', '\n': '\\n', '\r': '\\r', '\t': '\\t' }[char];
    return named ?? `\\u00${char.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`;
  });
}

function csvValue(value: JsonValue | undefined): string {
  if (value === undefined || value === null) return '';
  if (Array.isArray(value)) return `"[${reversed(value).map(csvEscape).join(',')}]"`;
  const text = scalarText(value);
  return `"${text === undefined ? UNSUPPORTED : csvEscape(text)}"`;
}

/** The names of `-E`: separated by single commas or spaces. */
export function csvNames(specification: string): string[] {
  return specification === '' ? [] : specification.split(/[, ]/);
}

export function writeCsv(event: JsonObject, names: readonly string[]): string {
  return names.map((name) => csvValue(event.get(name))).join(',');
}

function xmlEscape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}

function xmlValue(text: string): string {
  return `<value>${xmlEscape(text)}</value>`;
}

function xmlContent(value: JsonValue): string {
  if (Array.isArray(value)) return reversed(value).map(xmlValue).join('');
  const text = scalarText(value);
  return text === undefined ? UNSUPPORTED : xmlValue(text);
}

export function writeXml(event: JsonObject): string {
  let text = '<event>';
  const tags = event.get(TAGS_KEY);
  if (Array.isArray(tags)) {
    text += `<event.tags>${reversed(tags)
      .map((tag) => `<tag>${xmlEscape(tag)}</tag>`)
      .join('')}</event.tags>`;
  }
  for (const [name, value] of event) {
    if (name !== TAGS_KEY || !Array.isArray(value)) text += `<field name="${name}">${xmlContent(value)}</field>`;
  }
  return `${text}</event>`;
}

function ceeEscape(text: string): string {
  return text.replace(/[\\"\],]/g, '\\$&').replaceAll('\n', '\\n');
}

function ceeContent(value: JsonValue): string {
  if (Array.isArray(value)) return reversed(value).map(ceeEscape).join(',');
  const text = scalarText(value);
  return text === undefined ? UNSUPPORTED : ceeEscape(text);
}

/** The structured data element of RFC 5424 that the native tool calls `cee-syslog`. */
export function writeCee(event: JsonObject): string {
  let text = '[cee@115';
  const tags = event.get(TAGS_KEY);
  if (Array.isArray(tags)) text += ` ${TAGS_KEY}="${ceeContent(tags)}"`;
  for (const [name, value] of event) {
    if (name !== TAGS_KEY || !Array.isArray(value)) text += ` ${name}="${ceeContent(value)}"`;
  }
  return `${text}]`;
}
