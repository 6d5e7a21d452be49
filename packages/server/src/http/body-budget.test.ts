import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BodyBudget } from './body-budget.ts';

test('what fits is there at once, the rest waits in order until there is room', async () => {
  const budget = new BodyBudget(100, 60_000);
  assert.equal(budget.take(1, 50), undefined);
  assert.equal(budget.take(2, 40), undefined);
  const order: string[] = [];
  const first = budget.take(3, 30)!.then(() => order.push('first'));
  const second = budget.take(4, 20)!.then(() => order.push('second'));
  budget.give(1, 50);
  await Promise.all([first, second]);
  assert.deepEqual(order, ['first', 'second']);
});

test('one owner has half at most, and does not hold others up while it waits', async () => {
  const budget = new BodyBudget(100, 60_000);
  assert.equal(budget.take(1, 40), undefined);
  const own = budget.take(1, 40)!;
  const other = budget.take(2, 40)!;
  budget.give(3, 0);
  await other;
  budget.give(1, 40);
  await own;
});

test('who waits too long is told to come back, and leaves nothing behind', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const budget = new BodyBudget(100, 1_000);
  assert.equal(budget.take(1, 50), undefined);
  assert.equal(budget.take(2, 50), undefined);
  const late = budget.take(3, 10)!;
  t.mock.timers.tick(1_000);
  await assert.rejects(late, { code: 'queue_full', extra: { retryAfter: 1 } });
  budget.give(1, 50);
  assert.equal(budget.take(3, 50), undefined);
});
