import { RegexSyntaxError } from './ast.ts';

/** A place in an expression's source, by code points. */
export class Reader {
  readonly #codes: readonly string[];
  position = 0;
  /** How many ranges the classes of one expression may have together: a class names hundreds with three characters. */
  #ranges = 100_000;

  constructor(source: string) {
    this.#codes = Array.from(source);
  }

  get atEnd(): boolean {
    return this.position >= this.#codes.length;
  }

  peek(ahead = 0): string {
    return this.#codes[this.position + ahead] ?? '';
  }

  next(): string {
    const char = this.peek();
    this.position++;
    return char;
  }

  /** Moves past `text` (of the basic plane) if it stands here. */
  take(text: string): boolean {
    for (let index = 0; index < text.length; index++) {
      if (this.peek(index) !== text[index]) return false;
    }
    this.position += text.length;
    return true;
  }

  /** The longest run of characters from here that `accepts`, at most `limit`. */
  run(accepts: RegExp, limit = Infinity): string {
    let text = '';
    while (text.length < limit && accepts.test(this.peek())) text += this.next();
    return text;
  }

  /** What stands before `end`, moving past that; undefined and no move where there is none. */
  until(end: string): string | undefined {
    const found = this.#codes.indexOf(end, this.position);
    if (found === -1) return undefined;
    const text = this.#codes.slice(this.position, found).join('');
    this.position = found + 1;
    return text;
  }

  spend(ranges: number): void {
    this.#ranges -= ranges;
    if (this.#ranges < 0) this.fail('the expression is too large');
  }

  fail(message: string): never {
    throw new RegexSyntaxError(message);
  }
}
