import type { MessagePort } from 'node:worker_threads';
import type { Queue, QueueConsumer, QueuedBatch } from '../../queue/queue.ts';
import type { Committed, FeedBatch } from '../run/messages.ts';
import type { Sink } from '../sink.ts';
import type { WantedBatches } from './wanted.ts';

export interface SinkFeedParts {
  readonly name: string;
  readonly queue: Queue;
  /** To the sink's thread, which answers with Committed. */
  readonly port: MessagePort;
  /** Bytes that may be with the thread and not committed: what lags more stays in the queue on disk. */
  readonly windowBytes: number;
  /** Bytes that the sink may lag before sources are told to stop reading; null: only the whole queue's limit. */
  readonly queueMaxBytes: number | null;
  readonly wanted: Pick<WantedBatches, 'has' | 'receivedMs'>;
  readonly onRelief: () => void;
}

interface Sent {
  /** Grows while batches pass by behind one that passed by. */
  end: number;
  /** 0: it passed by. */
  readonly bytes: number;
  /** Milliseconds since the epoch: when its first event was received. */
  readonly receivedMs: number;
}

/** How often the lag of a sink with a limit of its own is looked at. */
const LAG_MS = 250;

/**
 * Gives a sink's thread the batches of one shard that have events for it, in order, and commits what the thread reports as safe. A batch without any passes by.
 * One per sink and shard in the ingest thread; it does nothing while the thread has enough.
 */
export class SinkFeed implements Sink {
  readonly name: string;
  private readonly parts: SinkFeedParts;
  private readonly consumer: QueueConsumer;
  private readonly sent: Sent[] = [];
  private sentBytes = 0;
  private wake: (() => void) | undefined;
  private lookedAt = 0;
  private over = false;

  constructor(parts: SinkFeedParts) {
    this.name = parts.name;
    this.parts = parts;
    this.consumer = parts.queue.consumer(parts.name);
    parts.port.on('message', ({ position }: Committed) => this.onCommitted(position));
  }

  /** Above the sink's own limit: ingest is held back until it has caught up below it. */
  get congested(): boolean {
    const { queueMaxBytes, queue } = this.parts;
    if (queueMaxBytes === null) return false;
    const now = Date.now();
    if (now - this.lookedAt < LAG_MS) return this.over;
    this.lookedAt = now;
    const lag = queue.stats().consumers.find(({ name }) => name === this.name)?.lagBytes ?? 0;
    this.over = lag > queueMaxBytes;
    return this.over;
  }

  get lagSeconds(): number {
    return this.sent.length === 0 ? 0 : Math.max(0, (Date.now() - this.sent[0]!.receivedMs) / 1000);
  }

  /** Runs until `signal` aborts or the queue closes; then what was not committed is read again by whoever runs next. */
  async run(signal: AbortSignal): Promise<void> {
    const stop = (): void => this.wake?.();
    signal.addEventListener('abort', stop, { once: true });
    this.consumer.rewind();
    try {
      for (;;) {
        while (this.sentBytes >= this.parts.windowBytes && !signal.aborted) await new Promise<void>((resolve) => (this.wake = resolve));
        const batch = await this.consumer.next(signal);
        if (batch === undefined) return;
        this.hand(batch);
      }
    } finally {
      signal.removeEventListener('abort', stop);
      this.parts.port.close();
    }
  }

  private hand(batch: QueuedBatch): void {
    const end = batch.position + batch.rows;
    if (!this.parts.wanted.has(batch.bytes, this.name)) return this.pass(end);
    const bytes = batch.bytes.slice(0);
    this.sent.push({ end, bytes: bytes.byteLength, receivedMs: this.parts.wanted.receivedMs(batch.bytes) });
    this.sentBytes += bytes.byteLength;
    const message: FeedBatch = { position: batch.position, rows: batch.rows, bytes };
    this.parts.port.postMessage(message, [bytes]);
  }

  /** Committed when everything before it is. One entry for all in a row: while the sink is down, hours of other sinks' events may pass by. */
  private pass(end: number): void {
    const last = this.sent.at(-1);
    if (last === undefined) {
      this.consumer.commit(end);
      this.relieve();
    } else if (last.bytes === 0) last.end = end;
    else this.sent.push({ end, bytes: 0, receivedMs: last.receivedMs });
  }

  /** What passes by behind the last committed batch is committed with it. */
  private onCommitted(position: number): void {
    let end = -1;
    while (this.sent.length > 0 && (this.sent[0]!.end <= position || this.sent[0]!.bytes === 0)) {
      const first = this.sent.shift()!;
      this.sentBytes -= first.bytes;
      end = first.end;
    }
    if (end < 0) return;
    this.consumer.commit(end);
    this.wake?.();
    this.relieve();
  }

  /** Tells those that wait, when the lag has gone below the limit. */
  private relieve(): void {
    if (!this.over) return;
    this.lookedAt = 0;
    if (!this.congested) this.parts.onRelief();
  }
}
