import { pattern } from '../ast/build.ts';
import type { PatternPart } from '../ast/query.ts';
import { isWordAt } from '../text/words.ts';
import type { Cursor } from './cursor.ts';
import { endsText } from './cursor.ts';

/** Text or a quoted phrase with its escapes resolved. */
export interface Text {
  readonly position: number;
  readonly text: string;
  readonly quoted: boolean;
  /** The same, cut at unescaped wildcards; quoted text has none. */
  readonly parts: readonly PatternPart[];
  readonly wild: boolean;
}

/** Reads text up to what `ends` it. It may be empty; every mark but parentheses is part of it. */
export function readText(cursor: Cursor, ends: (char: string) => boolean = endsText): Text {
  const { position } = cursor;
  const parts: PatternPart[] = [];
  let text = '';
  while (!ends(cursor.char)) {
    const wildcard = cursor.char;
    const char = readChar(cursor);
    text += char;
    if (wildcard === '*') parts.push({ kind: 'run' });
    else if (wildcard === '?') parts.push({ kind: 'one' });
    else parts.push({ kind: 'text', text: char });
  }
  const joined = pattern(parts);
  return { position, text, quoted: false, parts: joined, wild: joined.some((part) => part.kind !== 'text') };
}

/** Reads a phrase whose opening quote is here, up to and with the closing one. */
export function readQuoted(cursor: Cursor): Text {
  const { position } = cursor;
  cursor.position++;
  let text = '';
  while (cursor.char !== '"') {
    if (cursor.atEnd) cursor.fail('syntax', 'the quote is not closed', 'to search a quote character write \\"', position);
    text += readChar(cursor);
  }
  cursor.position++;
  return { position, text, quoted: true, parts: [{ kind: 'text', text }], wild: false };
}

/**
 * Reads one character, or one escaped: a backslash makes the next character literal unless that belongs to words, so that Windows paths
 * mean what they look like; before a word character and at the end it is itself.
 */
function readChar(cursor: Cursor): string {
  if (isEscape(cursor)) cursor.position++;
  const char = String.fromCodePoint(cursor.text.codePointAt(cursor.position)!);
  cursor.position += char.length;
  return char;
}

/** True if a backslash that escapes is here. */
export function isEscape(cursor: Cursor): boolean {
  const next = cursor.position + 1;
  return cursor.char === '\\' && next < cursor.text.length && !isWordAt(cursor.text, next);
}
