/** Lines of a file descriptor, read in large chunks without a copy per line. */
import { readSync } from 'node:fs';

const CHUNK_BYTES = 256 * 1024;
/** Longer lines are cut into pieces of this size. */
const MAX_LINE_BYTES = 16 * 1024 * 1024;

/** Called with whole lines only, `bytes[from..to)` without LF and one CR before it. `clean` says that no NUL is in the chunk. */
export type LineVisitor = (bytes: Buffer, from: number, to: number, clean: boolean) => void;

/** Reads a descriptor that may be set to non-blocking; 0 at the end. */
export function readSome(descriptor: number, into: Buffer, at: number): number {
  for (;;) {
    try {
      return readSync(descriptor, into, at, into.length - at, null);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'EOF') return 0;
      if (code !== 'EAGAIN') throw error;
      pause();
    }
  }
}

/** Waits a little, for a descriptor that is not ready. */
export function pause(): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
}

/** Visits all lines; `chunkDone` is called whenever all that was read so far is visited, before waiting for more. */
export function forEachLine(descriptor: number, visit: LineVisitor, chunkDone: () => void): void {
  let buffer = Buffer.allocUnsafeSlow(CHUNK_BYTES);
  let held = 0;
  for (;;) {
    const got = readSome(descriptor, buffer, held);
    if (got === 0) break;
    const filled = held + got;
    const clean = !buffer.subarray(0, filled).includes(0);
    const rest = visitWhole(buffer, filled, clean, visit);
    chunkDone();
    held = filled - rest;
    if (rest > 0) buffer.copyWithin(0, rest, filled);
    else if (held >= MAX_LINE_BYTES) {
      visit(buffer, 0, held, clean);
      held = 0;
    }
    if (buffer.length - held < CHUNK_BYTES / 4) {
      const larger = Buffer.allocUnsafeSlow(buffer.length * 2);
      buffer.copy(larger, 0, 0, held);
      buffer = larger;
    }
  }
  // The last line may lack its LF; nothing of it is lost.
  if (held > 0) visit(buffer, 0, held, !buffer.subarray(0, held).includes(0));
  chunkDone();
}

/** Visits the lines that end within `filled` bytes. Returns the offset of what is left. */
function visitWhole(buffer: Buffer, filled: number, clean: boolean, visit: LineVisitor): number {
  let from = 0;
  for (;;) {
    const end = buffer.indexOf(10, from);
    if (end < 0 || end >= filled) return from;
    visit(buffer, from, end > from && buffer[end - 1] === 13 ? end - 1 : end, clean);
    from = end + 1;
  }
}
