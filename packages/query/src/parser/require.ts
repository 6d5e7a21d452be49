import type { Cursor } from '../lexer/cursor.ts';
import { endsText } from '../lexer/cursor.ts';

/** Something must stand here. */
export function requireValue(cursor: Cursor): void {
  if (cursor.atEnd) cursor.fail('syntax', 'the value is missing');
  if (cursor.char === ')') cursor.fail('syntax', 'the value is missing before this parenthesis');
}

/** After a closing quote or bracket comes white space, `)` or the end. */
export function requireBreak(cursor: Cursor): void {
  if (cursor.char !== '(' && endsText(cursor.char)) return;
  cursor.fail('syntax', 'a space is missing after the closing quote or bracket');
}
