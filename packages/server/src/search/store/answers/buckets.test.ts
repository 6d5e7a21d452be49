import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bucketOf, bucketRange, makeBuckets } from './buckets.ts';

const MINUTE = 60_000_000;
const HOUR = 60 * MINUTE;
const T = Date.UTC(2026, 10, 23, 10) * 1000;

test('a number of buckets becomes an easy interval', () => {
  const interval = (range: number, buckets: number): number => makeBuckets({ from: T, to: T + range }, { buckets }).intervalMs;
  assert.equal(interval(HOUR, 60), 60_000);
  assert.equal(interval(HOUR, 7), 600_000);
  assert.equal(interval(24 * HOUR, 60), 1_800_000);
  assert.equal(interval(MINUTE, 2_000), 50);
  assert.equal(interval(1, 60), 1);
  assert.equal(interval(90 * 24 * HOUR, 60), 7 * 86_400_000);
});

test('buckets begin at multiples of the interval, also before 1970', () => {
  for (const from of [T + 1, T - 1, 1, -1, -7 * HOUR]) {
    const buckets = makeBuckets({ from, to: from + 3 * HOUR }, { intervalMs: 420_000 });
    assert.equal(buckets.start % buckets.width === 0, true);
    assert.ok(buckets.start <= from && from < buckets.start + buckets.width);
    assert.ok(buckets.start + buckets.count * buckets.width >= from + 3 * HOUR);
    assert.ok(buckets.start + (buckets.count - 1) * buckets.width < from + 3 * HOUR);
  }
});

test('too many intervals are refused, naming the cap', () => {
  assert.throws(() => makeBuckets({ from: T, to: T + HOUR }, { intervalMs: 1_000 }), { code: 'limit_exceeded', detail: /2000/ });
  assert.equal(makeBuckets({ from: T, to: T + 2_000_000_000 }, { intervalMs: 1_000 }).count, 2_000);
  assert.doesNotThrow(() => makeBuckets({ from: T + 1, to: T + HOUR }, { buckets: 2_000 }));
});

test('an open end is now, and later events are in the last bucket', () => {
  const range = bucketRange({ from: T, to: Infinity }, [], T + HOUR);
  assert.deepEqual(range, { from: T, to: T + HOUR });
  const buckets = makeBuckets(range, { intervalMs: 60_000 });
  assert.equal(bucketOf(buckets, T + 99 * HOUR), 59);
  assert.equal(bucketOf(buckets, T), 0);
});

test('a range from 1970 begins with the oldest block', () => {
  const block = { minTime: T } as Parameters<typeof bucketRange>[1][number];
  assert.deepEqual(bucketRange({ from: 0, to: Infinity }, [block], T + HOUR), { from: T, to: T + HOUR });
  assert.deepEqual(bucketRange({ from: -Infinity, to: T + 1 }, [], T), { from: T, to: T + 1 });
});
