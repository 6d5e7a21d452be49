import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { BatchFormatError } from '../../event/batch.ts';
import { limits } from '../../limits.ts';
import type { HotBatch } from '../../threads/messages.ts';
import { groupRows } from '../columns/order.ts';
import { RowBlock } from '../columns/row-block.ts';
import { RowSource } from '../columns/row-source.ts';
import { segmentName } from '../segment/names.ts';
import { QUARANTINE, type Catalog, type Report } from './catalog.ts';
import { cutBlocks, writeSegment, type WriteTools } from './flush.ts';
import type { Tenants } from './tenants.ts';

/** When a segment is written; limits.ts has the service's. */
export interface FlushLimits {
  readonly segmentEvents: number;
  readonly segmentBytes: number;
  readonly segmentAgeMs: number;
}

/** A segment is due with so many batches, and made of at most so many: its rows say in 16 bits which one they are from. */
const BATCHES_DUE = 20_000;
const BATCHES_MAX = 60_000;
/** After a failure to write: the first wait, doubled up to the last. */
const RETRY_MS = 1_000;
const RETRY_MAX_MS = 30_000;

/** What waits to become a segment of one ingest thread. */
interface Waiting {
  sources: RowSource[];
  skips: number[];
  rows: number;
  bytes: number;
  /** When the first batch came. */
  since: number;
  /** Everything before is in segments, or about to be. */
  from: number;
  /** The position after the last batch. */
  end: number;
  failures: number;
  retryAt: number;
}

function nothing(end: number): Waiting {
  return { sources: [], skips: [], rows: 0, bytes: 0, since: 0, from: end, end, failures: 0, retryAt: 0 };
}

/** Splits what waits after BATCHES_MAX batches: what to write now and what to keep. */
function split(waiting: Waiting): [Waiting, Waiting] {
  if (waiting.sources.length <= BATCHES_MAX) return [waiting, nothing(waiting.end)];
  const end = waiting.sources[BATCHES_MAX]!.base;
  const part = (from: number, to: number): Pick<Waiting, 'sources' | 'skips' | 'rows' | 'bytes'> => {
    const sources = waiting.sources.slice(from, to);
    const rows = sources.reduce((sum, source) => sum + source.rows.rows, 0);
    return {
      sources,
      skips: waiting.skips.slice(from, to),
      rows,
      bytes: Math.round((waiting.bytes * sources.length) / waiting.sources.length),
    };
  };
  return [
    { ...waiting, ...part(0, BATCHES_MAX), end },
    { ...nothing(end), ...part(BATCHES_MAX, waiting.sources.length), end: waiting.end, since: waiting.since },
  ];
}

/** What goes wrong when blocks are made of a batch; undefined when nothing does. */
function whyNot(source: RowSource, { encoder, columns, limits: blockLimits }: WriteTools): unknown {
  try {
    for (const group of groupRows([source], [0], () => true)) {
      for (const refs of cutBlocks(group, [source], blockLimits)) {
        encoder.encode(group.tenant, new RowBlock(0, refs, [source], columns, blockLimits.blockColumns));
      }
    }
    return undefined;
  } catch (error) {
    return error;
  }
}

function keepBatch(directory: string, shard: number, source: RowSource): void {
  const { heap } = source.rows;
  mkdirSync(join(directory, QUARANTINE), { recursive: true });
  // The heap is the last part of the batch, whose bytes begin with its buffer.
  writeFileSync(join(directory, QUARANTINE, `${shard}-${source.base}.batch`), Buffer.from(heap.buffer, 0, heap.byteOffset + heap.length));
}

/**
 * Gathers batches, per ingest thread, and writes them as segments. Batches come in the order of positions. After a crash the queue gives again what was
 * not acknowledged as covered: rows at positions that a segment covers are left out, so that nothing is in the store twice.
 */
export class SegmentBuilder {
  private readonly catalog: Catalog;
  private readonly tenants: Tenants;
  private readonly tools: WriteTools;
  private readonly report: Report;
  private readonly limits: FlushLimits;
  private readonly now: () => number;
  private readonly shards = new Map<number, Waiting>();

  constructor(
    catalog: Catalog,
    tenants: Tenants,
    tools: WriteTools,
    options: { readonly report: Report; readonly limits?: FlushLimits; readonly now?: () => number },
  ) {
    this.catalog = catalog;
    this.tenants = tenants;
    this.tools = tools;
    this.report = options.report;
    this.limits = options.limits ?? limits;
    this.now = options.now ?? Date.now;
  }

  /** Takes a batch, unless it is covered. */
  add(batch: HotBatch): void {
    const waiting = this.waiting(batch.shard);
    const end = batch.position + batch.rows;
    if (end <= waiting.end) return;
    const source = this.read(batch);
    if (waiting.end === waiting.from) waiting.since = this.now();
    if (source !== undefined) {
      waiting.sources.push(source);
      waiting.skips.push(Math.max(0, waiting.end - batch.position));
      waiting.rows += source.rows.rows;
      waiting.bytes += batch.bytes.byteLength;
    }
    waiting.end = end;
  }

  /** Events in memory. */
  get rows(): number {
    let rows = 0;
    for (const waiting of this.shards.values()) rows += waiting.rows;
    return rows;
  }

  /** A shard whose batches should be written now. */
  due(): number | undefined {
    const now = this.now();
    for (const [shard, waiting] of this.shards) if (now >= this.dueAt(waiting, now)) return shard;
    return undefined;
  }

  /** Milliseconds until a shard is due if no batch comes; Infinity when there is nothing. */
  wait(): number {
    const now = this.now();
    let wait = Infinity;
    for (const waiting of this.shards.values()) wait = Math.min(wait, this.dueAt(waiting, now) - now);
    return Math.max(0, wait);
  }

  /** Shards with batches that are in no segment. */
  unwritten(): number[] {
    return [...this.shards].filter(([, { from, end }]) => end > from).map(([shard]) => shard);
  }

  /**
   * Writes what a shard has as a segment; true when it is on disk and in the catalog. On failure (a full disk) everything is kept for the next try,
   * which `due` puts off longer each time.
   */
  async flush(shard: number, pause: () => Promise<void>): Promise<boolean> {
    const [taken, rest] = split(this.waiting(shard));
    if (taken.end === taken.from) return true;
    const name = segmentName(shard, taken.from, taken.end, 0);
    this.shards.set(shard, rest);
    try {
      const keep = (tenant: number): boolean => !this.tenants.isGone(tenant);
      await writeSegment(this.catalog.directory, name, { ...taken, keep }, this.tools, pause);
      this.catalog.replace(name, [], this.now());
      return true;
    } catch (error) {
      this.report(`cannot write the segment ${name.name}, it is tried again`, error);
      // Not the system's doing: a batch that nobody can read must not stop all others for ever.
      const sound = (error as { code?: unknown }).code === undefined ? this.sift(shard, taken) : taken;
      this.putBack(shard, sound);
      return false;
    }
  }

  /** What is left without the batches that cannot be made into blocks; those go to quarantine. */
  private sift(shard: number, taken: Waiting): Waiting {
    const sound: Waiting = { ...taken, sources: [], skips: [] };
    for (const [i, source] of taken.sources.entries()) {
      const wrong = whyNot(source, this.tools);
      if (wrong !== undefined && this.setAside(shard, source, wrong)) sound.rows -= source.rows.rows;
      else {
        sound.sources.push(source);
        sound.skips.push(taken.skips[i]!);
      }
    }
    return sound;
  }

  /** Puts a batch's bytes into quarantine; false when that cannot be done now. */
  private setAside(shard: number, source: RowSource, why: unknown): boolean {
    const what = `the batch at position ${source.base} of shard ${shard} cannot be stored`;
    try {
      keepBatch(this.catalog.directory, shard, source);
      this.report(`${what}, it is moved to quarantine`, why);
      return true;
    } catch (error) {
      this.report(`${what} nor moved to quarantine`, error);
      return false;
    }
  }

  private waiting(shard: number): Waiting {
    let waiting = this.shards.get(shard);
    if (waiting === undefined) this.shards.set(shard, (waiting = nothing(this.catalog.covered(shard))));
    return waiting;
  }

  private dueAt(waiting: Waiting, now: number): number {
    if (waiting.end === waiting.from) return Infinity;
    const { segmentEvents, segmentBytes, segmentAgeMs } = this.limits;
    const full = waiting.rows >= segmentEvents || waiting.bytes >= segmentBytes || waiting.sources.length >= BATCHES_DUE;
    return Math.max(full ? now : waiting.since + segmentAgeMs, waiting.retryAt);
  }

  private putBack(shard: number, taken: Waiting): void {
    const later = this.waiting(shard);
    const failures = taken.failures + 1;
    this.shards.set(shard, {
      sources: [...taken.sources, ...later.sources],
      skips: [...taken.skips, ...later.skips],
      rows: taken.rows + later.rows,
      bytes: taken.bytes + later.bytes,
      since: taken.since,
      from: taken.from,
      end: later.end,
      failures,
      retryAt: this.now() + Math.min(RETRY_MAX_MS, RETRY_MS * 2 ** (failures - 1)),
    });
  }

  private read(batch: HotBatch): RowSource | undefined {
    try {
      return RowSource.ofBatch(batch.bytes, batch.position);
    } catch (error) {
      if (!(error instanceof BatchFormatError || error instanceof SyntaxError)) throw error;
      this.report(
        `the batch at position ${batch.position} of shard ${batch.shard} cannot be read: its ${batch.rows} events are not in the store`,
        error,
      );
      return undefined;
    }
  }
}
