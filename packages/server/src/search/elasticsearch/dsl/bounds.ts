import { allOf, anyOf, EVERYTHING, not, NOTHING, without, type Clause } from './clause.ts';

/**
 * What an index can say of a condition: every document that `upper` does not select fails it, every document that `lower` selects meets it. What is between has to be looked at. The same
 * object twice: the index decides.
 */
export interface Bounds {
  readonly upper: Clause;
  readonly lower: Clause;
}

export function exactly(clause: Clause): Bounds {
  return { upper: clause, lower: clause };
}

/** The index can only rule documents out. */
export function atMost(upper: Clause): Bounds {
  return { upper, lower: NOTHING };
}

export const UNKNOWN: Bounds = { upper: EVERYTHING, lower: NOTHING };

export function isExact({ upper, lower }: Bounds): boolean {
  return upper === lower;
}

function combined(items: readonly Bounds[], combine: (clauses: readonly Clause[]) => Clause): Bounds {
  const upper = combine(items.map((item) => item.upper));
  return items.every(isExact) ? exactly(upper) : { upper, lower: combine(items.map((item) => item.lower)) };
}

export function everyBound(items: readonly Bounds[]): Bounds {
  return combined(items, allOf);
}

export function someBound(items: readonly Bounds[]): Bounds {
  return combined(items, anyOf);
}

export function notBound(item: Bounds): Bounds {
  const lower = not(item.upper);
  return isExact(item) ? exactly(lower) : { upper: not(item.lower), lower };
}

/** What holds of an index in which long values, or the ends of long words, are not: of documents with such it says nothing. */
export function unlessLong({ upper, lower }: Bounds, long: Clause): Bounds {
  return { upper: anyOf([upper, long]), lower: without(lower, long) };
}
