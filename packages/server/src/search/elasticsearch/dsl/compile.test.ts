import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parse, parseRegex } from '@meniscus/query';
import { compileQuery } from './compile.ts';
import { luceneRegex } from './lucene-regex.ts';
import { wordForms } from './regex-words.ts';

const compiled = (q: string) => compileQuery(parse(q), { tenantId: 'acme', strength: 'full' });

test('rules that the index can say exactly are exact', () => {
  const exact = [
    '',
    'failed',
    '"failed password"',
    'user:bob',
    'user:="Bob"',
    'user:*',
    'status>=500',
    'NOT status>=500',
    'severity<=error',
  ];
  for (const q of [...exact, 'src:*', 'time:2026-11-20', 'msg:*', 'msg:500', 'host:web-1', 'pid>5', 'id:*', 'native:*', 'user:(a OR b) -c'])
    assert.equal(compiled(q).exact, true, q);
  for (const q of ['web-*', 'msg:/x y/', 'msg:="x"', 'fail*', 'user:b*', 'user:/b/', 'status:500', 'src:10.0.0.0/8', 'a NOT web-*'])
    assert.equal(compiled(q).exact, false, q);
});

test('the tenant is decided here', () => {
  assert.deepEqual(compiled('tenant:acme').upper, { match_all: {} });
  assert.deepEqual(compiled('NOT tenant:acme').upper, { match_none: {} });
});

test('no text of a query leaves its clause', () => {
  const text = 'x" } }, { "match_all": {} } ] \\ * ? / .';
  const clause = compiled(`user:=${JSON.stringify(text)}`).upper;
  assert.ok(JSON.stringify(clause).includes(JSON.stringify(`native.user=${text}`)));
});

test('nesting and what is refused leave what is certain', () => {
  let q = 'bob';
  for (let i = 0; i < 30; i++) q = `(${q} OR zz) AND failed`;
  const depthOf = (value: unknown): number =>
    typeof value !== 'object' || value === null ? 0 : Number('bool' in value) + Math.max(0, ...Object.values(value).map(depthOf));
  assert.ok(depthOf(compiled(q).upper) < 18);
  const none = compileQuery(parse('bob'), { tenantId: 'acme', strength: 'none' });
  assert.deepEqual(none, { upper: { match_all: {} }, lower: { match_none: {} }, exact: false });
});

test('expressions are written for whole values', () => {
  const lucene = (source: string, before = 'k=') => luceneRegex(parseRegex(source, false), before);
  assert.deepEqual(lucene('^a.c$'), { source: 'k\\=a[^\\\n]c', exact: true });
  assert.deepEqual(lucene('a|b'), { source: 'k\\=.*(a|b).*', exact: true });
  assert.deepEqual(lucene('\\bx{2,3}?', ''), { source: '.*()(x){2,3}.*', exact: false });
  assert.deepEqual(lucene('[#"]', ''), { source: '.*[\\"-\\#].*', exact: true });
  assert.equal(lucene('a{1000}b{1000}c{1000}'.repeat(40)), undefined);
});

test('expressions over words need forms of words', () => {
  const forms = (source: string, ignoreCase = false): string[] =>
    wordForms(parseRegex(source, ignoreCase)).map((form) =>
      form.map((part) => (part.kind === 'text' ? part.text : part.kind === 'run' ? '*' : '?')).join(''),
    );
  assert.deepEqual(forms('took \\d+ms'), ['*took', '?*ms*']);
  assert.deepEqual(forms('^GET /api'), ['get', 'api*']);
  assert.deepEqual(forms('timeout after [0-9]{3}'), ['*timeout', 'after']);
  assert.deepEqual(forms('foo.*bar'), ['*foo*', '*bar*']);
  assert.deepEqual(forms('Password', true), ['*pa??word*']);
  assert.deepEqual(forms('a|b'), []);
  assert.deepEqual(forms('(?m)^line$'), ['*line*']);
});
