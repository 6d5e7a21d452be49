import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  countOf,
  emptyMask,
  fullMask,
  intersect,
  invert,
  rangeMask,
  rowsOf,
  simplify,
  subtract,
  unite,
  type Mask,
  type Selection,
} from './mask.ts';
import { randomizer } from './random-events.testing.ts';

const random = randomizer(11);
const rowCounts = [1, 3, 4, 5, 255, 1_020, 1_021, 5_000];

function randomMask(rows: number, share: number): Mask {
  const mask = emptyMask(rows);
  for (let row = 0; row < rows; row++) mask[row] = random() < share ? 1 : 0;
  return mask;
}

function asList(selection: Selection, rows: number): boolean[] {
  return Array.from({ length: rows }, (_, row) => (typeof selection === 'boolean' ? selection : selection[row] === 1));
}

test('masks are combined row by row, whatever the number of rows; booleans stand for all and none', () => {
  for (const rows of rowCounts) {
    const selections = (): Selection[] => [true, false, randomMask(rows, 0.5), randomMask(rows, 0.01), fullMask(rows), emptyMask(rows)];
    for (const a of selections())
      for (const b of selections()) {
        const [x, y] = [asList(a, rows), asList(b, rows)];
        const copy = (selection: Selection): Selection => (typeof selection === 'boolean' ? selection : unite(false, selection));
        assert.deepEqual(
          asList(intersect(copy(a), b), rows),
          x.map((value, i) => value && y[i]!),
        );
        assert.deepEqual(
          asList(unite(copy(a), b), rows),
          x.map((value, i) => value || y[i]!),
        );
        assert.deepEqual(
          asList(subtract(a, b, rows), rows),
          x.map((value, i) => value && !y[i]!),
        );
        assert.deepEqual(
          asList(invert(copy(a)), rows),
          x.map((value) => !value),
        );
        assert.deepEqual([asList(a, rows), asList(b, rows)], [x, y], 'the operands are as they were');
        assert.equal(countOf(a, rows), x.filter(Boolean).length);
        assert.deepEqual(
          [...rowsOf(a, rows)],
          x.flatMap((value, i) => (value ? [i] : [])),
        );
        assert.deepEqual(asList(simplify(copy(a)), rows), x);
      }
  }
});

test('simplify says all and none', () => {
  assert.equal(simplify(fullMask(9)), true);
  assert.equal(simplify(emptyMask(9)), false);
  assert.equal(rangeMask(9, 0, 9), true);
  assert.equal(rangeMask(9, 4, 4), false);
  assert.deepEqual([...(rangeMask(5, 1, 3) as Mask)], [0, 1, 1, 0, 0]);
});
