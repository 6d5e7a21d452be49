/** Takes the parts out of JSON answers. What is not there is an error here and not an `undefined` somewhere later. */
import { ResponseError } from './errors.ts';
import type { OperationName } from './operations.ts';

/** The JSON of an answer and what it was asked for. */
export class Answer {
  readonly #operation: OperationName;
  readonly #path: string;
  readonly #value: unknown;

  constructor(operation: OperationName, path: string, value: unknown) {
    this.#operation = operation;
    this.#path = path;
    this.#value = value;
  }

  get value(): unknown {
    return this.#value;
  }

  /** The object at these nested names. */
  object(...names: string[]): object {
    const found = this.#at(names);
    if (typeof found !== 'object' || found === null || Array.isArray(found)) throw this.#lacks(names, 'an object');
    return found;
  }

  /** The array of objects at these nested names; null is an empty one. */
  list<T>(...names: string[]): T[] {
    const found = this.#at(names) ?? [];
    if (!Array.isArray(found) || found.some((item) => typeof item !== 'object' || item === null))
      throw this.#lacks(names, 'a list of objects');
    return found as T[];
  }

  string(...names: string[]): string {
    const found = this.#at(names);
    if (typeof found !== 'string') throw this.#lacks(names, 'text');
    return found;
  }

  number(...names: string[]): number {
    const found = this.#at(names);
    if (typeof found !== 'number') throw this.#lacks(names, 'a number');
    return found;
  }

  boolean(...names: string[]): boolean {
    const found = this.#at(names);
    if (typeof found !== 'boolean') throw this.#lacks(names, 'true or false');
    return found;
  }

  #at(names: string[]): unknown {
    let value = this.#value;
    for (const name of names) {
      if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) throw this.#lacks(names, 'a value');
      value = (value as Record<string, unknown>)[name];
    }
    return value;
  }

  /** The error of an answer that cannot be understood. */
  error(words: string): ResponseError {
    return new ResponseError(words, { operation: this.#operation, path: this.#path, retriable: false, mayHaveActed: true, status: 200 });
  }

  #lacks(names: string[], words: string): ResponseError {
    return this.error(`the answer has not ${words} at ${names.join('.')}`);
  }
}
