import type { CodeSet } from './ast.ts';

export const MAX_CODE = 0x10ffff;

/** Every code point. */
export const ANY: CodeSet = [0, MAX_CODE];
/** What `.` is without `(?s)`: all but a newline. */
export const NOT_NEWLINE: CodeSet = [0, 9, 11, MAX_CODE];

/** Sorts and joins ranges given as pairs in any order. */
export function codeSet(pairs: readonly number[]): CodeSet {
  const ranges: [number, number][] = [];
  for (let index = 0; index < pairs.length; index += 2) ranges.push([pairs[index]!, pairs[index + 1]!]);
  ranges.sort((a, b) => a[0] - b[0]);
  const joined: number[] = [];
  for (const [low, high] of ranges) {
    const last = joined.length - 1;
    if (last > 0 && low <= joined[last]! + 1) joined[last] = Math.max(joined[last]!, high);
    else joined.push(low, high);
  }
  return joined;
}

/** Every code point that is not in the set. */
export function negate(set: CodeSet): CodeSet {
  const rest: number[] = [];
  let next = 0;
  for (let index = 0; index < set.length; index += 2) {
    if (set[index]! > next) rest.push(next, set[index]! - 1);
    next = set[index + 1]! + 1;
  }
  if (next <= MAX_CODE) rest.push(next, MAX_CODE);
  return rest;
}

/** The part of the set that lies in [low, high]. */
export function clip(set: CodeSet, low: number, high: number): CodeSet {
  const kept: number[] = [];
  for (let index = 0; index < set.length; index += 2) {
    const from = Math.max(set[index]!, low);
    const to = Math.min(set[index + 1]!, high);
    if (from <= to) kept.push(from, to);
  }
  return kept;
}

/** The one code point of a set, or undefined. */
export function single(set: CodeSet): number | undefined {
  return set.length === 2 && set[0] === set[1] ? set[0] : undefined;
}
