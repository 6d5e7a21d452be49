import { LEAF } from './leaf.ts';

/** Marks an index of a text that was added as a string, until `resolve` says where it lies in the heap. */
export const AS_STRING = 0x8000_0000;

/** The leaves of the batch under construction: a tag and eight bytes each. Entries from `count` on are free. */
export class LeafList {
  count = 0;
  tags = new Uint8Array(65_536);
  values = new Float64Array(65_536);
  private texts = new Uint32Array(this.values.buffer);

  number(value: number): void {
    const i = this.add(LEAF.number);
    this.values[i] = value;
  }

  /** null, true or false. */
  simple(tag: number): void {
    this.add(tag);
  }

  /** A text, or a number kept as its text, that was added as a string. */
  string(tag: number, index: number): void {
    const i = this.add(tag);
    this.texts[2 * i] = AS_STRING | index;
  }

  /** A text in the heap. */
  heap(from: number, to: number): void {
    const i = this.add(LEAF.string);
    this.texts[2 * i] = from;
    this.texts[2 * i + 1] = to - from;
  }

  /** Gives texts that were added as strings their places in the heap. */
  resolve(starts: Uint32Array, lengths: Uint32Array): void {
    for (let i = 0; i < this.count; i++) {
      if (this.tags[i]! < LEAF.string) continue;
      const text = this.texts[2 * i]! - AS_STRING;
      if (text < 0) continue;
      this.texts[2 * i] = starts[text]!;
      this.texts[2 * i + 1] = lengths[text]!;
    }
  }

  private add(tag: number): number {
    const i = this.count++;
    if (i === this.tags.length) this.grow();
    this.tags[i] = tag;
    return i;
  }

  private grow(): void {
    const tags = new Uint8Array(this.tags.length * 2);
    tags.set(this.tags);
    const values = new Float64Array(tags.length);
    // Through bytes: payloads of texts read as doubles may be NaNs whose bits need not survive.
    new Uint8Array(values.buffer).set(new Uint8Array(this.values.buffer));
    this.tags = tags;
    this.values = values;
    this.texts = new Uint32Array(values.buffer);
  }
}
