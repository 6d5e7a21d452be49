import { removeCursor, writeCursor } from './cursor-file.ts';
import type { LogConsumer } from './consumer.ts';
import { syncDirectory, type QueueLogger } from './io.ts';
import type { LogFiles } from './log-files.ts';
import type { Room } from './room.ts';
import type { LogWriter } from './writer.ts';

/** Between two writings of cursors: each takes the disk from the log's own syncs. */
const PAUSE_MS = 100;
const RETRY_MS = 1_000;

export interface KeeperOptions {
  readonly files: LogFiles;
  readonly room: Room;
  readonly writer: LogWriter;
  readonly consumers: ReadonlyMap<string, LogConsumer>;
  /** An active file of so many bytes that everybody is done with is removed too. */
  readonly drainedBytes: number;
  readonly log: QueueLogger | undefined;
}

/** Writes cursors and removes files that no consumer needs, in the background. However often it is asked to, one pass runs at a time. */
export class Keeper {
  private readonly options: KeeperOptions;
  private again = false;
  private busy = false;
  private running: Promise<void> = Promise.resolve();
  private serial: Promise<void> = Promise.resolve();
  private endPause: (() => void) | undefined;
  private closed = false;

  constructor(options: KeeperOptions) {
    this.options = options;
  }

  /** A cursor has moved, there is a new file, or room is wanted. */
  kick(): void {
    this.again = true;
    if (this.busy || this.closed) return;
    this.busy = true;
    this.running = this.run();
  }

  /** Removes the cursor of a consumer that is no longer among the consumers. */
  async forget(name: string): Promise<void> {
    await this.inTurn(async () => {
      const { consumers, files } = this.options;
      if (consumers.has(name)) return;
      await removeCursor(files.directory, name);
      await syncDirectory(files.directory);
    });
    this.kick();
  }

  /** Writes what is not yet written, then does nothing more. */
  async close(): Promise<void> {
    this.closed = true;
    this.endPause?.();
    await this.running;
    await this.inTurn(() => this.writeCursors()).catch((error: unknown) => this.complain(error));
  }

  private async run(): Promise<void> {
    while (this.again && !this.closed) {
      this.again = false;
      let pause = PAUSE_MS;
      try {
        await this.inTurn(() => this.pass());
      } catch (error) {
        this.complain(error);
        this.again = true;
        pause = RETRY_MS;
      }
      if (this.again && !this.closed) await this.pause(pause);
    }
    this.busy = false;
  }

  private inTurn(work: () => Promise<void>): Promise<void> {
    const done = this.serial.then(work);
    this.serial = done.catch(() => undefined);
    return done;
  }

  private async pass(): Promise<void> {
    const { consumers, files, room, writer } = this.options;
    // First, since it may be what gives the disk room for the cursors: what all have committed is safe elsewhere, and a consumer whose cursor is older than
    // the oldest file begins at that file.
    if (consumers.size > 0) await files.removeBefore(this.lowest());
    room.review(files.bytes);
    if (this.drained()) writer.turnWhen(() => this.drained());
    await this.writeCursors();
  }

  private async writeCursors(): Promise<void> {
    const { consumers, files } = this.options;
    const written: { consumer: LogConsumer; position: number }[] = [];
    for (const consumer of consumers.values()) {
      const { name, position } = consumer;
      if (consumer.durable === position) continue;
      await writeCursor(files.directory, name, position);
      written.push({ consumer, position });
    }
    if (written.length === 0) return;
    await syncDirectory(files.directory);
    for (const { consumer, position } of written) consumer.durable = position;
  }

  /** Every consumer is done with what is before it. */
  private lowest(): number {
    let lowest = Infinity;
    for (const { position } of this.options.consumers.values()) lowest = Math.min(lowest, position);
    return lowest;
  }

  private drained(): boolean {
    const { consumers, files, room, writer, drainedBytes } = this.options;
    if (files.activeIsEmpty || consumers.size === 0 || this.lowest() < writer.end) return false;
    return files.active.size >= drainedBytes || room.full !== null;
  }

  private complain(error: unknown): void {
    this.options.log?.error({ err: error, directory: this.options.files.directory }, 'cannot keep the cursors and files of the queue log');
  }

  private pause(milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, milliseconds).unref();
      this.endPause = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
