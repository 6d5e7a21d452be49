import type { Pattern } from '../ast/query.ts';
import { fold, isAscii, isWordCode, wordsOf } from '../text/words.ts';
import { hasForm } from './glob.ts';
import type { Scan, ValueMatcher } from './matcher.ts';
import { escapeRegex, textMatcher } from './matcher.ts';

/** The whole value has the form, ignoring case. */
export function wildcardMatcher(pattern: Pattern): ValueMatcher {
  const words = boundedWords(pattern);
  const general = (value: string): boolean => hasForm(fold(value), pattern);
  if (!pattern.every((part) => part.kind !== 'text' || isAscii(part.text))) return textMatcher(general, words);
  const scan = longestScan(pattern.flatMap((part) => (part.kind === 'text' ? [part.text] : [])));
  const source = patternSource(pattern);
  if (source === undefined) return textMatcher(general, words, scan);
  const ascii = new RegExp(source, 'i');
  return textMatcher((value) => (isAscii(value) ? ascii.test(value) : general(value)), words, scan);
}

/** The form as an expression for ASCII where at most one `*` remains between the outer ones, so that it is linear. */
function patternSource(pattern: Pattern): string | undefined {
  const open = pattern[0]?.kind === 'run';
  const unfinished = pattern.at(-1)?.kind === 'run';
  const inner = pattern.slice(open ? 1 : 0, unfinished && pattern.length > 1 ? -1 : undefined);
  const runs = inner.filter((part) => part.kind === 'run').length;
  if (runs > (open ? 0 : 1)) return undefined;
  const parts = inner.map((part) => (part.kind === 'text' ? escapeRegex(part.text) : part.kind === 'run' ? '[^]*' : '[^]'));
  return `${open ? '' : '^'}${parts.join('')}${unfinished ? '' : '$'}`;
}

/** The words of the form's texts that are whole words of every value: on each side a mark, or an end of the value. */
function boundedWords(pattern: Pattern): string[] {
  return pattern.flatMap((part, index) => {
    if (part.kind !== 'text') return [];
    const chars = Array.from(part.text);
    const marks = chars.map((char) => !isWordCode(char.codePointAt(0)!));
    const start = index === 0 ? 0 : marks.indexOf(true);
    const end = index === pattern.length - 1 ? chars.length : marks.lastIndexOf(true);
    return start === -1 || end === -1 ? [] : wordsOf(chars.slice(start, end).join(''));
  });
}

/** The whole value is the text, case included. */
export function exactMatcher(text: string): ValueMatcher {
  const search = text !== '' && isAscii(text) ? new RegExp(escapeRegex(text), 'g') : undefined;
  const scan = search && { ascii: search, exact: false, before: false, after: false };
  return textMatcher((value) => value === text, wordsOf(text), scan);
}

/** A search for the longest of some texts, to be verified. */
function longestScan(texts: readonly string[]): Scan | undefined {
  const longest = texts.reduce((best, text) => (text.length > best.length ? text : best), '');
  return longest === '' ? undefined : { ascii: new RegExp(escapeRegex(longest), 'gi'), exact: false, before: false, after: false };
}
