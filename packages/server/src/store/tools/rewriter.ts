import { Pacer, writeGroup, type WriteTools } from '../build/flush.ts';
import { blockRows } from '../columns/block-rows.ts';
import { groupRows } from '../columns/order.ts';
import type { IndexEntry } from '../segment/block-index.ts';
import { DamagedError } from '../segment/chunk.ts';
import type { BlockBounds } from '../segment/directory.ts';
import type { SegmentName } from '../segment/names.ts';
import { SegmentWriter } from '../segment/segment-writer.ts';
import { Cache } from '../view/cache.ts';
import { SegmentBlock, type BlockFile } from '../view/segment-block.ts';

/** Writes what is left of a damaged segment as a new one. `finish` or `abandon` it. */
export class Rewriter {
  readonly writer: SegmentWriter;
  /** What was written. */
  readonly kept = { blocks: 0, rows: 0 };
  readonly lost: BlockBounds[] = [];
  private readonly file: BlockFile;
  private readonly tools: WriteTools;
  private readonly pacer = new Pacer(async () => {});

  constructor(directory: string, file: BlockFile, output: SegmentName, tools: WriteTools) {
    this.file = file;
    this.tools = tools;
    this.writer = new SegmentWriter(directory, output, tools.chunks);
  }

  /** Copies a sound block with its filter. */
  copy(entry: IndexEntry): void {
    this.writer.copy(entry, this.file.read(entry.offset, entry.length + entry.filterLength));
    this.keep(entry);
  }

  /** Writes a block anew, because its filter is damaged or missing. */
  async renew(entry: IndexEntry): Promise<void> {
    const context = { columns: new Cache(16 << 20), filters: new Cache(0), hash: () => undefined };
    try {
      const sources = [blockRows(new SegmentBlock(this.file, entry, context), entry.tenant, this.tools.columns.shapes)];
      for (const group of groupRows(sources, [0], () => true)) await writeGroup(this.writer, group, sources, this.tools, this.pacer);
      this.keep(entry);
    } catch (error) {
      if (!(error instanceof DamagedError)) throw error;
      this.lose(entry);
    }
  }

  lose({ offset: _o, length: _l, directoryLength: _d, filterLength: _f, ...block }: IndexEntry): void {
    this.lost.push(block);
  }

  finish(): void {
    this.writer.finish();
  }

  abandon(): void {
    this.writer.abandon();
  }

  private keep(entry: IndexEntry): void {
    this.kept.blocks++;
    this.kept.rows += entry.rows;
  }
}
