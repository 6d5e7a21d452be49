import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startControl } from '../../control/control.testing.ts';
import { ownedKey, RULEBASE } from '../../control/names.ts';
import type { RulebaseChange } from './rulebase-change.ts';
import { RulebaseFeed } from './rulebase-feed.ts';

const brief = ({ tenant, name, source }: RulebaseChange) => [
  tenant,
  name,
  source === undefined ? null : Buffer.from(source.bytes).toString(),
];

test('threads hear of every change in the store, whoever makes it, and of all there is at their start', async (t) => {
  const { store } = await startControl(t);
  await store.put(ownedKey(1, RULEBASE, 'a/b'), { text: 'one' });
  await store.put(ownedKey(1, 'key', 'k'), { text: 'no rulebase' });
  const feed = new RulebaseFeed(store, new Map([['s', 'shipped']]), () => assert.fail());
  t.after(() => feed.close());
  assert.deepEqual(feed.all.map(brief), [
    [null, 's', 'shipped'],
    [1, 'a/b', 'one'],
  ]);
  const heard: RulebaseChange[] = [];
  feed.add(async (changes) => void heard.push(...changes));
  await store.put(ownedKey(2, RULEBASE, 'x'), { text: 'two' });
  await store.put(ownedKey(2, RULEBASE, 'x'), { text: 'three' });
  await store.delete(ownedKey(1, RULEBASE, 'a/b'));
  await store.put(ownedKey(2, 'key', 'x'), { text: 'no' });
  await feed.settled();
  assert.deepEqual(heard.map(brief), [
    [2, 'x', 'two'],
    [2, 'x', 'three'],
    [1, 'a/b', null],
  ]);
  assert.deepEqual(feed.all.map(brief), [
    [null, 's', 'shipped'],
    [2, 'x', 'three'],
  ]);
  assert.ok(heard[0]!.source!.bytes.buffer instanceof SharedArrayBuffer);
});

test('who makes a change waits until the threads act by it, but not for one that fails', async (t) => {
  const { store } = await startControl(t);
  const errors: unknown[] = [];
  const feed = new RulebaseFeed(store, new Map(), (error) => errors.push(error));
  const { promise, resolve } = Promise.withResolvers<void>();
  feed.add(async () => promise);
  feed.add(async () => {
    throw new Error('broken');
  });
  await store.put(ownedKey(1, RULEBASE, 'x'), { text: 'one' });
  let settled = false;
  const waiting = feed.settled().then(() => (settled = true));
  await new Promise((next) => setImmediate(next));
  assert.equal(settled, false);
  resolve();
  await waiting;
  assert.equal(errors.length, 1);
});
