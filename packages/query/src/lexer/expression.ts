import type { Cursor } from './cursor.ts';
import { endsText } from './cursor.ts';

/** A regular expression as typed, its `\/` resolved. */
export interface Expression {
  readonly position: number;
  readonly source: string;
  readonly ignoreCase: boolean;
}

/**
 * Reads a regular expression whose `/` is here, or nothing if this is a path. It is one only if its first unescaped `/` is followed by
 * nothing or `i` and then by white space, `)` or the end: paths are the most searched values of all.
 */
export function readExpression(cursor: Cursor): Expression | undefined {
  const { text, position } = cursor;
  const close = closingSlash(text, position + 1);
  if (close === -1) return undefined;
  const ignoreCase = text.charAt(close + 1) === 'i';
  const end = close + (ignoreCase ? 2 : 1);
  const next = text.charAt(end);
  if (next === '(' || !endsText(next)) return undefined;
  cursor.position = end;
  const source = text.slice(position + 1, close).replace(/\\(.)/gs, (pair, char: string) => (char === '/' ? '/' : pair));
  return { position, source, ignoreCase };
}

function closingSlash(text: string, start: number): number {
  for (let index = start; index < text.length; index++) {
    if (text[index] === '/') return index;
    if (text[index] === '\\') index++;
  }
  return -1;
}
