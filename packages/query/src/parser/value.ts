import { field as fieldQuery } from '../ast/build.ts';
import type { Query, Test } from '../ast/query.ts';
import type { Cursor } from '../lexer/cursor.ts';
import { endsText } from '../lexer/cursor.ts';
import { readExpression } from '../lexer/expression.ts';
import { peekOperator } from '../lexer/operator.ts';
import { readRange } from '../lexer/range.ts';
import { readQuoted, readText } from '../lexer/text.ts';
import type { Text } from '../lexer/text.ts';
import { checkRegex } from '../regex/check.ts';
import { boundedTest } from './bounds.ts';
import type { Bound } from './bounds.ts';
import { parseComparison } from './comparison.ts';
import type { Field } from './field.ts';
import type { Grammar } from './parse.ts';
import { requireBreak, requireValue } from './require.ts';
import { exactTest, valueTest } from './tests.ts';

/** What follows `name:`. */
export function parseFieldValue(grammar: Grammar, field: Field): Query {
  const { cursor } = grammar;
  cursor.skipSpace();
  requireValue(cursor);
  if (cursor.char === '(') return grammar.parentheses(field);
  if (cursor.char === '=') return exactValue(grammar, field);
  if (cursor.char === '!') cursor.fail('syntax', 'a value does not begin with "!"', 'write NOT name:value, or put the value in quotes');
  if (cursor.char === ':') cursor.fail('syntax', 'a value does not begin with ":"', 'write \\: or put the value in quotes');
  if (peekOperator(cursor) !== undefined) cursor.fail('syntax', 'an operator is no value', 'to search the word put it in quotes');
  return plainValue(grammar, field);
}

/** One item of `field:( ... )`. Negation and parentheses have been dealt with; colons are text. */
export function parseGroupItem(grammar: Grammar, field: Field): Query {
  const { cursor } = grammar;
  const next = cursor.text.charAt(cursor.position + 1);
  if (cursor.char === '=' && (next === '(' || !endsText(next))) return exactValue(grammar, field);
  return plainValue(grammar, field);
}

function plainValue(grammar: Grammar, field: Field): Query {
  const { cursor } = grammar;
  if (cursor.char === '<' || cursor.char === '>') return parseComparison(grammar, field);
  grammar.budget.term(cursor.position);
  if (cursor.char === '[' || cursor.char === '{') return fieldQuery(field.name, rangeValue(grammar, field));
  const expression = cursor.char === '/' ? expressionValue(grammar, field) : undefined;
  return fieldQuery(field.name, expression ?? valueTest(field, readValue(cursor), grammar.now));
}

/** Quoted or plain text that is not empty. */
function readValue(cursor: Cursor): Text {
  if (cursor.char !== '"') return readText(cursor);
  const text = readQuoted(cursor);
  requireBreak(cursor);
  return text;
}

function exactValue(grammar: Grammar, field: Field): Query {
  const { cursor } = grammar;
  cursor.position++;
  cursor.skipSpace();
  requireValue(cursor);
  if (cursor.char === '(') cursor.fail('syntax', 'the whole value is compared with one text', 'write name:(=one OR =other)');
  grammar.budget.term(cursor.position);
  return fieldQuery(field.name, exactTest(field, readValue(cursor), grammar.now));
}

function rangeValue(grammar: Grammar, field: Field): Test {
  const { cursor } = grammar;
  const brackets = readRange(cursor);
  requireBreak(cursor);
  if (field.values === 'level') {
    cursor.fail('value', 'a level has no order', 'write severity:[low TO high]: 0 is the worst, 7 the least', brackets.position);
  }
  const min = boundOf(brackets.min, brackets.minInclusive);
  const max = boundOf(brackets.max, brackets.maxInclusive);
  return boundedTest(field, min, max, grammar.now);
}

function boundOf(text: Text, inclusive: boolean): Bound | null {
  const open = text.parts.length === 1 && text.parts[0]?.kind === 'run';
  return open ? null : { text, inclusive };
}

function expressionValue(grammar: Grammar, field: Field): Test | undefined {
  const expression = readExpression(grammar.cursor);
  if (expression === undefined) return undefined;
  const { position, source, ignoreCase } = expression;
  if (field.values !== 'text' && field.values !== 'words') {
    grammar.cursor.fail('value', 'severities and times have no text to search by expression', undefined, position);
  }
  checkRegex(source, ignoreCase, position);
  return { kind: 'regex', source, ignoreCase };
}
