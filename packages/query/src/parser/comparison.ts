import { field as fieldQuery } from '../ast/build.ts';
import type { Query } from '../ast/query.ts';
import { readQuoted, readText } from '../lexer/text.ts';
import type { Text } from '../lexer/text.ts';
import { boundedTest } from './bounds.ts';
import type { Field } from './field.ts';
import type { Grammar } from './parse.ts';
import { requireBreak, requireValue } from './require.ts';

/** `<`, `<=`, `>` or `>=`, which is here, and its bound. */
export function parseComparison(grammar: Grammar, field: Field): Query {
  const { cursor } = grammar;
  if (field.values === 'level') cursor.fail('value', 'a level has no order', 'write severity<=name: 0 is the worst, 7 the least');
  const less = cursor.char === '<';
  cursor.position++;
  const inclusive = cursor.take('=');
  const bound = readBound(grammar);
  grammar.budget.term(bound.position);
  const limit = { text: bound, inclusive };
  return fieldQuery(field.name, less ? boundedTest(field, null, limit, grammar.now) : boundedTest(field, limit, null, grammar.now));
}

function readBound(grammar: Grammar): Text {
  const { cursor } = grammar;
  cursor.skipSpace();
  requireValue(cursor);
  if (cursor.char !== '"') return readText(cursor);
  const text = readQuoted(cursor);
  requireBreak(cursor);
  return text;
}
