import { and, not, or } from '../ast/build.ts';
import type { Query } from '../ast/query.ts';
import { Cursor, endsText } from '../lexer/cursor.ts';
import { peekOperator } from '../lexer/operator.ts';
import type { Field } from './field.ts';
import { Budget, MAX_LENGTH } from './limits.ts';
import { parseFieldValue, parseGroupItem } from './value.ts';
import { parseTerm } from './term.ts';

export interface ParseOptions {
  /** What `now` means, in microseconds since 1970. It is read once for the whole query. */
  readonly now?: number;
  /** For text that is no user's: what `print` made of a query can be longer than the query was. */
  readonly maxLength?: number;
}

/**
 * Reads a query. Precedence is NOT, AND (written or implied), OR.
 *
 * @throws QueryError with the position of what is wrong
 */
export function parse(text: string, options: ParseOptions = {}): Query {
  const longest = options.maxLength ?? MAX_LENGTH;
  const cursor = new Cursor(text);
  if (text.length > longest) cursor.fail('limit', `a query has at most ${longest} characters`, undefined, longest);
  cursor.skipSpace();
  if (cursor.atEnd) return { kind: 'all' };
  const query = new Grammar(cursor, options.now ?? Date.now() * 1000).alternatives(null);
  if (!cursor.atEnd) cursor.fail('syntax', 'nothing is open that this parenthesis could close', 'to search a parenthesis put it in quotes');
  return query;
}

/**
 * Recursive descent without a token list, because what a character means depends on where it stands. `scope` is the field whose `( ... )`
 * the text is in, where items are values and nothing is a name.
 */
export class Grammar {
  readonly cursor: Cursor;
  readonly now: number;
  readonly budget = new Budget();

  constructor(cursor: Cursor, now: number) {
    this.cursor = cursor;
    this.now = now;
  }

  /** a OR b ...; stops at `)` or the end. */
  alternatives(scope: Field | null): Query {
    const items = [this.#conjunction(scope)];
    for (let next = this.#operator(); next?.operator === 'OR'; next = this.#operator()) {
      this.cursor.position += next.length;
      items.push(this.#conjunction(scope));
    }
    return or(items);
  }

  /** a b AND c ... */
  #conjunction(scope: Field | null): Query {
    const items = [this.#unary(scope)];
    for (;;) {
      const next = this.#operator();
      if (this.cursor.atEnd || this.cursor.char === ')' || next?.operator === 'OR') return and(items);
      if (next?.operator === 'AND') this.cursor.position += next.length;
      items.push(this.#unary(scope));
    }
  }

  #operator(): ReturnType<typeof peekOperator> {
    this.cursor.skipSpace();
    return peekOperator(this.cursor);
  }

  #unary(scope: Field | null): Query {
    const { cursor } = this;
    const operator = this.#operator();
    const { position } = cursor;
    if (operator?.operator === 'NOT') return this.#negation(scope, operator.length);
    if (operator !== undefined) {
      cursor.fail('syntax', 'an operator needs something on both sides', 'to search the operator put it in quotes');
    }
    if (cursor.atEnd) cursor.fail('syntax', 'something is missing at the end');
    if (cursor.char === ')') cursor.fail('syntax', 'something is missing before this parenthesis');
    if (cursor.char === '(') return this.parentheses(scope);
    if (cursor.char !== '-' && cursor.char !== '!') return this.#leaf(scope);
    const next = cursor.text.charAt(position + 1);
    if (next !== '(' && endsText(next)) cursor.fail('syntax', `"${cursor.char}" negates what follows it directly`);
    return this.#negation(scope, 1);
  }

  #negation(scope: Field | null, length: number): Query {
    this.budget.enter(this.cursor.position);
    this.cursor.position += length;
    const item = this.#unary(scope);
    this.budget.leave();
    return not(item);
  }

  /** ( ... ), the opening one being here. */
  parentheses(scope: Field | null): Query {
    const { cursor } = this;
    const { position } = cursor;
    this.budget.enter(position);
    cursor.position++;
    cursor.skipSpace();
    if (cursor.atEnd) this.#unclosed(position);
    const query = this.alternatives(scope);
    if (!cursor.take(')')) this.#unclosed(position);
    this.budget.leave();
    return query;
  }

  #unclosed(position: number): never {
    return this.cursor.fail('syntax', 'the parenthesis is not closed', 'to search a parenthesis put it in quotes', position);
  }

  #leaf(scope: Field | null): Query {
    return scope === null ? parseTerm(this) : parseGroupItem(this, scope);
  }

  /** The value of a field whose colon has just been read. */
  value(field: Field): Query {
    return parseFieldValue(this, field);
  }
}
