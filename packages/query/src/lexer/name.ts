import type { Cursor } from './cursor.ts';

const FIRST = /^[\p{L}_@]$/u;
const LATER = /^[\p{L}\p{Nd}_.@-]$/u;
const WORD = /^[\p{L}\p{Nd}_]$/u;

/** A field's name and where it ends. */
export interface Name {
  readonly name: string;
  readonly end: number;
}

/**
 * Reads as much as can be a field's name from here without moving: a letter, `_` or `@`, then letters, digits, `_`, `-`, `.`, `@`; any other
 * character by a backslash. Undefined where none begins. Whether it *is* one depends on what follows.
 */
export function peekName(cursor: Cursor): Name | undefined {
  const { text } = cursor;
  let end = cursor.position;
  let name = '';
  while (end < text.length) {
    const char = charAt(text, end);
    const escaped = char === '\\' && end + 1 < text.length ? charAt(text, end + 1) : '';
    if (escaped !== '' && !WORD.test(escaped)) {
      name += escaped;
      end += 1 + escaped.length;
    } else if ((name === '' ? FIRST : LATER).test(char)) {
      name += char;
      end += char.length;
    } else break;
  }
  return name === '' ? undefined : { name, end };
}

/** True if the name needs no quotes. */
export function isPlainName(name: string): boolean {
  const chars = Array.from(name);
  return chars.length > 0 && FIRST.test(chars[0]!) && chars.every((char) => LATER.test(char));
}

function charAt(text: string, index: number): string {
  return String.fromCodePoint(text.codePointAt(index)!);
}
