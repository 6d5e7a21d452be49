import { limits } from '../../limits.ts';
import { Cache } from '../view/cache.ts';
import { SegmentBlock, type BlockContext } from '../view/segment-block.ts';
import { blockRows } from '../columns/block-rows.ts';
import { DAY_MICROS, groupRows } from '../columns/order.ts';
import type { BlockIndex, IndexEntry } from '../segment/block-index.ts';
import { DamagedError } from '../segment/chunk.ts';
import type { SegmentName } from '../segment/names.ts';
import { SegmentFile } from '../segment/segment-file.ts';
import { SegmentWriter } from '../segment/segment-writer.ts';
import type { Report } from './catalog.ts';
import { Pacer, writeGroup, type WriteTools } from './flush.ts';

/** Blocks of so many rows, or of so many bytes in the file, are large: their bytes are copied as they are. */
const LARGE_ROWS = limits.blockRows / 2;
const LARGE_BYTES = 384 << 10;
/** Small blocks are joined in portions of about so many rows, and at most so many bytes in the files. */
const JOIN_ROWS = limits.blockRows;
const JOIN_BYTES = 1 << 20;

interface Input {
  readonly file: SegmentFile;
  readonly index: BlockIndex;
}

interface Part {
  readonly file: SegmentFile;
  readonly entry: IndexEntry;
}

/** Says which blocks are past retention or belong to removed tenants. */
export type IsDead = (entry: { readonly tenant: number; readonly maxReceived: number }) => boolean;

function isLarge({ rows, length }: IndexEntry): boolean {
  return rows >= LARGE_ROWS || length >= LARGE_BYTES;
}

/** All tenants of the inputs, ascending. */
function tenantsOf(inputs: readonly Input[]): number[] {
  const tenants = new Set<number>();
  for (const { index } of inputs) for (const { tenant } of index.ranges()) tenants.add(tenant);
  return [...tenants].sort((a, b) => a - b);
}

/** The live blocks of a tenant by day of receipt and then time. */
function partsOf(tenant: number, inputs: readonly Input[], isDead: IsDead): Part[] {
  const parts: Part[] = [];
  for (const { file, index } of inputs) {
    const [from, to] = index.range(tenant);
    for (let block = from; block < to; block++) {
      const entry = index.entry(tenant, block);
      if (!isDead(entry)) parts.push({ file, entry });
    }
  }
  return parts.sort((a, b) => dayOf(a.entry) - dayOf(b.entry) || a.entry.minTime - b.entry.minTime);
}

function dayOf({ minReceived }: IndexEntry): number {
  return Math.floor(minReceived / DAY_MICROS);
}

/** Puts small blocks of one day together in portions; large ones are alone. */
function portions(parts: readonly Part[]): Part[][] {
  const out: Part[][] = [];
  let joined: Part[] = [];
  let rows = 0;
  let bytes = 0;
  for (const part of parts) {
    const { entry } = part;
    if (isLarge(entry)) {
      out.push([part]);
      continue;
    }
    const full = rows >= JOIN_ROWS || bytes + entry.length > JOIN_BYTES;
    if (joined.length === 0 || full || dayOf(joined[0]!.entry) !== dayOf(entry)) {
      joined = [];
      out.push(joined);
      rows = 0;
      bytes = 0;
    }
    joined.push(part);
    rows += entry.rows;
    bytes += entry.length;
  }
  return out;
}

/** Nothing is read twice in a merge, but columns of one chunk come one after the other. */
function mergeContext(): BlockContext {
  return { columns: new Cache(4 << 20), filters: new Cache(0), hash: () => undefined };
}

class Merge {
  private readonly writer: SegmentWriter;
  private readonly tools: WriteTools;
  private readonly report: Report;
  private readonly pacer: Pacer;

  constructor(writer: SegmentWriter, tools: WriteTools, report: Report, pause: () => Promise<void>) {
    this.writer = writer;
    this.tools = tools;
    this.report = report;
    this.pacer = new Pacer(pause);
  }

  async portion(parts: readonly Part[]): Promise<void> {
    await this.pacer.before(parts.reduce((rows, { entry }) => rows + entry.rows, 0));
    if (parts.length === 1) {
      this.copy(parts[0]!);
      return;
    }
    const sources = this.decode(parts);
    for (const group of groupRows(
      sources,
      sources.map(() => 0),
      () => true,
    )) {
      await writeGroup(this.writer, group, sources, this.tools, this.pacer);
    }
  }

  private copy({ file, entry }: Part): void {
    this.writer.copy(entry, file.readBlock(entry));
  }

  /** A damaged block is copied as it is, for `check` and `repair` to deal with; nothing is lost by a merge. */
  private decode(parts: readonly Part[]) {
    return parts.flatMap((part) => {
      try {
        return [blockRows(new SegmentBlock(part.file, part.entry, mergeContext()), part.entry.tenant, this.tools.columns.shapes)];
      } catch (error) {
        if (!(error instanceof DamagedError)) throw error;
        this.report(`a block of ${part.file.name.name} is damaged`, error);
        this.copy(part);
        return [];
      }
    });
  }
}

/**
 * Writes one segment with the live rows of some neighbours (or of one, to drop what is dead in it). `pause` is awaited now and then and may reject
 * to give up. Nothing is left behind on failure.
 */
export async function mergeSegments(
  directory: string,
  names: readonly SegmentName[],
  output: SegmentName,
  tools: WriteTools,
  options: { readonly isDead: IsDead; readonly report: Report; readonly pause: () => Promise<void> },
): Promise<void> {
  const inputs: Input[] = [];
  try {
    for (const name of names) {
      const file = new SegmentFile(directory, name);
      inputs.push({ file, index: file.readIndex() });
    }
    await writeMerged(directory, inputs, output, tools, options);
  } finally {
    for (const { file } of inputs) file.close();
  }
}

async function writeMerged(
  directory: string,
  inputs: readonly Input[],
  output: SegmentName,
  tools: WriteTools,
  { isDead, report, pause }: { readonly isDead: IsDead; readonly report: Report; readonly pause: () => Promise<void> },
): Promise<void> {
  const writer = new SegmentWriter(directory, output, tools.chunks);
  try {
    const merge = new Merge(writer, tools, report, pause);
    for (const tenant of tenantsOf(inputs)) for (const parts of portions(partsOf(tenant, inputs, isDead))) await merge.portion(parts);
    writer.finish();
  } finally {
    writer.abandon();
  }
}
