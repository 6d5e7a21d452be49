import type { Block } from '../../../store/block.ts';
import type { BlockAt, ViewSnapshot } from '../../../store/view/snapshot.ts';
import { rowsOf } from '../evaluate/mask.ts';
import { reading, selectRows, type SearchContext } from '../scope.ts';
import type { TailCursor } from './cursor.ts';
import { Run, ShardMerge, type ShardRows } from './runs.ts';

/** Which rows of a shard a replay gives. */
export interface ReplayRange {
  readonly shard: number;
  readonly from: number;
  readonly to: number;
  /** Only rows received in this millisecond or later. */
  readonly fromMs: number;
}

/** The matching rows of a shard's blocks in the order of positions. A block is evaluated when the walk reaches its lowest position. */
class ReplayShard implements ShardRows {
  readonly shard: number;
  private readonly context: SearchContext;
  private readonly range: ReplayRange;
  /** Lowest position last. */
  private readonly unread: BlockAt[];
  /** The run with the lowest position first. */
  private readonly runs: Run[] = [];

  constructor(context: SearchContext, range: ReplayRange, blocks: readonly BlockAt[]) {
    this.shard = range.shard;
    this.context = context;
    this.range = range;
    this.unread = blocks.filter(({ block }) => block.maxReceived >= range.fromMs * 1000).sort((a, b) => b.first - a.first);
  }

  get head(): Run | undefined {
    return this.runs[0];
  }

  advance(): void {
    const run = this.runs.shift()!;
    run.at++;
    if (!run.ended) this.insert(run);
  }

  /** True when `head` is the next row indeed; else `read` has to be called. */
  get ready(): boolean {
    const next = this.unread.at(-1);
    return next === undefined || (this.head !== undefined && this.head.position < next.first);
  }

  async read(): Promise<void> {
    while (!this.ready) {
      await this.context.budget.step();
      const { block } = this.unread.pop()!;
      const run = reading(this.context, block, undefined, () => this.runOf(block));
      if (run !== undefined) this.insert(run);
    }
  }

  private runOf(block: Block): Run | undefined {
    const rows = rowsOf(selectRows(this.context, block), block.rows);
    if (rows.length === 0) return undefined;
    const { from, to, fromMs } = this.range;
    const positions = block.position();
    const received = block.received();
    const wanted = rows.filter((row) => positions[row]! >= from && positions[row]! < to && received[row]! >= fromMs * 1000);
    return wanted.length === 0 ? undefined : new Run(block, wanted);
  }

  private insert(run: Run): void {
    const { position } = run;
    let at = 0;
    while (at < this.runs.length && this.runs[at]!.position < position) at++;
    this.runs.splice(at, 0, run);
  }
}

/** The range of a shard that lies between a cursor and an end. */
export function rangeOf({ next, after }: TailCursor, shard: number, to: number): ReplayRange {
  const from = next[shard];
  if (from !== undefined) return { shard, from, to, fromMs: -Infinity };
  if (after === undefined) return { shard, from: 0, to, fromMs: -Infinity };
  return { shard, from: 0, to, fromMs: shard > after.shard ? after.ms : after.ms + 1 };
}

/**
 * The matching rows between a cursor and an end, in order: `visit` takes one row, and is awaited when it gives a promise. Memory is that of the
 * matching rows of the blocks that overlap in positions.
 */
export async function replayRows(
  context: SearchContext & { readonly snapshot: ViewSnapshot },
  cursor: TailCursor,
  end: ReadonlyMap<number, number>,
  visit: (block: Block, row: number, position: number) => Promise<void> | undefined,
): Promise<void> {
  const { snapshot, scope } = context;
  const shards: ReplayShard[] = [];
  for (const [shard, to] of end) {
    const range = rangeOf(cursor, shard, to);
    if (range.from >= to) continue;
    shards.push(new ReplayShard(context, range, snapshot.blocksAt(scope.tenant.number, shard, range.from, to)));
  }
  for (const name of snapshot.unreadable) context.budget.lacks(`segment ${name} cannot be read`);
  const merge = new ShardMerge(shards);
  for (;;) {
    for (const shard of shards) if (!shard.ready) await shard.read();
    const next = merge.next();
    if (next === undefined) return;
    const { block, row, position } = next.head!;
    next.advance();
    const wait = visit(block, row, position);
    if (wait !== undefined) await wait;
  }
}
