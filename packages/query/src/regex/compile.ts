import { isAscii } from '../text/words.ts';
import type { Node } from './ast.ts';
import { emit } from './emit.ts';
import { swapLineEnds } from './emit-set.ts';
import { parseRegex } from './parse.ts';

/** A search for an expression in one text. */
export interface CompiledRegex {
  /** True if it matches somewhere in the text, which may be any. */
  readonly test: (text: string) => boolean;
  /** The expression for texts whose units are all below 128 and that have no `\r`. */
  readonly ascii: RegExp;
  readonly node: Node;
}

/**
 * Compiles an expression in RE2 syntax to flagless JavaScript expressions: one for ASCII texts, and, when the first other text comes, one in
 * UTF-16.
 *
 * @throws RegexSyntaxError for what RE2 refuses and what is too large
 */
export function compileRegex(source: string, ignoreCase: boolean): CompiledRegex {
  const node = parseRegex(source, ignoreCase);
  const lines = hasLineAnchor(node);
  const ascii = new RegExp(emit(node, 'ascii'));
  let other: RegExp | undefined;
  const testOther = (text: string): boolean => {
    other ??= new RegExp(emit(node, lines ? 'swapped' : 'any'));
    const whole = text.isWellFormed() ? text : text.toWellFormed();
    return other.test(lines ? swapLineEnds(whole) : whole);
  };
  const test = (text: string): boolean => (isAscii(text) && !(lines && text.includes('\r')) ? ascii.test(text) : testOther(text));
  return { test, ascii, node };
}

function hasLineAnchor(node: Node): boolean {
  if (node.kind === 'assert') return node.what === 'lineStart' || node.what === 'lineEnd';
  if (node.kind === 'repeat') return hasLineAnchor(node.item);
  return (node.kind === 'sequence' || node.kind === 'choice') && node.items.some(hasLineAnchor);
}
