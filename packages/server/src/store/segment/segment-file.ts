import { join } from 'node:path';
import { BlockIndex, type IndexEntry } from './block-index.ts';
import { CHUNK, DamagedError, readChunk } from './chunk.ts';
import { checkHeader, decodeFooter, FOOTER_BYTES, HEADER_BYTES, type Footer } from './footer.ts';
import type { SegmentName } from './names.ts';
import { RawFile } from './raw-file.ts';

/** A segment open for reading. It stays readable after its name is removed from the directory. */
export class SegmentFile {
  readonly name: SegmentName;
  readonly footer: Footer;
  private readonly file: RawFile;

  /** Reads the header and footer only. Throws DamagedError, or the system's error. */
  constructor(directory: string, name: SegmentName) {
    this.name = name;
    this.file = new RawFile(join(directory, name.name));
    try {
      const { bytes } = this.file;
      if (bytes < HEADER_BYTES + FOOTER_BYTES) throw new DamagedError('the segment is cut off');
      checkHeader(this.read(0, HEADER_BYTES));
      this.footer = decodeFooter(this.read(bytes - FOOTER_BYTES, FOOTER_BYTES));
      const { indexOffset, indexLength } = this.footer;
      if (indexOffset + indexLength + FOOTER_BYTES !== bytes) throw new DamagedError('the segment is not as long as its footer says');
    } catch (error) {
      this.close();
      throw error;
    }
  }

  get bytes(): number {
    return this.file.bytes;
  }

  /** Reads the index; the caller keeps it. Throws DamagedError. */
  readIndex(): BlockIndex {
    return new BlockIndex(readChunk(this.read(this.footer.indexOffset, this.footer.indexLength), 0, CHUNK.index));
  }

  /** Throws DamagedError when the file is shorter. */
  read(offset: number, length: number): Buffer {
    return this.file.read(offset, length);
  }

  /** The bytes of a block, its filter included. */
  readBlock(entry: IndexEntry): Buffer {
    return this.read(entry.offset, entry.length + entry.filterLength);
  }

  /** Idempotent. */
  close(): void {
    this.file.close();
  }
}
