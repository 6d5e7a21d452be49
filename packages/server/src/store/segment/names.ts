/**
 * The name of a segment says what it covers: `<shard>-<from>-<to>-<generation>.seg`, the queue positions from (inclusive) to (exclusive). So the
 * listing of the directory is the manifest.
 */
export interface SegmentName {
  readonly name: string;
  readonly shard: number;
  readonly from: number;
  readonly to: number;
  /** One more than that of the segments it was made from; 0 for a flush. */
  readonly generation: number;
}

const PATTERN = /^(\d{3})-(\d{16})-(\d{16})-(\d{6})\.seg$/;
/** Appended to the name while a segment is written. */
export const TEMPORARY = '.tmp';

export function segmentName(shard: number, from: number, to: number, generation: number): SegmentName {
  const digits = (value: number, length: number): string => String(value).padStart(length, '0');
  const name = `${digits(shard, 3)}-${digits(from, 16)}-${digits(to, 16)}-${digits(generation, 6)}.seg`;
  return { name, shard, from, to, generation };
}

/** Undefined when a file is no segment. */
export function parseSegmentName(name: string): SegmentName | undefined {
  const match = PATTERN.exec(name);
  if (match === null) return undefined;
  const [shard, from, to, generation] = match.slice(1).map(Number) as [number, number, number, number];
  return from <= to && Number.isSafeInteger(to) ? { name, shard, from, to, generation } : undefined;
}

/** True when everything in `inner` is in `outer`: a finished merge or rewriting replaces what it was made from. */
export function contains(outer: SegmentName, inner: SegmentName): boolean {
  if (outer.shard !== inner.shard || outer.from > inner.from || outer.to < inner.to) return false;
  const same = outer.from === inner.from && outer.to === inner.to;
  return !same || outer.generation > inner.generation;
}

/** By shard and position: the order in which neighbours are merged. */
export function compareNames(a: SegmentName, b: SegmentName): number {
  return a.shard - b.shard || a.from - b.from || a.to - b.to || a.generation - b.generation;
}
