import type { Snapshot } from '../../../store/block.ts';
import type { ThreadTools } from '../answer.ts';
import { Budget } from '../budget.ts';
import { compilePlan } from '../evaluate/compile.ts';
import { rowsOf } from '../evaluate/mask.ts';
import { selectRows, type SearchContext } from '../scope.ts';
import { FrameWriter } from './frames.ts';
import type { LiveBlock } from './live-block.ts';
import type { LiveRows } from './live-rows.ts';
import type { FeedRequest, FromTail } from './messages.ts';
import { Run, RunList, ShardMerge } from './runs.ts';

/** Bytes of one feed that may be on their way to main, and of all feeds of a thread: beyond it events are counted and not made. */
const FEED_BYTES = 16 << 20;
const THREAD_BYTES = 64 << 20;

/** What all feeds of a thread may still send. */
export class SharedCredit {
  left = THREAD_BYTES;
}

const NOTHING: Snapshot = { blocks: () => [], find: () => undefined, release: () => {} };

/** What evaluating a feed's query needs. There is no deadline. */
export function feedContext(request: FeedRequest, tools: ThreadTools): SearchContext {
  const { tenant, query, text } = request;
  const scope = { tenant, query, text, from: -Infinity, to: Infinity, deadlineMs: Infinity };
  const plan = compilePlan(query, { tenantId: tenant.id, shapes: tools.shapes });
  return { snapshot: NOTHING, scope, plan, budget: new Budget({ deadlineMs: Infinity }), node: tools.node, shapes: tools.shapes };
}

/** The new events of one tenant that match one query, evaluated and written once for all who follow them. */
export class Feed {
  readonly id: number;
  readonly request: FeedRequest;
  /** Who has joined. */
  readonly members = new Set<number>();
  /** Who follows or catches up. */
  users = 0;
  private readonly context: SearchContext;
  private readonly writer: FrameWriter;
  private readonly shared: SharedCredit;
  private credit = FEED_BYTES;

  constructor(id: number, request: FeedRequest, tools: ThreadTools, shared: SharedCredit) {
    this.id = id;
    this.request = request;
    this.shared = shared;
    this.context = feedContext(request, tools);
    this.writer = new FrameWriter(request, tools);
  }

  give(bytes: number): void {
    this.credit += bytes;
  }

  /** Sends what matches. `begin`: where the rows begin, by shard. */
  take(rows: LiveRows, begin: ReadonlyMap<number, number>, send: (message: FromTail, transfer: readonly ArrayBuffer[]) => void): void {
    const runs = new Map<number, Run[]>();
    let left = 0;
    for (const block of rows.blocks(this.request.tenant.number)) {
      const selected = rowsOf(selectRows(this.context, block), block.rows);
      if (selected.length === 0) continue;
      left += selected.length;
      const of = runs.get(block.shard);
      if (of === undefined) runs.set(block.shard, [new Run(block, selected)]);
      else of.push(new Run(block, selected));
    }
    if (left === 0) return;
    const next: Record<number, number> = Object.fromEntries(begin);
    const merge = new ShardMerge(Array.from(runs, ([shard, list]) => new RunList(shard, list)));
    for (; left > 0 && this.credit > 0 && this.shared.left > 0; left--) {
      const shard = merge.next()!;
      const { block, row, position } = shard.head!;
      shard.advance();
      this.writer.addShared(block as LiveBlock, row);
      next[shard.shard] = position + 1;
      if (this.writer.full) this.flush({ ...next }, send);
    }
    if (this.writer.events > 0) this.flush(left > 0 ? { ...next } : Object.fromEntries(rows.end), send);
    this.writer.release();
    if (left > 0) send({ type: 'feed-lost', feed: this.id, events: left }, []);
  }

  private flush(next: Record<number, number>, send: (message: FromTail, transfer: readonly ArrayBuffer[]) => void): void {
    const { bytes, events } = this.writer.take();
    this.credit -= bytes.byteLength;
    this.shared.left -= bytes.byteLength;
    send({ type: 'feed-events', feed: this.id, bytes, events, cursor: { next } }, [bytes.buffer]);
  }
}
