import { DamagedError } from './chunk.ts';
import type { BlockBounds } from './directory.ts';

/** Where a block lies in its file: `offset`, then `length` bytes of chunks (the first is `directoryLength` long), then the filter. */
export interface IndexEntry extends BlockBounds {
  readonly offset: number;
  readonly length: number;
  readonly directoryLength: number;
  readonly filterLength: number;
}

const WIDE = 7;
const NARROW = 4;

/**
 * The index of a segment: for each block its bounds and place, ordered by tenant and then time, and a table of the tenants. Columns of numbers
 * read in place, so that opening costs nothing per block and the blocks of a tenant are found by bisection.
 */
export class BlockIndex {
  readonly blocks: number;
  readonly tenants: number;
  readonly bytes: number;
  private readonly tenantNumbers: Float64Array;
  /** Blocks of tenant t: firsts[t] to firsts[t + 1] - 1. */
  private readonly firsts: Uint32Array;
  readonly minTime: Float64Array;
  readonly maxTime: Float64Array;
  readonly minReceived: Float64Array;
  readonly maxReceived: Float64Array;
  readonly minPosition: Float64Array;
  readonly maxPosition: Float64Array;
  readonly offset: Float64Array;
  readonly rows: Uint32Array;
  readonly length: Uint32Array;
  readonly directoryLength: Uint32Array;
  readonly filterLength: Uint32Array;

  /** `raw`: what `encodeIndex` made. Throws DamagedError. */
  constructor(raw: Buffer) {
    // Own memory, aligned.
    const buffer = new ArrayBuffer(raw.length);
    new Uint8Array(buffer).set(raw);
    const [blocks, tenants] = raw.length < 8 ? [0, 0] : new Uint32Array(buffer, 0, 2);
    this.blocks = blocks!;
    this.tenants = tenants!;
    this.bytes = raw.length;
    if (raw.length !== indexBytes(this.blocks, this.tenants))
      throw new DamagedError('the index of a segment is not as long as it should be');
    let at = 8;
    const wide = (count: number): Float64Array => {
      const column = new Float64Array(buffer, at, count);
      at += column.byteLength;
      return column;
    };
    const narrow = (count: number): Uint32Array => {
      const column = new Uint32Array(buffer, at, count);
      at += column.byteLength;
      return column;
    };
    this.tenantNumbers = wide(this.tenants);
    this.minTime = wide(this.blocks);
    this.maxTime = wide(this.blocks);
    this.minReceived = wide(this.blocks);
    this.maxReceived = wide(this.blocks);
    this.minPosition = wide(this.blocks);
    this.maxPosition = wide(this.blocks);
    this.offset = wide(this.blocks);
    this.rows = narrow(this.blocks);
    this.length = narrow(this.blocks);
    this.directoryLength = narrow(this.blocks);
    this.filterLength = narrow(this.blocks);
    this.firsts = narrow(this.tenants + 1);
  }

  /** The blocks of a tenant: from the first to before the second. */
  range(tenant: number): readonly [number, number] {
    let low = 0;
    let high = this.tenants;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.tenantNumbers[middle]! < tenant) low = middle + 1;
      else high = middle;
    }
    return low < this.tenants && this.tenantNumbers[low] === tenant ? [this.firsts[low]!, this.firsts[low + 1]!] : [0, 0];
  }

  /** Every tenant with its blocks, as `range` gives them. */
  *ranges(): IterableIterator<{ readonly tenant: number; readonly from: number; readonly to: number }> {
    for (let t = 0; t < this.tenants; t++) yield { tenant: this.tenantNumbers[t]!, from: this.firsts[t]!, to: this.firsts[t + 1]! };
  }

  entry(tenant: number, block: number): IndexEntry {
    return {
      tenant,
      rows: this.rows[block]!,
      minTime: this.minTime[block]!,
      maxTime: this.maxTime[block]!,
      minReceived: this.minReceived[block]!,
      maxReceived: this.maxReceived[block]!,
      minPosition: this.minPosition[block]!,
      maxPosition: this.maxPosition[block]!,
      offset: this.offset[block]!,
      length: this.length[block]!,
      directoryLength: this.directoryLength[block]!,
      filterLength: this.filterLength[block]!,
    };
  }

  *entries(): IterableIterator<IndexEntry> {
    for (const { tenant, from, to } of this.ranges()) for (let block = from; block < to; block++) yield this.entry(tenant, block);
  }
}

function indexBytes(blocks: number, tenants: number): number {
  return 8 + tenants * 8 + blocks * (8 * WIDE + 4 * NARROW) + 4 * (tenants + 1);
}

/** The bytes of an index over these blocks. */
export function encodeIndex(entries: readonly IndexEntry[]): Buffer {
  const sorted = [...entries].sort((a, b) => a.tenant - b.tenant || a.minTime - b.minTime || a.offset - b.offset);
  const tenants = [...new Set(sorted.map((entry) => entry.tenant))];
  const out = Buffer.alloc(indexBytes(sorted.length, tenants.length));
  let at = out.writeUInt32LE(tenants.length, out.writeUInt32LE(sorted.length, 0));
  const wide = (value: number): void => void (at = out.writeDoubleLE(value, at));
  const narrow = (value: number): void => void (at = out.writeUInt32LE(value, at));
  tenants.forEach(wide);
  for (const key of ['minTime', 'maxTime', 'minReceived', 'maxReceived', 'minPosition', 'maxPosition', 'offset'] as const) {
    for (const entry of sorted) wide(entry[key]);
  }
  for (const key of ['rows', 'length', 'directoryLength', 'filterLength'] as const) for (const entry of sorted) narrow(entry[key]);
  for (const first of firstBlocks(sorted)) narrow(first);
  return out;
}

function firstBlocks(sorted: readonly IndexEntry[]): number[] {
  const firsts: number[] = [];
  for (const [i, entry] of sorted.entries()) if (entry.tenant !== sorted[i - 1]?.tenant) firsts.push(i);
  return [...firsts, sorted.length];
}
