import type { Block } from '../../store/block.ts';
import { formatEventId } from '../../event/event-id.ts';
import { rowsOf } from '../store/evaluate/mask.ts';
import { compareKeys, keysOf, type EventKey } from '../store/order.ts';
import { selectRows } from '../store/scope.ts';
import { rangeOf, type ReplayRange } from '../store/tail/replay.ts';
import { storePast, type Past, type PastRequest, type VisitRow } from '../store/tail/past.ts';
import type { DocumentSearch } from './document-search.ts';
import { pages } from './documents/pages.ts';
import { allOf, range, type Clause } from './dsl/clause.ts';
import type { CompiledQuery } from './dsl/compile.ts';
import type { Inquiry } from './inquiry.ts';

/** What a tail has behind it was received at most so long before it began: a cursor of positions alone tells no time. */
const BEFORE_BEGIN_MS = 300_000;

/** A selected row of a page. */
interface Row {
  /** Without its time: by it alone rows are in the order of their ids. */
  readonly key: EventKey;
  readonly block: Block;
  readonly row: number;
}

/**
 * The past of tails is in the index, but for what came last: the sink writes it a moment later, and searches see it another moment later, not all of it at once. So what is in no
 * segment yet is read from the thread's own view alone, and so is what the store has behind the last event found in the index.
 */
export class IndexPast implements Past {
  readonly needsWhole = true;
  private readonly documents: DocumentSearch;

  constructor(documents: DocumentSearch) {
    this.documents = documents;
  }

  async replay(request: PastRequest, visit: VisitRow): Promise<void> {
    const { context, cursor, signal } = request;
    const inquiry = this.documents.inquiry(context.scope, context.budget, signal);
    const last = new Map<number, number>();
    const note: VisitRow = (block, row, position) => {
      last.set(block.shard, Math.max(position, last.get(block.shard) ?? -1));
      return visit(block, row, position);
    };
    // What was given stays given, should the server refuse a later page.
    await inquiry.strongest((compiled) => this.fromIndex(inquiry, request, compiled, last, note));
    const next: Record<number, number> = { ...cursor.next };
    for (const [shard, position] of last) next[shard] = position + 1;
    await storePast.replay({ ...request, cursor: { ...cursor, next } }, visit);
  }

  private async fromIndex(
    inquiry: Inquiry,
    request: PastRequest,
    compiled: CompiledQuery,
    last: ReadonlyMap<number, number>,
    visit: VisitRow,
  ): Promise<void> {
    const { context, cursor, end } = request;
    const endOf = (shard: number, to: number): number => Math.min(to, context.snapshot.hotFrom(shard) ?? to);
    const ranges = new Map([...end].map(([shard, to]) => [shard, rangeOf(cursor, shard, endOf(shard, to))]));
    const clause = allOf([compiled.upper, idsFrom(request)]);
    for await (const events of pages(inquiry, { clause, order: 'asc', by: 'id' })) {
      const rows: Row[] = [];
      for (const { block } of this.documents.maker.make(events)) {
        const keys = keysOf(block);
        for (const row of rowsOf(selectRows(context, block), block.rows)) rows.push({ key: { ...keys(row), time: 0 }, block, row });
      }
      rows.sort((a, b) => compareKeys(a.key, b.key));
      for (const { key, block, row } of rows) {
        const range = ranges.get(key.shard);
        if (range !== undefined && isWithin(range, key) && key.position > (last.get(key.shard) ?? -1))
          await visit(block, row, key.position);
      }
    }
  }
}

/** Ids that may be behind the cursor. */
function idsFrom({ cursor, since }: PastRequest): Clause {
  const ms = cursor.after?.ms ?? since - BEFORE_BEGIN_MS;
  return range('meniscus.id', { gte: formatEventId(Math.max(0, ms), 0, 0, 0) });
}

function isWithin({ from, to, fromMs }: ReplayRange, { position, receivedMs }: EventKey): boolean {
  return position >= from && position < to && receivedMs >= fromMs;
}
