import type { Clause } from '../dsl/clause.ts';
import { allOf, not } from '../dsl/clause.ts';
import type { CompiledQuery } from '../dsl/compile.ts';
import type { Inquiry } from '../inquiry.ts';
import { scopeClause } from '../scope.ts';

export type Aggregations = Readonly<Record<string, unknown>>;

/** What the server counted. */
export interface Tally {
  /** Documents that may match. */
  readonly total: number;
  /** Those among them that the server cannot decide. */
  readonly doubtful: number;
  readonly aggregations: Aggregations;
}

/** A bucket of `terms` and `histogram`. */
export interface Bucket {
  readonly key: string | number;
  readonly doc_count: number;
  readonly [aggregation: string]: unknown;
}

export interface TermsAnswer {
  readonly doc_count_error_upper_bound?: number;
  readonly sum_other_doc_count?: number;
  readonly buckets: readonly Bucket[];
}

/** Has the server count documents that match, in one go. Undefined: there was no time. */
export async function tally(
  inquiry: Inquiry,
  compiled: CompiledQuery,
  aggregations: Aggregations,
  within?: Clause,
): Promise<Tally | undefined> {
  const clauses = [scopeClause(inquiry.scope), compiled.upper, ...(within === undefined ? [] : [within])];
  const answer = await inquiry.ask({
    query: allOf(clauses),
    size: 0,
    track_total_hits: true,
    aggs: { ...aggregations, ...(compiled.exact ? {} : { doubtful: { filter: not(compiled.lower) } }) },
  });
  if (answer === undefined) return undefined;
  const total = answer.hits.total?.value ?? 0;
  const { doubtful } = (answer.aggregations ?? {}) as { readonly doubtful?: { readonly doc_count: number } };
  return { total, doubtful: compiled.exact ? 0 : (doubtful?.doc_count ?? total), aggregations: answer.aggregations ?? {} };
}

/** The documents of a filter. Where a search has no index at all, its answer has no aggregations. */
export function countOf(aggregations: Aggregations, name: string): number {
  return (aggregations[name] as { readonly doc_count: number } | undefined)?.doc_count ?? 0;
}

/** What lies within a filter. */
export function insideOf(aggregations: Aggregations, name: string): Aggregations {
  return (aggregations[name] as Aggregations | undefined) ?? {};
}

export function termsIn(aggregations: Aggregations, name: string): TermsAnswer {
  return (aggregations[name] as TermsAnswer | undefined) ?? { buckets: [] };
}

export function bucketsOf(aggregations: Aggregations, name: string): readonly Bucket[] {
  return termsIn(aggregations, name).buckets;
}
