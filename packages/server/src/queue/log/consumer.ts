import { open, type FileHandle } from 'node:fs/promises';
import type { QueueConsumer, QueuedBatch } from '../queue.ts';
import { isMissing } from './io.ts';
import { seek, type LogFile, type LogFiles } from './log-files.ts';
import type { Quarantine } from './quarantine.ts';
import { RecordReader, type Damage } from './record-reader.ts';
import type { MemoryTail } from './tail.ts';

/** What a consumer sees of its queue. */
export interface ConsumerHost {
  readonly files: LogFiles;
  readonly tail: MemoryTail;
  readonly quarantine: Quarantine;
  /** Every record on disk is before it. */
  readonly end: number;
  /** The consumer has taken a batch: what all have taken need not stay in memory. */
  taken(): void;
  /** The consumer's position has moved. */
  committed(): void;
}

interface OpenFile {
  readonly file: LogFile;
  readonly handle: FileHandle;
  readonly reader: RecordReader;
  /** Met, and not yet told because the record after it is not yet known. */
  damage: Damage | undefined;
}

/** A consumer of the log. It is dormant, and only holds its place, until it is asked for its first batch. */
export class LogConsumer implements QueueConsumer {
  readonly name: string;
  /** What its cursor on disk says; undefined until there is one. */
  durable: number | undefined;
  private readonly host: ConsumerHost;
  private position_: number;
  private readAt_: number;
  private openFile: OpenFile | undefined;
  private pending: Promise<QueuedBatch | undefined> | undefined;
  private wakeUp: (() => void) | undefined;
  private stopped = false;
  private rewound = false;

  constructor(host: ConsumerHost, name: string, position: number, durable: number | undefined) {
    this.host = host;
    this.name = name;
    this.position_ = position;
    this.readAt_ = position;
    this.durable = durable;
  }

  get position(): number {
    return this.position_;
  }

  /** Where the next batch begins. */
  get readAt(): number {
    return this.readAt_;
  }

  next(signal: AbortSignal): Promise<QueuedBatch | undefined> {
    if (this.pending !== undefined) return Promise.reject(new Error(`consumer ${this.name}: next() is already waited for`));
    return (this.pending = this.find(signal).finally(() => (this.pending = undefined)));
  }

  rewind(): void {
    if (this.pending !== undefined) throw new Error(`consumer ${this.name}: next() is waited for`);
    // An open file is left by the next call, which ends a read that is not where it should be.
    this.rewound = this.readAt_ > this.position_;
    this.readAt_ = this.position_;
  }

  commit(position: number): void {
    if (!Number.isSafeInteger(position) || position > this.host.end) {
      throw new RangeError(`consumer ${this.name} cannot commit ${position}: the queue ends at ${this.host.end}`);
    }
    this.advance(position);
  }

  /** Moves forward to at least `position`; never back. */
  advance(position: number): void {
    if (position <= this.position_) return;
    this.position_ = position;
    this.readAt_ = Math.max(this.readAt_, position);
    this.host.committed();
  }

  /** New batches are there, or it is time to stop. */
  wake(): void {
    this.wakeUp?.();
  }

  /** Ends a waiting next() and all later ones. */
  async stop(): Promise<void> {
    this.stopped = true;
    this.wake();
    await this.pending?.catch(() => undefined);
    await this.closeFile();
  }

  private async find(signal: AbortSignal): Promise<QueuedBatch | undefined> {
    const { tail } = this.host;
    if (this.rewound) await this.closeFile();
    this.rewound = false;
    while (!signal.aborted && !this.stopped) {
      const inMemory = tail.covers(this.readAt_);
      if (inMemory && this.openFile !== undefined) await this.closeFile();
      else {
        const batch = inMemory ? tail.after(this.readAt_) : await this.readBack();
        if (batch !== undefined && !signal.aborted && !this.stopped) return this.take(batch);
        if (batch === undefined && inMemory) await this.wait(signal);
      }
    }
    // A batch that was read while the call was aborted is read again by the next call.
    await this.closeFile();
    return undefined;
  }

  private take(batch: QueuedBatch): QueuedBatch {
    this.readAt_ = batch.position + batch.rows;
    this.host.taken();
    return batch;
  }

  private wait(signal: AbortSignal): Promise<void> {
    if (signal.aborted || this.stopped) return Promise.resolve();
    return new Promise((resolve) => {
      const done = (): void => {
        signal.removeEventListener('abort', done);
        this.wakeUp = undefined;
        resolve();
      };
      this.wakeUp = done;
      signal.addEventListener('abort', done, { once: true });
    });
  }

  private async readBack(): Promise<QueuedBatch | undefined> {
    const from = this.readAt_;
    try {
      return await this.readStep();
    } catch (error) {
      await this.closeFile();
      // A commit while the file was being opened can have made it go.
      if (isMissing(error) && this.readAt_ > from) return undefined;
      throw error;
    }
  }

  /** The next batch from disk; undefined when the caller should look again, nearer to the end than before. */
  private async readStep(): Promise<QueuedBatch | undefined> {
    const { files, end, quarantine } = this.host;
    const current = await this.fileAt(this.readAt_);
    const { file, reader } = current;
    const limit = file.size;
    const following = files.following(file)?.first;
    const step = await reader.next(limit, following ?? Infinity);
    if (step.kind === 'damage') {
      current.damage = step;
      return undefined;
    }
    if (current.damage !== undefined) await quarantine.add(file, current.damage, step.kind === 'record' ? step.position : following);
    current.damage = undefined;
    if (step.kind === 'record') {
      const { position, rows, payload } = step;
      return position + rows <= this.readAt_ ? undefined : { position, rows, bytes: ownBytes(payload) };
    }
    await this.closeFile();
    // An active file that grew meanwhile is looked at again.
    if (limit === file.size) this.readAt_ = Math.max(this.readAt_, following ?? end);
    return undefined;
  }

  /** The file that holds `position`: the one that is open, unless a commit went past it. */
  private async fileAt(position: number): Promise<OpenFile> {
    const { files } = this.host;
    if (this.openFile !== undefined) {
      const following = files.following(this.openFile.file);
      if (following === undefined || following.first > position) return this.openFile;
      await this.closeFile();
    }
    const file = files.containing(position);
    const handle = await open(file.path, 'r');
    const reader = new RecordReader(handle, { mark: file.mark, ...seek(file, position) });
    return (this.openFile = { file, handle, reader, damage: undefined });
  }

  private async closeFile(): Promise<void> {
    const { openFile } = this;
    this.openFile = undefined;
    await openFile?.handle.close();
  }
}

/** A copy at the beginning of its own buffer, as typed arrays need it. */
function ownBytes(payload: Buffer): ArrayBuffer {
  const copy = new Uint8Array(payload.length);
  copy.set(payload);
  return copy.buffer;
}
