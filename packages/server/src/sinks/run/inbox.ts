import { Batch } from '../../event/batch.ts';
import type { Origin } from '../../event/batch.ts';
import { ShapeCache } from '../../event/shape.ts';
import { QueueEvents, type WantedRows } from '../document/queue-events.ts';
import { RenderedBatch } from '../document/rendered-batch.ts';
import { ProducerSinks } from '../feed/wanted.ts';
import type { BatchLimits, SinkTenant } from '../writer.ts';
import type { FeedBatch } from './messages.ts';

export interface InboxOptions {
  /** The sink's name. */
  readonly name: string;
  readonly node: number;
  readonly limits: BatchLimits;
  /** undefined: the tenant is deleted, its events go nowhere. */
  tenant(number: number): SinkTenant | undefined;
}

interface Waiting {
  readonly shard: number;
  readonly end: number;
  part: WantedRows;
  /** So many of the part's rows were given out already. */
  taken: number;
  readonly bytesPerRow: number;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

/** What to write next, and what is committed when all of it is done: positions by shard. */
export interface Work {
  readonly events: QueueEvents;
  readonly commits: ReadonlyMap<number, number>;
  readonly bytes: number;
}

/** Collects what comes from the shards until there is enough of it to write, or it is old enough. */
export class Inbox {
  private readonly options: InboxOptions;
  private waiting: Waiting[] = [];
  private readonly shapes = new ShapeCache();
  private readonly producers = new ProducerSinks();
  private rows = 0;
  private bytes = 0;

  constructor(options: InboxOptions) {
    this.options = options;
  }

  add(shard: number, { position, bytes }: FeedBatch): void {
    const batch = new Batch(bytes);
    const tenants = batch.dictionaries.origins.map((origin) => this.wantedOf(origin));
    const tenantOf = (row: number): SinkTenant => tenants[batch.origin[row]!]!;
    const rows: number[] = [];
    for (let row = 0; row < batch.rows; row++) if (tenants[batch.origin[row]!] !== undefined) rows.push(row);
    const rendered = new RenderedBatch({ shard, position, batch }, this.options.node, this.shapes, tenantOf);
    const bytesPerRow = bytes.byteLength / batch.rows;
    this.waiting.push({ shard, end: position + batch.rows, part: { rendered, rows, tenantOf }, taken: 0, bytesPerRow, at: Date.now() });
    this.rows += rows.length;
    this.bytes += rows.length * bytesPerRow;
  }

  /** Drops what a shard sent: it will send it again. */
  forget(shard: number): void {
    this.waiting = this.waiting.filter((one) => one.shard !== shard);
    this.count();
  }

  /** Drops what waits of a tenant that is deleted; nothing else would remove it, once its other events are. */
  forgetTenant(tenant: number): void {
    for (const one of this.waiting) {
      const { rows, tenantOf } = one.part;
      const left = rows.slice(one.taken).filter((row) => tenantOf(row).number !== tenant);
      one.part = { ...one.part, rows: left };
      one.taken = 0;
    }
    this.count();
  }

  /** Milliseconds until there is something to write: 0 is now, undefined nothing waits. */
  due(now: number): number | undefined {
    if (this.waiting.length === 0) return undefined;
    const { maxEvents, maxBytes, maxAgeMs } = this.options.limits;
    if (this.rows >= maxEvents || this.bytes >= maxBytes) return 0;
    return Math.max(0, this.waiting[0]!.at + maxAgeMs - now);
  }

  /** The oldest events, as many as one batch may have. */
  take(): Work {
    const { maxEvents, maxBytes } = this.options.limits;
    const parts: WantedRows[] = [];
    const commits = new Map<number, number>();
    let [rows, bytes] = [0, 0];
    while (this.waiting.length > 0 && rows < maxEvents && bytes < maxBytes) {
      const first = this.waiting[0]!;
      const { part, taken, bytesPerRow } = first;
      const left = part.rows.length - taken;
      const fitting = Math.max(1, Math.min(maxEvents - rows, Math.ceil((maxBytes - bytes) / bytesPerRow)));
      const count = Math.min(left, fitting);
      if (count > 0) parts.push({ ...part, rows: part.rows.slice(taken, taken + count) });
      rows += count;
      bytes += count * bytesPerRow;
      if (count < left) {
        first.taken += count;
        break;
      }
      this.waiting.shift();
      commits.set(first.shard, first.end);
    }
    this.rows -= rows;
    this.bytes = this.waiting.length === 0 ? 0 : this.bytes - bytes;
    return { events: QueueEvents.of(parts), commits, bytes };
  }

  /** Anew, after some were dropped. */
  private count(): void {
    [this.rows, this.bytes] = [0, 0];
    for (const { part, taken, bytesPerRow } of this.waiting) {
      this.rows += part.rows.length - taken;
      this.bytes += (part.rows.length - taken) * bytesPerRow;
    }
  }

  private wantedOf(origin: Origin): SinkTenant | undefined {
    return this.producers.of(origin.producer).includes(this.options.name) ? this.options.tenant(origin.tenant) : undefined;
  }
}
