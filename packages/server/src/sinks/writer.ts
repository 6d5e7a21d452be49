import type { Kind } from '../config/kinds.ts';

/** A tenant as sinks know it. */
export interface SinkTenant {
  /** Internal number, never reused. */
  readonly number: number;
  readonly id: string;
  readonly name: string;
  readonly retentionDays: number;
}

/** A leaf of `native` or `normalized`: a text, a number, a boolean or null; a number that a double cannot hold is `{ text }`, its JSON text. */
export type LeafOf = string | number | boolean | null | { readonly text: string };

/** Some events of one or more tenants, in the order of the queue. A writer may read it until its `write` settles, also more than once. */
export interface SinkBatch {
  readonly rows: number;
  /** The event's id: a UUIDv7 in lower case, the same at every try. */
  id(row: number): string;
  tenant(row: number): SinkTenant;
  /** Microseconds since the epoch. */
  received(row: number): number;
  /** `yyyy-mm-dd` (UTC) of `received`. */
  day(row: number): string;
  /** The event's place in the queue over all shards: unique, growing within a shard, at most 2^53 - 1, the same at every try. */
  position(row: number): number;
  /** The document as one line of JSON without a newline: interface.md section 7. */
  document(row: number): string;
  /** The document as an object of its own; integers beyond 2^53 are bigints, other numbers that a double cannot hold are texts. */
  object(row: number): Record<string, unknown>;
  /** Calls `visit` with every leaf below native and normalized and its dotted name (`native.http.status`; arrays add nothing to it). */
  leaves(row: number, visit: (name: string, value: LeafOf) => void): void;
  /** Only these rows. */
  select(rows: readonly number[]): SinkBatch;
}

/** An event that the server will never take as it is. */
export interface Refusal {
  readonly row: number;
  /** The server's own words. No secret. */
  readonly text: string;
}

/** What became of a batch. Rows that are in neither list are safe where they went. */
export interface WriteResult {
  readonly refused: readonly Refusal[];
  /** Rows to try again: too many requests, a blocked index. `error` says why. */
  readonly again: readonly number[];
  readonly error?: string;
}

export const WRITTEN: WriteResult = { refused: [], again: [] };

/** The server refuses the whole batch without saying which event is wrong: it is split and tried again, down to the event. Any other error of `write` means: all of it later again. */
export class BatchRefused extends Error {
  override readonly name = 'BatchRefused';
}

/**
 * Puts events where a sink keeps them. One per sink, in the sink's own thread; calls never overlap. Any promise but `close` may reject: the runner logs the error, shows it in
 * the pipeline's view (so no secret may be in its text) and tries again with back-off, for as long as it takes. `signal` aborts when the service stops and cannot wait any longer; that a
 * server answers at all is the writer's to watch: it gives every request `context.timeoutMs`.
 */
export interface SinkWriter {
  /** Before the first write and again after an error of it: connects, makes templates, indexes and directories, clears what an earlier run left unfinished. */
  open(signal: AbortSignal): Promise<void>;
  /** Resolves when all of the batch is safe, refused or to be tried again. The same events may come again (after a crash, a lost answer, a retry) and must not be doubled where that can be had. */
  write(batch: SinkBatch, signal: AbortSignal): Promise<WriteResult>;
  /** A tenant is deleted: removes its events. Those of a tenant that was made anew under the same id are younger than `before` (microseconds, by `received`). Left out: an archive, it keeps them. */
  removeTenant?(tenant: { readonly number: number; readonly id: string }, before: number, signal: AbortSignal): Promise<void>;
  /** At the start and every hour: removes what is past each tenant's retention. */
  retain?(tenants: readonly SinkTenant[], signal: AbortSignal): Promise<void>;
  /** Whether the sink can be reached with these settings, while another process may be writing: changes nothing that matters to it. Left out: `open` is harmless enough. */
  check?(signal: AbortSignal): Promise<void>;
  close(): Promise<void>;
}

/** What a writer is given besides its settings. */
export interface SinkContext {
  /** The sink's name in the configuration. */
  readonly name: string;
  /** Milliseconds for one request. */
  readonly timeoutMs: number;
  /** An existing directory of the sink's own, for what it must remember. */
  readonly stateDirectory: string;
  /** A line for the service's log, for what an operator should know. */
  warn(text: string): void;
}

/** One setting of a kind of sink. Required when it has neither `default` nor `optional`. */
export interface Setting<T> {
  readonly kind: Kind<T>;
  readonly default?: T;
  readonly optional?: true;
  /** One sentence for the reference. */
  readonly text: string;
  /** Never shown. */
  readonly secret?: true;
}

/** Settings are what a thread can be given: plain values. */
export type SettingsTable<S> = { readonly [K in keyof S]-?: Setting<NonNullable<S[K]>> };

/** A batch is written at so many events, bytes (of the events in the queue), or milliseconds after its first event. */
export interface BatchLimits {
  readonly maxEvents: number;
  readonly maxBytes: number;
  readonly maxAgeMs: number;
}

/** A kind of sink: `type` in the configuration. The folder's `kind.ts` exports it; `load` brings the writer and what it needs only into the sink's thread. */
export interface SinkKind<S extends object = Record<string, unknown>> {
  readonly type: string;
  /** One sentence for the reference. */
  readonly text: string;
  readonly settings: SettingsTable<S>;
  /** Defaults of `batch_max_events`, `batch_max_bytes` and `batch_max_age`. */
  readonly batch: BatchLimits | ((settings: S) => BatchLimits);
  /** What cannot be set together: throws ValueFault. */
  check?(settings: S): void;
  load(): Promise<{ readonly createWriter: (settings: S, context: SinkContext) => SinkWriter }>;
}
