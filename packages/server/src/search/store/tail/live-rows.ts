import { BatchFormatError } from '../../../event/batch.ts';
import { limits } from '../../../limits.ts';
import type { ColumnTools } from '../../../store/columns/leaves.ts';
import { sorted, type RowRefs } from '../../../store/columns/order.ts';
import { RowSource } from '../../../store/columns/row-source.ts';
import type { HotBatch } from '../../../threads/messages.ts';
import { LiveBlock } from './live-block.ts';

/** Some rows of a batch. */
interface Part {
  readonly source: RowSource;
  readonly from: number;
  readonly to: number;
}

/** What came since the last time. */
export class LiveRows {
  /** Where it ends, by shard. */
  readonly end: ReadonlyMap<number, number>;
  private readonly parts: ReadonlyMap<number, readonly Part[]>;
  private readonly tools: ColumnTools;
  private readonly made = new Map<number, LiveBlock[]>();

  constructor(end: ReadonlyMap<number, number>, parts: ReadonlyMap<number, readonly Part[]>, tools: ColumnTools) {
    this.end = end;
    this.parts = parts;
    this.tools = tools;
  }

  get empty(): boolean {
    return this.parts.size === 0;
  }

  /** Blocks of a tenant's rows; those of one shard follow each other. */
  blocks(tenant: number): readonly LiveBlock[] {
    let blocks = this.made.get(tenant);
    if (blocks === undefined) {
      blocks = [...this.parts].flatMap(([shard, parts]) => [...blocksOf(tenant, parts)].map((rows) => this.block(shard, rows)));
      this.made.set(tenant, blocks);
    }
    return blocks;
  }

  private block(shard: number, { refs, sources }: { readonly refs: RowRefs; readonly sources: readonly RowSource[] }): LiveBlock {
    return new LiveBlock(shard, sorted(refs, sources), sources, this.tools, limits.blockColumns);
  }
}

/** The rows of a tenant, in portions of at most a block. */
function* blocksOf(tenant: number, parts: readonly Part[]) {
  let sources: RowSource[] = [];
  let refs: { source: number[]; row: number[]; time: number[] } = { source: [], row: [], time: [] };
  const portion = () => {
    const { source, row, time } = refs;
    const done = { refs: { source: Uint16Array.from(source), row: Uint16Array.from(row), time: Float64Array.from(time) }, sources };
    sources = [];
    refs = { source: [], row: [], time: [] };
    return done;
  };
  for (const { source, from, to } of parts) {
    const { origin, allTenants: tenants, time } = source.rows;
    if (!tenants.includes(tenant)) continue;
    sources.push(source);
    for (let row = from; row < to; row++) {
      if (tenants[origin[row]!] !== tenant) continue;
      if (refs.row.length >= limits.blockRows) {
        yield portion();
        sources.push(source);
      }
      refs.source.push(sources.length - 1);
      refs.row.push(row);
      refs.time.push(time[row]!);
    }
  }
  if (refs.row.length > 0) yield portion();
}

interface Pending {
  readonly position: number;
  readonly rows: number;
  readonly bytes: ArrayBuffer;
  /** Rows before it were taken. */
  taken: number;
  source: RowSource | undefined;
}

/** What is known of a shard. */
interface ShardState {
  readonly pending: Pending[];
  /** The position behind what arrived. */
  seen: number;
  /** All that was received before this millisecond has arrived. */
  completeMs: number;
}

/** When rows of one shard wait for others longer than this, they wait no more. */
const HOLD_MS = 2_000;

/**
 * Batches that arrived and that no feed has seen. With several shards, rows are held until all that was received before them has arrived in every
 * shard, so that feeds have them in the order of ids; `completeMs` comes with the batches and, for shards that are idle, as an answer to `mark`.
 */
export class LiveBatches {
  private readonly shards = new Map<number, ShardState>();
  private readonly tools: ColumnTools;
  private heldSince: number | undefined;
  /** Bytes that wait. */
  private bytes = 0;

  /** `ends`: what has arrived so far, by shard: all before it is not new. */
  constructor(ends: ReadonlyMap<number, number>, tools: ColumnTools) {
    for (const [shard, seen] of ends) this.shards.set(shard, { pending: [], seen, completeMs: 0 });
    this.tools = tools;
  }

  get seen(): Map<number, number> {
    return new Map(Array.from(this.shards, ([shard, { seen }]) => [shard, seen]));
  }

  /** Where the rows begin that were not taken, by shard. */
  get begin(): Map<number, number> {
    return new Map(Array.from(this.shards, ([shard, { pending, seen }]) => [shard, beginOf(pending) ?? seen]));
  }

  get waiting(): boolean {
    return this.bytes > 0;
  }

  get overfull(): boolean {
    return this.bytes > limits.hotBytes / 4;
  }

  add({ shard, position, rows, bytes }: HotBatch): void {
    let state = this.shards.get(shard);
    if (state === undefined) this.shards.set(shard, (state = { pending: [], seen: position, completeMs: 0 }));
    if (position + rows <= state.seen || rows === 0) return;
    state.pending.push({ position, rows, bytes, taken: Math.max(0, state.seen - position), source: undefined });
    state.seen = position + rows;
    this.bytes += bytes.byteLength;
  }

  complete(shard: number, ms: number): void {
    const state = this.shards.get(shard);
    if (state !== undefined) state.completeMs = Math.max(state.completeMs, ms);
  }

  /** Takes what may be given to feeds. `live`: the shards that ingest threads write. */
  take(live: number, now: number): LiveRows {
    const until = this.untilMs(live, now);
    const parts = new Map<number, Part[]>();
    for (const [shard, state] of this.shards) {
      const taken = this.takeOf(state, until);
      if (taken.length > 0) parts.set(shard, taken);
    }
    if (!this.waiting) this.heldSince = undefined;
    else this.heldSince ??= now;
    return new LiveRows(this.begin, parts, this.tools);
  }

  /** Leaves out everything that waits; how many events of each tenant that is. */
  skip(): Map<number, number> {
    const skipped = new Map<number, number>();
    for (const state of this.shards.values()) {
      for (const part of this.takeOf(state, Infinity)) {
        const { origin, allTenants: tenants } = part.source.rows;
        for (let row = part.from; row < part.to; row++) {
          const tenant = tenants[origin[row]!]!;
          skipped.set(tenant, (skipped.get(tenant) ?? 0) + 1);
        }
      }
    }
    return skipped;
  }

  /** Rows received before this millisecond may go. */
  private untilMs(live: number, now: number): number {
    if (live <= 1 || (this.heldSince !== undefined && now - this.heldSince > HOLD_MS)) return Infinity;
    let until = Infinity;
    for (let shard = 0; shard < live; shard++) {
      const state = this.shards.get(shard);
      const last = state?.pending.at(-1);
      const source = last === undefined ? undefined : sourceOf(last);
      const arrived = source === undefined ? 0 : Math.floor(source.rows.received[last!.rows - 1]! / 1000);
      if (state !== undefined) state.completeMs = Math.max(state.completeMs, arrived);
      until = Math.min(until, state?.completeMs ?? 0);
    }
    return until;
  }

  private takeOf({ pending }: ShardState, until: number): Part[] {
    const parts: Part[] = [];
    for (let batch = pending[0]; batch !== undefined; batch = pending[0]) {
      const source = sourceOf(batch);
      const to = source === undefined ? batch.rows : rowsBefore(source, batch, until);
      if (source !== undefined && to > batch.taken) parts.push({ source, from: batch.taken, to });
      batch.taken = to;
      if (to < batch.rows) break;
      pending.shift();
      this.bytes -= batch.bytes.byteLength;
    }
    return parts;
  }
}

function beginOf(pending: readonly Pending[]): number | undefined {
  const first = pending[0];
  return first === undefined ? undefined : first.position + first.taken;
}

/** Bytes that are no batch were reported where they were read first; here they are nothing. */
function sourceOf(batch: Pending): RowSource | undefined {
  if (batch.source !== undefined) return batch.source;
  try {
    return (batch.source = RowSource.ofBatch(batch.bytes, batch.position));
  } catch (error) {
    if (error instanceof BatchFormatError || error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** The first row, from those not taken on, that was received at `until` or later. */
function rowsBefore(source: RowSource, { taken, rows }: Pending, until: number): number {
  if (until === Infinity) return rows;
  const { received } = source.rows;
  let row = taken;
  while (row < rows && received[row]! < until * 1000) row++;
  return row;
}
