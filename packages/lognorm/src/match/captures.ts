/**
 * What a successful match leaves behind, without an object per field.
 *
 * Captures are a stack of entries of three integers: field, a, b. For a parser's field a..b is the match. For a user type the entries of its
 * own fields come first and a is the index of the first of them. For a repeat the same, with one ELEMENT entry per element, likewise behind
 * the element's fields; b is 0 when there was no element at all. Fields are pushed while descending and popped when a branch fails, so that
 * walking backwards visits the last field of a rule first, which is the order of the result.
 */
export const ENTRY = 3;
/** The field index of an array element. */
export const ELEMENT = -1;

const INITIAL_ENTRIES = 256;

export interface MatchState {
  captures: Int32Array;
  /** Used integers of `captures`. */
  count: number;
  /** The largest offset that a successful parser of the rules reached. */
  far: number;
  /** The line cost more work than it may; its result counts as no match. */
  limited: boolean;
}

export function newState(): MatchState {
  return { captures: new Int32Array(INITIAL_ENTRIES * ENTRY), count: 0, far: 0, limited: false };
}

/** Captures with room for `needed` integers, the used ones kept. */
export function grown(captures: Int32Array, needed: number): Int32Array {
  const larger = new Int32Array(Math.max(needed, captures.length * 2));
  larger.set(captures);
  return larger;
}

/** Matches lines. One at a time: `state` is valid until the next call. */
export interface LineMatcher {
  readonly state: MatchState;
  /** The index of the terminal that ends the match of `from`..`end`, or -1. */
  run(line: Uint8Array, from: number, end: number): number;
}
