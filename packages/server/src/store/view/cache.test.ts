import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Cache } from './cache.ts';

const size = (): number => 1_000;

test('what was not used for longest goes when there is no room', () => {
  const cache = new Cache(3_500);
  const made: string[] = [];
  const get = (key: string): string => cache.get(key, () => (made.push(key), key), size);
  for (const key of ['a', 'b', 'c', 'a', 'd', 'a', 'b']) assert.equal(get(key), key);
  assert.deepEqual(made, ['a', 'b', 'c', 'd', 'b']);
  assert.ok(cache.bytes <= 3_500);
});

test('what is too large is not kept, and what is dropped is made again', () => {
  const cache = new Cache(3_500);
  let made = 0;
  const get = (key: string, bytes: number): number =>
    cache.get(
      key,
      () => ++made,
      () => bytes,
    );
  get('large', 3_000);
  get('large', 3_000);
  assert.deepEqual([made, cache.bytes], [2, 0]);
  get('x:1', 500);
  get('y:1', 500);
  cache.drop((key) => key.startsWith('x:'));
  get('x:1', 500);
  get('y:1', 500);
  assert.equal(made, 5);
});
