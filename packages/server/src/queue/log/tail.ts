import type { QueuedBatch } from '../queue.ts';

/** The batches appended last, shared by all consumers, so that one that keeps up reads nothing from disk. Bounded in bytes. */
export class MemoryTail {
  private readonly maxBytes: number;
  private batches: QueuedBatch[] = [];
  /** Entries of `batches` before it are gone; they are cut off now and then, not one by one. */
  private head = 0;
  private bytes = 0;
  private start: number;

  /** Every record at or after `start` will be pushed. */
  constructor(maxBytes: number, start: number) {
    this.maxBytes = maxBytes;
    this.start = start;
  }

  push(batch: QueuedBatch): void {
    this.batches.push(batch);
    this.bytes += batch.bytes.byteLength;
    while (this.bytes > this.maxBytes && this.head < this.batches.length) this.drop();
  }

  /** Whether the batch after `position`, if there is one, is in memory. */
  covers(position: number): boolean {
    return position >= this.start;
  }

  /** The first batch that ends after `position`. Only for a position that is covered. */
  after(position: number): QueuedBatch | undefined {
    let low = this.head;
    let high = this.batches.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const batch = this.batches[middle]!;
      if (batch.position + batch.rows > position) high = middle;
      else low = middle + 1;
    }
    return this.batches[low];
  }

  /** Lets go of what every consumer has taken. */
  release(position: number): void {
    while (this.head < this.batches.length && this.batches[this.head]!.position + this.batches[this.head]!.rows <= position) this.drop();
  }

  private drop(): void {
    const batch = this.batches[this.head]!;
    this.batches[this.head++] = GONE;
    this.bytes -= batch.bytes.byteLength;
    this.start = batch.position + batch.rows;
    if (this.head >= 64 && this.head * 2 >= this.batches.length) {
      this.batches = this.batches.slice(this.head);
      this.head = 0;
    }
  }
}

/** Stands where a batch was, so that its bytes can be collected. */
const GONE: QueuedBatch = { position: 0, rows: 0, bytes: new ArrayBuffer(0) };
