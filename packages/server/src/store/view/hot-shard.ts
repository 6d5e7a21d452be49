import { BatchFormatError } from '../../event/batch.ts';
import { limits } from '../../limits.ts';
import type { ColumnTools } from '../columns/leaves.ts';
import { sorted, type RowRefs } from '../columns/order.ts';
import { NOT_STORED, RowSource } from '../columns/row-source.ts';
import { HotBlock } from './hot-block.ts';
import type { BlockContext } from './segment-block.ts';

/** A batch that is not in a segment yet. */
export interface HotEntry {
  readonly position: number;
  readonly rows: number;
  readonly bytes: ArrayBuffer;
  /** Its first rows that are in segments. */
  readonly skip: number;
}

/** A batch's rows from `skip` on. */
interface Pending {
  readonly source: RowSource;
  readonly skip: number;
}

/** Rows of some sources before they are sorted. */
interface Gathered {
  readonly refs: RowRefs;
  readonly sources: readonly RowSource[];
  readonly lastPosition: number;
  readonly textBytes: number;
}

/** What is in memory of one tenant: blocks made so far, and batches with rows of it that no search has needed yet. */
class HotTenant {
  readonly blocks: HotBlock[] = [];
  readonly pending: Pending[] = [];
}

/**
 * The batches of one ingest thread that are not in segments yet. Nothing is done with a batch until a search comes; then its rows become blocks of
 * the tenants that are searched. Blocks of a few rows are joined with their neighbours as more come, so that many tiny batches are few blocks,
 * and a row is copied only a few times.
 */
export class HotShard {
  readonly shard: number;
  /** In the order of positions. */
  readonly batches: HotEntry[] = [];
  private readonly tools: ColumnTools;
  private readonly context: BlockContext;
  private readonly key: string;
  private readonly whole: boolean;
  private readonly tenants = new Map<number, HotTenant>();
  private indexed = 0;
  private made = 0;

  /** `key`: begins the cache keys of its blocks. `whole`: with the rows that the store does not keep. */
  constructor(shard: number, tools: ColumnTools, context: BlockContext, key: string, whole = false) {
    this.shard = shard;
    this.tools = tools;
    this.context = context;
    this.key = key;
    this.whole = whole;
  }

  /** The position after the last batch. */
  get end(): number {
    const last = this.batches.at(-1);
    return last === undefined ? 0 : last.position + last.rows;
  }

  add(batch: HotEntry): void {
    this.batches.push(batch);
  }

  /** Blocks of a tenant's rows at positions before `end`. */
  blocks(tenant: number, end: number): HotBlock[] {
    this.index();
    const state = this.tenants.get(tenant);
    if (state === undefined) return [];
    this.make(tenant, state);
    return state.blocks.flatMap((block) => (block.lastPosition < end ? block : (this.before(block, end) ?? [])));
  }

  /** Notes which tenants have rows in batches that came since the last time. */
  private index(): void {
    for (; this.indexed < this.batches.length; this.indexed++) {
      const { bytes, position, skip } = this.batches[this.indexed]!;
      const source = sourceOf(bytes, position, this.whole);
      if (source === undefined) continue;
      const { origin, tenants, rows } = source.rows;
      const seen = new Uint8Array(tenants.length);
      for (let row = skip; row < rows; row++) seen[origin[row]!] = 1;
      for (const tenant of new Set(tenants.filter((number, i) => seen[i] === 1 && number !== NOT_STORED))) {
        let state = this.tenants.get(tenant);
        if (state === undefined) this.tenants.set(tenant, (state = new HotTenant()));
        state.pending.push({ source, skip });
      }
    }
  }

  /** Makes blocks of a tenant's pending rows. */
  private make(tenant: number, state: HotTenant): void {
    for (const rows of gather(tenant, state.pending.splice(0))) {
      let joined = rows;
      for (let last = state.blocks.at(-1); last !== undefined && joinable(last, joined); last = state.blocks.at(-1)) {
        joined = concat(last, joined);
        state.blocks.pop();
      }
      state.blocks.push(this.block({ ...joined, refs: sorted(joined.refs, joined.sources) }));
    }
  }

  private block(rows: Gathered): HotBlock {
    return new HotBlock(this.shard, rows, this.tools, limits.blockColumns, this.context, `${this.key}${this.made++}:`);
  }

  /** A block's rows at positions before `end`, for a search that began before the others came. */
  private before(block: HotBlock, end: number): HotBlock | undefined {
    const { refs, sources } = block.set;
    const keep: number[] = [];
    for (let q = 0; q < block.rows; q++) if (sources[refs.source[q]!]!.position(refs.row[q]!) < end) keep.push(q);
    if (keep.length === 0) return undefined;
    const kept = {
      source: Uint16Array.from(keep, (q) => refs.source[q]!),
      row: Uint16Array.from(keep, (q) => refs.row[q]!),
      time: Float64Array.from(keep, (q) => refs.time[q]!),
    };
    return this.block({ refs: kept, sources, lastPosition: end - 1, textBytes: block.textBytes });
  }
}

/** Bytes that are no batch were reported where they were read first; here they are nothing. */
function sourceOf(bytes: ArrayBuffer, position: number, whole: boolean): RowSource | undefined {
  try {
    return whole ? RowSource.ofWholeBatch(bytes, position) : RowSource.ofBatch(bytes, position);
  } catch (error) {
    if (error instanceof BatchFormatError || error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** The rows of a tenant in some sources, in portions of at most a block. */
function* gather(tenant: number, pending: readonly Pending[]): IterableIterator<Gathered> {
  let sources: RowSource[] = [];
  let refs: { source: number[]; row: number[]; time: number[] } = { source: [], row: [], time: [] };
  let textBytes = 0;
  let lastPosition = 0;
  const portion = (): Gathered => {
    const { source, row, time } = refs;
    const done = {
      refs: { source: Uint16Array.from(source), row: Uint16Array.from(row), time: Float64Array.from(time) },
      sources,
      lastPosition,
      textBytes,
    };
    sources = [];
    refs = { source: [], row: [], time: [] };
    textBytes = 0;
    return done;
  };
  for (const { source, skip } of pending) {
    const { origin, tenants, rows, time } = source.rows;
    sources.push(source);
    for (let row = skip; row < rows; row++) {
      if (tenants[origin[row]!] !== tenant) continue;
      if (refs.row.length >= limits.blockRows || textBytes >= limits.blockBytes) {
        yield portion();
        sources.push(source);
      }
      refs.source.push(sources.length - 1);
      refs.row.push(row);
      refs.time.push(time[row]!);
      textBytes += source.textBytes(row);
      lastPosition = source.position(row);
    }
  }
  if (refs.row.length > 0) yield portion();
}

/** Joining doubles the older block at most, so each row is in few joins. */
function joinable(last: HotBlock, next: Gathered): boolean {
  const rows = next.refs.row.length;
  return last.rows <= 2 * rows && last.rows + rows <= limits.blockRows && last.textBytes + next.textBytes <= limits.blockBytes;
}

function concat(last: HotBlock, next: Gathered): Gathered {
  const { refs, sources } = last.set;
  // The neighbours may share a source; giving it twice does no harm.
  const shift = sources.length;
  const rows = last.rows + next.refs.row.length;
  const joined = { source: new Uint16Array(rows), row: new Uint16Array(rows), time: new Float64Array(rows) };
  joined.source.set(refs.source);
  joined.source.set(
    next.refs.source.map((source) => source + shift),
    last.rows,
  );
  joined.row.set(refs.row);
  joined.row.set(next.refs.row, last.rows);
  joined.time.set(refs.time);
  joined.time.set(next.refs.time, last.rows);
  return {
    refs: joined,
    sources: [...sources, ...next.sources],
    lastPosition: next.lastPosition,
    textBytes: last.textBytes + next.textBytes,
  };
}
