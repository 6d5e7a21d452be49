/** `string`: the configurable text parser: quoting, escapes, permitted bytes, strict or lazy end. */
import { byteString, CLASS, DIGIT, HEX, ALPHA } from '../bytes.ts';
import { RuleError } from '../errors.ts';
import type { JsonValue } from '../json-dialect/value.ts';
import type { Motif, Parser } from './motif.ts';
import { VALUE } from './motif.ts';
import { asText } from './parameters.ts';
import type { Parameters } from './parameters.ts';

interface Options {
  quoting: 'auto' | 'none' | 'required';
  /** A doubled end quote is data. */
  doubling: boolean;
  /** A backslash makes the next byte data. */
  backslash: boolean;
  begin: number;
  end: number;
  /** 1 per permitted byte; undefined permits all. */
  permitted: Uint8Array | undefined;
  lazy: boolean;
}

const CLASSES: Readonly<Record<string, number>> = { digit: DIGIT, hexdigit: HEX, alpha: ALPHA, alnum: ALPHA | DIGIT };

function invalid(message: string): RuleError {
  return new RuleError('invalid-parameter', `string: ${message}`);
}

function word<T extends string>(key: string, value: JsonValue, words: readonly T[]): T {
  const text = asText(value);
  const found = words.find((candidate) => candidate === text);
  if (found === undefined) throw invalid(`invalid ${key} '${text}'`);
  return found;
}

function oneByte(key: string, value: JsonValue): number {
  const text = asText(value);
  if (text.length !== 1) throw invalid(`${key} must be exactly one byte`);
  return text.charCodeAt(0);
}

function permitChars(table: Uint8Array, chars: string): void {
  for (let i = 0; i < chars.length; i += 1) table[chars.charCodeAt(i)] = 1;
}

function permitEntry(table: Uint8Array, entry: JsonValue): void {
  if (!(entry instanceof Map)) throw invalid('matching.permitted must be an array of objects');
  for (const [key, value] of entry) {
    const bits = Object.hasOwn(CLASSES, asText(value)) ? CLASSES[asText(value)]! : 0;
    if (key === 'chars') permitChars(table, asText(value));
    else if (key === 'class' && bits !== 0) for (let byte = 0; byte < 256; byte += 1) table[byte]! |= CLASS[byte]! & bits ? 1 : 0;
    else throw invalid(`invalid matching.permitted entry '${key}'`);
  }
}

function permittedTable(value: JsonValue): Uint8Array {
  const table = new Uint8Array(256);
  if (typeof value === 'string') permitChars(table, value);
  else if (Array.isArray(value)) for (const entry of value) permitEntry(table, entry);
  else throw invalid('matching.permitted must be a string or an array');
  return table;
}

function readOptions(parameters: Parameters): Options {
  const options: Options = { quoting: 'auto', doubling: true, backslash: true, begin: 34, end: 34, permitted: undefined, lazy: false };
  let escapes: 'both' | 'none' | 'double' | 'backslash' = 'both';
  for (const [key, value] of parameters.entries()) {
    const name = key.toLowerCase();
    if (name === 'quoting.mode') options.quoting = word(name, value, ['auto', 'none', 'required']);
    else if (name === 'quoting.escape.mode') escapes = word(name, value, ['both', 'none', 'double', 'backslash']);
    else if (name === 'quoting.char.begin') options.begin = oneByte(name, value);
    else if (name === 'quoting.char.end') options.end = oneByte(name, value);
    else if (name === 'matching.permitted') options.permitted = permittedTable(value);
    else if (name === 'matching.mode') options.lazy = word(name, value, ['strict', 'lazy']) === 'lazy';
    else parameters.report(`invalid param for string: ${key}`);
  }
  if (options.quoting === 'none') escapes = 'none';
  options.doubling = escapes === 'both' || escapes === 'double';
  options.backslash = escapes === 'both' || escapes === 'backslash';
  return options;
}

/** Where the scan stopped, packed: offset, whether the end quote was found, whether an escape was seen. */
interface Scan {
  at: number;
  closed: boolean;
  escaped: boolean;
}

function scan(line: Uint8Array, from: number, end: number, quoted: boolean, options: Options): Scan {
  const { permitted } = options;
  let escaped = false;
  let at = from;
  while (at < end) {
    let byte = line[at]!;
    if (quoted && byte === options.end) {
      if (!(options.doubling && at + 1 < end && line[at + 1] === options.end)) return { at, closed: true, escaped };
      escaped = true;
      at += 1;
    } else if (byte === 92 && options.backslash && at + 1 < end) {
      escaped = true;
      at += 1;
    }
    byte = line[at]!;
    if ((!quoted && byte === 32) || (permitted !== undefined && permitted[byte] === 0)) break;
    at += 1;
  }
  return { at, closed: false, escaped };
}

function isQuoted(line: Uint8Array, from: number, options: Options): boolean {
  return options.quoting !== 'none' && line[from] === options.begin;
}

function matchString(line: Uint8Array, from: number, end: number, options: Options): number {
  if (from >= end) return -1;
  const quoted = isQuoted(line, from, options);
  if (options.quoting === 'required' && !quoted) return -1;
  const { at, closed } = scan(line, quoted ? from + 1 : from, end, quoted, options);
  if (quoted && !closed) return -1;
  const to = quoted ? at + 1 : at;
  if (to === from) return -1;
  return options.lazy || to === end || line[to] === 32 ? to : -1;
}

/** Removes the escapes, left to right: the first of a doubled end quote, and an escaping backslash. */
function unescape(text: string, quoted: boolean, options: Options): string {
  let result = '';
  for (let i = 0; i < text.length; i += 1) {
    const byte = text.charCodeAt(i);
    const isDouble = quoted && options.doubling && byte === options.end && text.charCodeAt(i + 1) === options.end;
    if (isDouble || (options.backslash && byte === 92)) i += 1;
    // A backslash may be the last: the byte that it escaped ended the string.
    result += text[i] ?? '';
  }
  return result;
}

function stringValue(line: Uint8Array, from: number, to: number, end: number, options: Options): string {
  const quoted = isQuoted(line, from, options);
  const text = quoted ? byteString(line, from + 1, to - 1) : byteString(line, from, to);
  const { escaped } = scan(line, quoted ? from + 1 : from, end, quoted, options);
  return escaped ? unescape(text, quoted, options) : text;
}

export const string: Motif = {
  type: 'string',
  priority: 32,
  versions: [2],
  create(parameters): Parser {
    const options = readOptions(parameters);
    return {
      kind: VALUE,
      scans: true,
      match: (line, from, end) => matchString(line, from, end, options),
      value: (line, from, to, end) => stringValue(line, from, to, end, options),
    };
  },
};
