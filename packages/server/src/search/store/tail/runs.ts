import type { Block } from '../../../store/block.ts';

/** Rows of a block in the order of their queue positions. */
export class Run {
  readonly block: Block;
  readonly rows: Uint32Array;
  at = 0;
  private readonly positions: Float64Array;
  private readonly received: Float64Array;

  constructor(block: Block, rows: Uint32Array) {
    this.block = block;
    const positions = block.position();
    this.rows = isAscending(rows, positions) ? rows : rows.toSorted((a, b) => positions[a]! - positions[b]!);
    this.positions = positions;
    this.received = block.received();
  }

  get ended(): boolean {
    return this.at >= this.rows.length;
  }

  get left(): number {
    return this.rows.length - this.at;
  }

  get row(): number {
    return this.rows[this.at]!;
  }

  get position(): number {
    return this.positions[this.row]!;
  }

  get receivedMs(): number {
    return Math.floor(this.received[this.row]! / 1000);
  }
}

function isAscending(rows: Uint32Array, positions: Float64Array): boolean {
  for (let i = 1; i < rows.length; i++) if (positions[rows[i]!]! < positions[rows[i - 1]!]!) return false;
  return true;
}

/** The rows of one shard in the order of their positions. */
export interface ShardRows {
  readonly shard: number;
  /** The run whose row is next; undefined at the end. */
  readonly head: Run | undefined;
  /** Goes to the next row. */
  advance(): void;
}

/** Runs of one shard that follow each other. */
export class RunList implements ShardRows {
  readonly shard: number;
  private readonly runs: Run[];

  constructor(shard: number, runs: readonly Run[]) {
    this.shard = shard;
    this.runs = runs.filter((run) => !run.ended).reverse();
  }

  get head(): Run | undefined {
    return this.runs.at(-1);
  }

  advance(): void {
    const run = this.head;
    if (run === undefined) return;
    run.at++;
    if (run.ended) this.runs.pop();
  }
}

/**
 * Which shard's row is next: the one received first, in milliseconds, then the lowest shard, so that several shards together are in the order of
 * ids. Within a shard it is always the order of positions; a clock that was set back does not change it.
 */
export class ShardMerge {
  private readonly shards: readonly ShardRows[];
  private readonly reached: Float64Array;

  constructor(shards: readonly ShardRows[]) {
    this.shards = [...shards].sort((a, b) => a.shard - b.shard);
    this.reached = new Float64Array(shards.length);
  }

  next(): ShardRows | undefined {
    if (this.shards.length === 1) return this.shards[0]!.head === undefined ? undefined : this.shards[0];
    let best: ShardRows | undefined;
    let bestMs = Infinity;
    for (let i = 0; i < this.shards.length; i++) {
      const { head } = this.shards[i]!;
      if (head === undefined) continue;
      const ms = (this.reached[i] = Math.max(this.reached[i]!, head.receivedMs));
      if (ms < bestMs) [best, bestMs] = [this.shards[i], ms];
    }
    return best;
  }
}
