import { QueryError } from '../error.ts';
import { RegexSyntaxError } from './ast.ts';
import { emit } from './emit.ts';
import { parseRegex } from './parse.ts';

/** Refuses, at `position`, an expression that RE2 would refuse or that is too large. */
export function checkRegex(source: string, ignoreCase: boolean, position: number): void {
  try {
    const node = parseRegex(source, ignoreCase);
    const large = emit(node, 'any');
    // What JavaScript would refuse to compile is found out here, not at the first event.
    if (large.length > 10_000) new RegExp(large).test('');
  } catch (error) {
    if (!(error instanceof RegexSyntaxError || error instanceof SyntaxError)) throw error;
    throw new QueryError(
      'regex',
      position,
      `not a regular expression in RE2 syntax: ${error.message}`,
      'to search for "/" put the text in quotes',
    );
  }
}
