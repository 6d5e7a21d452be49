import type { Query } from '@meniscus/query';

/** The tenant, query and time range of every search. */
export interface SearchScope {
  readonly tenant: {
    /** Its internal number. */
    readonly number: number;
    readonly id: string;
    /** Events received before this (microseconds) are past retention: not there. */
    readonly receivedFrom: number;
  };
  readonly query: Query;
  /** Microseconds since the epoch; `from` inclusive, `to` exclusive (Infinity: open). Absolute: `now` was read once, when the request came. */
  readonly from: number;
  readonly to: number;
  /** Milliseconds that the search may take; then it answers what it has, `partial: true` with `partial_reason`. */
  readonly deadlineMs: number;
  /**
   * The range as it was asked for (the texts of `from` and `to`, empty where left out). A cursor belongs to this text, and its pages keep the
   * absolute range of the first page, so that paging works with relative ranges. Left out: a cursor belongs to the absolute range.
   */
  readonly range?: string;
  /** The query as it was typed: shown in the list of running searches, and what a cursor belongs to (relative times in it move on). */
  readonly text?: string;
}

export type SearchRequest =
  | ({
      readonly kind: 'events';
      readonly limit: number;
      readonly order: 'asc' | 'desc';
      readonly cursor?: string;
      readonly fields?: readonly string[];
    } & SearchScope)
  | ({ readonly kind: 'event'; readonly id: string } & SearchScope)
  | ({
      readonly kind: 'context';
      readonly id: string;
      readonly before: number;
      readonly after: number;
      readonly by: readonly string[];
    } & SearchScope)
  | ({ readonly kind: 'count' } & SearchScope)
  | ({ readonly kind: 'histogram'; readonly buckets?: number; readonly intervalMs?: number; readonly by?: string } & SearchScope)
  | ({ readonly kind: 'facets'; readonly fields: readonly string[]; readonly limit: number } & SearchScope)
  | ({ readonly kind: 'fields' } & SearchScope)
  | ({ readonly kind: 'values'; readonly field: string; readonly prefix: string; readonly limit: number } & SearchScope)
  | ({
      readonly kind: 'stats';
      readonly by: readonly string[];
      readonly metrics: readonly Metric[];
      readonly intervalMs?: number;
      readonly limit: number;
    } & SearchScope);

export interface Metric {
  readonly name: 'count' | 'unique' | 'sum' | 'avg' | 'min' | 'max' | 'p50' | 'p95' | 'p99';
  /** Absent for count. */
  readonly field?: string;
}

export type ExportRequest = {
  readonly kind: 'export';
  readonly format: 'ndjson' | 'csv' | 'raw' | 'parquet';
  readonly fields?: readonly string[];
} & SearchScope;

/** Answers searches. Rejects with MeniscusError (`bad_cursor`, `event_not_found`, `too_many_requests`, `unavailable`, ...). */
export interface SearchBackend {
  /** The answer's body as JSON text (interface.md 3.3): what the HTTP route sends as it is. Aborting `signal` frees its place at once. */
  search(request: SearchRequest, signal: AbortSignal): Promise<string>;
  /** Everything that matches, oldest first, in pieces; the next piece is made when the last was taken. Returning early cancels. */
  export(request: ExportRequest, signal: AbortSignal): AsyncIterable<Uint8Array>;
  close(): Promise<void>;
}
