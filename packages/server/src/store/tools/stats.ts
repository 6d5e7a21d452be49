import { DamagedError } from '../segment/chunk.ts';
import { SegmentFile } from '../segment/segment-file.ts';
import { quarantinedIn, segmentsIn } from './check.ts';

/** What a store holds of one tenant. Times are microseconds. */
export interface TenantStats {
  /** The tenant's internal number. */
  readonly tenant: number;
  readonly rows: number;
  readonly blocks: number;
  /** On disk, word filters included. */
  readonly bytes: number;
  readonly filterBytes: number;
  readonly minTime: number;
  readonly maxTime: number;
  readonly minReceived: number;
  readonly maxReceived: number;
}

export interface StoreStats {
  readonly segments: number;
  readonly bytes: number;
  readonly rows: number;
  readonly blocks: number;
  readonly quarantined: number;
  /** By number. */
  readonly tenants: readonly TenantStats[];
  /** Segments that cannot be read. */
  readonly unusable: readonly string[];
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** Adds up a store's indexes; reads no block. */
export function storeStats(directory: string): StoreStats {
  const tenants = new Map<number, Mutable<TenantStats>>();
  const unusable: string[] = [];
  const names = segmentsIn(directory);
  let bytes = 0;
  for (const name of names) {
    try {
      const file = new SegmentFile(directory, name);
      bytes += file.bytes;
      try {
        addSegment(file, tenants);
      } finally {
        file.close();
      }
    } catch (error) {
      if (!(error instanceof DamagedError)) throw error;
      unusable.push(name.name);
    }
  }
  const list = [...tenants.values()].sort((a, b) => a.tenant - b.tenant);
  return {
    segments: names.length,
    bytes,
    rows: list.reduce((sum, tenant) => sum + tenant.rows, 0),
    blocks: list.reduce((sum, tenant) => sum + tenant.blocks, 0),
    quarantined: quarantinedIn(directory).length,
    tenants: list,
    unusable,
  };
}

function addSegment(file: SegmentFile, tenants: Map<number, Mutable<TenantStats>>): void {
  for (const entry of file.readIndex().entries()) {
    let stats = tenants.get(entry.tenant);
    if (stats === undefined) {
      const { tenant, minTime, maxTime, minReceived, maxReceived } = entry;
      stats = { tenant, rows: 0, blocks: 0, bytes: 0, filterBytes: 0, minTime, maxTime, minReceived, maxReceived };
      tenants.set(tenant, stats);
    }
    stats.rows += entry.rows;
    stats.blocks++;
    stats.bytes += entry.length + entry.filterLength;
    stats.filterBytes += entry.filterLength;
    stats.minTime = Math.min(stats.minTime, entry.minTime);
    stats.maxTime = Math.max(stats.maxTime, entry.maxTime);
    stats.minReceived = Math.min(stats.minReceived, entry.minReceived);
    stats.maxReceived = Math.max(stats.maxReceived, entry.maxReceived);
  }
}
