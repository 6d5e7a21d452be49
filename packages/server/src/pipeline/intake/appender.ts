import { BatchBuilder } from '../../event/batch-builder.ts';
import { limits } from '../../limits.ts';
import type { Queue } from '../../queue/queue.ts';

/** Where the rows of one batch went: settled once its append is. */
export interface Durable {
  /** Queue position of the batch's first row, when it is on disk. Rejects with queue_full and the like. */
  readonly position: Promise<number>;
}

interface Pending extends Durable {
  readonly resolve: (position: number) => void;
  readonly reject: (error: unknown) => void;
}

function pending(): Pending {
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  // Rows of protocols without acknowledgements have nobody who waits.
  promise.catch(() => {});
  return { position: promise, resolve, reject };
}

/**
 * Collects rows into batches and appends them: at once when the queue is idle, else while a commit runs up to limits.batchBytes or limits.batchAgeMs. Tells when
 * so much waits that sources should stop reading.
 */
export class Appender {
  readonly batch = new BatchBuilder(limits.batchBytes, limits.jsonDepth);
  private readonly queue: Queue;
  private open = pending();
  private bytesInFlight = 0;
  private appending = 0;
  private scheduled = false;
  private immediate: NodeJS.Immediate | undefined;
  private timer: NodeJS.Timeout | undefined;
  private readonly idle: (() => void)[] = [];
  private readonly onSettled: () => void;

  /** `onSettled` is called after each append, when `congested` may have changed. */
  constructor(queue: Queue, onSettled: () => void) {
    this.queue = queue;
    this.onSettled = onSettled;
  }

  get congested(): boolean {
    return this.bytesInFlight > limits.appendBytesInFlight;
  }

  get bytesWaiting(): number {
    return this.bytesInFlight;
  }

  /** No row is collected or on its way to the queue. */
  get quiet(): boolean {
    return this.batch.rows === 0 && this.appending === 0;
  }

  /** What becomes of the batch that the next committed row is part of. */
  get durable(): Durable {
    return this.open;
  }

  /** To be called after each committed row. */
  committed(): void {
    if (this.batch.full) this.seal();
    else if (!this.scheduled) this.schedule();
  }

  /** Seals what there is and resolves when everything appended so far is settled. */
  async flush(): Promise<void> {
    this.seal();
    while (this.appending > 0) await new Promise<void>((resolve) => this.idle.push(resolve));
  }

  private schedule(): void {
    this.scheduled = true;
    if (this.appending === 0) this.immediate = setImmediate(this.seal);
    else this.timer = setTimeout(this.seal, limits.batchAgeMs);
  }

  private unschedule(): void {
    this.scheduled = false;
    clearImmediate(this.immediate);
    clearTimeout(this.timer);
  }

  private readonly seal = (): void => {
    this.unschedule();
    if (this.batch.rows === 0) return;
    const durable = this.open;
    this.open = pending();
    const rows = this.batch.rows;
    const bytes = this.batch.seal();
    const size = bytes.byteLength;
    this.bytesInFlight += size;
    this.appending++;
    this.queue
      .append(bytes, rows)
      .then(durable.resolve, durable.reject)
      .finally(() => this.settled(size))
      .catch(() => {});
  };

  private settled(size: number): void {
    this.bytesInFlight -= size;
    this.appending--;
    // The queue is idle: what gathered meanwhile need not wait for its timer.
    if (this.appending === 0 && this.scheduled) this.seal();
    if (this.appending === 0) for (const resolve of this.idle.splice(0)) resolve();
    this.onSettled();
  }
}
