/**
 * How to find, in many ASCII values joined by `\n`, those that a test may match. Search the whole text with `ascii`; what is not touched by
 * any hit does not match. A hit that leaves the extent of one value touches all values it overlaps, and each of them must be asked by
 * `text`. `scanJoined` does all this.
 */
export interface Scan {
  /** Global, no look-behind, no `u`. Its `lastIndex` is the caller's to set. */
  readonly ascii: RegExp;
  /**
   * True if a hit inside one value is a match, provided that no word character stands directly before it (if `before`) or after it (if
   * `after`) in that value: see `wordBoundaryAt`. False if the value must be asked by `text`.
   */
  readonly exact: boolean;
  readonly before: boolean;
  readonly after: boolean;
}

/** Which numbers can match: for comparison with the least and the greatest number of a column. */
export interface NumericRange {
  readonly min: number;
  readonly max: number;
  readonly minInclusive: boolean;
  readonly maxInclusive: boolean;
}

/** A test compiled for many values. Null is no value: it is never asked about and never matches. */
export interface ValueMatcher {
  /** A string value, any Unicode. */
  text(value: string): boolean;
  /** @param text the number's JSON text; it may be more exact than the double */
  number(value: number, text: string): boolean;
  boolean(value: boolean): boolean;
  /** Folded words that every *string* that matches contains, for a filter over the words of a block. */
  readonly words: readonly string[];
  /** Every *number* that matches, and every string that reads as a number and matches, lies in it. */
  readonly range?: NumericRange;
  /** True if strings that do not read as numbers can match; false means that `range` decides alone. */
  readonly textual: boolean;
  /** Absent where nothing better is known than to ask `text` about every value. */
  readonly scan?: Scan;
}

/** A matcher that only knows texts: numbers and booleans count as their JSON text. */
export function textMatcher(text: (value: string) => boolean, words: readonly string[], scan?: Scan): ValueMatcher {
  return {
    text,
    number: (_, json) => text(json),
    boolean: (value) => text(value ? 'true' : 'false'),
    words,
    textual: true,
    ...(scan && { scan }),
  };
}

const SYNTAX = /[\\^$.*+?()[\]{}|/]/g;

/** ASCII text as the source of an expression that finds it. */
export function escapeRegex(text: string): string {
  return text.replace(SYNTAX, '\\$&');
}
