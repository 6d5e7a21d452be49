import type { FileHandle } from 'node:fs/promises';
import { decodeRecordHeader, RECORD_HEADER_BYTES, recordBytes, recordIsSound } from './format.ts';

/** Read at once: many records of a small system, and one or two of a busy one. */
const WINDOW_BYTES = 1 << 20;
/** The search for the next sound record checks at most this many bytes of candidates more than the file has. */
const SEARCH_SLACK_BYTES = 64 << 20;

export interface StoredRecord {
  readonly kind: 'record';
  readonly offset: number;
  readonly position: number;
  readonly rows: number;
  /** The batch, valid until the next call. */
  readonly payload: Buffer;
}

/** Bytes that are no record; `tail` when no sound record follows them. */
export interface Damage {
  readonly kind: 'damage';
  readonly offset: number;
  readonly end: number;
  /** The least position that could have been there. */
  readonly position: number;
  readonly tail: boolean;
}

export type Step = StoredRecord | Damage | { readonly kind: 'end' };

export interface ReadFrom {
  /** Undefined when the file's header is damaged: then the first sound record tells. */
  readonly mark: number | undefined;
  /** Where a record begins. */
  readonly offset: number;
  /** No record from there on has a lower position. */
  readonly expected: number;
}

/** Reads the records of one file in order, several with one read, and finds its way over damaged bytes. One call at a time. */
export class RecordReader {
  offset: number;
  mark: number | undefined;
  private readonly handle: FileHandle;
  private expected: number;
  private window: Buffer = Buffer.alloc(0);
  private windowAt = 0;
  private windowBytes = 0;

  constructor(handle: FileHandle, from: ReadFrom) {
    this.handle = handle;
    this.mark = from.mark;
    this.offset = from.offset;
    this.expected = from.expected;
  }

  /**
   * The next record that ends at or before `limit`, an offset that only grows. Records at or after position `before` are the end: the next file
   * has taken their positions again.
   */
  async next(limit: number, before: number): Promise<Step> {
    if (this.offset >= limit) return { kind: 'end' };
    const record = await this.recordAt(this.offset, limit);
    if (record === undefined) return this.skipDamage(limit);
    if (record.position >= before) {
      this.offset = limit;
      return { kind: 'end' };
    }
    this.offset += recordBytes(record.payload.length);
    this.expected = record.position + record.rows;
    return record;
  }

  private async skipDamage(limit: number): Promise<Damage> {
    const { offset, expected: position } = this;
    const found = await this.search(offset + 8, limit);
    this.offset = found ?? limit;
    return { kind: 'damage', offset, end: this.offset, position, tail: found === undefined };
  }

  private async recordAt(offset: number, limit: number): Promise<StoredRecord | undefined> {
    if (offset + RECORD_HEADER_BYTES > limit || !(await this.fetch(offset, RECORD_HEADER_BYTES, limit))) return undefined;
    const header = decodeRecordHeader(this.window, offset - this.windowAt);
    if (header === undefined || header.position < this.expected || header.mark !== (this.mark ?? header.mark)) return undefined;
    const bytes = recordBytes(header.length);
    if (offset + bytes > limit || !(await this.fetch(offset, bytes, limit))) return undefined;
    const at = offset - this.windowAt;
    if (!recordIsSound(this.window, at, header)) return undefined;
    this.mark ??= header.mark;
    const start = at + RECORD_HEADER_BYTES;
    const payload = this.window.subarray(start, start + header.length);
    return { kind: 'record', offset, position: header.position, rows: header.rows, payload };
  }

  /** Makes `bytes` from `offset` on stand in the window; false when the file is shorter. */
  private async fetch(offset: number, bytes: number, limit: number): Promise<boolean> {
    const end = offset + bytes;
    if (offset >= this.windowAt && end <= this.windowAt + this.windowBytes) return true;
    const wanted = Math.min(Math.max(bytes, WINDOW_BYTES), limit - offset);
    if (this.window.length < wanted) this.window = Buffer.allocUnsafeSlow(wanted);
    this.windowAt = offset;
    this.windowBytes = 0;
    while (this.windowBytes < wanted) {
      const { bytesRead } = await this.handle.read(this.window, this.windowBytes, wanted - this.windowBytes, offset + this.windowBytes);
      if (bytesRead === 0) break;
      this.windowBytes += bytesRead;
    }
    return this.windowBytes >= bytes;
  }

  /** The offset of the next sound record from `from` on. Bounded: one pass over the bytes, and so much of checksums. */
  private async search(from: number, limit: number): Promise<number | undefined> {
    let budget = limit - from + SEARCH_SLACK_BYTES;
    for (let at = from; at + RECORD_HEADER_BYTES <= limit;) {
      const bytes = Math.min(WINDOW_BYTES, limit - at);
      if (!(await this.fetch(at, bytes, limit))) return undefined;
      for (const { offset, size } of this.candidates(at, bytes, limit)) {
        if ((budget -= size) < 0) return undefined;
        if ((await this.recordAt(offset, limit)) !== undefined) return offset;
      }
      // The last 24 bytes hold no whole header, and offsets stay multiples of 8.
      at += Math.max(8, Math.floor((bytes - 24) / 8) * 8);
    }
    return undefined;
  }

  /** Where, in so many bytes of the window, a record may begin. */
  private candidates(from: number, bytes: number, limit: number): { offset: number; size: number }[] {
    const found: { offset: number; size: number }[] = [];
    const base = from - this.windowAt;
    for (let i = 0; i + RECORD_HEADER_BYTES <= bytes; i += 8) {
      if (this.mark !== undefined && this.window.readUInt32LE(base + i) !== this.mark) continue;
      const header = decodeRecordHeader(this.window, base + i);
      if (header === undefined || header.position < this.expected) continue;
      const size = recordBytes(header.length);
      if (from + i + size <= limit) found.push({ offset: from + i, size });
    }
    return found;
  }
}
