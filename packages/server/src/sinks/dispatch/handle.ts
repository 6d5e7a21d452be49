import { mkdirSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { MessageChannel, Worker, type MessagePort } from 'node:worker_threads';
import { messageOf } from '../../errors.ts';
import type { DirectoryFeed } from '../../threads/directory-feed.ts';
import type { DirectoryUpdate } from '../../threads/messages.ts';
import { backOffMs } from '../run/back-off.ts';
import { newHealth } from '../run/health.ts';
import type { FromSink, SinkLetter, SinkStart, ToSink } from '../run/messages.ts';

const PROGRAM = new URL('../run/sink-thread.ts', import.meta.url);
/** More than a stop may take: then it is ended hard, and what it had not committed comes again. */
const STOP_MS = 8_000;

export interface SinkEvents {
  letters(letters: readonly SinkLetter[]): Promise<void>;
  tenantRemoved(number: number): void;
  /** A thread was started, first or again. */
  started(handle: SinkHandle): void;
  warn(text: string): void;
}

/** One sink's thread, seen from main. A thread that ends by itself (a defect, no memory) is started again with back-off: other sinks and ingest go on. */
export class SinkHandle {
  private readonly start: () => SinkStart;
  private readonly events: SinkEvents;
  private readonly feed: DirectoryFeed;
  private readonly attach: (port: MessagePort, shard: number) => void;
  private readonly shards: number;
  private worker: Worker;
  private readonly answers = new Map<number, PromiseWithResolvers<number>>();
  private nextId = 0;
  private crashes = 0;
  private stopping = false;
  /** False between a crash and the next start. */
  private running = true;
  private stopped = Promise.withResolvers<void>();
  health = newHealth();

  constructor(
    start: () => SinkStart,
    shards: number,
    attach: (port: MessagePort, shard: number) => void,
    events: SinkEvents,
    feed: DirectoryFeed,
  ) {
    this.start = start;
    this.shards = shards;
    this.attach = attach;
    this.events = events;
    this.feed = feed;
    this.worker = this.launch();
    events.started(this);
  }

  postMessage(message: DirectoryUpdate): void {
    this.worker.postMessage(message);
  }

  removeTenant(number: number, tenantId: string, before: number): void {
    this.post({ type: 'remove-tenant', number, tenantId, before });
  }

  /** Resolves with how many it took or refused again. Rejects with why it cannot. */
  async redrive(documents: readonly { readonly tenant: number; readonly text: string }[]): Promise<number> {
    return this.ask((id) => ({ type: 'redrive', id, documents }));
  }

  async stop(): Promise<void> {
    this.stopping = true;
    this.feed.remove(this);
    if (!this.running) return;
    this.post({ type: 'stop' });
    const late = new AbortController();
    await Promise.race([this.stopped.promise, delay(STOP_MS, undefined, { signal: late.signal }).catch(() => {})]);
    late.abort();
    await this.worker.terminate();
    this.rejectAll('the sink is stopping');
  }

  private launch(): Worker {
    const start = this.start();
    mkdirSync(start.stateDirectory, { recursive: true, mode: 0o700 });
    const worker = new Worker(PROGRAM, { workerData: start, name: `sink-${start.name}` });
    worker.on('message', (message: FromSink) => this.receive(worker, message));
    worker.on('error', (error) => this.crashed(worker, messageOf(error)));
    worker.on('exit', (code) => this.crashed(worker, `its thread ended with code ${code}`));
    this.feed.add(this);
    for (let shard = 0; shard < this.shards; shard++) {
      const { port1, port2 } = new MessageChannel();
      worker.postMessage({ type: 'shard', shard, port: port1 } satisfies ToSink, [port1]);
      this.attach(port2, shard);
    }
    return worker;
  }

  private post(message: ToSink): void {
    this.worker.postMessage(message);
  }

  private async ask(message: (id: number) => ToSink): Promise<number> {
    if (!this.running) throw new Error('the sink is being started again');
    if (this.stopping) throw new Error('the sink is stopping');
    const id = this.nextId++;
    const answer = Promise.withResolvers<number>();
    this.answers.set(id, answer);
    this.post(message(id));
    return answer.promise;
  }

  private receive(worker: Worker, message: FromSink): void {
    switch (message.type) {
      case 'health':
        this.crashes = 0;
        this.health = message.health;
        return;
      case 'letters':
        return this.keep(worker, message);
      case 'redriven':
        return this.answered(message.id, message.done, message.error);
      case 'tenant-removed':
        return this.events.tenantRemoved(message.number);
      case 'warning':
        return this.events.warn(message.text);
      case 'directory-done':
        return this.feed.done(this, message.sequence);
      case 'stopped':
        return this.stopped.resolve();
    }
  }

  /** The answer goes to who asked: a thread that was started meanwhile counts anew. */
  private keep(worker: Worker, { id, letters }: Extract<FromSink, { type: 'letters' }>): void {
    const answer = (error: string | undefined): void => worker.postMessage({ type: 'letters-done', id, error } satisfies ToSink);
    this.events.letters(letters).then(
      () => answer(undefined),
      (error: unknown) => answer(messageOf(error)),
    );
  }

  private answered(id: number, done: number, error: string | undefined): void {
    const answer = this.answers.get(id);
    this.answers.delete(id);
    if (error === undefined) answer?.resolve(done);
    else answer?.reject(new Error(error));
  }

  private rejectAll(reason: string): void {
    for (const answer of this.answers.values()) answer.reject(new Error(reason));
    this.answers.clear();
  }

  private crashed(worker: Worker, reason: string): void {
    if (this.stopping || worker !== this.worker) {
      this.stopped.resolve();
      return;
    }
    // `error` and `exit` both come; the first is the one with the reason.
    worker
      .removeAllListeners('exit')
      .removeAllListeners('error')
      .on('error', () => {});
    this.running = false;
    this.feed.remove(this);
    this.rejectAll(reason);
    const lastError = { time: new Date().toISOString(), text: reason };
    this.health = { ...this.health, lastError, sinceOk: null, retries: this.health.retries + 1, failures: this.health.failures + 1 };
    this.events.warn(`the sink's thread ended and is started again: ${reason}`);
    this.restartLater();
  }

  private restartLater(): void {
    setTimeout(() => this.restart(), backOffMs(this.crashes++)).unref();
  }

  private restart(): void {
    if (this.stopping) return;
    try {
      this.worker = this.launch();
    } catch (error) {
      // Its directory cannot be made: as long as that is so, the sink is down and everything else goes on.
      this.events.warn(`the sink's thread cannot be started: ${messageOf(error)}`);
      this.restartLater();
      return;
    }
    this.running = true;
    this.events.started(this);
  }
}
