import { NOT_STORED, type RowSource } from './row-source.ts';

export const DAY_MICROS = 86_400_000_000;

/** Some rows of some sources, in the order of a block: row q is row `row[q]` of `sources[source[q]]`. */
export interface RowRefs {
  readonly source: Uint16Array;
  readonly row: Uint16Array;
  readonly time: Float64Array;
}

/** The rows of one tenant received on one day, by time, then received millisecond, then position: the order of (time, id). */
export interface RowGroup extends RowRefs {
  readonly tenant: number;
  readonly day: number;
}

interface Grouping {
  readonly groupOf: Uint32Array;
  readonly groups: { tenant: number; day: number; rows: number }[];
}

/** Numbers the groups (tenant and day) and says which one each row is in. `SKIP` marks rows that are left out. */
const SKIP = 0xffff_ffff;

class Grouper {
  readonly groups: { tenant: number; day: number; rows: number }[] = [];
  private readonly ids = new Map<number, Map<number, number>>();
  private readonly keep: (tenant: number) => boolean;

  constructor(keep: (tenant: number) => boolean) {
    this.keep = keep;
  }

  id(tenant: number, day: number): number {
    if (tenant === NOT_STORED || !this.keep(tenant)) return SKIP;
    let days = this.ids.get(tenant);
    if (days === undefined) this.ids.set(tenant, (days = new Map()));
    let id = days.get(day);
    if (id === undefined) {
      id = this.groups.length;
      days.set(day, id);
      this.groups.push({ tenant, day, rows: 0 });
    }
    return id;
  }

  /** Writes the group of each row of a source at `at` and on. */
  source(source: RowSource, from: number, groupOf: Uint32Array, at: number): void {
    const { received, origin, tenants, rows } = source.rows;
    let dayStart = 0;
    let dayEnd = 0;
    const byOrigin = new Float64Array(tenants.length);
    for (let row = from; row < rows; row++) {
      const when = received[row]!;
      if (when < dayStart || when >= dayEnd) {
        dayStart = Math.floor(when / DAY_MICROS) * DAY_MICROS;
        dayEnd = dayStart + DAY_MICROS;
        byOrigin.fill(-1);
      }
      const o = origin[row]!;
      let id = byOrigin[o]!;
      if (id < 0) {
        id = this.id(tenants[o]!, dayStart / DAY_MICROS);
        byOrigin[o] = id;
      }
      groupOf[at + row - from] = id;
      if (id !== SKIP) this.groups[id]!.rows++;
    }
  }
}

function grouping(sources: readonly RowSource[], skips: readonly number[], total: number, keep: (tenant: number) => boolean): Grouping {
  const grouper = new Grouper(keep);
  const groupOf = new Uint32Array(total);
  let at = 0;
  for (const [i, source] of sources.entries()) {
    grouper.source(source, skips[i]!, groupOf, at);
    at += source.rows.rows - skips[i]!;
  }
  return { groupOf, groups: grouper.groups };
}

/**
 * Sorts the rows of at most 65,535 sources into groups, ordered by tenant and day. Rows before `skips[i]` of source i are left out, and so are
 * tenants that `keep` refuses.
 */
export function groupRows(sources: readonly RowSource[], skips: readonly number[], keep: (tenant: number) => boolean): RowGroup[] {
  let total = 0;
  for (const [i, source] of sources.entries()) total += source.rows.rows - skips[i]!;
  const { groupOf, groups } = grouping(sources, skips, total, keep);
  const order = [...groups.keys()].sort((a, b) => groups[a]!.tenant - groups[b]!.tenant || groups[a]!.day - groups[b]!.day);
  const starts = new Uint32Array(groups.length);
  let kept = 0;
  for (const id of order) {
    starts[id] = kept;
    kept += groups[id]!.rows;
  }
  const all = scatter(sources, skips, groupOf, starts.slice(), kept);
  return order.map((id) => {
    const { tenant, day, rows } = groups[id]!;
    return { tenant, day, ...sorted(slice(all, starts[id]!, starts[id]! + rows), sources) };
  });
}

function scatter(sources: readonly RowSource[], skips: readonly number[], groupOf: Uint32Array, next: Uint32Array, total: number): RowRefs {
  const out = { source: new Uint16Array(total), row: new Uint16Array(total), time: new Float64Array(total) };
  let i = 0;
  for (const [s, source] of sources.entries()) {
    const { rows, time } = source.rows;
    for (let row = skips[s]!; row < rows; row++) {
      const group = groupOf[i++]!;
      if (group === SKIP) continue;
      const at = next[group]!++;
      out.source[at] = s;
      out.row[at] = row;
      out.time[at] = time[row]!;
    }
  }
  return out;
}

/** Part of some rows, as views. */
export function slice(refs: RowRefs, from: number, to: number): RowRefs {
  return { source: refs.source.subarray(from, to), row: refs.row.subarray(from, to), time: refs.time.subarray(from, to) };
}

/** Compares rows with equal times: the order of their ids. */
function compareIds(refs: RowRefs, sources: readonly RowSource[], a: number, b: number): number {
  const sourceA = sources[refs.source[a]!]!;
  const sourceB = sources[refs.source[b]!]!;
  const rowA = refs.row[a]!;
  const rowB = refs.row[b]!;
  const ms = Math.floor(sourceA.rows.received[rowA]! / 1000) - Math.floor(sourceB.rows.received[rowB]! / 1000);
  return ms === 0 ? sourceA.position(rowA) - sourceB.position(rowB) : ms;
}

/** The rows in order; the same object when they already are, which is usual: events come about as they happen. */
export function sorted(refs: RowRefs, sources: readonly RowSource[]): RowRefs {
  const { time } = refs;
  const starts = runStarts(refs, sources);
  if (starts.length === 2) return refs;
  const order = mergeRuns(starts, (a, b) => {
    const difference = time[a]! - time[b]!;
    return difference === 0 ? compareIds(refs, sources, a, b) : difference;
  });
  const out = { source: new Uint16Array(time.length), row: new Uint16Array(time.length), time: new Float64Array(time.length) };
  for (let i = 0; i < order.length; i++) {
    const from = order[i]!;
    out.source[i] = refs.source[from]!;
    out.row[i] = refs.row[from]!;
    out.time[i] = time[from]!;
  }
  return out;
}

/** Where ascending runs begin, and the end. */
function runStarts(refs: RowRefs, sources: readonly RowSource[]): number[] {
  const { time } = refs;
  const starts = [0];
  for (let i = 1; i < time.length; i++) {
    const before = time[i - 1]!;
    const at = time[i]!;
    if (at < before || (at === before && compareIds(refs, sources, i - 1, i) > 0)) starts.push(i);
  }
  starts.push(time.length);
  return starts;
}

/** Natural merge sort: neighbouring runs are merged until one is left. */
function mergeRuns(starts: number[], compare: (a: number, b: number) => number): Uint32Array {
  const length = starts.at(-1)!;
  let from = Uint32Array.from({ length }, (_, i) => i);
  let to = new Uint32Array(length);
  while (starts.length > 2) {
    const next: number[] = [];
    for (let run = 0; run + 1 < starts.length; run += 2) {
      const end = starts[run + 2] ?? starts[run + 1]!;
      mergeTwo(from, to, starts[run]!, starts[run + 1]!, end, compare);
      next.push(starts[run]!);
    }
    next.push(length);
    starts = next;
    [from, to] = [to, from];
  }
  return from;
}

function mergeTwo(
  from: Uint32Array,
  to: Uint32Array,
  start: number,
  middle: number,
  end: number,
  compare: (a: number, b: number) => number,
): void {
  let [left, right] = [start, middle];
  for (let out = start; out < end; out++) {
    if (left < middle && (right >= end || compare(from[left]!, from[right]!) <= 0)) to[out] = from[left++]!;
    else to[out] = from[right++]!;
  }
}
