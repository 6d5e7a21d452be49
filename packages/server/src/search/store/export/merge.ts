import type { Block } from '../../../store/block.ts';
import { rowsOf } from '../evaluate/mask.ts';
import { reading, scopeBlocks, selectRows, type SearchContext } from '../scope.ts';

/** Consecutive events, oldest first, of one block: the rows `rows[from]` to `rows[to - 1]`. */
export interface Stretch {
  readonly block: Block;
  readonly rows: Uint32Array;
  readonly from: number;
  readonly to: number;
}

/** The selected rows of a block that overlaps others, with what their order needs: 32 bytes a row, and no columns. */
class Run {
  readonly block: Block;
  readonly rows: Uint32Array;
  at = 0;
  private readonly times: Float64Array;
  private readonly received: Float64Array;
  private readonly positions: Float64Array;

  constructor(block: Block, rows: Uint32Array) {
    this.block = block;
    this.rows = rows;
    const [times, received, positions] = [block.time(), block.received(), block.position()];
    this.times = Float64Array.from(rows, (row) => times[row]!);
    this.received = Float64Array.from(rows, (row) => Math.floor(received[row]! / 1000));
    this.positions = Float64Array.from(rows, (row) => positions[row]!);
  }

  get time(): number {
    return this.times[this.at]!;
  }

  /** Whether the row at hand is older than that of another run. */
  before(other: Run): boolean {
    const [a, b] = [this.at, other.at];
    const order =
      this.times[a]! - other.times[b]! ||
      this.received[a]! - other.received[b]! ||
      this.block.shard - other.block.shard ||
      this.positions[a]! - other.positions[b]!;
    return order < 0;
  }

  /** The end of the stretch of rows that are older than `next` and than the time of anything not read yet. */
  stretchEnd(next: Run | undefined, unread: number): number {
    const start = this.at;
    for (; this.at < this.rows.length; this.at++) {
      if (this.at > start && (this.time >= unread || (next !== undefined && !this.before(next)))) break;
    }
    return this.at;
  }
}

/** A binary heap of runs, the one with the oldest row on top. */
class Heap {
  private readonly runs: Run[] = [];

  get size(): number {
    return this.runs.length;
  }

  get top(): Run | undefined {
    return this.runs[0];
  }

  push(run: Run): void {
    this.runs.push(run);
    let at = this.runs.length - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!this.runs[at]!.before(this.runs[parent]!)) break;
      this.swap(at, parent);
      at = parent;
    }
  }

  pop(): Run {
    const top = this.runs[0]!;
    const last = this.runs.pop()!;
    if (this.runs.length > 0) {
      this.runs[0] = last;
      this.sink();
    }
    return top;
  }

  private sink(): void {
    for (let at = 0; ;) {
      let least = at;
      for (const child of [2 * at + 1, 2 * at + 2])
        if (child < this.runs.length && this.runs[child]!.before(this.runs[least]!)) least = child;
      if (least === at) return;
      this.swap(at, least);
      at = least;
    }
  }

  private swap(a: number, b: number): void {
    [this.runs[a], this.runs[b]] = [this.runs[b]!, this.runs[a]!];
  }
}

/**
 * All selected events of all blocks, oldest first. Blocks are evaluated when the walk reaches their oldest event, so that of blocks that follow
 * each other in time only one is held, and of blocks that overlap the rows and times of those that do.
 */
export async function* mergedStretches(context: SearchContext): AsyncGenerator<Stretch> {
  const unread = scopeBlocks(context).sort((a, b) => b.minTime - a.minTime);
  const heap = new Heap();
  for (;;) {
    while (unread.length > 0 && (heap.top === undefined || unread.at(-1)!.minTime <= heap.top.time)) {
      const block = unread.pop()!;
      await context.budget.step();
      const run = reading(context, block, undefined, () => runOf(context, block));
      if (run !== undefined) heap.push(run);
    }
    if (heap.size === 0) return;
    const run = heap.pop();
    const from = run.at;
    const to = run.stretchEnd(heap.top, unread.at(-1)?.minTime ?? Infinity);
    yield { block: run.block, rows: run.rows, from, to };
    if (run.at < run.rows.length) heap.push(run);
  }
}

function runOf(context: SearchContext, block: Block): Run | undefined {
  const rows = rowsOf(selectRows(context, block), block.rows);
  return rows.length === 0 ? undefined : new Run(block, rows);
}
