import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { MeniscusError } from '../../errors.ts';
import { limits } from '../../limits.ts';
import type { ConsumerStats, Queue, QueueConsumer, QueueStats } from '../queue.ts';
import { LogConsumer, type ConsumerHost } from './consumer.ts';
import { readCursors } from './cursor-file.ts';
import { diskIo, syncDirectory, type LogIo, type QueueLogger } from './io.ts';
import { Keeper } from './keeper.ts';
import { LogFiles } from './log-files.ts';
import { Quarantine } from './quarantine.ts';
import { recover, type Recovered } from './recover.ts';
import { Room } from './room.ts';
import { snapshotLog } from './snapshot.ts';
import { MemoryTail } from './tail.ts';
import { LogWriter } from './writer.ts';

const MEMORY_BYTES = 32 << 20;
/** The name, with what a file's name cannot hold spelled as %xx, is a file's name. */
const CONSUMER_NAME_MAX = 200;

export interface LogQueueOptions {
  /** Of this log alone; it is made if it is not there. */
  readonly directory: string;
  /** Bytes of files; above it appends are refused. */
  readonly maxBytes?: number;
  /** About where a file ends and the next begins; at most a quarter of `maxBytes` is used. */
  readonly fileBytes?: number;
  /** Free disk below it is a full disk. */
  readonly diskReserveBytes?: number;
  /** Recently appended batches kept for consumers. */
  readonly memoryBytes?: number;
  /** The first position given is at least this: what somebody already holds must not come again under another batch. */
  readonly atLeast?: number;
  readonly log?: QueueLogger;
  /** For tests of a failing disk. */
  readonly io?: Partial<LogIo>;
}

/** The embedded queue: an append-only log of checksummed batches with group commit. docs/internals/queue-log.md has its format and its rules. */
export class LogQueue implements Queue {
  private readonly files: LogFiles;
  private readonly tail: MemoryTail;
  private readonly room: Room;
  private readonly writer: LogWriter;
  private readonly keeper: Keeper;
  private readonly quarantine: Quarantine;
  private readonly tornBytes: number;
  private readonly consumers = new Map<string, LogConsumer>();
  /** Those that were asked for in this run; the others only hold their place. */
  private readonly attached = new Set<LogConsumer>();
  private readonly host: ConsumerHost;
  private closing: Promise<void> | undefined;

  private constructor(files: LogFiles, quarantine: Quarantine, tornBytes: number, next: number, options: LogQueueOptions) {
    const { maxBytes = limits.queueBytes, fileBytes = limits.queueFileBytes, log } = options;
    const io: LogIo = { ...diskIo, ...options.io };
    const usedFileBytes = Math.min(fileBytes, Math.floor(maxBytes / 4));
    this.files = files;
    this.quarantine = quarantine;
    this.tornBytes = tornBytes;
    this.tail = new MemoryTail(options.memoryBytes ?? MEMORY_BYTES, next);
    this.room = new Room({
      directory: files.directory,
      maxBytes,
      lowBytes: maxBytes - usedFileBytes,
      reserveBytes: options.diskReserveBytes ?? limits.diskReserveBytes,
      io,
      log,
    });
    this.writer = new LogWriter({
      files,
      tail: this.tail,
      room: this.room,
      io,
      log,
      fileBytes: usedFileBytes,
      next,
      onCommit: () => this.wakeConsumers(),
      onTurn: () => this.keeper.kick(),
      onRefusal: () => this.keeper.kick(),
    });
    const { room, writer, consumers } = this;
    this.keeper = new Keeper({ files, room, writer, consumers, drainedBytes: usedFileBytes / 4, log });
    this.host = this.consumerHost();
  }

  /** Opens the log of a directory, or begins one. What a crash or the disk left damaged is set aside, counted and logged. */
  static async open(options: LogQueueOptions): Promise<LogQueue> {
    const { directory, log } = options;
    if ((await mkdir(directory, { recursive: true })) !== undefined) await syncDirectory(dirname(directory));
    const quarantine = new Quarantine(directory, log);
    const cursors = await readCursors(directory, log);
    const recovered = await recover(directory, quarantine, log);
    const next = firstFree(recovered, cursors, options.atLeast);
    const files = await LogFiles.open(directory, { ...diskIo, ...options.io }, recovered.files, next);
    const queue = new LogQueue(files, quarantine, recovered.tornBytes, next, options);
    for (const [name, position] of cursors) queue.restore(name, position);
    await queue.room.checkDisk();
    queue.keeper.kick();
    return queue;
  }

  get full(): boolean {
    return this.room.full !== null;
  }

  append(bytes: ArrayBuffer, rows: number): Promise<number> {
    if (this.closing !== undefined) return Promise.reject(new MeniscusError('shutting_down', 'the queue is closed'));
    return this.writer.append(bytes, rows);
  }

  consumer(name: string, from = 0): QueueConsumer {
    if (this.closing !== undefined) throw new MeniscusError('shutting_down', 'the queue is closed');
    requireName(name);
    const consumer = this.consumers.get(name) ?? this.add(name, this.files.oldest.first, undefined);
    this.attached.add(consumer);
    this.writer.raise(from);
    consumer.advance(from);
    this.keeper.kick();
    return consumer;
  }

  async removeConsumer(name: string): Promise<void> {
    const consumer = this.consumers.get(name);
    if (consumer === undefined) return;
    this.consumers.delete(name);
    this.attached.delete(consumer);
    await consumer.stop();
    await this.keeper.forget(name);
  }

  stats(): QueueStats {
    const { files, writer, quarantine } = this;
    return {
      position: writer.nextPosition,
      bytes: files.bytes,
      files: files.count,
      oldest: files.count === 1 && files.activeIsEmpty ? null : files.oldest.created,
      full: this.room.full,
      quarantined: quarantine.count,
      tornBytes: this.tornBytes,
      syncs: writer.syncs,
      consumers: Array.from(this.consumers.values(), (consumer) => this.consumerStats(consumer)),
    };
  }

  onRoom(listener: () => void): void {
    this.room.onRoom(listener);
  }

  async snapshot(directory: string): Promise<void> {
    const positions = new Map(Array.from(this.consumers.values(), ({ name, position }) => [name, position] as const));
    await snapshotLog(this.files, positions, directory);
  }

  close(): Promise<void> {
    return (this.closing ??= this.shut());
  }

  private async shut(): Promise<void> {
    await this.writer.idle();
    for (const consumer of this.consumers.values()) await consumer.stop();
    await this.keeper.close();
    // The keeper may have asked for a new file meanwhile.
    await this.writer.idle();
    await this.room.close();
    await this.files.close();
  }

  private restore(name: string, position: number | undefined): void {
    this.add(name, Math.max(position ?? 0, this.files.oldest.first), position);
  }

  private add(name: string, position: number, durable: number | undefined): LogConsumer {
    const consumer = new LogConsumer(this.host, name, position, durable);
    this.consumers.set(name, consumer);
    return consumer;
  }

  private consumerHost(): ConsumerHost {
    const { files, tail, quarantine, writer } = this;
    return {
      files,
      tail,
      quarantine,
      get end() {
        return writer.end;
      },
      taken: () => this.releaseTaken(),
      committed: () => this.keeper.kick(),
    };
  }

  private consumerStats({ name, position }: LogConsumer): ConsumerStats {
    const { end } = this.writer;
    return { name, position, lagEvents: Math.max(0, end - position), lagBytes: this.files.bytesFrom(position, end) };
  }

  private wakeConsumers(): void {
    for (const consumer of this.attached) consumer.wake();
  }

  private releaseTaken(): void {
    let lowest = Infinity;
    for (const { readAt } of this.attached) lowest = Math.min(lowest, readAt);
    this.tail.release(lowest);
  }
}

function requireName(name: string): void {
  if (name === '' || !name.isWellFormed() || encodeURIComponent(name).length > CONSUMER_NAME_MAX) {
    throw new RangeError(`not the name of a consumer: ${JSON.stringify(name.slice(0, CONSUMER_NAME_MAX))}`);
  }
}

/** After all positions that the files, the cursors and the caller know of. */
function firstFree(recovered: Recovered, cursors: ReadonlyMap<string, number | undefined>, atLeast = 0): number {
  let next = Math.max(recovered.next, atLeast);
  for (const position of cursors.values()) next = Math.max(next, position ?? 0);
  return next;
}
