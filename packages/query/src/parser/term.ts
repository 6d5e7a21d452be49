import type { Query, Test } from '../ast/query.ts';
import { isSpace } from '../lexer/cursor.ts';
import type { Cursor } from '../lexer/cursor.ts';
import { peekName } from '../lexer/name.ts';
import { readQuoted, readText } from '../lexer/text.ts';
import type { Text } from '../lexer/text.ts';
import { fieldOf } from './field.ts';
import type { Grammar } from './parse.ts';
import { requireBreak } from './require.ts';
import { formsTest, phraseTest } from './tests.ts';
import { parseComparison } from './comparison.ts';

/** What stands where no field's value does: `name:...`, a comparison, text or a quoted phrase. */
export function parseTerm(grammar: Grammar): Query {
  const { cursor } = grammar;
  if (cursor.char === '"') return quotedTerm(grammar);
  const name = peekName(cursor);
  const role = name === undefined ? 'text' : roleOf(cursor, name.end);
  if (name === undefined || role === 'text') return textTerm(grammar, readText(cursor));
  cursor.position = name.end;
  return fieldTerm(grammar, name.name, role);
}

/** A quoted phrase, or a quoted name. */
function quotedTerm(grammar: Grammar): Query {
  const { cursor } = grammar;
  const text = readQuoted(cursor);
  const role = roleOf(cursor, cursor.position);
  if (role !== 'text') return fieldTerm(grammar, text.text, role);
  requireBreak(cursor);
  return textTerm(grammar, text);
}

/** What the text that ends at `end` is, seen from what follows it. Only a comparison may follow after white space. */
function roleOf(cursor: Cursor, end: number): 'text' | 'field' | 'comparison' | 'unequal' {
  const { text } = cursor;
  if (text[end] === ':') return text[end + 1] === ':' || text.startsWith('//', end + 1) ? 'text' : 'field';
  if (text.startsWith('!=', end)) return 'unequal';
  let next = end;
  while (isSpace(text.charAt(next))) next++;
  return text[next] === '<' || text[next] === '>' ? 'comparison' : 'text';
}

function fieldTerm(grammar: Grammar, name: string, role: 'field' | 'comparison' | 'unequal'): Query {
  const { cursor } = grammar;
  if (role === 'unequal') cursor.fail('syntax', '"!=" is not an operator', 'write NOT name:value');
  if (role === 'field') {
    cursor.position++;
    return grammar.value(fieldOf(name));
  }
  cursor.skipSpace();
  return parseComparison(grammar, fieldOf(name));
}

function textTerm(grammar: Grammar, text: Text): Query {
  grammar.budget.term(text.position);
  if (isEverything(text)) return { kind: 'all' };
  const test: Test = text.wild ? formsTest(text) : phraseTest(text);
  return { kind: 'any', test };
}

/** `*`, `**`, `*:*`. */
function isEverything(text: Text): boolean {
  const shape = text.parts.map((part) => (part.kind === 'text' ? part.text : part.kind)).join(' ');
  return shape === 'run' || shape === 'run : run';
}
