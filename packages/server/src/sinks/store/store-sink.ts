import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { MessagePort } from 'node:worker_threads';
import { limits } from '../../limits.ts';
import type { Queue, QueueConsumer, QueuedBatch } from '../../queue/queue.ts';
import type { Complete, Covered, HotBatch } from '../../threads/messages.ts';
import type { Sink } from '../sink.ts';

/** Names of the consumers by which new query threads catch up begin with it. */
export const CATCH_UP = 'catch-up-';
/** How often the start looks whether what an earlier run left is handed over. */
const START_LOOK_MS = 5;

interface Handed {
  readonly end: number;
  readonly bytes: number;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

export interface StoreSinkParts {
  readonly shard: number;
  readonly queue: Queue;
  /** Everything before this position is in segments. */
  readonly covered: number;
  readonly build: MessagePort;
  readonly queries: readonly MessagePort[];
  readonly onRelief: () => void;
  /** True when no row is being collected or on its way to the queue. */
  readonly isIdle: () => boolean;
}

/**
 * Hands every batch, once it is on disk, to the build thread and the query threads, in order. What the build thread has put in
 * segments it reports as covered, and the queue may drop it. At limits.hotBytes not yet covered it waits, and sources are told to stop reading.
 */
export class StoreSink implements Sink {
  readonly name = 'store';
  private readonly shard: number;
  private readonly queue: Queue;
  private readonly consumer: QueueConsumer;
  private readonly build: MessagePort;
  private readonly queries = new Set<MessagePort>();
  private readonly waiting: Handed[] = [];
  private readonly arrivals: { readonly position: number; readonly resolve: () => void }[] = [];
  private readonly onRelief: () => void;
  private readonly isIdle: () => boolean;
  private hotBytes = 0;
  private covered: number;
  private handed: number;
  private wake: (() => void) | undefined;

  constructor(parts: StoreSinkParts) {
    this.shard = parts.shard;
    this.queue = parts.queue;
    this.build = parts.build;
    this.covered = parts.covered;
    this.consumer = parts.queue.consumer(this.name, parts.covered);
    this.handed = this.consumer.position;
    this.onRelief = parts.onRelief;
    this.isIdle = parts.isIdle;
    for (const port of parts.queries) this.addQuery(port);
    this.build.on('message', (message: Covered) => this.onCovered(message.position));
  }

  /** Sources should stop reading: too much is acknowledged and not yet in segments. */
  get congested(): boolean {
    return this.hotBytes > limits.hotBytes;
  }

  /** How long the oldest batch waits to be covered, in seconds. */
  get lagSeconds(): number {
    return this.waiting.length === 0 ? 0 : Math.max(0, (Date.now() - this.waiting[0]!.at) / 1000);
  }

  /** Runs until `signal` aborts or the queue closes. */
  async run(signal: AbortSignal): Promise<void> {
    signal.addEventListener('abort', () => this.wake?.(), { once: true });
    for (;;) {
      while (this.congested && !signal.aborted) await new Promise<void>((resolve) => (this.wake = resolve));
      const batch = await this.consumer.next(signal);
      if (batch === undefined) return;
      this.hand(batch);
    }
  }

  /** Resolves when the batches before `position` are with the query threads, or at once while the sink waits for room. */
  async arrived(position: number): Promise<void> {
    if (this.handed >= position || this.congested) return;
    await new Promise<void>((resolve) => this.arrivals.push({ position, resolve }));
  }

  /**
   * Resolves when what an earlier run left in the queue is with the query threads, so that a search finds it from the first moment on, or when there is
   * more of it than memory may hold. Not by `arrived`: the last records may be damaged and never come.
   */
  async caughtUp(): Promise<void> {
    const { position } = this.queue.stats();
    while (this.consumer.readAt < position && !this.congested) await delay(START_LOOK_MS);
  }

  /** Gives a new query thread what is not covered yet, read back from the queue, and then what comes. */
  async attach(port: MessagePort, signal: AbortSignal): Promise<void> {
    const name = `${CATCH_UP}${randomUUID()}`;
    const consumer = this.queue.consumer(name, this.covered);
    try {
      while (consumer.position < this.handed) {
        const batch = await consumer.next(signal);
        if (batch === undefined) return;
        this.post(port, batch);
        consumer.commit(batch.position + batch.rows);
        if (batch.position + batch.rows >= this.handed) break;
      }
      this.addQuery(port);
      port.postMessage({ type: 'attached' });
    } finally {
      await this.queue.removeConsumer(name);
    }
  }

  /** A port closes when its query thread ends. */
  private addQuery(port: MessagePort): void {
    this.queries.add(port);
    port.on('close', () => this.queries.delete(port));
    port.on('message', () => this.onMark(port));
    port.unref();
  }

  /** A tail holds rows of other shards until it knows what was received here before them. While rows are on their way, they will tell. */
  private onMark(port: MessagePort): void {
    const now = Date.now();
    if (!this.isIdle() || this.handed < this.queue.stats().position) return;
    port.postMessage({ type: 'complete', shard: this.shard, ms: now } satisfies Complete);
  }

  private hand(batch: QueuedBatch): void {
    const end = batch.position + batch.rows;
    this.waiting.push({ end, bytes: batch.bytes.byteLength, at: Date.now() });
    this.hotBytes += batch.bytes.byteLength;
    for (const port of this.queries) this.post(port, batch);
    this.post(this.build, batch);
    this.handed = end;
    while (this.arrivals.length > 0 && (this.arrivals[0]!.position <= end || this.congested)) this.arrivals.shift()!.resolve();
  }

  /** The queue keeps the batch for its other readers, so each receiver gets a copy: a plain memory copy, which is then moved and not cloned. */
  private post(port: MessagePort, batch: QueuedBatch): void {
    const bytes = batch.bytes.slice(0);
    const message: HotBatch = { type: 'batch', shard: this.shard, position: batch.position, rows: batch.rows, bytes };
    port.postMessage(message, [bytes]);
  }

  private onCovered(position: number): void {
    if (position <= this.covered) return;
    this.covered = position;
    const before = this.congested;
    while (this.waiting.length > 0 && this.waiting[0]!.end <= position) this.hotBytes -= this.waiting.shift()!.bytes;
    this.consumer.commit(position);
    if (!before || this.congested) return;
    this.wake?.();
    this.onRelief();
  }
}
