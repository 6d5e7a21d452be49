import { limits } from '../../limits.ts';
import type { ColumnTools } from '../columns/leaves.ts';
import { groupRows, slice, type RowGroup, type RowRefs } from '../columns/order.ts';
import { columnTools, RowBlock } from '../columns/row-block.ts';
import type { RowSource } from '../columns/row-source.ts';
import { BlockEncoder } from '../segment/block-encoder.ts';
import { ChunkWriter } from '../segment/chunk.ts';
import type { SegmentName } from '../segment/names.ts';
import { SegmentWriter } from '../segment/segment-writer.ts';

/** Limits of a block; limits.ts has the service's. */
export interface BlockLimits {
  readonly blockRows: number;
  readonly blockBytes: number;
  readonly blockColumns: number;
}

/** What writing segments needs from one to the next. One per thread. */
export interface WriteTools {
  readonly chunks: ChunkWriter;
  readonly encoder: BlockEncoder;
  readonly columns: ColumnTools;
  readonly limits: BlockLimits;
}

export function writeTools(compressionLevel: number, blockLimits: BlockLimits = limits): WriteTools {
  const chunks = new ChunkWriter(compressionLevel);
  return { chunks, encoder: new BlockEncoder(chunks), columns: columnTools(), limits: blockLimits };
}

/** Cuts the rows of a group into blocks of about equal size within the limits. */
export function cutBlocks(group: RowRefs, sources: readonly RowSource[], { blockRows, blockBytes }: BlockLimits): RowRefs[] {
  const rows = group.row.length;
  let bytes = 0;
  const sizes = new Uint32Array(rows);
  for (let q = 0; q < rows; q++) bytes += sizes[q] = sources[group.source[q]!]!.textBytes(group.row[q]!);
  const blocks = Math.max(Math.ceil(rows / blockRows), Math.ceil(bytes / blockBytes));
  const rowsMax = Math.min(blockRows, Math.ceil(rows / blocks));
  if (blocks === 1) return [group];
  const cut: RowRefs[] = [];
  let from = 0;
  let held = 0;
  for (let q = 0; q < rows; q++) {
    if (q > from && (q - from >= rowsMax || held + sizes[q]! > blockBytes)) {
      cut.push(slice(group, from, q));
      from = q;
      held = 0;
    }
    held += sizes[q]!;
  }
  cut.push(slice(group, from, rows));
  return cut;
}

/** Passes on every pause after so many rows, so that thousands of small blocks do not wait for thousands of turns of the event loop. */
const PAUSE_ROWS = 4_096;

export class Pacer {
  private readonly pause_: () => Promise<void>;
  private rows = PAUSE_ROWS;

  constructor(pause: () => Promise<void>) {
    this.pause_ = pause;
  }

  /** Called before so many rows are worked on. */
  before(rows: number): Promise<void> | undefined {
    this.rows += rows;
    if (this.rows < PAUSE_ROWS) return undefined;
    this.rows = 0;
    return this.pause_();
  }
}

/** Writes a group's rows as blocks of a segment. */
export async function writeGroup(
  writer: SegmentWriter,
  group: RowGroup,
  sources: readonly RowSource[],
  tools: WriteTools,
  pacer: Pacer,
): Promise<void> {
  for (const refs of cutBlocks(group, sources, tools.limits)) {
    await pacer.before(refs.row.length);
    const block = new RowBlock(writer.name.shard, refs, sources, tools.columns, tools.limits.blockColumns);
    writer.add(tools.encoder.encode(group.tenant, block));
  }
}

/**
 * Writes the rows of some batches as one segment, durably. Rows before `skips[i]` of source i and those of tenants that `keep` refuses are left
 * out. `pause` is awaited now and then. Rejects with the system's error; nothing is left behind then.
 */
export async function writeSegment(
  directory: string,
  name: SegmentName,
  rows: { readonly sources: readonly RowSource[]; readonly skips: readonly number[]; readonly keep: (tenant: number) => boolean },
  tools: WriteTools,
  pause: () => Promise<void>,
): Promise<void> {
  const groups = groupRows(rows.sources, rows.skips, rows.keep);
  const writer = new SegmentWriter(directory, name, tools.chunks);
  const pacer = new Pacer(pause);
  try {
    for (const group of groups) await writeGroup(writer, group, rows.sources, tools, pacer);
    writer.finish();
  } finally {
    writer.abandon();
  }
}
