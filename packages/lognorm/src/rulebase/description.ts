/** The match description of a rule: literal text and fields, taken apart but not yet interpreted. */
import { isSpace, toBytes } from '../bytes.ts';
import { RuleError } from '../errors.ts';
import { parseJson } from '../json-dialect/parse.ts';
import type { JsonObject, JsonValue } from '../json-dialect/value.ts';
import { LIMITS } from '../limits.ts';
import { decodeEscapes } from './escapes.ts';

/** A field of the form `%name:type:extradata%`. */
export interface LegacyField {
  name: string;
  type: string;
  /** As written, escapes not decoded. */
  extra: string | undefined;
  /** The object of the condensed form `%name:type{...}%`. */
  members: JsonObject | undefined;
}

export type DescriptionItem =
  | { kind: 'text'; text: string }
  | { kind: 'legacy'; field: LegacyField }
  /** `%{...}%` or `%[...]%`. */
  | { kind: 'json'; value: JsonValue };

export interface Description {
  items: DescriptionItem[];
  /** Set when the rest of the rule, from the offending field on, is unusable. */
  error: RuleError | undefined;
}

/** Takes a byte string apart. Never throws: what precedes an invalid field is kept, as it shapes the match graph. */
export function parseDescription(text: string, version: 1 | 2): Description {
  const scanner = new DescriptionScanner(text, version);
  const items: DescriptionItem[] = [];
  try {
    for (let item = scanner.next(); item !== undefined; item = scanner.next()) items.push(item);
    return { items, error: undefined };
  } catch (error) {
    if (error instanceof RuleError) return { items, error };
    throw error;
  }
}

class DescriptionScanner {
  private readonly text: string;
  private readonly version: 1 | 2;
  private bytes: Uint8Array | undefined;
  private at = 0;

  constructor(text: string, version: 1 | 2) {
    this.text = text;
    this.version = version;
  }

  next(): DescriptionItem | undefined {
    const literal = this.literal();
    if (literal !== '') return { kind: 'text', text: literal };
    return this.at < this.text.length ? this.field() : undefined;
  }

  /** Text up to the next single `%`; a lone one at the very end is dropped. */
  private literal(): string {
    let raw = '';
    for (;;) {
      const percent = this.text.indexOf('%', this.at);
      const end = percent < 0 ? this.text.length : percent;
      raw += this.text.slice(this.at, end);
      this.at = end;
      if (percent < 0) break;
      if (percent + 1 === this.text.length) this.at = this.text.length;
      else if (this.text[percent + 1] === '%') {
        raw += '%';
        this.at = percent + 2;
        continue;
      }
      break;
    }
    return decodeEscapes(raw);
  }

  private field(): DescriptionItem {
    this.at += 1;
    this.skipSpace();
    const first = this.text[this.at];
    if (this.version === 2 && (first === '{' || first === '[')) return { kind: 'json', value: this.json() };
    return { kind: 'legacy', field: this.legacy() };
  }

  private skipSpace(): void {
    while (this.at < this.text.length && isSpace(this.text.charCodeAt(this.at))) this.at += 1;
  }

  /** A JSON value, blanks, and the closing `%`. */
  private json(): JsonValue {
    this.bytes ??= toBytes(this.text);
    const parsed = parseJson(this.bytes, this.at);
    if (parsed === undefined) throw new RuleError('invalid-json', `invalid JSON in: ${excerpt(this.text, this.at)}`);
    this.at = parsed.end;
    this.skipSpace();
    if (this.text[this.at] !== '%') throw new RuleError('invalid-field', `missing % after JSON in: ${excerpt(this.text, this.at)}`);
    this.at += 1;
    return parsed.value;
  }

  private legacy(): LegacyField {
    const name = this.until(':');
    if (name === '') throw new RuleError('invalid-field', `empty field name before: ${excerpt(this.text, this.at)}`);
    this.at += 1;
    const start = this.at;
    const stops = this.version === 2 ? /[:%{]/g : /[:%]/g;
    stops.lastIndex = start;
    const stop = stops.exec(this.text);
    if (stop === null) throw this.prematureEnd(start);
    this.at = stop.index;
    const type = this.text.slice(start, this.at).replace(/[ \t\n\v\f\r]+$/, '');
    checkName('field name', name);
    checkName('type name', type);
    return this.legacyRest(name, type, stop[0]);
  }

  private legacyRest(name: string, type: string, stop: string): LegacyField {
    if (stop === '{') {
      const members = this.json();
      if (members instanceof Map) return { name, type, extra: undefined, members };
      throw new RuleError('invalid-json', `parameters of field '${name}' are not a JSON object`);
    }
    this.at += 1;
    if (stop === '%') return { name, type, extra: undefined, members: undefined };
    const extra = this.until('%');
    this.at += 1;
    return { name, type, extra, members: undefined };
  }

  /** The text up to a byte that must be there. */
  private until(byte: string): string {
    const end = this.text.indexOf(byte, this.at);
    if (end < 0) throw this.prematureEnd(this.at);
    const text = this.text.slice(this.at, end);
    this.at = end;
    return text;
  }

  private prematureEnd(at: number): RuleError {
    return new RuleError('invalid-field', `premature end (missing %?) in: ${excerpt(this.text, at)}`);
  }
}

function checkName(what: string, name: string): void {
  if (name.length > LIMITS.nameBytes) throw new RuleError('too-large', `${what} is longer than ${LIMITS.nameBytes} bytes`);
}

/** A piece of a rule for a message. */
export function excerpt(text: string, at: number): string {
  return text.length - at > 60 ? `${text.slice(at, at + 60)}...` : text.slice(at);
}
