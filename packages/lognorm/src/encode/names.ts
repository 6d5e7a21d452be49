/** Questions about names that only a line tells, answered without making strings of them. */
import type { Pairs } from '../parsers/motif.ts';

/** One of 1024 slots by length, first and last byte. */
function slotOf(length: number, first: number, last: number): number {
  return (length * 31 + first * 7 + last) & 1023;
}

function slotAt(line: Uint8Array, from: number, to: number): number {
  return to === from ? 0 : slotOf(to - from, line[from]!, line[to - 1]!);
}

/** A set of names that may answer yes for others too. */
export class NameFilter {
  private readonly slots = new Uint8Array(1024);

  /** Adds a byte string. */
  add(name: string): void {
    const { length } = name;
    this.slots[length === 0 ? 0 : slotOf(length, name.charCodeAt(0), name.charCodeAt(length - 1))] = 1;
  }

  mayContainAny(line: Uint8Array, pairs: Pairs): boolean {
    const { offsets, length } = pairs;
    for (let i = 0; i < length; i += 4) if (this.slots[slotAt(line, offsets[i]!, offsets[i + 1]!)] === 1) return true;
    return false;
  }
}

/** Tells whether the names of pairs differ. */
export class NameComparer {
  private readonly stamps = new Int32Array(1024);
  private stamp = 0;

  /** Whether all names certainly differ. */
  areDistinct(line: Uint8Array, pairs: Pairs): boolean {
    const { offsets, length } = pairs;
    const { stamps } = this;
    this.stamp = (this.stamp + 1) | 0;
    for (let i = 0; i < length; i += 4) {
      const slot = slotAt(line, offsets[i]!, offsets[i + 1]!);
      if (stamps[slot] === this.stamp && occursBefore(line, offsets, i)) return false;
      stamps[slot] = this.stamp;
    }
    return true;
  }
}

/** Pairs before a given one that it is compared with; more count as a repetition. */
const MAX_COMPARED = 64;

function occursBefore(line: Uint8Array, offsets: Int32Array, index: number): boolean {
  if (index > MAX_COMPARED * 4) return true;
  const from = offsets[index]!;
  const length = offsets[index + 1]! - from;
  for (let i = 0; i < index; i += 4) {
    const other = offsets[i]!;
    if (offsets[i + 1]! - other !== length) continue;
    let same = 0;
    while (same < length && line[from + same] === line[other + same]) same += 1;
    if (same === length) return true;
  }
  return false;
}
