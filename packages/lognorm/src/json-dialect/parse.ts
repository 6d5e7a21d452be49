/**
 * A reader for the JSON dialect of rule parameters and of the `json` and `cee-syslog` fields: standard JSON plus single-quoted strings,
 * trailing commas, comments, case-insensitive words (with NaN and Infinity), raw control bytes in strings and leading zeros.
 * Works on bytes; strings come out as byte strings.
 */
import { byteString, encodeText, HEX, CLASS, isDigit, isSpace } from '../bytes.ts';
import { LIMITS } from '../limits.ts';
import { JsonNumber } from './value.ts';
import type { JsonObject, JsonValue } from './value.ts';

const INT64_MAX = 9223372036854775807n;
const INT64_MIN = -9223372036854775808n;

/** Thrown inside the reader only; `parseJson` turns it into `undefined`. */
class Malformed extends Error {}

/** A value and the offset of the first byte after it. */
export interface Parsed {
  value: JsonValue;
  end: number;
}

/** Reads one value at `from`, blanks and comments before it allowed. `undefined` when there is none. */
export function parseJson(bytes: Uint8Array, from = 0, to = bytes.length): Parsed | undefined {
  const reader = new Reader(bytes, from, to);
  try {
    const value = reader.value(1);
    return { value, end: reader.at };
  } catch (error) {
    if (error instanceof Malformed) return undefined;
    throw error;
  }
}

const WORDS: readonly (readonly [string, JsonValue])[] = [
  ['true', true],
  ['false', false],
  ['null', null],
  ['nan', new JsonNumber('NaN', false)],
  ['infinity', new JsonNumber('Infinity', false)],
  ['-infinity', new JsonNumber('-Infinity', false)],
];

const ESCAPES: ReadonlyMap<number, string> = new Map([
  [34, '"'],
  [92, '\\'],
  [47, '/'],
  [98, '\b'],
  [102, '\f'],
  [110, '\n'],
  [114, '\r'],
  [116, '\t'],
]);

class Reader {
  readonly bytes: Uint8Array;
  readonly to: number;
  at: number;

  constructor(bytes: Uint8Array, from: number, to: number) {
    this.bytes = bytes;
    this.at = from;
    this.to = to;
  }

  value(depth: number): JsonValue {
    if (depth > LIMITS.jsonDepth) throw new Malformed();
    this.skip();
    const byte = this.peek();
    if (byte === 123) return this.object(depth);
    if (byte === 91) return this.array(depth);
    if (byte === 34 || byte === 39) return this.string();
    const word = this.word();
    return word === undefined ? this.number() : word;
  }

  private peek(): number {
    return this.at < this.to ? this.bytes[this.at]! : -1;
  }

  private skip(): void {
    for (;;) {
      while (this.at < this.to && isSpace(this.bytes[this.at]!)) this.at += 1;
      if (this.peek() !== 47) return;
      this.comment();
    }
  }

  private comment(): void {
    const next = this.at + 1 < this.to ? this.bytes[this.at + 1] : -1;
    if (next === 47) {
      const end = this.bytes.indexOf(10, this.at);
      this.at = end < 0 || end > this.to ? this.to : end;
      return;
    }
    if (next !== 42) throw new Malformed();
    for (let at = this.at + 2; at + 1 < this.to; at += 1) {
      if (this.bytes[at] === 42 && this.bytes[at + 1] === 47) {
        this.at = at + 2;
        return;
      }
    }
    throw new Malformed();
  }

  private object(depth: number): JsonObject {
    const object: JsonObject = new Map();
    this.at += 1;
    for (;;) {
      this.skip();
      const byte = this.peek();
      if (byte === 125) {
        this.at += 1;
        return object;
      }
      if (byte !== 34 && byte !== 39) throw new Malformed();
      const key = this.string();
      this.skip();
      if (this.peek() !== 58) throw new Malformed();
      this.at += 1;
      object.set(key, this.value(depth + 1));
      this.separator(125);
    }
  }

  private array(depth: number): JsonValue[] {
    const array: JsonValue[] = [];
    this.at += 1;
    for (;;) {
      this.skip();
      if (this.peek() === 93) {
        this.at += 1;
        return array;
      }
      array.push(this.value(depth + 1));
      this.separator(93);
    }
  }

  /** A comma, or the closing byte (left in place). */
  private separator(close: number): void {
    this.skip();
    const byte = this.peek();
    if (byte === 44) this.at += 1;
    else if (byte !== close) throw new Malformed();
  }

  private string(): string {
    const quote = this.bytes[this.at]!;
    let text = '';
    let start = this.at + 1;
    for (let at = start; at < this.to; at += 1) {
      const byte = this.bytes[at]!;
      if (byte === quote) {
        this.at = at + 1;
        return text + byteString(this.bytes, start, at);
      }
      if (byte === 92) {
        text += byteString(this.bytes, start, at);
        this.at = at + 1;
        text += this.escape();
        start = this.at;
        at = start - 1;
      }
    }
    throw new Malformed();
  }

  private escape(): string {
    const byte = this.peek();
    if (byte === 117) return encodeText(String.fromCodePoint(this.codePoint()));
    const text = ESCAPES.get(byte);
    if (text === undefined) throw new Malformed();
    this.at += 1;
    return text;
  }

  /** A `\u` escape with its low surrogate when one follows; a lone surrogate is U+FFFD. */
  private codePoint(): number {
    const high = this.unit();
    if (high < 0xd800 || high > 0xdfff) return high;
    if (high > 0xdbff || this.bytes[this.at] !== 92 || this.bytes[this.at + 1] !== 117 || this.at + 1 >= this.to) return 0xfffd;
    const back = this.at;
    this.at += 1;
    const low = this.unit();
    if (low >= 0xdc00 && low <= 0xdfff) return 0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00);
    this.at = back;
    return 0xfffd;
  }

  /** The four hexadecimal digits after `u`. */
  private unit(): number {
    const digits = this.at + 1;
    if (digits + 4 > this.to) throw new Malformed();
    for (let i = digits; i < digits + 4; i += 1) if (!(CLASS[this.bytes[i]!]! & HEX)) throw new Malformed();
    this.at = digits + 4;
    return Number.parseInt(byteString(this.bytes, digits, digits + 4), 16);
  }

  private word(): JsonValue | undefined {
    for (const [word, value] of WORDS) {
      const end = this.at + word.length;
      if (end <= this.to && byteString(this.bytes, this.at, end).toLowerCase() === word) {
        this.at = end;
        return value;
      }
    }
    return undefined;
  }

  private number(): JsonNumber {
    const start = this.at;
    let integer = true;
    for (; this.at < this.to; this.at += 1) {
      const byte = this.bytes[this.at]!;
      if (byte === 46 || byte === 101 || byte === 69) integer = false;
      else if (!isDigit(byte) && byte !== 45 && byte !== 43) break;
    }
    return makeNumber(byteString(this.bytes, start, this.at), integer);
  }
}

function makeNumber(text: string, integer: boolean): JsonNumber {
  if (integer) {
    if (!/^-?\d+$/.test(text)) throw new Malformed();
    return new JsonNumber(clampInteger(text), true);
  }
  if (!/^(-?\d+\.?\d*|-\.\d+)([eE][-+]?\d*)?$/.test(text)) throw new Malformed();
  return new JsonNumber(text, false);
}

/** Integers outside 64 bits are clamped to the nearest. */
export function clampInteger(text: string): string {
  if (text.length < 16) return String(Number(text) + 0);
  const value = BigInt(text);
  if (value > INT64_MAX) return INT64_MAX.toString();
  return (value < INT64_MIN ? INT64_MIN : value).toString();
}
