import assert from 'node:assert/strict';
import { test } from 'node:test';
import { tenantName } from './tenant-name.ts';

test('plain ids are their own names', () => {
  for (const id of ['a', '_x', 'acme_1', '0', 'x'.repeat(64)]) assert.equal(tenantName(id), id);
});

test('any other id is named by its hash, no two alike', () => {
  const ids = ['', 'A', 'a-b', '..', '../etc', 'ü', 'x'.repeat(65), 'a\n', 'a*', `.${'0'.repeat(40)}`, '磁盘', 'acme '];
  const names = ids.map(tenantName);
  for (const name of names) assert.match(name, /^\.[0-9a-f]{40}$/);
  assert.equal(new Set(names).size, ids.length);
});
