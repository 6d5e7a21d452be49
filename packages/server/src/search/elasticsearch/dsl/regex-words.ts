import { fold, isWordCode, type CodeSet, type Pattern, type PatternPart, type RegexNode } from '@meniscus/query';

/** Forms of fewer characters are in too many words to rule much out. */
const LETTERS_MIN = 2;
const FORMS_MAX = 3;
/** Larger sets are not looked through. */
const CODES_MAX = 128;

/** What stands somewhere in every match: part of a word, something between words, or who knows. */
type Piece = PatternPart | 'mark' | 'unknown';

const ONE: PatternPart = { kind: 'one' };
const RUN: PatternPart = { kind: 'run' };

/**
 * Forms of words that every text has in which an expression matches: `*took` and `?*ms*` for `took \d+ms`. The longest ones; there may be none.
 */
export function wordForms(node: RegexNode): Pattern[] {
  const forms: PatternPart[][] = [];
  let form: PatternPart[] = [RUN];
  const end = (bounded: boolean): void => {
    if (!bounded) form.push(RUN);
    forms.push(form);
    form = bounded ? [] : [RUN];
  };
  for (const piece of ['unknown' as const, ...piecesOf(node), 'unknown' as const]) {
    if (piece === 'mark') end(true);
    else if (piece === 'unknown') end(false);
    else form.push(piece);
  }
  const joined = forms.map(joinParts).filter((each) => letters(each) >= LETTERS_MIN);
  return joined.toSorted((a, b) => letters(b) - letters(a)).slice(0, FORMS_MAX);
}

function letters(form: Pattern): number {
  return form.reduce((sum, part) => sum + (part.kind === 'text' ? part.text.length : 0), 0);
}

function joinParts(parts: readonly PatternPart[]): PatternPart[] {
  const joined: PatternPart[] = [];
  for (const part of parts) {
    const last = joined.at(-1);
    if (part.kind === 'run' && last?.kind === 'run') continue;
    if (part.kind === 'text' && last?.kind === 'text') joined[joined.length - 1] = { kind: 'text', text: last.text + part.text };
    else joined.push(part);
  }
  return joined;
}

function piecesOf(node: RegexNode): Piece[] {
  if (node.kind === 'set') return [pieceOf(node.set)];
  if (node.kind === 'sequence') return node.items.flatMap(piecesOf);
  if (node.kind === 'assert') return node.what === 'textStart' || node.what === 'textEnd' ? ['mark'] : [];
  if (node.kind === 'repeat') return repeated(node.item, node.min);
  return node.kind === 'empty' ? [] : ['unknown'];
}

function repeated(item: RegexNode, min: number): Piece[] {
  const [only, ...more] = piecesOf(item);
  if (only === undefined) return [];
  const isOfWords = more.length === 0 && only !== 'mark' && only !== 'unknown';
  if (isOfWords) return min === 0 ? [RUN] : [only, RUN];
  // Marks in a row are as good as one.
  if (more.length === 0 && only === 'mark' && min > 0) return ['mark'];
  return ['unknown'];
}

/** A letter in all its cases is its folding, where they all fold to it. */
function pieceOf(set: CodeSet): Piece {
  const codes = codesOf(set);
  if (codes === undefined) return 'unknown';
  const words = codes.filter(isWordCode).length;
  if (words === 0) return 'mark';
  if (words < codes.length) return 'unknown';
  const folded = new Set(codes.map((code) => fold(String.fromCodePoint(code))));
  const [text] = folded;
  return folded.size === 1 ? { kind: 'text', text: text! } : ONE;
}

function codesOf(set: CodeSet): number[] | undefined {
  const codes: number[] = [];
  for (let i = 0; i + 1 < set.length; i += 2) {
    if (codes.length + set[i + 1]! - set[i]! > CODES_MAX) return undefined;
    for (let code = set[i]!; code <= set[i + 1]!; code++) codes.push(code);
  }
  return codes;
}
