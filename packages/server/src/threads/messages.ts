import type { MessagePort } from 'node:worker_threads';
import type { TenantChange } from '../control/tenant.ts';

/**
 * How the threads are wired. `main` holds HTTP and control; each `ingest` thread has sources, a queue log and a batch builder; `build` turns queued batches into
 * segments and merges them; `query` threads answer searches. Batches pass as transferred ArrayBuffers.
 *
 *     ingest --HotBatch--> build      every batch after its fsync, in order, per shard
 *     ingest --HotBatch--> query      the same, to each query thread (a copy)
 *     query  --Mark-->     ingest     asked by tails, answered with Complete when the shard is idle
 *     build  --Covered-->  ingest     everything before the position is in segments: the queue may drop it
 *     build  --Manifest--> query      segments that came and went, and what they cover: hot batches before that are dropped
 */
export interface HotBatch {
  readonly type: 'batch';
  readonly shard: number;
  readonly position: number;
  readonly rows: number;
  readonly bytes: ArrayBuffer;
}

export interface Covered {
  readonly type: 'covered';
  readonly shard: number;
  readonly position: number;
}

/** From a query thread with tails to an ingest thread: until when is all here that was received? Answered with Complete, at once or not at all. */
export interface Mark {
  readonly type: 'mark';
}

/** All that the shard received before this millisecond was sent on this port. */
export interface Complete {
  readonly type: 'complete';
  readonly shard: number;
  readonly ms: number;
}

/** The first one holds everything there is; each later one is a change, applied at once and whole. */
export interface Manifest {
  readonly type: 'manifest';
  /** File names within the store's directory. */
  readonly added: readonly string[];
  readonly removed: readonly string[];
  /** By shard: all before the position is in segments. */
  readonly covered: Readonly<Record<number, number>>;
}

/** Sent by main to every thread that knows tenants; answered with `{ type: 'directory-done', sequence }` on the same port once it is in force. */
export interface DirectoryUpdate {
  readonly type: 'directory';
  readonly sequence: number;
  readonly changes: readonly TenantChange[];
}

/** What each worker thread is started with. */
export interface IngestLink {
  readonly build: MessagePort;
  readonly queries: readonly MessagePort[];
}
