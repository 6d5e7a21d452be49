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
  /**
   * For values that are flat objects of verbatim text: the same as `value`, as offsets. Lets writers do without building the object.
   */
  pairs?(line: Uint8Array, from: number, to: number, end: number, into: Pairs): void;
  /** What the compiler may specialise on instead of calling `match`. */
  readonly inline?: Inline;
}

/** Parsers simple enough that the compiler writes them out. Bytes only: no text of a rulebase reaches generated code. */
export type Inline = { op: 'literal'; bytes: Uint8Array } | { op: 'until'; byte: number; min: 0 | 1; orEnd: boolean } | { op: 'rest' };

/** Names and values as offsets into a line; four integers a pair, a value from -1 is null. */
export class Pairs {
  offsets = new Int32Array(4 * 64);
  /** Used integers of `offsets`. */
  length = 0;

  readonly add = (nameFrom: number, nameTo: number, valueFrom: number, valueTo: number): void => {
    if (this.length === this.offsets.length) {
      const larger = new Int32Array(this.length * 2);
      larger.set(this.offsets);
      this.offsets = larger;
    }
    const { offsets, length } = this;
    offsets[length] = nameFrom;
    offsets[length + 1] = nameTo;
    offsets[length + 2] = valueFrom;
    offsets[length + 3] = valueTo;
    this.length = length + 4;
  };
}

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
