import type { Pattern, Query, Test, TimeTest } from '../ast/query.ts';
import { visitQuery, visitTest } from '../ast/visit.ts';
import { isPlainName } from '../lexer/name.ts';
import { printNumber } from '../text/number.ts';
import { END_MICROS, printTime } from '../text/time.ts';
import { isWordCode } from '../text/words.ts';

/**
 * Writes a query so that parsing gives the same query again, whatever `now` is by then. The text may be longer than what was typed: parse it
 * with a `maxLength` of its own where that matters.
 */
export function print(query: Query): string {
  return visitQuery<string>(query, {
    all: () => '*',
    and: ({ items }) => items.map((item) => (item.kind === 'or' ? `(${print(item)})` : print(item))).join(' AND '),
    or: ({ items }) => items.map(print).join(' OR '),
    not: ({ item }) => (item.kind === 'and' || item.kind === 'or' ? `NOT (${print(item)})` : `NOT ${print(item)}`),
    any: ({ test }) => (test.kind === 'forms' ? printForms(test.forms) : printPhrase(test.words)),
    field: ({ name, test }) => `${printName(name)}:${printTest(test)}`,
  });
}

function printTest(test: Test): string {
  return visitTest<string>(test, {
    phrase: ({ words }) => quote(words.join(' ')),
    forms: ({ forms }) => printForms(forms),
    wildcard: ({ pattern }) => printPattern(pattern),
    exact: ({ text }) => `=${quote(text)}`,
    regex: ({ source, ignoreCase }) => printExpression(source, ignoreCase),
    number: ({ text }) => text,
    range: ({ min, minInclusive, max, maxInclusive }) =>
      `${minInclusive ? '[' : '{'}${bound(min)} TO ${bound(max)}${maxInclusive ? ']' : '}'}`,
    // A value cannot begin with a colon, but a network can.
    network: ({ text }) => text.replace(/^:/, '\\:'),
    exists: () => '*',
    time: printSpan,
  });
}

function printName(name: string): string {
  return isPlainName(name) ? name : quote(name);
}

/** In quotes only the quote and the backslash need care: before anything else a backslash might be an escape or not. */
function quote(text: string): string {
  return `"${text.replace(/["\\]/g, '\\$&')}"`;
}

/** Folded words are never operators, which are upper case. */
function printPhrase(words: readonly string[]): string {
  return words.length === 1 ? words[0]! : quote(words.join(' '));
}

/** A lone `*` would be everything: a mark before it makes it any one word. */
function printForms(forms: readonly Pattern[]): string {
  const text = forms.map(printPattern).join('.');
  return text === '*' ? '.*' : text;
}

/** Every mark is escaped, so none can end the text or be a wildcard. */
function printPattern(pattern: Pattern): string {
  return pattern.map((part) => (part.kind === 'text' ? escapeMarks(part.text) : part.kind === 'run' ? '*' : '?')).join('');
}

function escapeMarks(text: string): string {
  return Array.from(text, (char) => (isWordCode(char.codePointAt(0)!) ? char : `\\${char}`)).join('');
}

/** `name://` would be text, so an empty expression stands apart from the colon. */
function printExpression(source: string, ignoreCase: boolean): string {
  const escaped = source.replace(/\\[^]|\//g, (match) => (match === '/' ? '\\/' : match));
  return `${source === '' ? ' ' : ''}/${escaped}/${ignoreCase ? 'i' : ''}`;
}

function bound(value: number | null): string {
  return value === null ? '*' : printNumber(value);
}

/** From the first microsecond to before the last; the end of all time can only be said as what comes after its last day. */
function printSpan({ from, to }: TimeTest): string {
  const start = from === null ? '[*' : from >= END_MICROS ? '{9999-12-31' : `[${printTime(from)}`;
  return `${start} TO ${to === null ? '*]' : `${printTime(to)}}`}`;
}
