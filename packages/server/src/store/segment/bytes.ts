import { DamagedError } from './chunk.ts';

/** Writes little-endian numbers and bytes one after the other. */
export class ByteWriter {
  private bytes: Buffer;
  private at = 0;

  constructor(size = 64 << 10) {
    this.bytes = Buffer.allocUnsafeSlow(size);
  }

  get length(): number {
    return this.at;
  }

  u8(value: number): void {
    this.reserve(1);
    this.bytes[this.at++] = value;
  }

  u32(value: number): void {
    this.reserve(4);
    this.at = this.bytes.writeUInt32LE(value, this.at);
  }

  f64(value: number): void {
    this.reserve(8);
    this.at = this.bytes.writeDoubleLE(value, this.at);
  }

  put(bytes: Uint8Array): void {
    this.reserve(bytes.length);
    this.bytes.set(bytes, this.at);
    this.at += bytes.length;
  }

  /** A text with its length before it. */
  text(text: string): void {
    const length = Buffer.byteLength(text);
    this.u32(length);
    this.reserve(length);
    this.bytes.utf8Write(text, this.at, length);
    this.at += length;
  }

  /** Room for `count` bytes, to be filled by the caller at once. */
  room(count: number): Buffer {
    this.reserve(count);
    const room = this.bytes.subarray(this.at, this.at + count);
    this.at += count;
    return room;
  }

  /** What was written from `from` on; valid until the next `clear`. */
  view(from = 0): Buffer {
    return this.bytes.subarray(from, this.at);
  }

  clear(): void {
    this.at = 0;
  }

  private reserve(count: number): void {
    if (this.at + count <= this.bytes.length) return;
    const bytes = Buffer.allocUnsafeSlow(Math.max(this.bytes.length * 2, this.at + count));
    this.bytes.copy(bytes, 0, 0, this.at);
    this.bytes = bytes;
  }
}

/** Reads what ByteWriter wrote. Throws DamagedError when there is not enough. */
export class ByteReader {
  private readonly bytes: Buffer;
  private at: number;
  private readonly end: number;

  constructor(bytes: Buffer, from = 0, end = bytes.length) {
    this.bytes = bytes;
    this.at = from;
    this.end = end;
    if (end > bytes.length || from > end) throw new DamagedError('a column is not where it should be');
  }

  u8(): number {
    return this.bytes[this.take(1)]!;
  }

  u32(): number {
    return this.bytes.readUInt32LE(this.take(4));
  }

  f64(): number {
    return this.bytes.readDoubleLE(this.take(8));
  }

  /** A view of the next bytes. */
  get(count: number): Buffer {
    const from = this.take(count);
    return this.bytes.subarray(from, from + count);
  }

  text(): string {
    const length = this.u32();
    const from = this.take(length);
    return this.bytes.utf8Slice(from, from + length);
  }

  private take(count: number): number {
    const from = this.at;
    this.at += count;
    if (this.at > this.end) throw new DamagedError('a column is cut off');
    return from;
  }
}
