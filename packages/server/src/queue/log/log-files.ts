import { open, unlink, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { encodeFileHeader, FILE_HEADER_BYTES, fileName, newMark } from './format.ts';
import { isMissing, syncDirectory, type LogIo } from './io.ts';

/** Between two entries of a file's index. */
const INDEX_STEP_BYTES = 1 << 20;

export interface LogFile {
  /** No record of the file has a lower position; the file's name. */
  readonly first: number;
  readonly path: string;
  readonly created: number;
  /** Undefined when the header is damaged. */
  readonly mark: number | undefined;
  /** Bytes that are on disk; readers go no further. */
  size: number;
  /** Positions and offsets of some records, in turn and ascending, so that a reader need not begin at the beginning. Empty for files of an earlier run. */
  readonly index: number[];
}

/** Notes the record for readers when the last one noted is far enough before it. */
export function noteInIndex(file: LogFile, position: number, offset: number): void {
  if (offset - (file.index.at(-1) ?? 0) >= INDEX_STEP_BYTES) file.index.push(position, offset);
}

/** The offset of a record of the file at or before `position`, and a position that it is not below. */
export function seek(file: LogFile, position: number): { offset: number; expected: number } {
  let i = file.index.length - 2;
  while (i >= 0 && file.index[i]! > position) i -= 2;
  return i < 0 ? { offset: FILE_HEADER_BYTES, expected: file.first } : { offset: file.index[i + 1]!, expected: file.index[i]! };
}

/** The files of one log in order of position. The last one is active: it is open and grows. There is always one. */
export class LogFiles {
  readonly directory: string;
  private readonly io: LogIo;
  private readonly list: LogFile[];
  private handle: FileHandle;
  private bytes_ = 0;

  private constructor(directory: string, io: LogIo, list: LogFile[], handle: FileHandle) {
    this.directory = directory;
    this.io = io;
    this.list = list;
    this.handle = handle;
    for (const file of list) this.bytes_ += file.size;
  }

  /** Over the files that recovery found sound; the last goes on being written, or a first one begins at `next`. */
  static async open(directory: string, io: LogIo, found: LogFile[], next: number): Promise<LogFiles> {
    const last = found.at(-1);
    if (last !== undefined) return new LogFiles(directory, io, found, await open(last.path, 'r+'));
    const { file, handle } = await createFile(directory, next, io);
    return new LogFiles(directory, io, [file], handle);
  }

  get active(): LogFile {
    return this.list.at(-1)!;
  }

  get activeHandle(): FileHandle {
    return this.handle;
  }

  get activeIsEmpty(): boolean {
    return this.active.size <= FILE_HEADER_BYTES;
  }

  get oldest(): LogFile {
    return this.list[0]!;
  }

  get count(): number {
    return this.list.length;
  }

  get bytes(): number {
    return this.bytes_;
  }

  /** The active file has grown by records that are on disk. */
  grow(bytes: number): void {
    this.active.size += bytes;
    this.bytes_ += bytes;
  }

  /** Begins a new active file whose records start at `first` or later. On an error all is as before. */
  async turn(first: number): Promise<void> {
    const { file, handle } = await createFile(this.directory, first, this.io);
    const old = this.handle;
    this.list.push(file);
    this.handle = handle;
    this.bytes_ += file.size;
    await old.close();
  }

  /** The file that holds `position` if one does: the last that begins at or before it, else the oldest. */
  containing(position: number): LogFile {
    return this.list[this.indexOf(position)]!;
  }

  /** The file after this one, undefined for the active file. */
  following(file: LogFile): LogFile | undefined {
    const i = this.indexOf(file.first);
    // The file itself may have been removed, while a reader still has it open.
    return this.list[i]!.first > file.first ? this.list[i] : this.list[i + 1];
  }

  /** Bytes of records from `position` on, about: within a file positions are taken as spread evenly. */
  bytesFrom(position: number, end: number): number {
    let bytes = 0;
    for (let i = this.indexOf(position); i < this.list.length; i++) {
      const file = this.list[i]!;
      const fileEnd = this.list[i + 1]?.first ?? end;
      const part = fileEnd <= file.first ? 0 : (fileEnd - Math.max(position, file.first)) / (fileEnd - file.first);
      bytes += Math.max(0, part) * (file.size - FILE_HEADER_BYTES);
    }
    return Math.round(bytes);
  }

  /** Removes the files, save the active one, that hold nothing from `position` on. */
  async removeBefore(position: number): Promise<void> {
    while (this.list.length > 1 && this.list[1]!.first <= position) {
      const file = this.oldest;
      await unlink(file.path).catch((error: unknown) => {
        if (!isMissing(error)) throw error;
      });
      this.list.shift();
      this.bytes_ -= file.size;
    }
  }

  /** All files, oldest first. */
  all(): readonly LogFile[] {
    return this.list;
  }

  async close(): Promise<void> {
    await this.handle.close();
  }

  private indexOf(position: number): number {
    let low = 0;
    let high = this.list.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.list[middle]!.first <= position) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}

/** A new file with its header; it and its name are on disk before a record goes into it. Nothing is left of it on an error. */
async function createFile(directory: string, first: number, io: LogIo): Promise<{ file: LogFile; handle: FileHandle }> {
  const path = join(directory, fileName(first));
  const header = { mark: newMark(), first, created: Date.now() };
  const handle = await open(path, 'wx+');
  try {
    await io.write(handle, [encodeFileHeader(header)], 0);
    await handle.sync();
    await syncDirectory(directory);
  } catch (error) {
    await handle.close();
    await unlink(path);
    throw error;
  }
  return { file: { ...header, path, size: FILE_HEADER_BYTES, index: [] }, handle };
}
