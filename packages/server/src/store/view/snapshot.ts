import type { Block, Snapshot } from '../block.ts';
import type { HotShard } from './hot-shard.ts';
import type { OpenSegment } from './open-segment.ts';
import type { SegmentBlock } from './segment-block.ts';

/** A shard's hot data up to a position. */
export interface HotPart {
  readonly shard: HotShard;
  readonly end: number;
}

/** A block and its lowest queue position. */
export interface BlockAt {
  readonly block: Block;
  readonly first: number;
}

/** The row of a block at a position received at a millisecond, or -1. */
function rowAt(block: Block, position: number, receivedMs: number): number {
  const row = block.position().indexOf(position);
  return row >= 0 && Math.floor(block.received()[row]! / 1000) === receivedMs ? row : -1;
}

export class ViewSnapshot implements Snapshot {
  private readonly segments: readonly OpenSegment[];
  private readonly hot: readonly HotPart[];
  private readonly removedTenants: ReadonlySet<number>;
  private readonly unreadable_: Set<string>;
  private released = false;

  constructor(
    segments: readonly OpenSegment[],
    hot: readonly HotPart[],
    removedTenants: ReadonlySet<number>,
    unreadable: readonly string[],
  ) {
    this.segments = segments;
    this.hot = hot;
    this.removedTenants = removedTenants;
    this.unreadable_ = new Set(unreadable);
    for (const segment of segments) segment.retain();
  }

  get unreadable(): readonly string[] {
    return [...this.unreadable_];
  }

  blocks(tenant: number, from: number, to: number): Block[] {
    if (this.released || this.removedTenants.has(tenant)) return [];
    const found: SegmentBlock[] = [];
    for (const segment of this.segments) if (!segment.collect(tenant, from, to, found)) this.unreadable_.add(segment.file.name.name);
    const blocks: Block[] = found;
    for (const { shard, end } of this.hot) {
      for (const block of shard.blocks(tenant, end)) if (block.minTime < to && block.maxTime >= from) blocks.push(block);
    }
    return blocks.sort((a, b) => b.maxTime - a.maxTime);
  }

  find(tenant: number, shard: number, position: number, receivedMs: number): { readonly block: Block; readonly row: number } | undefined {
    if (this.released || this.removedTenants.has(tenant)) return undefined;
    for (const block of this.candidates(tenant, shard, position, receivedMs)) {
      const row = rowAt(block, position, receivedMs);
      if (row >= 0) return { block, row };
    }
    return undefined;
  }

  /** The blocks of a tenant in a shard that may hold queue positions from `from` to `to` (exclusive), in no order. */
  blocksAt(tenant: number, shard: number, from: number, to: number): BlockAt[] {
    if (this.released || this.removedTenants.has(tenant)) return [];
    const found: SegmentBlock[] = [];
    for (const segment of this.segments) {
      if (segment.file.name.shard === shard && !segment.collectAt(tenant, from, to, found)) this.unreadable_.add(segment.file.name.name);
    }
    const blocks: BlockAt[] = found.map((block) => ({ block, first: block.entry.minPosition }));
    for (const hot of this.hot) {
      if (hot.shard.shard !== shard) continue;
      for (const block of hot.shard.blocks(tenant, hot.end)) {
        if (block.lastPosition >= from)
          blocks.push({ block, first: block.position().reduce((least, each) => Math.min(least, each), Infinity) });
      }
    }
    return blocks;
  }

  /** The first position of a shard that is in no segment; undefined: there is none. */
  hotFrom(shard: number): number | undefined {
    const [first] = this.hot.find((part) => part.shard.shard === shard)?.shard.batches ?? [];
    return first && first.position + first.skip;
  }

  release(): void {
    if (this.released) return;
    this.released = true;
    for (const segment of this.segments) segment.release();
  }

  private *candidates(tenant: number, shard: number, position: number, receivedMs: number): IterableIterator<Block> {
    for (const segment of this.segments) if (segment.file.name.shard === shard) yield* segment.candidates(tenant, position, receivedMs);
    for (const hot of this.hot) if (hot.shard.shard === shard && position < hot.end) yield* hot.shard.blocks(tenant, hot.end);
  }
}
