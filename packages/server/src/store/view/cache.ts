/**
 * Keeps what was read or decompressed within a number of bytes, dropping what was not used for longest. One for all blocks of a thread. Keys say
 * which block and what of it.
 */
export class Cache {
  /** Bytes held. */
  bytes = 0;
  private readonly max: number;
  /** In the order of use, oldest first. */
  private readonly entries = new Map<string, { readonly value: unknown; readonly bytes: number }>();

  constructor(max: number) {
    this.max = max;
  }

  /** The value of a key, made when it is not held. `size`: its bytes. */
  get<T>(key: string, make: () => T, size: (value: T) => number): T {
    const held = this.entries.get(key);
    if (held !== undefined) {
      this.entries.delete(key);
      this.entries.set(key, held);
      return held.value as T;
    }
    const value = make();
    this.put(key, value, size(value) + 2 * key.length + 100);
    return value;
  }

  /** Drops everything whose key is one of those. */
  drop(those: (key: string) => boolean): void {
    for (const [key, { bytes }] of this.entries) {
      if (!those(key)) continue;
      this.entries.delete(key);
      this.bytes -= bytes;
    }
  }

  private put(key: string, value: unknown, bytes: number): void {
    // What is larger than half of everything would only drive out all the rest.
    if (bytes > this.max / 2) return;
    this.entries.set(key, { value, bytes });
    this.bytes += bytes;
    for (const [oldest, entry] of this.entries) {
      if (this.bytes <= this.max) break;
      this.entries.delete(oldest);
      this.bytes -= entry.bytes;
    }
  }
}
