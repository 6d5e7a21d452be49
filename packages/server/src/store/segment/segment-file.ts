import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { BlockIndex, type IndexEntry } from './block-index.ts';
import { CHUNK, DamagedError, readChunk } from './chunk.ts';
import { checkHeader, decodeFooter, FOOTER_BYTES, HEADER_BYTES, type Footer } from './footer.ts';
import type { SegmentName } from './names.ts';

/** A segment open for reading. It stays readable after its name is removed from the directory. */
export class SegmentFile {
  readonly name: SegmentName;
  readonly footer: Footer;
  readonly bytes: number;
  private readonly fd: number;
  private open = true;

  /** Reads the header and footer only. Throws DamagedError, or the system's error. */
  constructor(directory: string, name: SegmentName) {
    this.name = name;
    this.fd = openSync(join(directory, name.name), 'r');
    try {
      this.bytes = fstatSync(this.fd).size;
      if (this.bytes < HEADER_BYTES + FOOTER_BYTES) throw new DamagedError('the segment is cut off');
      checkHeader(this.read(0, HEADER_BYTES));
      this.footer = decodeFooter(this.read(this.bytes - FOOTER_BYTES, FOOTER_BYTES));
      const { indexOffset, indexLength } = this.footer;
      if (indexOffset + indexLength + FOOTER_BYTES !== this.bytes) throw new DamagedError('the segment is not as long as its footer says');
    } catch (error) {
      this.close();
      throw error;
    }
  }

  /** Reads the index; the caller keeps it. Throws DamagedError. */
  readIndex(): BlockIndex {
    return new BlockIndex(readChunk(this.read(this.footer.indexOffset, this.footer.indexLength), 0, CHUNK.index));
  }

  /** Throws DamagedError when the file is shorter. */
  read(offset: number, length: number): Buffer {
    const bytes = Buffer.allocUnsafeSlow(length);
    let done = 0;
    while (done < length) {
      const read = readSync(this.fd, bytes, done, length - done, offset + done);
      if (read === 0) throw new DamagedError('the segment is cut off');
      done += read;
    }
    return bytes;
  }

  /** The bytes of a block, its filter included. */
  readBlock(entry: IndexEntry): Buffer {
    return this.read(entry.offset, entry.length + entry.filterLength);
  }

  /** The word filter of a block. Throws DamagedError. */
  readFilter(entry: IndexEntry): Uint32Array {
    const raw = readChunk(this.read(entry.offset + entry.length, entry.filterLength), 0, CHUNK.filter);
    return new Uint32Array(Uint8Array.from(raw).buffer);
  }

  close(): void {
    if (!this.open) return;
    this.open = false;
    closeSync(this.fd);
  }
}
