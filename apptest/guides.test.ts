import assert from 'node:assert/strict';
import { globSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { followPage, outputMatches, readPage, repository } from '@meniscus/testkit';

const pages = ['README.md', ...globSync('docs/guides/*.md', { cwd: repository }), ...globSync('examples/**/README.md', { cwd: repository })]
  .map((file) => readPage(path.join(repository, file)))
  .filter(({ steps, needs, servers }) => steps.length > 0 && needs.length + servers.length === 0);

for (const page of pages)
  test(`the commands of ${path.relative(repository, page.path)} do what the page says`, { timeout: 180_000 }, (t) => followPage(t, page));

test('a stated output is compared as a whole, and ... stands for anything', () => {
  assert.ok(outputMatches('a ... c\n', 'a b c'));
  assert.ok(outputMatches('{"accepted":1...}', '{"accepted":1,"rejected":0}\n'));
  assert.ok(!outputMatches('a', 'a b'));
  assert.ok(!outputMatches('a.c', 'abc'));
});
