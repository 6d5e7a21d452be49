import type { Query } from '../ast/query.ts';

/** [from, to) in microseconds since 1970; null is open. */
export interface TimeRange {
  readonly from: number | null;
  readonly to: number | null;
}

const OPEN: TimeRange = { from: null, to: null };

/** Bounds that the `time` of every match lies in. They may be empty, and are not always the narrowest. */
export function timeRange(query: Query): TimeRange {
  return rangeOf(query, 'time');
}

/** The same for `received`. */
export function receivedRange(query: Query): TimeRange {
  return rangeOf(query, 'received');
}

function rangeOf(query: Query, name: string): TimeRange {
  if (query.kind === 'field' && query.name === name && query.test.kind === 'time') return { from: query.test.from, to: query.test.to };
  if (query.kind === 'and') return query.items.map((item) => rangeOf(item, name)).reduce(intersect, OPEN);
  return query.kind === 'or' ? query.items.map((item) => rangeOf(item, name)).reduce(enclose) : OPEN;
}

function intersect(a: TimeRange, b: TimeRange): TimeRange {
  return {
    from: a.from === null || b.from === null ? (a.from ?? b.from) : Math.max(a.from, b.from),
    to: a.to === null || b.to === null ? (a.to ?? b.to) : Math.min(a.to, b.to),
  };
}

function enclose(a: TimeRange, b: TimeRange): TimeRange {
  return {
    from: a.from === null || b.from === null ? null : Math.min(a.from, b.from),
    to: a.to === null || b.to === null ? null : Math.max(a.to, b.to),
  };
}
