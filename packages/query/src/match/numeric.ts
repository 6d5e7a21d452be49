import type { NetworkTest, NumberTest, RangeTest, TimeTest } from '../ast/query.ts';
import { memberOf, parseAddress } from '../text/address.ts';
import { readNumber } from '../text/number.ts';
import { wordsOf } from '../text/words.ts';
import type { NumericRange, ValueMatcher } from './matcher.ts';
import { phraseMatcher } from './phrase.ts';

/** Equal to a number or to a string that reads as one; any other string holds the text. */
export function numberMatcher(test: NumberTest): ValueMatcher {
  const { value } = test;
  const words = wordsOf(test.text);
  const phrase = phraseMatcher(words);
  return {
    text: (text) => {
      const number = readNumber(text);
      return Number.isNaN(number) ? phrase.text(text) : number === value;
    },
    number: (number) => number === value,
    boolean: () => false,
    words: [],
    textual: true,
    range: { min: value, max: value, minInclusive: true, maxInclusive: true },
    // Besides the text, a value that is nothing but a number may be another spelling of it.
    scan: {
      ascii: new RegExp(`\\b${words.join('\\W+')}\\b|^-?\\d[\\d.e+-]*$`, 'gim'),
      exact: false,
      before: false,
      after: false,
    },
  };
}

/** Between two numbers. */
export function rangeMatcher(test: RangeTest): ValueMatcher {
  const range: NumericRange = {
    min: test.min ?? -Infinity,
    max: test.max ?? Infinity,
    minInclusive: test.minInclusive,
    maxInclusive: test.maxInclusive,
  };
  const holds = (value: number): boolean =>
    (range.minInclusive ? value >= range.min : value > range.min) && (range.maxInclusive ? value <= range.max : value < range.max);
  // What is no number reads as NaN, which is in no range.
  return { text: (text) => holds(readNumber(text)), number: holds, boolean: () => false, words: [], textual: false, range };
}

/** In a network, or, where the value is no address, holding the text. */
export function networkMatcher(test: NetworkTest): ValueMatcher {
  const isMember = memberOf(test.network);
  const phrase = phraseMatcher(wordsOf(test.text));
  return {
    ...phrase,
    text: (text) => {
      const address = parseAddress(text);
      return address === undefined ? phrase.text(text) : isMember(address);
    },
    words: [],
  };
}

/** A span of time over numbers of microseconds. Texts are no times. */
export function timeMatcher(test: TimeTest): ValueMatcher {
  const from = test.from ?? -Infinity;
  const to = test.to ?? Infinity;
  return {
    text: () => false,
    number: (micros) => micros >= from && micros < to,
    boolean: () => false,
    words: [],
    textual: false,
    range: { min: from, max: to, minInclusive: true, maxInclusive: false },
  };
}
