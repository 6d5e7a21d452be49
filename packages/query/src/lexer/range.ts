import type { Cursor } from './cursor.ts';
import { endsText, isSpace } from './cursor.ts';
import type { Text } from './text.ts';
import { readQuoted, readText } from './text.ts';

/** `[min TO max}`: what stands between the brackets, not yet understood. */
export interface Brackets {
  readonly position: number;
  readonly min: Text;
  readonly minInclusive: boolean;
  readonly max: Text;
  readonly maxInclusive: boolean;
}

const HINT = 'a range is [low TO high] or {low TO high}; put brackets that are text in quotes';

/** Reads a range whose bracket is here. What is cut off or has another shape is an error at the bracket. */
export function readRange(cursor: Cursor): Brackets {
  const { position } = cursor;
  const minInclusive = cursor.char === '[';
  cursor.position++;
  const min = readBound(cursor, position);
  const spaced = isSpace(cursor.char);
  cursor.skipSpace();
  const to = cursor.take('TO') && isSpace(cursor.char);
  const max = readBound(cursor, position);
  cursor.skipSpace();
  const close = cursor.char;
  if (!spaced || !to || min === undefined || max === undefined || (close !== ']' && close !== '}')) return malformed(cursor, position);
  cursor.position++;
  return { position, min, minInclusive, max, maxInclusive: close === ']' };
}

function readBound(cursor: Cursor, bracket: number): Text | undefined {
  cursor.skipSpace();
  if (cursor.char === '"') {
    // A quote that is not closed cuts the range off.
    if (!/^"(?:[^"\\]|\\.)*"/s.test(cursor.text.slice(cursor.position))) malformed(cursor, bracket);
    return readQuoted(cursor);
  }
  const bound = readText(cursor, (char) => char === ']' || char === '}' || endsText(char));
  return bound.text === '' ? undefined : bound;
}

function malformed(cursor: Cursor, bracket: number): never {
  return cursor.fail('syntax', 'the range is not complete', HINT, bracket);
}
