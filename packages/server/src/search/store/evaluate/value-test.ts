import type { ValueMatcher } from '@meniscus/query';

export type { ValueMatcher };

export type NumberRange = NonNullable<ValueMatcher['range']>;

export function inRange(range: NumberRange, value: number): boolean {
  return (range.minInclusive ? value >= range.min : value > range.min) && (range.maxInclusive ? value <= range.max : value < range.max);
}

/** False when no number from `min` to `max` can lie in the range. */
export function mayOverlap(range: NumberRange, min: number, max: number): boolean {
  return (range.minInclusive ? max >= range.min : max > range.min) && (range.maxInclusive ? min <= range.max : min < range.max);
}

/** A test of whole texts, case included. */
export function equalsMatcher(text: string): ValueMatcher {
  return {
    text: (value) => value === text,
    number: (_, json) => json === text,
    boolean: (value) => String(value) === text,
    words: [],
    textual: true,
  };
}
