import { mkdir, open, unlink, type FileHandle } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { syncDirectory, type QueueLogger } from './io.ts';
import type { LogFile } from './log-files.ts';
import type { Damage } from './record-reader.ts';

const COPY_BYTES = 1 << 20;

/** Copies damaged bytes aside, once, and counts them. Reading goes on after them; the file itself is not changed. */
export class Quarantine {
  private readonly directory: string;
  private readonly log: QueueLogger | undefined;
  private readonly known = new Set<string>();
  /** Damaged places met since the log was opened. */
  count = 0;

  constructor(logDirectory: string, log: QueueLogger | undefined) {
    this.directory = join(logDirectory, 'quarantine');
    this.log = log;
  }

  /** Sets the damage aside and reports it, the first time that it is met. */
  async add(file: LogFile, damage: Damage, next: number | undefined): Promise<void> {
    const name = `${basename(file.path)}-offset-${damage.offset}-position-${damage.position}.bad`;
    if (this.known.has(name)) return;
    this.known.add(name);
    this.count++;
    const copy = await this.copy(file, damage, name);
    const { offset, end, position } = damage;
    this.log?.error({ file: file.path, offset, bytes: end - offset, position, next, copy }, 'a damaged record of the queue log is skipped');
  }

  /** The path of the copy; undefined when there can be none, which must not keep the log from being read. */
  async copy(file: LogFile, { offset, end }: Damage, name: string): Promise<string | undefined> {
    const path = join(this.directory, name);
    try {
      await mkdir(this.directory, { recursive: true });
      const from = await open(file.path, 'r');
      try {
        await copyRange(from, offset, end, path);
      } finally {
        await from.close();
      }
      await syncDirectory(this.directory);
      return path;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EEXIST') return path;
      this.log?.error({ err: error, file: file.path, offset, path }, 'cannot copy a damaged record of the queue log to quarantine');
      return undefined;
    }
  }
}

async function copyRange(from: FileHandle, offset: number, end: number, path: string): Promise<void> {
  const to = await open(path, 'wx');
  try {
    const buffer = Buffer.allocUnsafe(Math.min(COPY_BYTES, end - offset));
    for (let at = offset; at < end;) {
      const { bytesRead } = await from.read(buffer, 0, Math.min(buffer.length, end - at), at);
      if (bytesRead === 0) break;
      await to.writeFile(buffer.subarray(0, bytesRead));
      at += bytesRead;
    }
    await to.sync();
    await to.close();
  } catch (error) {
    await to.close();
    await unlink(path);
    throw error;
  }
}
