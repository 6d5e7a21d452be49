import { isNoSpace, type LogIo, type QueueLogger } from './io.ts';

/** The free disk is asked for again after so many bytes or milliseconds, whichever is first. */
const CHECK_BYTES = 16 << 20;
const CHECK_MS = 1_000;

export interface RoomOptions {
  readonly directory: string;
  readonly maxBytes: number;
  /** A queue that was full has room again at so many bytes. */
  readonly lowBytes: number;
  readonly reserveBytes: number;
  readonly io: LogIo;
  readonly log: QueueLogger | undefined;
}

/**
 * Whether an append may be taken: by the bytes of the log and by the free disk. Once full, it stays so until there is clearly room, so that
 * sources are not stopped and started for each batch.
 */
export class Room {
  private readonly options: RoomOptions;
  private readonly listeners: (() => void)[] = [];
  private bytesFull = false;
  private diskFull = false;
  /** The largest record refused: room for less is none. */
  private bytesWanted = 0;
  private diskWanted = 0;
  private uncheckedBytes = 0;
  private checkedAt = 0;
  private checking: Promise<void> | undefined;
  private timer: NodeJS.Timeout | undefined;
  private closed = false;

  constructor(options: RoomOptions) {
    this.options = options;
  }

  get full(): 'bytes' | 'disk' | null {
    if (this.bytesFull) return 'bytes';
    return this.diskFull ? 'disk' : null;
  }

  onRoom(listener: () => void): void {
    this.listeners.push(listener);
  }

  /** Whether a record of so many bytes has room beside `used` bytes. */
  admit(bytes: number, used: number): boolean {
    if (this.full === null && used + bytes <= this.options.maxBytes) {
      this.uncheckedBytes += bytes;
      if (this.uncheckedBytes >= CHECK_BYTES || Date.now() - this.checkedAt >= CHECK_MS) void this.checkDisk();
      return true;
    }
    if (!this.diskFull) {
      this.bytesFull = true;
      this.bytesWanted = Math.max(this.bytesWanted, bytes);
    }
    return false;
  }

  /** The log uses `used` bytes now: files were removed. */
  review(used: number): void {
    const { maxBytes, lowBytes } = this.options;
    if (this.bytesFull && used <= lowBytes && used + this.bytesWanted <= maxBytes) {
      this.bytesFull = false;
      this.bytesWanted = 0;
      this.tell();
    }
    if (this.diskFull) void this.checkDisk();
  }

  /** A write of so many bytes found the disk full. */
  diskRefused(bytes: number): void {
    this.diskWanted = Math.max(this.diskWanted, bytes);
    this.setDiskFull();
  }

  /** Asks for the free disk; at most one question at a time. */
  checkDisk(): Promise<void> {
    return (this.checking ??= this.askDisk().finally(() => (this.checking = undefined)));
  }

  async close(): Promise<void> {
    this.closed = true;
    clearTimeout(this.timer);
    await this.checking;
  }

  private async askDisk(): Promise<void> {
    const { io, directory, reserveBytes, log } = this.options;
    this.uncheckedBytes = 0;
    this.checkedAt = Date.now();
    try {
      const free = await io.free(directory);
      if (free < reserveBytes) this.setDiskFull();
      else if (this.diskFull && free >= reserveBytes + Math.max(this.diskWanted, Math.min(CHECK_BYTES, reserveBytes / 8)))
        this.setDiskRoom();
    } catch (error) {
      if (isNoSpace(error)) this.setDiskFull();
      else log?.warn({ err: error, directory }, 'cannot ask for the free space of the disk');
    }
    if (this.diskFull) this.askLater();
  }

  private setDiskFull(): void {
    if (!this.diskFull)
      this.options.log?.warn({ directory: this.options.directory }, 'the disk is full: the queue takes nothing until there is room');
    this.diskFull = true;
    this.askLater();
  }

  private setDiskRoom(): void {
    this.options.log?.info({ directory: this.options.directory }, 'the disk has room again');
    this.diskFull = false;
    this.diskWanted = 0;
    this.tell();
  }

  private askLater(): void {
    clearTimeout(this.timer);
    if (!this.closed) this.timer = setTimeout(() => void this.checkDisk(), CHECK_MS).unref();
  }

  private tell(): void {
    if (this.full !== null || this.closed) return;
    for (const listener of this.listeners) listener();
  }
}
