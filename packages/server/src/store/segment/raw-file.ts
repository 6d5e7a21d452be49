import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { DamagedError } from './chunk.ts';

/** A file open for reading at any place. */
export class RawFile {
  readonly bytes: number;
  private readonly fd: number;
  private open = true;

  constructor(path: string) {
    this.fd = openSync(path, 'r');
    this.bytes = fstatSync(this.fd).size;
  }

  /** Throws DamagedError when the file is shorter. */
  read(offset: number, length: number): Buffer {
    if (offset < 0 || offset + length > this.bytes) throw new DamagedError('the segment is cut off');
    const bytes = Buffer.allocUnsafeSlow(length);
    let done = 0;
    while (done < length) {
      const read = readSync(this.fd, bytes, done, length - done, offset + done);
      if (read === 0) throw new DamagedError('the segment is cut off');
      done += read;
    }
    return bytes;
  }

  /** Idempotent. */
  close(): void {
    if (!this.open) return;
    this.open = false;
    closeSync(this.fd);
  }
}
