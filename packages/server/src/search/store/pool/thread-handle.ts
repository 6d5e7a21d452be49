import { Worker } from 'node:worker_threads';
import type { DirectoryPort } from '../../../threads/directory-feed.ts';
import type { DirectoryUpdate } from '../../../threads/messages.ts';
import type { FromQuery, QueryPorts, QueryStart, ToQuery } from './messages.ts';

/**
 * Heap of a query thread: beyond it the thread ends and is replaced, not the process. Four searches that reach their limits and four exports side by side do not come
 * near it; V8 collects the later the more there may be.
 */
const HEAP_MIB = 1_024;

export interface ThreadEvents {
  receive(handle: ThreadHandle, message: FromQuery): void;
  /** The thread ended by itself. */
  ended(handle: ThreadHandle, error: Error): void;
}

export interface ThreadOptions {
  readonly directory: string;
  readonly node: number;
  readonly cacheShare: number;
  readonly ports: QueryPorts;
  readonly waitForIngest: boolean;
  readonly name: string;
  /** The program of the thread; query-thread.ts if not given. */
  readonly program?: URL;
  /** What another program needs besides. */
  readonly data?: object;
}

const PROGRAM = new URL('../query-thread.ts', import.meta.url);

/** A query thread, seen from main. */
export class ThreadHandle implements DirectoryPort {
  ready = false;
  private readonly worker: Worker;
  private readonly turn = new Int32Array(new SharedArrayBuffer(8));
  private gone = false;

  constructor({ directory, node, cacheShare, ports, waitForIngest, name, program = PROGRAM, data }: ThreadOptions, events: ThreadEvents) {
    const start: QueryStart = { ...ports, directory, node, cacheShare, turn: this.turn, waitForIngest };
    this.worker = new Worker(program, {
      workerData: { ...data, ...start },
      transferList: [ports.build, ...ports.ingest],
      resourceLimits: { maxOldGenerationSizeMb: HEAP_MIB },
      name,
    });
    this.worker.on('message', (message: FromQuery) => {
      if (!this.gone) events.receive(this, message);
    });
    const end = (error: Error): void => {
      if (this.gone) return;
      this.gone = true;
      events.ended(this, error);
    };
    this.worker.on('error', (error) => end(error instanceof Error ? error : new Error(String(error))));
    this.worker.on('exit', (code) => end(new Error(`a query thread ended with code ${code}`)));
  }

  /** The number of the search that has the thread, 0 for none. */
  get searching(): number {
    return Atomics.load(this.turn, 0);
  }

  send(message: ToQuery): void {
    this.worker.postMessage(message);
  }

  postMessage(message: DirectoryUpdate): void {
    this.send(message);
  }

  /** Ends the thread in the middle of whatever it does; no event follows. */
  async terminate(): Promise<void> {
    this.gone = true;
    await this.worker.terminate();
  }
}
