import { QueryError } from '../error.ts';

/** A query longer than this, in UTF-16 units, is refused before it is read. */
export const MAX_LENGTH = 8192;
/** More terms than this are refused at the first one too many. */
export const MAX_TERMS = 512;
/** Parentheses and negations inside one another; each counts one. */
export const MAX_NESTING = 64;

/** Counts what a query may not have too much of. */
export class Budget {
  #terms = 0;
  #depth = 0;

  term(position: number): void {
    this.#terms++;
    if (this.#terms > MAX_TERMS) throw new QueryError('limit', position, `a query has at most ${MAX_TERMS} terms`);
  }

  enter(position: number): void {
    this.#depth++;
    if (this.#depth > MAX_NESTING) {
      throw new QueryError('limit', position, `parentheses and negations nest at most ${MAX_NESTING} deep`);
    }
  }

  leave(): void {
    this.#depth--;
  }
}
