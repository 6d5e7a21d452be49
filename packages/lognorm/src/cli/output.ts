/** Standard output in large pieces. */
import { writeSync } from 'node:fs';
import { ByteSink } from '../encode/sink.ts';
import { pause } from './lines.ts';

const FLUSH_BYTES = 256 * 1024;

/** The reader of our output has gone. */
export class OutputClosed extends Error {}

export class Output {
  readonly sink = new ByteSink(FLUSH_BYTES * 2);
  private readonly descriptor: number;

  constructor(descriptor: number) {
    this.descriptor = descriptor;
  }

  /** Ends a line, and writes when there is enough. */
  endLine(): void {
    this.sink.appendByte(10);
    if (this.sink.length >= FLUSH_BYTES) this.flush();
  }

  flush(): void {
    writeFully(this.descriptor, this.sink.view());
    this.sink.clear();
  }
}

export function writeFully(descriptor: number, bytes: Uint8Array): void {
  let at = 0;
  while (at < bytes.length) {
    try {
      at += writeSync(descriptor, bytes, at, bytes.length - at);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'EPIPE') throw new OutputClosed();
      if (code !== 'EAGAIN') throw error;
      pause();
    }
  }
}
