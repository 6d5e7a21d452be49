import type { BlockIndex } from '../segment/block-index.ts';
import type { SegmentFile } from '../segment/segment-file.ts';
import type { Cache } from './cache.ts';
import { SegmentBlock, type BlockContext } from './segment-block.ts';

/** A segment that a view and its snapshots use; closed when the last of them has released it. */
export class OpenSegment {
  readonly file: SegmentFile;
  private readonly indexes: Cache;
  private readonly context: BlockContext;
  private readonly report: (segment: string, error: unknown) => void;
  private users = 1;
  private broken = false;

  constructor(file: SegmentFile, indexes: Cache, context: BlockContext, report: (segment: string, error: unknown) => void) {
    this.file = file;
    this.indexes = indexes;
    this.context = context;
    this.report = report;
  }

  retain(): void {
    this.users++;
  }

  release(): void {
    if (--this.users === 0) this.file.close();
  }

  /** Undefined when it is damaged, which is reported once. */
  get index(): BlockIndex | undefined {
    if (this.broken) return undefined;
    try {
      return this.indexes.get(
        this.file.name.name,
        () => this.file.readIndex(),
        (index) => index.bytes,
      );
    } catch (error) {
      this.broken = true;
      this.report(this.file.name.name, error);
      return undefined;
    }
  }

  /** Adds the tenant's blocks that may hold rows with minTime < to and maxTime >= from. False when the index cannot be read. */
  collect(tenant: number, from: number, to: number, blocks: SegmentBlock[]): boolean {
    const { rows, minTime, maxTime } = this.file.footer;
    if (rows === 0 || minTime >= to || maxTime < from) return true;
    const index = this.index;
    if (index === undefined) return false;
    const [first, end] = index.range(tenant);
    for (let i = first; i < end && index.minTime[i]! < to; i++) {
      if (index.maxTime[i]! >= from) blocks.push(new SegmentBlock(this.file, index.entry(tenant, i), this.context));
    }
    return true;
  }

  /** The tenant's blocks that may hold positions from `from` to `to` (exclusive). False when the index cannot be read. */
  collectAt(tenant: number, from: number, to: number, blocks: SegmentBlock[]): boolean {
    const { name, footer } = this.file;
    if (footer.rows === 0 || name.from >= to || name.to <= from) return true;
    const index = this.index;
    if (index === undefined) return false;
    const [first, end] = index.range(tenant);
    for (let i = first; i < end; i++) {
      if (index.minPosition[i]! < to && index.maxPosition[i]! >= from)
        blocks.push(new SegmentBlock(this.file, index.entry(tenant, i), this.context));
    }
    return true;
  }

  /** The tenant's blocks that may hold a position received at a millisecond. */
  *candidates(tenant: number, position: number, receivedMs: number): IterableIterator<SegmentBlock> {
    const { name, footer } = this.file;
    if (position < name.from || position >= name.to || footer.rows === 0) return;
    const index = this.index;
    if (index === undefined) return;
    const [first, end] = index.range(tenant);
    for (let i = first; i < end; i++) {
      const fits =
        index.minPosition[i]! <= position &&
        index.maxPosition[i]! >= position &&
        Math.floor(index.minReceived[i]! / 1000) <= receivedMs &&
        Math.floor(index.maxReceived[i]! / 1000) >= receivedMs;
      if (fits) yield new SegmentBlock(this.file, index.entry(tenant, i), this.context);
    }
  }
}
