import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { query, queryText } from '../../test/arbitraries.ts';
import type { Query } from '../ast/query.ts';
import { QueryError } from '../error.ts';
import { parse } from '../parser/parse.ts';
import { print } from './print.ts';

const unlimited = { maxLength: Infinity, now: 1_795_150_804_000_000 };

function attempt(text: string): Query | QueryError {
  try {
    return parse(text, unlimited);
  } catch (error) {
    assert.ok(error instanceof QueryError, String(error));
    return error;
  }
}

test('every query is what its printed form is read as', () => {
  fc.assert(
    fc.property(query, (item) => assert.deepStrictEqual(parse(print(item), unlimited), item)),
    { numRuns: 2000 },
  );
});

test('text is refused with a position in it, or read as a query that survives printing', () => {
  fc.assert(
    fc.property(queryText, (text) => {
      const result = attempt(text);
      if (result instanceof QueryError) assert.ok(result.position >= 0 && result.position <= text.length);
      else assert.deepStrictEqual(parse(print(result), { ...unlimited, now: 0 }), result);
    }),
    { numRuns: 5000 },
  );
});

test('a query is plain data', () => {
  fc.assert(
    fc.property(query, (item) => {
      // Infinite bounds are the one thing that JSON cannot hold.
      if (!/1e999/.test(print(item))) assert.deepStrictEqual(JSON.parse(JSON.stringify(item)), item);
    }),
    { numRuns: 300 },
  );
});
