import assert from 'node:assert/strict';
import { test } from 'node:test';
import { segmentName } from '../segment/names.ts';
import { DAY, NOON } from '../store.testing.ts';
import type { CatalogEntry } from './catalog.ts';
import { planMerge } from './plan.ts';

const TODAY = NOON / 1000;
const MB = 1 << 20;

/** Neighbours of these sizes, each with `received` as the time of its events. */
function neighbours(sizes: readonly number[], received = NOON, shard = 0, start = 0): CatalogEntry[] {
  return sizes.map((bytes, i) => {
    const name = segmentName(shard, start + i * 10, start + i * 10 + 10, 0);
    const rows = bytes === 0 ? 0 : 10;
    const at = rows === 0 ? NaN : received;
    const footer = {
      indexOffset: 0,
      indexLength: 0,
      shard,
      from: name.from,
      to: name.to,
      rows,
      minTime: at,
      maxTime: at,
      minReceived: at,
      maxReceived: at,
    };
    return { name, footer, bytes: Math.max(bytes, 200) };
  });
}

const times = (n: number, bytes: number): number[] => Array.from({ length: n }, () => bytes);
const planned = (entries: readonly CatalogEntry[], now = TODAY): readonly [number, number, number] | undefined => {
  const plan = planMerge(entries, now);
  return plan === undefined ? undefined : [plan.output.from, plan.output.to, plan.output.generation];
};

test('eight neighbours of one size become one', () => {
  assert.equal(planned(neighbours(times(7, MB))), undefined);
  assert.deepEqual(planned(neighbours(times(8, MB))), [0, 80, 1]);
  assert.deepEqual(planned(neighbours([300 * MB, ...times(8, 10 * MB)])), [10, 90, 1]);
});

test('small ones are merged over smaller ones between them, never over larger ones', () => {
  assert.deepEqual(planned(neighbours([...times(4, 10 * MB), MB, ...times(4, 10 * MB)])), [0, 90, 1]);
  assert.equal(planned(neighbours([...times(4, MB), 200 * MB, ...times(4, MB)])), undefined);
});

test('only neighbours without a gap, of one shard and one day', () => {
  const gap = [...neighbours(times(4, MB)), ...neighbours(times(4, MB), NOON, 0, 50)];
  assert.equal(planned(gap), undefined);
  assert.equal(planned([...neighbours(times(4, MB)), ...neighbours(times(4, MB), NOON, 1, 40)]), undefined);
  const later = NOON + DAY;
  assert.equal(planned([...neighbours(times(7, MB), later), ...neighbours(times(7, MB), later + DAY, 0, 70)], later / 1000), undefined);
});

test('a day that is over is brought together, but no large segment is rewritten for a small one', () => {
  assert.equal(planned(neighbours([5 * MB, 5 * MB])), undefined);
  assert.deepEqual(planned(neighbours([5 * MB, 5 * MB]), TODAY + 86_400_000), [0, 20, 1]);
  assert.equal(planned(neighbours([500 * MB, 5 * MB]), TODAY + 86_400_000), undefined);
});

test('no segment is made larger than two gigabytes', () => {
  assert.equal(planned(neighbours(times(20, 1_900 * MB)), TODAY + 86_400_000), undefined);
  assert.deepEqual(planned(neighbours(times(40, 200 * MB))), [0, 100, 1]);
});

test('empty segments go with any day', () => {
  assert.deepEqual(planned(neighbours([MB, 0, MB, 0, MB, 0, MB, 0])), [0, 80, 1]);
});
