import { once } from 'node:events';
import { Worker, type MessagePort } from 'node:worker_threads';
import { MeniscusError } from '../errors.ts';
import type { BuildStats } from '../store/build/build-service.ts';
import type { BuildCommand, BuildThreadData, BuildThreadMessage } from '../store/build/thread-messages.ts';
import type { DirectoryFeed } from './directory-feed.ts';
import type { DirectoryUpdate } from './messages.ts';

export interface BuildEvents {
  /** Something an operator should know of; the thread goes on. */
  report(what: string, reason: string): void;
  /** The thread ended by itself: the service cannot go on. */
  failed(error: Error): void;
}

/** How the store fares, for the operator's view. */
export interface BuildHealth {
  /** Stays after recovery. `time`: ISO 8601. */
  readonly lastError: { readonly time: string; readonly text: string } | null;
  /** ISO 8601: when it began to work without errors. */
  readonly sinceOk: string | null;
  readonly retries: number;
}

/** The build thread, seen from main. */
export class BuildHandle {
  private readonly worker: Worker;
  private readonly events: BuildEvents;
  private readonly feed: DirectoryFeed;
  private readonly answers = new Map<number, (message: BuildThreadMessage) => void>();
  private readonly started = Promise.withResolvers<void>();
  private readonly stopped = Promise.withResolvers<void>();
  private sequence = 0;
  health: BuildHealth = { lastError: null, sinceOk: new Date().toISOString(), retries: 0 };
  private stopping = false;

  constructor(data: BuildThreadData, events: BuildEvents, feed: DirectoryFeed) {
    this.events = events;
    this.feed = feed;
    this.worker = new Worker(new URL('../store/build-thread.ts', import.meta.url), { workerData: data, name: 'build' });
    this.worker.on('message', (message: BuildThreadMessage) => this.receive(message));
    this.worker.on('error', (error) => this.fail(error instanceof Error ? error : new Error(String(error))));
    this.worker.on('exit', (code) => this.fail(new Error(`the build thread ended with code ${code}`)));
  }

  /** Resolves when it knows its segments. */
  async ready(): Promise<void> {
    await this.started.promise;
    this.feed.add(this);
  }

  attachIngest(shard: number, port: MessagePort): void {
    this.post({ type: 'ingest', shard, port }, [port]);
  }

  attachQuery(port: MessagePort): void {
    this.post({ type: 'query', port }, [port]);
  }

  postMessage(message: DirectoryUpdate): void {
    this.worker.postMessage(message);
  }

  async stats(): Promise<BuildStats> {
    const sequence = ++this.sequence;
    const { promise, resolve } = Promise.withResolvers<BuildThreadMessage>();
    this.answers.set(sequence, resolve);
    this.post({ type: 'stats', sequence });
    const message = await promise;
    if (message.type !== 'stats') throw new Error('the build thread answered something else');
    return message.stats;
  }

  /** Puts all segments into `directory`. Rejects with unavailable. */
  async snapshot(directory: string): Promise<void> {
    const sequence = ++this.sequence;
    const { promise, resolve } = Promise.withResolvers<BuildThreadMessage>();
    this.answers.set(sequence, resolve);
    this.post({ type: 'snapshot', sequence, directory });
    const message = await promise;
    if (message.type !== 'snapshot-done') throw new Error('the build thread answered something else');
    if (message.error !== undefined) throw new MeniscusError('unavailable', `cannot copy the store: ${message.error}`);
  }

  /** Writes what there is to segments and ends the thread. */
  async stop(): Promise<void> {
    this.stopping = true;
    this.feed.remove(this);
    const exited = once(this.worker, 'exit');
    this.post({ type: 'stop' });
    await this.stopped.promise;
    await exited;
  }

  private post(command: BuildCommand, ports: readonly MessagePort[] = []): void {
    this.worker.postMessage(command, ports);
  }

  private receive(message: BuildThreadMessage): void {
    switch (message.type) {
      case 'ready':
        return this.started.resolve();
      case 'stopped':
        return this.stopped.resolve();
      case 'report': {
        const time = new Date().toISOString();
        this.health = { lastError: { time, text: `${message.what}: ${message.reason}` }, sinceOk: time, retries: this.health.retries + 1 };
        return this.events.report(message.what, message.reason);
      }
      case 'directory-done':
        return this.feed.done(this, message.sequence);
      case 'stats':
      case 'flush-done':
      case 'snapshot-done':
        this.answers.get(message.sequence)?.(message);
        this.answers.delete(message.sequence);
    }
  }

  private fail(error: Error): void {
    if (this.stopping) return;
    this.stopping = true;
    this.started.reject(error);
    this.stopped.resolve();
    this.events.failed(error);
  }
}
