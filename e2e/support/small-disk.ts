import { execFile } from 'node:child_process';
import { closeSync, openSync, rmSync, statfsSync, writeSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { onEnd, temporaryDirectory, type Cleanup } from '@meniscus/testkit';

const execute = promisify(execFile);
const PIECE = Buffer.alloc(64 << 10, 0x2e);

/** A file system in memory with so many bytes, where a file can take the room away and give it back. */
export class SmallDisk {
  readonly directory: string;
  private readonly ballast: string;

  constructor(directory: string) {
    this.directory = directory;
    this.ballast = path.join(directory, 'ballast');
  }

  get free(): number {
    const { bavail, bsize } = statfsSync(this.directory);
    return bavail * bsize;
  }

  /** Fills it until about so many bytes are free. */
  fill(left: number): void {
    const fd = openSync(this.ballast, 'a');
    try {
      while (this.free > left) writeSync(fd, PIECE, 0, Math.min(PIECE.length, Math.max(1, this.free - left)));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
    } finally {
      closeSync(fd);
    }
  }

  /** Gives all the room back. */
  empty(): void {
    rmSync(this.ballast, { force: true });
  }
}

/** Mounts one; a text that says why when this computer does not allow it, which no installation can change. */
export async function smallDisk(t: Cleanup, bytes: number): Promise<SmallDisk | string> {
  const directory = temporaryDirectory(t);
  try {
    await execute('mount', ['-t', 'tmpfs', '-o', `size=${bytes},mode=700`, 'meniscus-e2e', directory]);
  } catch (error) {
    const reason = `no small file system can be mounted here: ${error instanceof Error ? error.message : String(error)}`;
    console.error(`SKIPPED: ${reason}`);
    return reason;
  }
  onEnd(t, async () => void (await execute('umount', ['-l', directory])));
  return new SmallDisk(directory);
}
