import { isAscii } from '../text/words.ts';
import type { CodeSet, Node } from './ast.ts';
import { AstralClasses } from './astral.ts';
import { emit } from './emit.ts';
import { emitUnits, hideInSet, hideLineEnds } from './emit-set.ts';
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
 * Compiles an expression in RE2 syntax to flagless JavaScript expressions: one for ASCII texts, and, when the first other text comes, one for
 * any.
 *
 * @throws RegexSyntaxError for what RE2 refuses and what is too large
 */
export function compileRegex(source: string, ignoreCase: boolean): CompiledRegex {
  const node = parseRegex(source, ignoreCase);
  const lines = hasLineAnchor(node);
  const ascii = new RegExp(emit(node, (set) => emitUnits(set, 0x7f)));
  let other: ((text: string) => boolean) | undefined;
  const test = (text: string): boolean => {
    if (isAscii(text) && !(lines && text.includes('\r'))) return ascii.test(text);
    other ??= compileAny(node);
    return other(text);
  };
  return { test, ascii, node };
}

/**
 * The search in any text: line ends are hidden if it matters, code points beyond the basic plane become one unit each.
 *
 * @throws RegexSyntaxError for what is too large
 */
export function compileAny(node: Node): (text: string) => boolean {
  const lines = hasLineAnchor(node);
  const astral = new AstralClasses(node);
  const units = (set: CodeSet): CodeSet => (lines ? hideInSet(astral.apply(set)) : astral.apply(set));
  const regex = new RegExp(emit(node, (set) => emitUnits(units(set), 0xffff)));
  return (text) => {
    const whole = astral.rewrite(text.isWellFormed() ? text : text.toWellFormed());
    return regex.test(lines ? hideLineEnds(whole) : whole);
  };
}

function hasLineAnchor(node: Node): boolean {
  if (node.kind === 'assert') return node.what === 'lineStart' || node.what === 'lineEnd';
  if (node.kind === 'repeat') return hasLineAnchor(node.item);
  return (node.kind === 'sequence' || node.kind === 'choice') && node.items.some(hasLineAnchor);
}
