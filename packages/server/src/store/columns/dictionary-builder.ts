import { Dictionary, NO_STRING } from './text-run.ts';

/** A dictionary of leaf strings has at most so many values: those are what a search may see without reading the column. */
export const DICTIONARY_VALUES = 1_024;
/** Strings looked at before a column with mostly distinct ones is given up as a dictionary. */
const TRIAL = 192;
const SLOTS = 4_096;
/** Nor does it hold more bytes: dictionaries are in the directory of a block, which every search reads. */
const POOL_BYTES = 64 << 10;

/**
 * Finds the distinct strings of a column by hashing their bytes, so that no JavaScript string is made of a value that was met before.
 * Reused from column to column.
 */
export class DictionaryBuilder {
  private readonly slots = new Uint16Array(SLOTS);
  private readonly hashes = new Uint32Array(DICTIONARY_VALUES);
  private readonly starts = new Uint32Array(DICTIONARY_VALUES + 1);
  private readonly pool = Buffer.allocUnsafeSlow(POOL_BYTES);
  private count = 0;
  private added = 0;

  begin(): void {
    if (this.count > 0) this.slots.fill(0);
    this.count = 0;
    this.added = 0;
  }

  /** The index of bytes `from` to `to` of a heap, or -1 when the column is better kept as texts. */
  index(heap: Buffer, from: number, to: number): number {
    let hash = 0x811c9dc5 | 0;
    for (let i = from; i < to; i++) hash = Math.imul(hash ^ heap[i]!, 0x01000193);
    hash = (hash ^ (hash >>> 15)) >>> 0;
    let slot = hash & (SLOTS - 1);
    for (;;) {
      const held = this.slots[slot]!;
      if (held === 0) return this.insert(slot, hash, heap, from, to);
      if (this.hashes[held - 1] === hash && this.same(held - 1, heap, from, to)) {
        this.added++;
        return held - 1;
      }
      slot = (slot + 1) & (SLOTS - 1);
    }
  }

  /** The dictionary with the index of each entry (NO_STRING where there is none). */
  finish(index: Uint16Array): Dictionary {
    const values: string[] = [];
    for (let i = 0; i < this.count; i++) values.push(this.pool.utf8Slice(this.starts[i]!, this.starts[i + 1]!));
    return new Dictionary(values, index);
  }

  private insert(slot: number, hash: number, heap: Buffer, from: number, to: number): number {
    const n = this.count;
    const at = this.starts[n]!;
    const end = at + to - from;
    if (n === DICTIONARY_VALUES || end > POOL_BYTES || (this.added >= TRIAL && n * 2 > this.added)) return -1;
    heap.copy(this.pool, at, from, to);
    this.starts[n + 1] = end;
    this.hashes[n] = hash;
    this.slots[slot] = n + 1;
    this.count = n + 1;
    this.added++;
    return n;
  }

  private same(value: number, heap: Buffer, from: number, to: number): boolean {
    let at = this.starts[value]!;
    if (this.starts[value + 1]! - at !== to - from) return false;
    const pool = this.pool;
    for (let i = from; i < to; i++) if (pool[at++] !== heap[i]) return false;
    return true;
  }
}

/** Indexes for entries of which none has a string yet. */
export function noStrings(entries: number): Uint16Array {
  return new Uint16Array(entries).fill(NO_STRING);
}
