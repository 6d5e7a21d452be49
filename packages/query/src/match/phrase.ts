import { fold, isAscii, isWordAt, isWordBefore } from '../text/words.ts';
import type { Scan, ValueMatcher } from './matcher.ts';
import { textMatcher } from './matcher.ts';

/** Words in a row. The words are folded and there is at least one. */
export function phraseMatcher(words: readonly string[]): ValueMatcher {
  if (!words.every(isAscii)) return textMatcher((value) => !isAscii(value) && holdsPhrase(fold(value), words), words);
  const source = words.join('\\W+');
  // On ASCII the engine's case-insensitive search needs no folded copy.
  const ascii = new RegExp(`\\b${source}\\b`, 'i');
  return textMatcher((value) => (isAscii(value) ? ascii.test(value) : holdsPhrase(fold(value), words)), words, phraseScan(words, source));
}

/** For one word the boundaries are cheaper to check at the few hits; a phrase of equal words may begin again inside a hit, so it has them. */
function phraseScan(words: readonly string[], source: string): Scan {
  const one = words.length === 1;
  return { ascii: new RegExp(one ? source : `\\b${source}\\b`, 'gi'), exact: true, before: one, after: one };
}

/** True if the words stand in the folded text, in a row and each of them whole. */
export function holdsPhrase(folded: string, words: readonly string[]): boolean {
  const first = words[0]!;
  for (let at = folded.indexOf(first); at !== -1; at = folded.indexOf(first, at + 1)) {
    if (!isWordBefore(folded, at) && restFollows(folded, at + first.length, words)) return true;
  }
  return false;
}

function restFollows(folded: string, end: number, words: readonly string[]): boolean {
  let position = end;
  for (let index = 1; index < words.length; index++) {
    if (isWordAt(folded, position)) return false;
    while (position < folded.length && !isWordAt(folded, position)) position++;
    const word = words[index]!;
    if (!folded.startsWith(word, position)) return false;
    position += word.length;
  }
  return !isWordAt(folded, position);
}
