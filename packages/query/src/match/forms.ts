import type { Pattern } from '../ast/query.ts';
import { isAscii, wordsOf } from '../text/words.ts';
import { hasForm } from './glob.ts';
import type { Scan, ValueMatcher } from './matcher.ts';
import { textMatcher } from './matcher.ts';

/** Words of these forms in a row. */
export function formsMatcher(forms: readonly Pattern[]): ValueMatcher {
  const words = forms.flatMap(literalWord);
  const general = (value: string): boolean => formsFollow(wordsOf(value), forms);
  if (!forms.every((form) => form.every((part) => part.kind !== 'text' || isAscii(part.text)))) return textMatcher(general, words);
  const source = formsSource(forms);
  if (source === undefined) return textMatcher(general, words, literalScan(forms));
  const ascii = new RegExp(source.text, 'i');
  return textMatcher((value) => (isAscii(value) ? ascii.test(value) : general(value)), words, formsScan(forms, source));
}

/** A form without wildcard is a word that must be there. */
function literalWord(form: Pattern): string[] {
  const [only] = form;
  return form.length === 1 && only?.kind === 'text' ? [only.text] : [];
}

function formsFollow(words: readonly string[], forms: readonly Pattern[]): boolean {
  for (let start = 0; start + forms.length <= words.length; start++) {
    if (forms.every((form, index) => hasForm(words[start + index]!, form))) return true;
  }
  return false;
}

/** An expression with its boundaries, and the same without the outer ones and whether they are needed. */
interface Source {
  readonly text: string;
  readonly inner: string;
  readonly before: boolean;
  readonly after: boolean;
}

/**
 * The forms as one expression for ASCII, or undefined where it could take quadratic time. Outer `*`s only say that the word may go on, so
 * they are left out together with the boundary.
 */
function formsSource(forms: readonly Pattern[]): Source | undefined {
  const before = forms[0]![0]?.kind !== 'run';
  const after = forms.at(-1)!.at(-1)?.kind !== 'run';
  const sources: string[] = [];
  for (const [index, form] of forms.entries()) {
    const trimmed = trim(form, index === 0, index === forms.length - 1);
    const runs = trimmed.filter((part) => part.kind === 'run').length;
    // A run that can begin anywhere in a word is tried from everywhere.
    if (runs > (index === 0 && !before ? 0 : 1)) return undefined;
    sources.push(formSource(trimmed));
  }
  const inner = sources.join('\\W+');
  return { text: `${before ? '\\b' : ''}${inner}${after ? '\\b' : ''}`, inner, before, after };
}

function trim(form: Pattern, first: boolean, last: boolean): Pattern {
  const start = first && form[0]?.kind === 'run' ? 1 : 0;
  const end = last && form.length > start && form.at(-1)?.kind === 'run' ? form.length - 1 : form.length;
  return form.slice(start, end);
}

/** At least one character, because every word has one. */
function formSource(form: Pattern): string {
  if (form.length === 0) return '\\w';
  if (form.length === 1 && form[0]!.kind === 'run') return '\\w+';
  return form.map((part) => (part.kind === 'text' ? part.text : part.kind === 'run' ? '\\w*' : '\\w')).join('');
}

/**
 * One form that begins its word and has no `*` inside can leave its boundaries to the caller: a hit that fails them cannot hide the beginning
 * of another. Everything else keeps them in the expression.
 */
function formsScan(forms: readonly Pattern[], source: Source): Scan {
  if (forms.length === 1 && source.before && !source.inner.includes('*')) {
    return { ascii: new RegExp(source.inner, 'gi'), exact: true, before: true, after: source.after };
  }
  return { ascii: new RegExp(source.text, 'gi'), exact: true, before: false, after: false };
}

/** The longest text in the forms, to be verified. */
function literalScan(forms: readonly Pattern[]): Scan | undefined {
  const texts = forms.flat().flatMap((part) => (part.kind === 'text' ? [part.text] : []));
  const longest = texts.reduce((best, text) => (text.length > best.length ? text : best), '');
  return longest === '' ? undefined : { ascii: new RegExp(longest, 'gi'), exact: false, before: false, after: false };
}
