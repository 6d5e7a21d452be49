import { QueryError } from '../error.ts';
import { RegexSyntaxError } from './ast.ts';
import { compileAny } from './compile.ts';
import { parseRegex } from './parse.ts';

/** Refuses, at `position`, an expression that RE2 would refuse or that is too large. */
export function checkRegex(source: string, ignoreCase: boolean, position: number): void {
  try {
    // What JavaScript would refuse to compile is found out here, not at the first event.
    compileAny(parseRegex(source, ignoreCase))('\u2028');
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
