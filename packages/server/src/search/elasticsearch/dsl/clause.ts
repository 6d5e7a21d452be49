/** A query of the server's query DSL, as JSON. Built of data only: no text of a user is ever parsed by the server. */
export interface Clause {
  readonly [kind: string]: unknown;
}

export const EVERYTHING: Clause = { match_all: {} };
export const NOTHING: Clause = { match_none: {} };

export function term(field: string, value: string | number | boolean): Clause {
  return { term: { [field]: { value } } };
}

/** One of some terms: one clause, however many there are. */
export function anyTerm(field: string, values: readonly (string | number)[]): Clause {
  const [only] = values;
  if (only === undefined) return NOTHING;
  return values.length === 1 ? term(field, only) : { terms: { [field]: values } };
}

export interface Limits {
  readonly gt?: string | number;
  readonly gte?: string | number;
  readonly lt?: string | number;
  readonly lte?: string | number;
}

export function range(field: string, limits: Limits): Clause {
  return { range: { [field]: limits } };
}

/** from <= value < to, microseconds. */
export function timeRange(field: string, from: number, to: number): Clause {
  const limits = { ...(Number.isFinite(from) && { gte: Math.ceil(from) }), ...(Number.isFinite(to) && { lt: Math.ceil(to) }) };
  if (from === Infinity || to === -Infinity) return NOTHING;
  return Object.keys(limits).length === 0 ? EVERYTHING : range(field, limits);
}

/** All of them. */
export function allOf(clauses: readonly Clause[]): Clause {
  const needed = clauses.filter((clause) => clause !== EVERYTHING);
  const [only] = needed;
  if (only === undefined) return EVERYTHING;
  if (needed.includes(NOTHING)) return NOTHING;
  return needed.length === 1 ? only : { bool: { filter: needed } };
}

/** At least one of them. */
export function anyOf(clauses: readonly Clause[]): Clause {
  const possible = clauses.filter((clause) => clause !== NOTHING);
  const [only] = possible;
  if (only === undefined) return NOTHING;
  if (possible.includes(EVERYTHING)) return EVERYTHING;
  return possible.length === 1 ? only : { bool: { should: possible, minimum_should_match: 1 } };
}

export function not(clause: Clause): Clause {
  if (clause === EVERYTHING) return NOTHING;
  if (clause === NOTHING) return EVERYTHING;
  return { bool: { must_not: [clause] } };
}

/** One of them, but the other not. */
export function without(clause: Clause, other: Clause): Clause {
  if (clause === NOTHING || other === EVERYTHING) return NOTHING;
  return other === NOTHING ? clause : { bool: { filter: [clause], must_not: [other] } };
}
