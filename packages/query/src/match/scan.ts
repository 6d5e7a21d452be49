import { isAsciiWordCode } from '../text/words.ts';
import type { ValueMatcher } from './matcher.ts';

/**
 * True if no word character of the value stands directly before `start` or after `end`. For the hits of a `Scan` that wants both; the haystack
 * is ASCII, and what is beyond the value's extent does not count.
 */
export function wordBoundaryAt(haystack: string, start: number, end: number, valueStart: number, valueEnd: number): boolean {
  return isStart(haystack, start, valueStart) && isEnd(haystack, end, valueEnd);
}

function isStart(haystack: string, start: number, valueStart: number): boolean {
  return start <= valueStart || !isAsciiWordCode(haystack.charCodeAt(start - 1));
}

function isEnd(haystack: string, end: number, valueEnd: number): boolean {
  return end >= valueEnd || !isAsciiWordCode(haystack.charCodeAt(end));
}

/**
 * Finds the values that match among many that were joined by one `\n` each.
 *
 * @param haystack ASCII only
 * @param starts where each value begins, ascending; value i ends one before the next one's start, the last at the haystack's end
 * @param report called once with the index of each value that matches, ascending
 */
export function scanJoined(matcher: ValueMatcher, haystack: string, starts: ArrayLike<number>, report: (index: number) => void): void {
  if (matcher.scan === undefined) return scanEach(matcher, haystack, starts, report);
  const { ascii, exact, before, after } = matcher.scan;
  let index = 0;
  ascii.lastIndex = 0;
  for (let hit = ascii.exec(haystack); hit !== null && index < starts.length; hit = ascii.exec(haystack)) {
    const start = hit.index;
    const end = start + hit[0].length;
    index = indexOfValue(starts, start, index);
    const valueStart = starts[index]!;
    const valueEnd = endOf(haystack, starts, index);
    if (exact && end <= valueEnd) {
      if ((before && !isStart(haystack, start, valueStart)) || (after && !isEnd(haystack, end, valueEnd))) continue;
      report(index++);
    } else index = verify(matcher, haystack, starts, index, end, report);
    if (index >= starts.length) return;
    ascii.lastIndex = starts[index]!;
  }
}

/** Asks every value that overlaps a hit up to `end`; returns the first one after them. */
function verify(
  matcher: ValueMatcher,
  haystack: string,
  starts: ArrayLike<number>,
  first: number,
  end: number,
  report: (index: number) => void,
): number {
  let index = first;
  do {
    if (matcher.text(haystack.slice(starts[index]!, endOf(haystack, starts, index)))) report(index);
    index++;
  } while (index < starts.length && starts[index]! < end);
  return index;
}

function scanEach(matcher: ValueMatcher, haystack: string, starts: ArrayLike<number>, report: (index: number) => void): void {
  for (let index = 0; index < starts.length; index++) {
    if (matcher.text(haystack.slice(starts[index]!, endOf(haystack, starts, index)))) report(index);
  }
}

function endOf(haystack: string, starts: ArrayLike<number>, index: number): number {
  return index + 1 < starts.length ? starts[index + 1]! - 1 : haystack.length;
}

/** The last value that begins at or before the position, not before `from`. */
function indexOfValue(starts: ArrayLike<number>, position: number, from: number): number {
  // Hits are often near one another: step, doubling, before halving.
  let low = from;
  let step = 1;
  while (low + step < starts.length && starts[low + step]! <= position) {
    low += step;
    step *= 2;
  }
  let high = Math.min(low + step, starts.length);
  while (high - low > 1) {
    const middle = (low + high) >>> 1;
    if (starts[middle]! <= position) low = middle;
    else high = middle;
  }
  return low;
}
