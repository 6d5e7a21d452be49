/** The parameters of one use of a parser, read tolerantly as the native library does: a number may be a string and the reverse. */
import { RuleError } from '../errors.ts';
import { writeJson } from '../json-dialect/write.ts';
import type { JsonObject, JsonValue } from '../json-dialect/value.ts';
import { JsonNumber } from '../json-dialect/value.ts';

const GENERIC: ReadonlySet<string> = new Set(['name', 'type', 'priority']);

export class Parameters {
  readonly type: string;
  private readonly members: JsonObject;
  private readonly warn: (message: string) => void;

  constructor(type: string, members: JsonObject, warn: (message: string) => void) {
    this.type = type;
    this.members = members;
    this.warn = warn;
  }

  get(key: string): JsonValue | undefined {
    return this.members.get(key);
  }

  /** All members but the generic ones, in order. */
  entries(): [string, JsonValue][] {
    return [...this.members].filter(([key]) => !GENERIC.has(key));
  }

  /** Reports members that the parser does not know; they are ignored otherwise. */
  allowOnly(known: readonly string[]): void {
    for (const [key] of this.entries()) {
      if (!known.includes(key)) this.warn(`invalid param for ${this.type}: ${key}`);
    }
  }

  report(message: string): void {
    this.warn(message);
  }

  text(key: string): string | undefined {
    const value = this.members.get(key);
    return value === undefined ? undefined : asText(value);
  }

  requiredText(key: string): string {
    const text = this.text(key);
    if (text === undefined || text === '')
      throw new RuleError('invalid-parameter', `${this.type} type needs a non-empty '${key}' parameter`);
    return text;
  }

  /** A parameter that must be one byte. */
  byte(key: string): number | undefined {
    const text = this.text(key);
    if (text === undefined) return undefined;
    if (text.length !== 1) throw new RuleError('invalid-parameter', `${this.type}: '${key}' must be exactly one byte`);
    return text.charCodeAt(0);
  }

  /** An upper bound; 0 or less means none. */
  bound(key: string): bigint {
    const text = this.text(key) ?? '0';
    return /^\s*-?\d+/.test(text) ? BigInt.asIntN(64, BigInt(/-?\d+/.exec(text)![0])) : 0n;
  }

  /** One of a few words; an unknown one is reported and the first is used. */
  choice<T extends string>(key: string, words: readonly [T, ...T[]]): T {
    const text = this.text(key);
    if (text === undefined) return words[0];
    const found = words.find((word) => word === text);
    if (found === undefined) this.warn(`invalid value for ${this.type}:${key}: ${text}`);
    return found ?? words[0];
  }
}

export function asText(value: JsonValue): string {
  if (typeof value === 'string') return value;
  return value instanceof JsonNumber ? value.text : writeJson(value);
}
