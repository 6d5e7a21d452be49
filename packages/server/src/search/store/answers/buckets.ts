import { MeniscusError } from '../../../errors.ts';
import { formatTime } from '../../../event/event.ts';
import { limits } from '../../../limits.ts';
import type { Block } from '../../../store/block.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Intervals that people read easily, in milliseconds. Beyond the last, multiples of it. */
const INTERVALS: readonly number[] = [
  1,
  2,
  5,
  10,
  20,
  50,
  100,
  200,
  500,
  ...[1, 2, 5, 10, 15, 30].map((n) => n * SECOND),
  ...[1, 2, 5, 10, 15, 30].map((n) => n * MINUTE),
  ...[1, 2, 3, 6, 12].map((n) => n * HOUR),
  ...[1, 7, 30, 90, 365].map((n) => n * DAY),
];

/** Buckets of time: all begin at multiples of the interval since 1970. */
export interface Buckets {
  readonly intervalMs: number;
  /** Microseconds: the beginning of the first bucket, the length of each, and how many. */
  readonly start: number;
  readonly width: number;
  readonly count: number;
}

/** The smallest easy interval with which at most `wanted` buckets cover the range, but for one that is cut at both ends. */
function easyInterval(range: number, wanted: number): number {
  const exact = range / 1000 / wanted;
  const easy = INTERVALS.find((interval) => interval >= exact);
  const longest = INTERVALS.at(-1)!;
  return easy ?? Math.ceil(exact / longest) * longest;
}

export interface BucketRange {
  /** Microseconds, `to` exclusive and finite. */
  readonly from: number;
  readonly to: number;
}

/** Buckets over a range by their length or their number. Throws `limit_exceeded` when there would be too many. */
export function makeBuckets(range: BucketRange, by: { readonly intervalMs?: number; readonly buckets?: number }): Buckets {
  const wanted = Math.min(by.buckets ?? 60, limits.histogramBuckets);
  const intervalMs = Math.max(1, Math.round(by.intervalMs ?? easyInterval(Math.max(range.to - range.from, 1), wanted)));
  const width = intervalMs * 1000;
  const start = Math.floor(range.from / width) * width;
  const count = Math.max(1, Math.ceil((range.to - start) / width));
  // A number of buckets that is within the limit may need one more, since the first begins before the range.
  if (count > limits.histogramBuckets + (by.intervalMs === undefined ? 1 : 0)) {
    const detail = `the range has ${count} intervals of ${intervalMs} ms, at most ${limits.histogramBuckets} are allowed; ask for a longer interval`;
    throw new MeniscusError('limit_exceeded', detail);
  }
  return { intervalMs, start, width, count };
}

/**
 * The range that buckets cover. An open end is now: events dated later count for the last bucket. A range from 1970 or earlier means everything, and
 * begins with the oldest block.
 */
export function bucketRange(scope: BucketRange, blocks: readonly Block[], nowMicros: number): BucketRange {
  const to = Number.isFinite(scope.to) ? scope.to : Math.max(nowMicros, scope.from + 1);
  const oldest = blocks.reduce((min, block) => Math.min(min, block.minTime), to - 1);
  const from = scope.from > 0 ? scope.from : Math.min(Math.max(oldest, scope.from), to - 1);
  return { from, to };
}

/** The bucket of each time, within the buckets there are. */
export function bucketOf(buckets: Buckets, micros: number): number {
  return Math.min(Math.max(Math.floor((micros - buckets.start) / buckets.width), 0), buckets.count - 1);
}

/** The beginning of a bucket as an answer says it. */
export function bucketTime(buckets: Buckets, bucket: number): string {
  return formatTime(buckets.start + bucket * buckets.width);
}
