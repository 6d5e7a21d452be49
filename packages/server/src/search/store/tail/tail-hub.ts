import { setImmediate as nextTurn } from 'node:timers/promises';
import type { TenantChange } from '../../../control/tenant.ts';
import { MeniscusError } from '../../../errors.ts';
import { columnTools } from '../../../store/columns/row-block.ts';
import type { StoreView } from '../../../store/view/store-view.ts';
import type { HotBatch } from '../../../threads/messages.ts';
import { toPlainError } from '../../../threads/plain-error.ts';
import type { ThreadTools } from '../answer.ts';
import { hasReached, isAt } from './cursor.ts';
import { Feed, SharedCredit } from './feed.ts';
import { LiveBatches, type LiveRows } from './live-rows.ts';
import type { FromTail, ToTail } from './messages.ts';
import type { Past } from './past.ts';
import { Reader } from './reader.ts';

/** New rows are given to feeds at most so often: what gathers meanwhile is evaluated together. */
const TICK_MS = 50;
/** How long the feeds hold the thread before searches get a turn. */
const SLICE_MS = 4;
/** How often main is told where feeds are that have nothing to send. */
const REPORT_MS = 1_000;

export interface HubOptions {
  readonly view: StoreView;
  readonly tools: ThreadTools;
  /** Where what was there before is found. */
  readonly past: Past;
  /** How many ingest threads write. */
  readonly shards: number;
  readonly send: (message: FromTail, transfer?: readonly ArrayBuffer[]) => void;
  /** Takes in what waits on the ports. */
  readonly catchUp: () => void;
  /** Asks every ingest thread until when all is here; answered with `complete`. */
  readonly mark: () => void;
}

/**
 * The tails of one query thread. New batches gather for a tick; then each feed (a tenant's query) evaluates their rows once. A subscriber that begins
 * in the past reads from the store up to where the feeds are, again and again until nothing is between; then it joins its feed, between two ticks.
 */
export class TailHub {
  private readonly options: HubOptions;
  private readonly feeds = new Map<number, Feed>();
  private readonly readers = new Map<number, Reader>();
  private readonly feedOf = new Map<number, Feed>();
  private readonly removed = new Set<number>();
  private readonly credit = new SharedCredit();
  private batches: LiveBatches | undefined;
  private timer: NodeJS.Timeout | undefined;
  private ticking = false;
  private lastTick = 0;
  private lastReport = 0;

  constructor(options: HubOptions) {
    this.options = options;
  }

  /** A batch that the view has taken in. */
  batch(batch: HotBatch): void {
    if (this.batches === undefined) return;
    this.batches.add(batch);
    this.schedule();
  }

  /** All that the shard received before the millisecond has arrived. */
  complete(shard: number, ms: number): void {
    this.batches?.complete(shard, ms);
    if (this.batches?.waiting === true) this.schedule();
  }

  obey(message: ToTail): void {
    switch (message.type) {
      case 'tail-open':
        return this.tryOpen(message);
      case 'tail-credit':
        return this.readers.get(message.id)?.give();
      case 'feed-credit':
        this.credit.left += message.bytes;
        return this.feeds.get(message.feed)?.give(message.bytes);
      case 'tail-close':
        return this.close(message.id);
    }
  }

  updateDirectory(changes: readonly TenantChange[]): void {
    for (const change of changes) {
      if (change.type !== 'remove') continue;
      this.removed.add(change.number);
      for (const [id, feed] of this.feedOf)
        if (feed.request.tenant.number === change.number) this.fail(id, new MeniscusError('tenant_not_found'));
    }
  }

  /** A tail that cannot begin fails alone: the thread has others, and searches. */
  private tryOpen(message: Extract<ToTail, { type: 'tail-open' }>): void {
    try {
      this.open(message);
    } catch (error) {
      this.fail(message.id, error);
    }
  }

  private open({ id, feed: feedId, request, cursor }: Extract<ToTail, { type: 'tail-open' }>): void {
    const { view, tools, send, catchUp, past } = this.options;
    if (this.removed.has(request.tenant.number)) throw new MeniscusError('tenant_not_found');
    catchUp();
    const batches = (this.batches ??= new LiveBatches(view.ends(this.options.shards), columnTools()));
    let feed = this.feeds.get(feedId);
    if (feed === undefined) this.feeds.set(feedId, (feed = new Feed(feedId, request, tools, this.credit)));
    feed.users++;
    this.feedOf.set(id, feed);
    const begin = cursor ?? { next: Object.fromEntries(batches.seen) };
    const reader = new Reader(id, request, begin, { view, tools, past, send });
    this.readers.set(id, reader);
    send({ type: 'tail-started', id, cursor: begin });
    const at = batches.begin;
    if (!this.ticking && isAt(begin, at)) return this.join(reader, at);
    return this.catchUpReader(reader);
  }

  private close(id: number): void {
    this.readers.get(id)?.cancel();
    this.readers.delete(id);
    const feed = this.feedOf.get(id);
    if (feed !== undefined) {
      this.feedOf.delete(id);
      feed.members.delete(id);
      if (--feed.users === 0) this.feeds.delete(feed.id);
    }
    if (this.feeds.size === 0) this.batches = undefined;
  }

  private fail(id: number, error: unknown): void {
    this.options.send({ type: 'tail-failed', id, error: toPlainError(error) });
    this.close(id);
  }

  private join(reader: Reader, at: ReadonlyMap<number, number>): void {
    this.readers.delete(reader.id);
    this.feedOf.get(reader.id)!.members.add(reader.id);
    this.options.send({ type: 'tail-joined', id: reader.id, cursor: { next: Object.fromEntries(at) } });
  }

  /** Has a reader read up to where the feeds are, unless it is there or reads already; what is left is done at the next tick. */
  private catchUpReader(reader: Reader): void {
    const { batches } = this;
    if (batches === undefined || reader.reading) return;
    const end = batches.begin;
    if (hasReached(reader.cursor, end)) return this.schedule();
    reader.read(end).then(
      () => {
        if (this.readers.get(reader.id) === reader) this.schedule();
      },
      (error: unknown) => {
        if (this.readers.get(reader.id) === reader) this.fail(reader.id, error);
      },
    );
  }

  private schedule(): void {
    if (this.timer !== undefined || this.ticking) return;
    const delay = Math.max(0, this.lastTick + TICK_MS - performance.now());
    this.timer = setTimeout(() => {
      this.timer = undefined;
      this.tick().catch((error: unknown) => {
        setImmediate(() => {
          throw error;
        });
      });
    }, delay);
  }

  private async tick(): Promise<void> {
    const { batches } = this;
    if (batches === undefined) return;
    this.lastTick = performance.now();
    this.ticking = true;
    try {
      await this.feed(batches);
    } finally {
      this.ticking = false;
    }
    this.report(batches);
    if (this.batches !== batches) return;
    for (const reader of this.readers.values()) this.catchUpReader(reader);
    if (batches.waiting) this.options.mark();
    if (batches.waiting) this.schedule();
  }

  private async feed(batches: LiveBatches): Promise<void> {
    const { shards } = this.options;
    const begin = batches.begin;
    for (const reader of this.readers.values()) if (!reader.reading && isAt(reader.cursor, begin)) this.join(reader, begin);
    if (batches.overfull) return this.skip(batches);
    const rows = batches.take(shards, performance.now());
    if (rows.empty) return;
    let sliceEnd = performance.now() + SLICE_MS;
    for (const feed of Array.from(this.feeds.values())) {
      if (feed.members.size === 0) continue;
      this.takeOrFail(feed, rows, begin);
      if (performance.now() < sliceEnd) continue;
      await nextTurn();
      sliceEnd = performance.now() + SLICE_MS;
    }
  }

  private takeOrFail(feed: Feed, rows: LiveRows, begin: ReadonlyMap<number, number>): void {
    try {
      feed.take(rows, begin, this.options.send);
    } catch (error) {
      for (const id of Array.from(feed.members)) this.fail(id, error);
    }
  }

  /** The feeds cannot keep up with what comes: they lose what waits, and go on with what comes then. */
  private skip(batches: LiveBatches): void {
    const skipped = batches.skip();
    for (const { id, request, members } of this.feeds.values()) {
      const events = skipped.get(request.tenant.number) ?? 0;
      if (members.size > 0 && events > 0) this.options.send({ type: 'feed-lost', feed: id, events });
    }
  }

  private report(batches: LiveBatches): void {
    const now = performance.now();
    if (now - this.lastReport < REPORT_MS) return;
    this.lastReport = now;
    this.options.send({ type: 'feeds-at', cursor: { next: Object.fromEntries(batches.begin) } });
  }
}
