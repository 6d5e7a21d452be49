import { QueryError } from '../error.ts';
import type { QueryErrorCode } from '../error.ts';

const SPACE = /\s/;

/** A place in the query's text. White space is what JavaScript's `\s` matches. */
export class Cursor {
  readonly text: string;
  position = 0;

  constructor(text: string) {
    this.text = text;
  }

  /** The UTF-16 unit at the position, or `''` at the end. */
  get char(): string {
    return this.text.charAt(this.position);
  }

  get atEnd(): boolean {
    return this.position >= this.text.length;
  }

  skipSpace(): void {
    while (isSpace(this.char)) this.position++;
  }

  startsWith(text: string): boolean {
    return this.text.startsWith(text, this.position);
  }

  /** Moves past the text if it stands here. */
  take(text: string): boolean {
    if (!this.startsWith(text)) return false;
    this.position += text.length;
    return true;
  }

  fail(code: QueryErrorCode, message: string, hint?: string, position = this.position): never {
    throw new QueryError(code, position, message, hint);
  }
}

/** True for one white-space character; false for `''`. */
export function isSpace(char: string): boolean {
  return char !== '' && SPACE.test(char);
}

/** True where text ends: white space, a parenthesis, the end of the query. */
export function endsText(char: string): boolean {
  return char === '' || char === '(' || char === ')' || isSpace(char);
}
