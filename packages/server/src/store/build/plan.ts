import { DAY_MICROS } from '../columns/order.ts';
import { segmentName, type SegmentName } from '../segment/names.ts';
import type { CatalogEntry } from './catalog.ts';

/** So many segments of about one size become one. */
const FAN = 8;
/** No segment is made larger by merging. */
const MERGED_BYTES = 2 * 1024 ** 3;
/** Segments below this are of the lowest size; each next size is FAN times larger. */
const LOWEST_BYTES = 2 << 20;

/** Segments to be put into one. */
export interface MergePlan {
  readonly inputs: readonly CatalogEntry[];
  readonly output: SegmentName;
}

function sizeClass({ bytes }: CatalogEntry): number {
  return Math.max(0, Math.ceil(Math.log(bytes / LOWEST_BYTES) / Math.log(FAN)));
}

/** The day of a segment is that of its last event received; an empty one goes with any. */
function dayOf({ footer }: CatalogEntry): number | undefined {
  return footer.rows === 0 ? undefined : Math.floor(footer.maxReceived / DAY_MICROS);
}

/** Cuts the segments, ordered by shard and position, into runs that may be merged: the same shard and day, without a gap. */
function runs(entries: readonly CatalogEntry[]): CatalogEntry[][] {
  const out: CatalogEntry[][] = [];
  let run: CatalogEntry[] = [];
  let day: number | undefined;
  for (const entry of entries) {
    const last = run.at(-1);
    const its = dayOf(entry);
    const fits =
      last !== undefined &&
      last.name.shard === entry.name.shard &&
      last.name.to === entry.name.from &&
      (day === undefined || its === undefined || day === its);
    if (!fits) {
      run = [];
      day = undefined;
      out.push(run);
    }
    run.push(entry);
    day ??= its;
  }
  return out;
}

/** Stretches of a run in which no segment is above a size, as far as they stay below the largest merged size. */
function stretches(run: readonly CatalogEntry[], size: number): CatalogEntry[][] {
  const out: CatalogEntry[][] = [[]];
  let bytes = 0;
  for (const entry of run) {
    if (sizeClass(entry) > size || bytes + entry.bytes > MERGED_BYTES) {
      out.push([]);
      bytes = 0;
    }
    if (sizeClass(entry) > size) continue;
    out.at(-1)!.push(entry);
    bytes += entry.bytes;
  }
  return out;
}

/** How much there is besides the largest segment, compared with it: what rewriting the largest is paid for. */
function gain(stretch: readonly CatalogEntry[]): number {
  const largest = Math.max(...stretch.map((entry) => entry.bytes));
  const all = stretch.reduce((sum, entry) => sum + entry.bytes, 0);
  return (all - largest) / largest;
}

function isWorthwhile(stretch: readonly CatalogEntry[]): boolean {
  return stretch.length >= FAN && gain(stretch) >= 1;
}

/** A day that is over is brought together once more, unless that would rewrite one large segment for a little. */
function isWorthFinishing(stretch: readonly CatalogEntry[]): boolean {
  return stretch.length >= 2 && gain(stretch) >= 0.25;
}

function planOf(inputs: readonly CatalogEntry[]): MergePlan {
  const generation = Math.max(...inputs.map((entry) => entry.name.generation)) + 1;
  return { inputs, output: segmentName(inputs[0]!.name.shard, inputs[0]!.name.from, inputs.at(-1)!.name.to, generation) };
}

/**
 * The next merge that pays, or undefined. `entries` by shard and position, without those that cannot be merged. The smallest come first, so that their
 * number stays low.
 */
export function planMerge(entries: readonly CatalogEntry[], nowMs: number): MergePlan | undefined {
  const today = Math.floor((nowMs * 1000) / DAY_MICROS);
  const all = runs(entries);
  const sizes = Math.max(0, ...entries.map(sizeClass));
  for (let size = 0; size <= sizes; size++) {
    for (const run of all) {
      const stretch = stretches(run, size).find(isWorthwhile);
      if (stretch !== undefined) return planOf(stretch.slice(0, 2 * FAN));
    }
  }
  for (const run of all) {
    if (run.some((entry) => (dayOf(entry) ?? 0) >= today)) continue;
    const stretch = stretches(run, sizes).find(isWorthFinishing);
    if (stretch !== undefined) return planOf(stretch);
  }
  return undefined;
}
