import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { EVENTS } from '../../test/events.ts';
import { SELECTIONS } from '../../test/selections.ts';
import { VALUES } from '../../test/values.ts';
import { parse } from '../parser/parse.ts';
import { leavesOf } from './leaves.ts';
import { compilePredicate } from './predicate.ts';

const now = Date.UTC(2026, 10, 20, 5, 0, 4) * 1000;

suite('which values match', () => {
  for (const [query, matching, other] of VALUES) {
    test(query, () => {
      const predicate = compilePredicate(parse(query, { now }));
      for (const value of matching) assert.equal(predicate({ native: { f: value } }), true, `must match ${JSON.stringify(value)}`);
      for (const value of other) assert.equal(predicate({ native: { f: value } }), false, `must not match ${JSON.stringify(value)}`);
    });
  }
});

suite('which events are selected', () => {
  for (const [query, ids] of SELECTIONS) {
    test(JSON.stringify(query), () => {
      const predicate = compilePredicate(parse(query, { now }));
      const selected = [...EVENTS].filter(([, event]) => predicate(event)).map(([id]) => id);
      assert.equal(selected.join(' '), ids);
    });
  }
});

suite('leaves', () => {
  test('arrays add nothing to a path, empty ones have no leaf', () => {
    const leaves = [...leavesOf({ a: [{ b: 1 }, { b: [2, [3]] }, []], c: {}, d: null, 'e.f': { g: 'x' } })];
    assert.deepEqual(leaves, [
      ['a.b', 1],
      ['a.b', 2],
      ['a.b', 3],
      ['d', null],
      ['e.f.g', 'x'],
    ]);
  });

  test('only own keys count', () => {
    const inherited = Object.create({ a: 'inherited' }) as object;
    assert.deepEqual([...leavesOf(inherited)], []);
    assert.deepEqual([...leavesOf(JSON.parse('{"__proto__":{"x":1}}'))], [['__proto__.x', 1]]);
  });

  test('depth is no danger', () => {
    let deep: unknown = 'bottom';
    for (let index = 0; index < 50_000; index++) deep = index % 2 === 0 ? [deep] : { a: deep };
    assert.equal([...leavesOf(deep)].length, 1);
    assert.equal(compilePredicate(parse('bottom'))({ native: { deep } as object }), true);
  });

  test('big integers count as numbers', () => {
    assert.equal(compilePredicate(parse('n>5 n:=12345678901234567890'))({ native: { n: 12345678901234567890n } }), true);
  });
});
