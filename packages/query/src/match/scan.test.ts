import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import * as fc from 'fast-check';
import type { FieldQuery, Query, Test } from '../ast/query.ts';
import { parse } from '../parser/parse.ts';
import { fold, isAscii, wordsOf } from '../text/words.ts';
import { compileTest } from './compile.ts';
import { scanJoined, wordBoundaryAt } from './scan.ts';

/** Queries whose test is used; every kind that has a scan and some that have none. */
const QUERIES = [
  'f:a',
  'f:ab',
  'f:aa',
  'f:"a a"',
  'f:"a b a"',
  'f:"ab a"',
  'msg:a*',
  'msg:*a',
  'msg:*aa',
  'msg:*a*',
  'msg:a*b',
  'msg:*a*b',
  'msg:*a?b',
  'msg:a?',
  'msg:?',
  'msg:*-a',
  'msg:a-*',
  'msg:a*-*b',
  'msg:a*b*a',
  'f:a*',
  'f:*a',
  'f:*aa*',
  'f:a*b',
  'f:a*b*a',
  'f:a?b',
  'f:=a',
  'f:="a b"',
  'f:=""',
  'f:5',
  'f:50',
  'f:/a.b/',
  'f:/^a+$/',
  'f:/ab/i',
  'f:/(?i)sa/',
  'f:/a|b/',
  'f:10.0.0.0/8',
  'f>5',
  'f:*',
];

function testOf(query: string): Test {
  const parsed: Query = parse(query);
  return (parsed as FieldQuery).test;
}

const PIECES = ['a', 'b', 'aa', 'ab', 'A', ' ', '-', '_', '\n', '5', '5e1', '50', '50.0', '.', 'x', 'a b', 'aab', 's'];
const values = fc.array(
  fc.array(fc.constantFrom(...PIECES), { maxLength: 5 }).map((parts) => parts.join('')),
  { maxLength: 12 },
);

suite('scanning joined values finds what asking each value finds', () => {
  for (const query of QUERIES) {
    test(query, () => {
      const matcher = compileTest(testOf(query));
      fc.assert(
        fc.property(values, (items) => {
          const starts = new Uint32Array(items.length);
          for (let index = 1; index < items.length; index++) starts[index] = starts[index - 1]! + items[index - 1]!.length + 1;
          const found: number[] = [];
          scanJoined(matcher, items.join('\n'), starts, (index) => found.push(index));
          const expected = items.flatMap((item, index) => (matcher.text(item) ? [index] : []));
          assert.deepEqual(found, expected);
        }),
        { numRuns: 300 },
      );
    });
  }
});

suite('what a matcher promises', () => {
  const texts = fc
    .array(fc.constantFrom(...PIECES, 'é', 'İ', 'ſ', '\u212a', 'ς', '中', '😀', 'web-01'), { maxLength: 6 })
    .map((parts) => parts.join(''));

  test('every value that matches has the required words', () => {
    for (const query of [...QUERIES, 'f:web-01*', 'f:*-01', 'f:=web-01', 'f:/-01 /', 'f:/ s /i', 'f:/-a-/', 'msg:web-*', 'f:é', 'f:i']) {
      const matcher = compileTest(testOf(query));
      fc.assert(
        fc.property(texts, (value) => {
          if (!matcher.text(value)) return;
          const words = new Set(wordsOf(value));
          for (const word of matcher.words) assert.ok(words.has(word), `${query} on ${JSON.stringify(value)} wants ${word}`);
        }),
        { numRuns: 300 },
      );
    }
  });

  test('a text and its other spelling with a letter that is not ASCII behave alike', () => {
    // Appending a mark that is not ASCII sends the value down the other path.
    for (const query of QUERIES.filter((query) => query.startsWith('msg') || /^f:"?[ab]/.test(query))) {
      const test = testOf(query);
      if (test.kind === 'wildcard') continue;
      const matcher = compileTest(test);
      fc.assert(
        fc.property(values, (items) => {
          for (const item of items) assert.equal(matcher.text(`${item} ¶`.replace(/ ¶$/, '¶')), matcher.text(item), JSON.stringify(item));
        }),
        { numRuns: 100 },
      );
    }
  });

  test('numbers that match lie in the range', () => {
    for (const query of ['f:5', 'f>5', 'f:[1 TO 50}', 'f:50.0', 'time:5']) {
      const matcher = compileTest(testOf(query));
      const { min, max, minInclusive, maxInclusive } = matcher.range!;
      for (const number of [-1, 0, 1, 5, 5.5, 49, 50, 51, 5e6, 5.5e6, 6e6]) {
        const inside = (minInclusive ? number >= min : number > min) && (maxInclusive ? number <= max : number < max);
        assert.equal(matcher.number(number, String(number)), inside, `${query} ${number}`);
      }
    }
    assert.equal(compileTest(testOf('f>5')).textual, false);
    assert.equal(compileTest(testOf('f:5')).textual, true);
  });

  test('hostile values take no time', () => {
    const long = 'a'.repeat(100_000);
    for (const query of [
      'msg:*a*b',
      'msg:*a*a*a*a*b',
      'msg:*-*b',
      'msg:a*b*c',
      'f:*a*b*c*d',
      'f:*a*b',
      'f:?*?*?*b',
      'f:"a a b"',
      'f:/a.*b/',
    ]) {
      assert.equal(compileTest(testOf(query)).text(long), false);
    }
  });

  test('a boundary is where no word goes on within the value', () => {
    assert.equal(wordBoundaryAt('x ab y', 2, 4, 0, 6), true);
    assert.equal(wordBoundaryAt('xab y', 1, 3, 0, 5), false);
    assert.equal(wordBoundaryAt('xab y', 1, 3, 1, 5), true);
    assert.equal(wordBoundaryAt('abc', 0, 2, 0, 2), true);
    assert.equal(wordBoundaryAt('ab_', 0, 2, 0, 3), false);
  });

  test('ASCII is decided by every unit', () => {
    assert.equal(isAscii('abc\0\x7f'), true);
    assert.equal(isAscii('ab\x80'), false);
    assert.equal(fold('ABC\u212a'), 'abck');
  });
});
