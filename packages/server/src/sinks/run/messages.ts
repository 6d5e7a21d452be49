import type { TenantView } from '../../control/tenant.ts';
import type { DirectoryUpdate } from '../../threads/messages.ts';
import type { MessagePort } from 'node:worker_threads';
import type { BatchLimits } from '../writer.ts';

/** From an ingest thread to a sink's thread, in order, on the port of its shard. */
export interface FeedBatch {
  readonly position: number;
  readonly rows: number;
  readonly bytes: ArrayBuffer;
}

/** Back: everything before the position is safe, refused with a dead letter, or not for this sink. */
export interface Committed {
  readonly position: number;
}

/** What a sink's thread is started with (`workerData`). */
export interface SinkStart {
  readonly name: string;
  readonly type: string;
  readonly settings: object;
  readonly batch: BatchLimits;
  readonly timeoutMs: number;
  /** Milliseconds from a batch's first try after which what is left of it goes to the dead letters; null: never. */
  readonly retryMaxAgeMs: number | null;
  readonly node: number;
  readonly stateDirectory: string;
  readonly tenants: readonly TenantView[];
}

/** A document that the sink did not take. */
export interface SinkLetter {
  readonly tenant: number;
  readonly reason: 'refused' | 'expired';
  /** The server's words. */
  readonly text: string;
  readonly eventId: string;
  readonly document: string;
}

/** How a sink fares. */
export interface SinkHealth {
  /** Failed tries since the last success. */
  readonly retries: number;
  readonly lastError: { readonly time: string; readonly text: string } | null;
  /** ISO 8601: when it began to work without errors; null while it does not. */
  readonly sinceOk: string | null;
  /** Since the thread's start. */
  readonly events: number;
  readonly bytes: number;
  readonly refused: number;
  readonly expired: number;
  readonly failures: number;
}

export type ToSink =
  | { readonly type: 'shard'; readonly shard: number; readonly port: MessagePort }
  | { readonly type: 'redrive'; readonly id: number; readonly documents: readonly { readonly tenant: number; readonly text: string }[] }
  | { readonly type: 'remove-tenant'; readonly number: number; readonly tenantId: string; readonly before: number }
  | { readonly type: 'letters-done'; readonly id: number; readonly error: string | undefined }
  | { readonly type: 'stop' }
  | DirectoryUpdate;

export type FromSink =
  | { readonly type: 'letters'; readonly id: number; readonly letters: readonly SinkLetter[] }
  /** Which documents the sink has now, or has refused again (with a new letter); `error`: it could not be tried. */
  | { readonly type: 'redriven'; readonly id: number; readonly done: number; readonly error: string | undefined }
  | { readonly type: 'tenant-removed'; readonly number: number }
  | { readonly type: 'health'; readonly health: SinkHealth }
  | { readonly type: 'warning'; readonly text: string }
  | { readonly type: 'directory-done'; readonly sequence: number }
  | { readonly type: 'stopped' };
