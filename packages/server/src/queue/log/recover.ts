import { open, readdir, stat, unlink, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import {
  decodeFileHeader,
  decodeRecordHeader,
  encodeFileHeader,
  FILE_HEADER_BYTES,
  positionOfName,
  RECORD_HEADER_BYTES,
  recordBytes,
} from './format.ts';
import { syncDirectory, type QueueLogger } from './io.ts';
import { noteInIndex, type LogFile } from './log-files.ts';
import type { Quarantine } from './quarantine.ts';
import { RecordReader, type Damage } from './record-reader.ts';

export interface Recovered {
  /** In order; the last is sound to its end and can be written on. */
  readonly files: LogFile[];
  /** All positions that may ever have been given out are before it. */
  readonly next: number;
  readonly tornBytes: number;
}

/**
 * Brings the files of a log into a state that can be written on, whatever a crash or the disk did to them. The last file is read to its end; the
 * others are read when a consumer comes to them.
 */
export async function recover(directory: string, quarantine: Quarantine, log: QueueLogger | undefined): Promise<Recovered> {
  const files = await listFiles(directory);
  let next = 0;
  let tornBytes = 0;
  for (let last = files.at(-1); last !== undefined; last = files.at(-1)) {
    const found = await new Recovery(last, quarantine, log).run();
    next = Math.max(next, found.next);
    tornBytes += found.tornBytes;
    if (found.file !== undefined) {
      files[files.length - 1] = found.file;
      break;
    }
    files.pop();
    await unlink(last.path);
  }
  await syncDirectory(directory);
  return { files, next, tornBytes };
}

async function listFiles(directory: string): Promise<LogFile[]> {
  const files: LogFile[] = [];
  for (const name of (await readdir(directory)).sort()) {
    const first = positionOfName(name);
    if (first !== undefined) files.push(await describeFile(join(directory, name), first));
  }
  return files;
}

async function describeFile(path: string, first: number): Promise<LogFile> {
  const handle = await open(path, 'r');
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(FILE_HEADER_BYTES), 0, FILE_HEADER_BYTES, 0);
    const header = decodeFileHeader(buffer.subarray(0, bytesRead));
    const { size, mtimeMs } = await stat(path);
    return { first, path, created: header?.created ?? Math.trunc(mtimeMs), mark: header?.mark, size, index: [] };
  } catch (error) {
    throw new Error(`cannot open the queue log file ${path}`, { cause: error });
  } finally {
    await handle.close();
  }
}

/** Of the last file. */
class Recovery {
  private readonly file: LogFile;
  private readonly quarantine: Quarantine;
  private readonly log: QueueLogger | undefined;
  private mark: number | undefined;
  private end = FILE_HEADER_BYTES;
  private next: number;

  constructor(file: LogFile, quarantine: Quarantine, log: QueueLogger | undefined) {
    this.file = file;
    this.quarantine = quarantine;
    this.log = log;
    this.mark = file.mark;
    this.next = file.first;
  }

  /** `file` is undefined when nothing in it can be used; then it is to be removed. */
  async run(): Promise<{ file: LogFile | undefined; next: number; tornBytes: number }> {
    const handle = await open(this.file.path, 'r+');
    try {
      const tail = await this.scan(handle);
      const tornBytes = this.file.size - (this.mark === undefined ? 0 : this.end);
      if (tail !== undefined) await this.cut(handle, tail);
      // A row takes at least a byte, so no position of what is cut can come again, not even one that was never acknowledged.
      const next = this.next + tornBytes;
      if (this.mark === undefined) return { file: undefined, next, tornBytes };
      if (this.file.mark === undefined) await handle.write(encodeFileHeader({ ...this.file, mark: this.mark }), 0, FILE_HEADER_BYTES, 0);
      // What was written but not synced before a crash counts from now on, so it must not be lost in the next one.
      await handle.sync();
      return { file: { ...this.file, mark: this.mark, size: this.end }, next, tornBytes };
    } finally {
      await handle.close();
    }
  }

  /** Reads all records; gives the damage after the last of them. */
  private async scan(handle: FileHandle): Promise<Damage | undefined> {
    const { file } = this;
    const reader = new RecordReader(handle, { mark: this.mark, offset: FILE_HEADER_BYTES, expected: file.first });
    let damage: Damage | undefined;
    for (;;) {
      const step = await reader.next(file.size, Infinity);
      if (step.kind === 'end') return damage;
      if (step.kind === 'damage') {
        damage = step;
        continue;
      }
      if (damage !== undefined) await this.quarantine.add(file, damage, step.position);
      damage = undefined;
      this.mark = reader.mark;
      this.end = reader.offset;
      this.next = step.position + step.rows;
      noteInIndex(file, step.position, step.offset);
    }
  }

  private async cut(handle: FileHandle, tail: Damage): Promise<void> {
    const { file } = this;
    const copy = (await this.wasWhole(handle, tail))
      ? await this.quarantine.copy(file, tail, `${tail.position}-tail-${Date.now()}.bad`)
      : undefined;
    await handle.truncate(this.end);
    this.log?.warn(
      { file: file.path, offset: tail.offset, bytes: file.size - tail.offset, position: tail.position, copy },
      'the torn end of the queue log is cut',
    );
  }

  /** Whether the tail is more than a write that a crash cut short (which nobody was told of): then it is worth a copy. */
  private async wasWhole(handle: FileHandle, tail: Damage): Promise<boolean> {
    if (tail.end - tail.offset <= RECORD_HEADER_BYTES) return false;
    const { buffer } = await handle.read(Buffer.alloc(RECORD_HEADER_BYTES), 0, RECORD_HEADER_BYTES, tail.offset);
    if (buffer.every((byte) => byte === 0)) return false;
    const header = decodeRecordHeader(buffer, 0);
    return header === undefined || header.mark !== this.mark || tail.offset + recordBytes(header.length) <= tail.end;
  }
}
