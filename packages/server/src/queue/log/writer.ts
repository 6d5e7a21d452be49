import { MeniscusError } from '../../errors.ts';
import { encodeRecordHeader, RECORD_HEADER_BYTES, RECORD_PAYLOAD_MAX, RECORD_ROWS_MAX, recordBytes } from './format.ts';
import { isNoSpace, type LogIo, type QueueLogger } from './io.ts';
import { noteInIndex, type LogFiles } from './log-files.ts';
import type { Room } from './room.ts';
import type { MemoryTail } from './tail.ts';

/** Written and synced together at most: enough for a disk's full speed, and a bound on what an append waits for. */
const GROUP_BYTES = 8 << 20;
const PADDING = Buffer.alloc(8);

interface Waiting {
  readonly bytes: ArrayBuffer;
  readonly rows: number;
  readonly size: number;
  readonly resolve: (position: number) => void;
  readonly reject: (error: unknown) => void;
}

export interface WriterOptions {
  readonly files: LogFiles;
  readonly tail: MemoryTail;
  readonly room: Room;
  readonly io: LogIo;
  readonly log: QueueLogger | undefined;
  readonly fileBytes: number;
  /** The first position to give. */
  readonly next: number;
  /** New records are on disk and in the tail. */
  readonly onCommit: () => void;
  /** There is a new active file: the one before it can be removed in its time. */
  readonly onTurn: () => void;
  /** An append was refused: whoever can make room should look. */
  readonly onRefusal: () => void;
}

/**
 * Group commit. While one write and sync runs, appends gather; then all of them are written and synced together. An idle log syncs at once. Appends
 * are answered in the order of the calls, each after its bytes are on disk.
 */
export class LogWriter {
  private readonly options: WriterOptions;
  private waiting: Waiting[] = [];
  private waitingBytes = 0;
  private waitingRows = 0;
  private busy = false;
  private running: Promise<void> = Promise.resolve();
  private turnWanted: (() => boolean) | undefined;
  private failure: MeniscusError | undefined;
  private end_: number;
  private raised = 0;
  syncs = 0;

  constructor(options: WriterOptions) {
    this.options = options;
    this.end_ = options.next;
  }

  /** Every record on disk is before it, and the next one will be at it or later. */
  get end(): number {
    return this.end_;
  }

  get nextPosition(): number {
    return this.end_ + this.waitingRows;
  }

  append(bytes: ArrayBuffer, rows: number): Promise<number> {
    if (this.failure !== undefined) return Promise.reject(this.failure);
    const size = recordBytes(bytes.byteLength);
    const refusal = this.check(bytes, rows, size);
    if (refusal !== undefined) return Promise.reject(refusal);
    return new Promise((resolve, reject) => {
      this.waiting.push({ bytes, rows, size, resolve, reject });
      this.waitingBytes += size;
      this.waitingRows += rows;
      this.start();
    });
  }

  /** Positions before `position` are not given any more. */
  raise(position: number): void {
    this.raised = Math.max(this.raised, position);
    // A group that is being written has its positions already.
    if (!this.busy) this.applyRaise();
  }

  /** Begins a new file when nothing is being written, if `condition` still holds then. */
  turnWhen(condition: () => boolean): void {
    this.turnWanted = condition;
    this.start();
  }

  /** Resolves when nothing waits or is being written. */
  async idle(): Promise<void> {
    while (this.busy) await this.running;
  }

  private check(bytes: ArrayBuffer, rows: number, size: number): Error | undefined {
    if (!Number.isInteger(rows) || rows < 1 || rows > RECORD_ROWS_MAX) return new RangeError(`a batch cannot have ${rows} rows`);
    if (bytes.byteLength === 0 || bytes.byteLength > RECORD_PAYLOAD_MAX) {
      return new MeniscusError('limit_exceeded', `a batch of ${bytes.byteLength} bytes cannot be queued`);
    }
    const { room, files, onRefusal } = this.options;
    if (room.admit(size, files.bytes + this.waitingBytes)) return undefined;
    onRefusal();
    return fullError(room.full);
  }

  private start(): void {
    if (this.busy) return;
    this.busy = true;
    this.running = this.run();
  }

  private async run(): Promise<void> {
    // Appends of the same turn of the event loop go together.
    await Promise.resolve();
    try {
      while (this.failure === undefined && (this.waiting.length > 0 || this.turnWanted !== undefined)) await this.step();
    } catch (error) {
      this.fail(error);
    }
    // In the same turn as the last look at what waits: an append after it must find that it has to start.
    this.applyRaise();
    this.busy = false;
  }

  private async step(): Promise<void> {
    this.applyRaise();
    const turn = this.turnWanted?.() === true;
    this.turnWanted = undefined;
    if (turn) await this.turn(0);
    if (this.waiting.length > 0) await this.commitGroup();
  }

  private applyRaise(): void {
    this.end_ = Math.max(this.end_, this.raised);
  }

  private async commitGroup(): Promise<void> {
    const { files, io, fileBytes } = this.options;
    const first = this.waiting[0]!.size;
    if (!files.activeIsEmpty && files.active.size + first > fileBytes && !(await this.turn(first))) return;
    const group = this.nextGroup(fileBytes - files.active.size);
    const { buffers, bytes } = this.frame(group);
    try {
      await io.write(files.activeHandle, buffers, files.active.size);
    } catch (error) {
      return isNoSpace(error) ? this.takeBack(bytes, error) : this.fail(error);
    }
    try {
      await io.sync(files.activeHandle);
    } catch (error) {
      // After a failed sync nobody knows what is on disk, and a second one may lie: nothing more goes into this log.
      return this.fail(error);
    }
    this.finish(group, bytes);
  }

  /** A new active file. False when that failed and what waited was answered. */
  private async turn(wanted: number): Promise<boolean> {
    try {
      await this.options.files.turn(this.end_);
      this.options.onTurn();
      return true;
    } catch (error) {
      if (isNoSpace(error)) this.refuseAll(wanted);
      else this.fail(error);
      return false;
    }
  }

  /** The appends to write together: at least one, no more than the group or the file has room for. They stay in `waiting`. */
  private nextGroup(fileRoom: number): readonly Waiting[] {
    const room = Math.min(GROUP_BYTES, fileRoom);
    let bytes = this.waiting[0]!.size;
    let count = 1;
    while (count < this.waiting.length && bytes + this.waiting[count]!.size <= room) bytes += this.waiting[count++]!.size;
    return this.waiting.slice(0, count);
  }

  private frame(group: readonly Waiting[]): { buffers: Uint8Array[]; bytes: number } {
    const headers = Buffer.alloc(group.length * RECORD_HEADER_BYTES);
    const mark = this.options.files.active.mark!;
    const buffers: Uint8Array[] = [];
    let position = this.end_;
    let bytes = 0;
    for (let i = 0; i < group.length; i++) {
      const { bytes: batch, rows, size } = group[i]!;
      const header = headers.subarray(i * RECORD_HEADER_BYTES, (i + 1) * RECORD_HEADER_BYTES);
      const payload = new Uint8Array(batch);
      encodeRecordHeader(header, mark, payload, position, rows);
      buffers.push(header, payload);
      const padding = size - RECORD_HEADER_BYTES - payload.length;
      if (padding > 0) buffers.push(PADDING.subarray(0, padding));
      position += rows;
      bytes += size;
    }
    return { buffers, bytes };
  }

  private finish(group: readonly Waiting[], bytes: number): void {
    const { files, tail, onCommit } = this.options;
    this.syncs++;
    this.waiting = this.waiting.slice(group.length);
    let position = this.end_;
    let offset = files.active.size;
    for (const { bytes: batch, rows, size, resolve } of group) {
      noteInIndex(files.active, position, offset);
      tail.push({ position, rows, bytes: batch });
      resolve(position);
      this.waitingBytes -= size;
      this.waitingRows -= rows;
      position += rows;
      offset += size;
    }
    files.grow(bytes);
    this.end_ = position;
    onCommit();
  }

  /** The disk is full: what was written of the group goes, durably, or a crash would bring back what was refused. */
  private async takeBack(bytes: number, error: unknown): Promise<void> {
    const { files, io, log } = this.options;
    log?.warn({ err: error, file: files.active.path }, 'the disk refuses a write of the queue log');
    try {
      await files.activeHandle.truncate(files.active.size);
      await io.sync(files.activeHandle);
    } catch (truncateError) {
      return this.fail(truncateError);
    }
    return this.refuseAll(bytes);
  }

  /** All that wait, not only the group: a later one must not overtake an earlier one that is sent again. */
  private refuseAll(wanted: number): void {
    this.options.room.diskRefused(wanted);
    this.rejectAll(fullError('disk'));
  }

  private fail(cause: unknown): void {
    const { files, log } = this.options;
    const detail = `the queue log in ${files.directory} cannot be written; look at the disk, then start the service again`;
    this.failure = new MeniscusError('unavailable', detail, { cause });
    log?.error({ err: cause, directory: files.directory }, 'the queue log takes nothing more: writing it failed');
    this.rejectAll(this.failure);
  }

  private rejectAll(error: unknown): void {
    const rejected = this.waiting;
    this.waiting = [];
    this.waitingBytes = 0;
    this.waitingRows = 0;
    for (const { reject } of rejected) reject(error);
  }
}

function fullError(full: 'bytes' | 'disk' | null): MeniscusError {
  const detail =
    full === 'disk' ? 'the disk has no room for more; free some' : 'its limit in bytes is reached; the sinks must catch up first';
  return new MeniscusError('queue_full', detail, { retryAfter: 1 });
}
