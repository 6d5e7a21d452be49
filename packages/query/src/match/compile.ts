import type { Test } from '../ast/query.ts';
import { visitTest } from '../ast/visit.ts';
import { formsMatcher } from './forms.ts';
import type { ValueMatcher } from './matcher.ts';
import { networkMatcher, numberMatcher, rangeMatcher, timeMatcher } from './numeric.ts';
import { phraseMatcher } from './phrase.ts';
import { regexMatcher } from './regex.ts';
import { exactMatcher, wildcardMatcher } from './whole.ts';

/** `header`: the values are those of host, pname, pid or msgid, where the nil value `-` counts as absent to `:*`. */
export type ValueMode = 'value' | 'header';

/** Compiles a test to closures for many values. They hold no state but the expressions' own `lastIndex`, which only `scan` uses. */
export function compileTest(test: Test, mode: ValueMode = 'value'): ValueMatcher {
  return visitTest<ValueMatcher>(test, {
    phrase: ({ words }) => phraseMatcher(words),
    forms: ({ forms }) => formsMatcher(forms),
    wildcard: ({ pattern }) => wildcardMatcher(pattern),
    exact: ({ text }) => exactMatcher(text),
    regex: regexMatcher,
    number: numberMatcher,
    range: rangeMatcher,
    network: networkMatcher,
    exists: () => existsMatcher(mode),
    time: timeMatcher,
  });
}

/** Any value but the empty string; zero and false are values. */
function existsMatcher(mode: ValueMode): ValueMatcher {
  const text = mode === 'header' ? (value: string) => value !== '' && value !== '-' : (value: string) => value !== '';
  return { text, number: () => true, boolean: () => true, words: [], textual: true };
}
