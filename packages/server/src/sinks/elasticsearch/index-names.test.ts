import assert from 'node:assert/strict';
import { test } from 'node:test';
import { aliasOf, dayEnd, dayOf, indexOf, inPath } from './index-names.ts';

test('an index is named by tenant and day', () => {
  assert.equal(aliasOf('meniscus', 'acme'), 'meniscus-acme');
  assert.match(aliasOf('meniscus', 'a*'), /^meniscus-\.[0-9a-f]{40}$/);
  assert.equal(indexOf('meniscus-acme', '2026-11-23'), 'meniscus-acme-2026.11.23');
});

test('only a name of exactly the form is an index of an alias', () => {
  assert.equal(dayOf('meniscus-acme', 'meniscus-acme-2026.11.23'), Date.UTC(2026, 10, 23));
  assert.equal(dayEnd(Date.UTC(2026, 10, 30)), Date.UTC(2026, 11, 1));
  const others = ['meniscus-acme', 'meniscus-acme-', 'meniscus-acme-2026.11.23x', 'meniscus-acme2-2026.11.23', 'meniscus-acme-2026.13.01'];
  others.push(
    'meniscus-acme-x-2026.11.23',
    'meniscus-acme-2026.11.23-000001',
    'meniscus-acme-2026-11-23',
    '2026.11.23',
    'meniscus-acme-2026.11.2',
  );
  for (const name of others) assert.equal(dayOf('meniscus-acme', name), undefined, name);
});

test('the index of one tenant is none of another', () => {
  const ids = ['a', 'a_', 'a-2026.01.01', 'a*', '*', 'A', 'a.b', '_all'];
  for (const one of ids) {
    const index = indexOf(aliasOf('m', one), '2026-11-23');
    for (const other of ids) assert.equal(dayOf(aliasOf('m', other), index) !== undefined, one === other, `${one} ${other}`);
  }
});

test('a name in a path is one name', () => {
  assert.equal(inPath('a,b/*'), 'a%2Cb%2F*');
});
