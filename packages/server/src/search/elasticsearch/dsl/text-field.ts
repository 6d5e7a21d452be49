import type { Pattern } from '@meniscus/query';
import { allOf, term, type Clause } from './clause.ts';
import { atMost, exactly, type Bounds } from './bounds.ts';

/** Wildcards in a text with so many `?` behind a `*` make automata that servers refuse. */
const ONES_MAX = 8;

/** The words follow one another in one value of a field of words. */
export function phraseIn(field: string, words: readonly string[]): Clause {
  const [only] = words;
  if (words.length === 1) return term(field, only!);
  return { span_near: { clauses: words.map((word) => ({ span_term: { [field]: { value: word } } })), slop: 0, in_order: true } };
}

/** Words of these forms follow one another. Of several forms the index says only that each is there, and that words without wildcards follow one another. */
export function formsIn(field: string, forms: readonly Pattern[]): Bounds {
  const [only] = forms;
  if (forms.length === 1) return isHard(only!) ? atMost(hardForm(field, only!)) : exactly(wildcard(field, '', only!));
  const clauses: Clause[] = [];
  let words: string[] = [];
  for (const form of [...forms, undefined]) {
    const word = form && literalOf(form);
    if (word !== undefined) {
      words.push(word);
      continue;
    }
    if (words.length > 0) clauses.push(phraseIn(field, words));
    words = [];
    // A lone `*` is any word: it rules out next to nothing.
    if (form !== undefined && form.some(({ kind }) => kind === 'text'))
      clauses.push(isHard(form) ? hardForm(field, form) : wildcard(field, '', form));
  }
  return forms.every((form) => literalOf(form) !== undefined) ? exactly(allOf(clauses)) : atMost(allOf(clauses));
}

/** The one word of a form without wildcards. */
function literalOf(form: Pattern): string | undefined {
  const [only] = form;
  return form.length === 1 && only?.kind === 'text' ? only.text : undefined;
}

/** A wildcard query; `before` stands before each value. */
export function wildcard(field: string, before: string, pattern: Pattern): Clause {
  const text = pattern.map((part) => (part.kind === 'text' ? escapeWildcard(part.text) : part.kind === 'run' ? '*' : '?')).join('');
  return { wildcard: { [field]: { value: escapeWildcard(before) + text } } };
}

function escapeWildcard(text: string): string {
  return text.replace(/[\\*?]/g, '\\$&');
}

/** Whether servers refuse a form as too complex. */
export function isHard(pattern: Pattern): boolean {
  let ones = 0;
  let run = false;
  for (const part of pattern) {
    if (part.kind === 'run') run = true;
    else if (part.kind === 'one' && run) ones++;
  }
  return ones > ONES_MAX;
}

/** What every text of a hard form begins with. */
function hardForm(field: string, pattern: Pattern): Clause {
  const [first] = pattern;
  return { prefix: { [field]: { value: first?.kind === 'text' ? first.text : '' } } };
}
