import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { ERRORS } from '../../test/errors.ts';
import { READINGS } from '../../test/readings.ts';
import { QueryError } from '../error.ts';
import { parse } from './parse.ts';
import { print } from '../print/print.ts';

const now = Date.UTC(2026, 10, 20, 5, 0, 4) * 1000;

function refused(query: string): QueryError {
  try {
    parse(query, { now });
  } catch (error) {
    assert(error instanceof QueryError, String(error));
    return error;
  }
  return assert.fail(`no error for ${query}`);
}

suite('how queries are read', () => {
  for (const [query, reading] of READINGS) {
    test(JSON.stringify(query), () => {
      const parsed = parse(query, { now });
      assert.equal(print(parsed), reading);
      assert.deepEqual(parse(reading, { now: 0 }), parsed);
    });
  }
});

suite('queries without a meaning', () => {
  for (const [query, position] of ERRORS) {
    test(JSON.stringify(query), () => assert.equal(refused(query).position, position));
  }
});

suite('limits', () => {
  test('8,192 characters', () => {
    assert.deepEqual(parse('a'.repeat(8192)), { kind: 'any', test: { kind: 'phrase', words: ['a'.repeat(8192)] } });
    assert.equal(refused('a'.repeat(8193)).position, 8192);
    assert.equal(refused(' '.repeat(8193)).code, 'limit');
    assert.equal(refused('🚀'.repeat(5000)).code, 'limit');
    assert.doesNotThrow(() => parse('a'.repeat(9000), { maxLength: Infinity }));
  });

  test('512 terms', () => {
    const terms = (count: number): string => Array.from({ length: count }, () => 'a').join(' OR ');
    assert.doesNotThrow(() => parse(terms(512)));
    assert.equal(refused(terms(513)).position, 512 * 5);
    assert.equal(refused(`f:(${'1 '.repeat(513)})`).position, 3 + 512 * 2);
    assert.equal(refused('* '.repeat(513)).code, 'limit');
    assert.equal(refused('a>1 '.repeat(513)).code, 'limit');
  });

  test('nesting of 64', () => {
    const nested = (open: string, close: string, count: number): string => open.repeat(count) + 'a' + close.repeat(count);
    for (const [open, close, width] of [
      ['(', ')', 1],
      ['NOT ', '', 4],
      ['-', '', 1],
      ['!', '', 1],
    ] as const) {
      assert.doesNotThrow(() => parse(nested(open, close, 64)));
      const error = refused(nested(open, close, 65));
      assert.equal(error.position, 64 * width);
      assert.equal(error.code, 'limit');
    }
    assert.doesNotThrow(() => parse(`f:${nested('(', ')', 64)}`));
    assert.equal(refused(`f:${nested('(', ')', 65)}`).position, 66);
    assert.equal(refused(nested('-(', ')', 33)).position, 64);
    assert.doesNotThrow(() => parse('(a) '.repeat(100)));
    assert.equal(refused('('.repeat(8000)).code, 'limit');
  });
});

suite('errors help', () => {
  const helped: readonly (readonly [query: string, code: string, hint: RegExp])[] = [
    ['host!=x', 'syntax', /NOT name:value/],
    ['host:!x', 'syntax', /NOT name:value/],
    ['level>=warning', 'value', /severity<=/],
    ['level:[1 TO 2]', 'value', /severity:\[/],
    ['"..."', 'value', /field:="\.\.\."/],
    ['host:=(a)', 'syntax', /name:\(=one OR =other\)/],
    ['host:(a', 'syntax', /quotes/],
    ['level:loud', 'value', /emerg alert crit/],
    ['time:x', 'value', /2026-11-20/],
    ['status>x', 'value', /time and severity/],
    ['msg:/(/', 'regex', /quotes/],
    ['src: ::1', 'syntax', /quotes/],
  ];
  for (const [query, code, hint] of helped) {
    test(query, () => {
      const error = refused(query);
      assert.equal(error.code, code);
      assert.match(error.hint ?? '', hint);
      assert.ok(error.message.endsWith(error.hint ?? ''));
      assert.equal(error.name, 'QueryError');
    });
  }
});

test('now is read once, and by default from the clock', () => {
  const query = parse('time>=now OR time<now');
  assert.equal(query.kind, 'or');
  const [after, before] = query.kind === 'or' ? query.items : [];
  assert.ok(after?.kind === 'field' && after.test.kind === 'time');
  assert.ok(before?.kind === 'field' && before.test.kind === 'time');
  assert.equal(after.test.from, before.test.to);
  assert.ok(Math.abs(after.test.from! / 1000 - Date.now()) < 60_000);
});
