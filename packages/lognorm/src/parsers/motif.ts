/**
 * What a parser ("motif") is. `parsers/index.ts` lists them all. A motif is created once per use in a rule, with that use's parameters,
 * and is then asked at positions of lines.
 */
import type { JsonValue } from '../json-dialect/value.ts';
import type { Parameters } from './parameters.ts';

/**
 * How the value of a match is read from its bytes: the matched text itself, the text without its first and last byte, the text without
 * quotes if it starts with one, the decimal digits as a 64-bit integer, or whatever `Parser.value` makes of it.
 */
export const TEXT = 0;
export const INNER = 1;
export const UNQUOTED = 2;
export const INTEGER = 3;
export const VALUE = 4;
export type ValueKind = typeof TEXT | typeof INNER | typeof UNQUOTED | typeof INTEGER | typeof VALUE;

export interface Parser {
  readonly kind: ValueKind;
  /** A match that fails may have looked at the whole rest of the line; the work budget charges that. */
  readonly scans: boolean;
  /** The offset after the match that starts at `from`, or -1. `end` is the end of the line; bytes from there on are not part of it. */
  match(line: Uint8Array, from: number, end: number): number;
  /** The value of a match `from`..`to`; present exactly for kind VALUE. */
  value?(line: Uint8Array, from: number, to: number, end: number): JsonValue;
  /** What the compiler may specialise on instead of calling `match`. */
  readonly inline?: Inline;
}

/** Parsers simple enough that the compiler writes them out. Bytes only: no text of a rulebase reaches generated code. */
export type Inline = { op: 'literal'; bytes: Uint8Array } | { op: 'until'; byte: number; min: 0 | 1; orEnd: boolean } | { op: 'rest' };

export interface Motif {
  readonly type: string;
  /** Built-in priority, the smaller the earlier. */
  readonly priority: number;
  /** Engines that know the type. */
  readonly versions: readonly (1 | 2)[];
  /** Throws a `RuleError` when a required parameter is missing or unusable. */
  create(parameters: Parameters, version: 1 | 2): Parser;
}

/** A parser whose value is the matched text and whose failure is found within a bounded number of bytes. */
export function textParser(match: Parser['match'], scans = false): Parser {
  return { kind: TEXT, scans, match };
}

/** A motif without parameters: one parser serves all uses. */
export function plainMotif(type: string, priority: number, parser: Parser): Motif {
  return { type, priority, versions: [1, 2], create: () => parser };
}
