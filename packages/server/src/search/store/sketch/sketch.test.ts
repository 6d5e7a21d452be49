import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hash53 } from './hash.ts';
import { QUANTILE_ERROR, Quantiles } from './quantiles.ts';
import { Uniques, UNIQUES_EXACT } from './uniques.ts';

function uniques(count: number, prefix = 'user-'): Uniques {
  const sketch = new Uniques();
  for (let i = 0; i < count; i++) {
    sketch.add(hash53(`${prefix}${i}`));
    sketch.add(hash53(`${prefix}${i}`));
  }
  return sketch;
}

test('distinct values are counted exactly up to the threshold', () => {
  for (const count of [0, 1, 2, 1000, UNIQUES_EXACT]) {
    const sketch = uniques(count);
    assert.equal(sketch.count(), count);
    assert.equal(sketch.approximate, false);
  }
});

test('above the threshold the estimate stays within 2.5 % (three standard errors)', () => {
  for (const count of [UNIQUES_EXACT + 1, 20_000, 60_000, 300_000]) {
    const sketch = uniques(count);
    assert.equal(sketch.approximate, true);
    assert.ok(Math.abs(sketch.count() - count) <= 0.025 * count, `${sketch.count()} for ${count}`);
    assert.ok(sketch.bytes < 20_000);
  }
});

test('merged sketches count the union', () => {
  const small = uniques(100, 'a');
  small.merge(uniques(50, 'a'));
  small.merge(uniques(7, 'b'));
  assert.equal(small.count(), 107);
  const large = uniques(100, 'a');
  large.merge(uniques(50_000, 'b'));
  large.merge(uniques(50_000, 'b'));
  assert.ok(Math.abs(large.count() - 50_100) < 0.025 * 50_100);
});

test('quantiles are within the documented error of the value at their rank', () => {
  const sketch = new Quantiles();
  const values: number[] = [];
  for (let i = 0; i < 10_001; i++) values.push(i % 3 === 0 ? -(1.7 ** (i % 40)) : i % 3 === 1 ? 0 : 1.3 ** (i % 90));
  for (const value of values) sketch.add(value);
  values.sort((a, b) => a - b);
  for (const q of [0, 0.01, 0.25, 0.5, 0.95, 0.99, 1]) {
    const exact = values[Math.max(0, Math.ceil(q * values.length) - 1)]!;
    const got = sketch.quantile(q)!;
    assert.ok(Math.abs(got - exact) <= QUANTILE_ERROR * Math.abs(exact) + 1e-9, `${q}: ${got} for ${exact}`);
  }
});

test('quantiles never leave the range of the values, and none have none', () => {
  assert.equal(new Quantiles().quantile(0.5), null);
  const one = new Quantiles();
  one.add(100);
  assert.equal(one.quantile(0.5), 100);
  assert.equal(one.quantile(0.99), 100);
});

test('a hostile spread of magnitudes keeps the sketch small and its upper end right', () => {
  const sketch = new Quantiles();
  for (let i = 0; i < 200_000; i++) sketch.add(10 ** ((i % 600) - 300));
  sketch.add(Infinity);
  sketch.add(NaN);
  assert.ok(sketch.bytes < 200_000);
  const p99 = sketch.quantile(0.99)!;
  assert.ok(Math.abs(p99 - 1e293) <= 0.01 * 1e293 * 1.0001, String(p99));
});

test('merged quantile sketches equal one sketch of all', () => {
  const [a, b, all] = [new Quantiles(), new Quantiles(), new Quantiles()];
  for (let i = -500; i < 1500; i++) {
    (i % 2 ? a : b).add(i);
    all.add(i);
  }
  a.merge(b);
  for (const q of [0, 0.1, 0.5, 0.9, 1]) assert.equal(a.quantile(q), all.quantile(q));
});
