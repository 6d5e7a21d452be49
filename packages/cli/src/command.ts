import { InvalidArgumentError, type Command } from 'commander';
import type { Io } from './io.ts';
import { Session } from './session.ts';

/** Adds one command, with what is below it, to the program. */
export type AddCommand = (program: Command, io: Io) => void;

/** Makes of a command's work what commander calls: arguments by position, then options. */
// oxlint-disable-next-line typescript/no-unnecessary-type-parameters
export function action<O = unknown, A extends unknown[] = []>(
  io: Io,
  work: (session: Session, options: O, ...args: A) => Promise<void>,
): (...args: unknown[]) => Promise<void> {
  return async (...args) => {
    const command = args.at(-1) as Command;
    await work(new Session(io, command), args.at(-2) as O, ...(args.slice(0, -2) as A));
  };
}

/** For options that are counts. */
export function wholeNumber(text: string): number {
  const value = Number(text);
  if (/^\d{1,15}$/.test(text) && Number.isSafeInteger(value)) return value;
  throw new InvalidArgumentError('It must be a whole number.');
}

/** For options that are lists: separated by commas, and repeatable. */
export function listOf(text: string, before: readonly string[] = []): string[] {
  const items = text
    .split(/,(?![^(]*\))/)
    .map((item) => item.trim())
    .filter((item) => item !== '');
  return [...before, ...items];
}
