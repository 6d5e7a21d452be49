/**
 * The durable queue between ingest and the sinks. One per ingest thread ("shard"). Positions count events from the beginning of the queue's
 * life and never repeat; a batch of n rows at position p holds the events p to p + n - 1.
 */
export interface QueuedBatch {
  readonly position: number;
  readonly rows: number;
  /** The batch (event/batch.ts), its own ArrayBuffer from offset 0; the receiver must not change it. */
  readonly bytes: ArrayBuffer;
}

export interface QueueStats {
  /** The next append's position. */
  readonly position: number;
  /** Bytes on disk. */
  readonly bytes: number;
  readonly files: number;
  /** Milliseconds since the epoch when the oldest file still held was begun, null when empty. */
  readonly oldest: number | null;
  /** Why appends are refused now, or null. */
  readonly full: 'bytes' | 'disk' | null;
  /** What opening found wrong and set aside: records quarantined and bytes of torn tails cut. */
  readonly quarantined: number;
  readonly tornBytes: number;
  /** Group commits so far. */
  readonly syncs: number;
  readonly consumers: readonly ConsumerStats[];
}

export interface ConsumerStats {
  readonly name: string;
  readonly position: number;
  readonly lagEvents: number;
  readonly lagBytes: number;
}

export interface Queue {
  /**
   * Resolves with the batch's position when it is on disk (fsynced). Appends are stored in the order of the calls; those waiting together are
   * synced together. Rejects with `queue_full` (the queue or the disk has no room; nothing of the batch is kept) and the caller pushes back on its
   * sources; after any other error (the disk fails) the queue takes nothing more until it is opened anew. `bytes` becomes the queue's.
   */
  append(bytes: ArrayBuffer, rows: number): Promise<number>;
  /**
   * The consumer of that name, created at the oldest position held if it is new; `from` moves it forward to at least that position. A consumer holds back the removal of
   * what it has not committed, so a consumer that is given up must be removed.
   */
  consumer(name: string, from?: number): QueueConsumer;
  removeConsumer(name: string): Promise<void>;
  stats(): QueueStats;
  /** True when an append would be refused now. */
  readonly full: boolean;
  /** Calls `listener` when a full queue has room again. */
  onRoom(listener: () => void): void;
  /**
   * Puts a copy, which opens as a queue, into `directory`, which is made: everything that was appended before the call and may still be needed by a consumer is in it, with the consumers' positions. Durable when it
   * resolves. The queue goes on meanwhile.
   */
  snapshot(directory: string): Promise<void>;
  /** Waits for what was appended, then closes. Idempotent. */
  close(): Promise<void>;
}

export interface QueueConsumer {
  readonly name: string;
  /** Everything before this position has been committed. */
  readonly position: number;
  /** Everything before this position has been given by next(), or cannot be read. */
  readonly readAt: number;
  /**
   * The next batch in order, from memory while the consumer keeps up (the very ArrayBuffer that was appended, so copy before transferring it),
   * else read back from disk. Waits when there is none; undefined when `signal` aborts or the queue closes. One call at a time.
   */
  next(signal: AbortSignal): Promise<QueuedBatch | undefined>;
  /** What was given and not committed is given again, from `position` on. Not while a next() waits. */
  rewind(): void;
  /** All before `position` is safe elsewhere: on disk it need not be kept for this consumer. Written durably, soon, in order. */
  commit(position: number): void;
}
