import { isAscii } from 'node:buffer';
import type { DictionaryStrings, TextStrings } from '../block.ts';

const NEWLINE = 10;
const NO_BYTES = Buffer.alloc(0);

/** Texts as one run of UTF-8, each followed by a newline (block.ts). */
export class TextRun implements TextStrings {
  readonly kind = 'text';
  readonly bytes: Buffer;
  readonly starts: Uint32Array;
  readonly ascii: boolean;
  private readonly singleLines: boolean;
  private text_: string | undefined;

  /** `singleLines`: it is known that no text has a newline in itself. */
  constructor(bytes: Buffer, starts: Uint32Array, ascii: boolean, singleLines = false) {
    this.bytes = bytes;
    this.starts = starts;
    this.ascii = ascii;
    this.singleLines = singleLines;
  }

  /** True when no text has a newline in itself: the newlines then say where texts start. */
  get lines(): boolean {
    if (this.singleLines) return true;
    const { bytes, starts } = this;
    for (let i = 0; i + 1 < starts.length; i++) if (bytes.indexOf(NEWLINE, starts[i]) !== starts[i + 1]! - 1) return false;
    return true;
  }

  text(): string {
    return (this.text_ ??= this.bytes.latin1Slice(0, this.bytes.length));
  }

  value(entry: number): string {
    const start = this.starts[entry]!;
    const end = this.starts[entry + 1]! - 1;
    return this.ascii ? this.bytes.latin1Slice(start, end) : this.bytes.utf8Slice(start, end);
  }
}

/** Entries of a dictionary that have no string. */
export const NO_STRING = 0xffff;

export class Dictionary implements DictionaryStrings {
  readonly kind = 'dictionary';
  readonly values: readonly string[];
  readonly index: Uint16Array;

  constructor(values: readonly string[], index: Uint16Array) {
    this.values = values;
    this.index = index;
  }

  /** How many entries have each value. */
  counts(): number[] {
    const counts = new Array<number>(this.values.length).fill(0);
    for (const index of this.index) if (index !== NO_STRING) counts[index]!++;
    return counts;
  }
}

/** Collects texts into a run. */
export class TextRunBuilder {
  private bytes: Buffer;
  private used = 0;
  private readonly starts: Uint32Array;
  private count = 0;

  /** Room for `bytes` of texts, newlines included, and for `entries` texts; the bytes grow when need be. */
  constructor(entries: number, bytes: number) {
    this.bytes = bytes === 0 ? NO_BYTES : Buffer.allocUnsafeSlow(bytes);
    this.starts = new Uint32Array(entries + 1);
  }

  /** Adds bytes `from` to `to` of a heap. */
  add(heap: Buffer, from: number, to: number): void {
    let at = this.used;
    if (at + to - from + 1 > this.bytes.length) this.grow(to - from + 1);
    const bytes = this.bytes;
    if (to - from < 24) for (let i = from; i < to; i++) bytes[at++] = heap[i]!;
    else at += heap.copy(bytes, at, from, to);
    bytes[at++] = NEWLINE;
    this.used = at;
    this.starts[++this.count] = at;
  }

  addEmpty(): void {
    if (this.used === this.bytes.length) this.grow(1);
    this.bytes[this.used++] = NEWLINE;
    this.starts[++this.count] = this.used;
  }

  /** The run of what was added; the builder is of no further use. `singleLines` as in TextRun. */
  run(singleLines: boolean): TextRun {
    const bytes = this.bytes.subarray(0, this.used);
    return new TextRun(bytes, this.starts, isAscii(bytes), singleLines);
  }

  private grow(needed: number): void {
    const bytes = Buffer.allocUnsafeSlow(Math.max(this.bytes.length * 2, this.used + needed, 256));
    this.bytes.copy(bytes, 0, 0, this.used);
    this.bytes = bytes;
  }
}
