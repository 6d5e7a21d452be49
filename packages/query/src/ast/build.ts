import type { PatternPart, Query, RangeTest, Test, TimeTest } from './query.ts';
import { END_MICROS, FIRST_MICROS } from '../text/time.ts';

/** All of the items; nested conjunctions become one. One item is itself, none is everything. */
export function and(items: readonly Query[]): Query {
  const flat = items.flatMap((item) => (item.kind === 'and' ? item.items : [item]));
  return flat.length > 1 ? { kind: 'and', items: flat } : (flat[0] ?? { kind: 'all' });
}

/** At least one of the items; nested disjunctions become one. One item is itself, none is nothing. */
export function or(items: readonly Query[]): Query {
  const flat = items.flatMap((item) => (item.kind === 'or' ? item.items : [item]));
  return flat.length > 1 ? { kind: 'or', items: flat } : (flat[0] ?? not({ kind: 'all' }));
}

/** The complement. */
export function not(item: Query): Query {
  return { kind: 'not', item };
}

/** A condition on a field by its canonical name. */
export function field(name: string, test: Test): Query {
  return { kind: 'field', name, test };
}

/** A numeric range in its one normal form: an open end is inclusive, and there is no negative zero. */
export function range(min: number | null, minInclusive: boolean, max: number | null, maxInclusive: boolean): RangeTest {
  return {
    kind: 'range',
    min: min === null ? null : min + 0,
    minInclusive: min === null || minInclusive,
    max: max === null ? null : max + 0,
    maxInclusive: max === null || maxInclusive,
  };
}

/** A span of time in its one normal form: an end that no event can lie beyond is open. */
export function timeSpan(from: number | null, to: number | null): TimeTest {
  return {
    kind: 'time',
    from: from === null || from <= FIRST_MICROS ? null : Math.min(from, END_MICROS),
    to: to === null || to >= END_MICROS ? null : Math.max(to, FIRST_MICROS),
  };
}

/** Joins neighbouring texts and runs. */
export function pattern(parts: readonly PatternPart[]): PatternPart[] {
  const joined: PatternPart[] = [];
  for (const part of parts) {
    const last = joined.at(-1);
    if (part.kind === 'run' && last?.kind === 'run') continue;
    if (part.kind === 'text' && last?.kind === 'text') joined[joined.length - 1] = { kind: 'text', text: last.text + part.text };
    else joined.push(part);
  }
  return joined;
}
