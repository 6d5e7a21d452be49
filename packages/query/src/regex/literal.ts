import type { CodeSet, Node } from './ast.ts';
import { single } from './code-set.ts';
import { foldCase } from './properties.ts';
import { fold, isWordCode, wordsOf } from '../text/words.ts';

/** Text that every match contains, in this case or, if `ignoreCase`, in any. */
export interface RequiredLiteral {
  readonly text: string;
  readonly ignoreCase: boolean;
  /** True if what occurs instead always folds to the text's folding. It may not: RE2 takes a long s for an s, folding does not. */
  readonly folds: boolean;
}

const NOTHING: RequiredLiteral = { text: '', ignoreCase: false, folds: true };

/** The longest text that must occur in whatever the expression matches, for a cheap search before the expensive one. May be empty. */
export function requiredLiteral(node: Node): RequiredLiteral {
  const runs: RequiredLiteral[] = [];
  let run = NOTHING;
  collect(node, (char) => {
    runs.push(run);
    run = char === null ? NOTHING : append(run, char);
  });
  runs.push(run);
  return runs.reduce((best, next) => (next.text.length > best.text.length ? next : best), NOTHING);
}

function append(run: RequiredLiteral, char: RequiredLiteral): RequiredLiteral {
  return { text: run.text + char.text, ignoreCase: run.ignoreCase || char.ignoreCase, folds: run.folds && char.folds };
}

/** Reports the characters that follow one another in every match; null where something else may come between. */
function collect(node: Node, report: (char: RequiredLiteral | null) => void): void {
  if (node.kind === 'empty' || node.kind === 'assert') return;
  if (node.kind === 'set') return report(charOf(node.set));
  if (node.kind === 'sequence') {
    for (const item of node.items) collect(item, report);
    return;
  }
  report(null);
  if (node.kind === 'repeat' && node.min > 0) collect(node.item, report);
  report(null);
}

/** The character a set stands for, also where it is one character in all its cases. */
function charOf(set: CodeSet): RequiredLiteral | null {
  const only = single(set);
  if (only !== undefined) return { text: String.fromCodePoint(only), ignoreCase: false, folds: true };
  if (set.length > 10) return null;
  const code = set[0]!;
  const cases = foldCase([code, code]);
  const same = cases.length === set.length && cases.every((value, index) => value === set[index]);
  if (!same) return null;
  const text = fold(String.fromCodePoint(code));
  const folds = cases.every((value) => fold(String.fromCodePoint(value)) === text);
  return { text, ignoreCase: true, folds };
}

/** The words of a literal that are whole words of every text that contains it: those with a mark on both sides within it. */
export function innerWords(literal: RequiredLiteral): string[] {
  if (!literal.folds) return [];
  const chars = Array.from(literal.text);
  const marks = chars.map((char) => !isWordCode(char.codePointAt(0)!));
  const first = marks.indexOf(true);
  const last = marks.lastIndexOf(true);
  return first === -1 ? [] : wordsOf(chars.slice(first, last + 1).join(''));
}
