import { once } from 'node:events';
import { Worker, type MessagePort } from 'node:worker_threads';
import type { SourceConfig } from '../config/config.ts';
import { MeniscusError } from '../errors.ts';
import type { IngestStats, PublishRequest, PublishResult } from '../pipeline/ingest.ts';
import type { Letter } from '../pipeline/intake/refusals.ts';
import type { UsageCounts } from '../pipeline/intake/tenant-usage.ts';
import type { RulebaseChange, UnparsedReport } from '../pipeline/normalize/rulebase-change.ts';
import type { FeedOptions } from '../sinks/dispatch/dispatch.ts';
import type { ListenerInfo } from '../sources/source.ts';
import type { DirectoryFeed } from './directory-feed.ts';
import type { FromIngest, IngestStart, ToIngest } from './ingest-messages.ts';
import type { DirectoryUpdate } from './messages.ts';
import { fromPlainError } from './plain-error.ts';

/** What a thread tells main without being asked. */
export interface IngestEvents {
  letters(letters: readonly Letter[]): Promise<void>;
  usage(counts: ReadonlyMap<number, UsageCounts>): void;
  /** What an operator should know of. */
  warning(text: string): void;
  /** The thread ended by itself: the service cannot go on. */
  failed(error: Error): void;
}

type Published = Extract<FromIngest, { type: 'published' }>;

/** One ingest thread, seen from main. */
export class IngestHandle {
  /** Requests that it works on. */
  inFlight = 0;
  private readonly worker: Worker;
  private readonly events: IngestEvents;
  private readonly feed: DirectoryFeed;
  private readonly publishing = new Map<number, (message: Published) => void>();
  private readonly asking = new Map<number, (stats: IngestStats) => void>();
  private readonly copying = new Map<number, (message: Extract<FromIngest, { type: 'snapshot-done' }>) => void>();
  private readonly changing = new Map<number, () => void>();
  private readonly counting = new Map<number, (report: UnparsedReport | undefined) => void>();
  private readonly signals = new Map<FromIngest['type'], (message: FromIngest) => void>();
  private nextId = 0;
  private stopping = false;

  constructor(start: IngestStart, events: IngestEvents, feed: DirectoryFeed) {
    this.events = events;
    this.feed = feed;
    const transferList = [start.build, ...start.queries];
    this.worker = new Worker(new URL('./ingest-thread.ts', import.meta.url), {
      workerData: start,
      transferList,
      name: `ingest-${start.shard}`,
    });
    this.worker.on('message', (message: FromIngest) => this.receive(message));
    this.worker.on('error', (error) => this.fail(error instanceof Error ? error : new Error(String(error))));
    this.worker.on('exit', (code) => this.fail(new Error(`an ingest thread ended with code ${code}`)));
  }

  async ready(): Promise<void> {
    await this.signal('ready');
    this.feed.add(this);
  }

  /** Opens listeners; rejects with the error of the first that cannot. */
  async listen(sources: readonly SourceConfig[], reusePort: boolean): Promise<readonly ListenerInfo[]> {
    const answer = Promise.race([this.signal('listening'), this.signal('listen-failed')]);
    this.post({ type: 'listen', sources, reusePort });
    const message = await answer;
    if (message.type === 'listen-failed') throw fromPlainError(message.error);
    return message.type === 'listening' ? message.listeners : [];
  }

  async publish(request: PublishRequest): Promise<PublishResult> {
    const id = this.nextId++;
    const { promise, resolve } = Promise.withResolvers<Published>();
    this.publishing.set(id, resolve);
    this.inFlight++;
    const { body, contentType, contentEncoding, remote } = request;
    // The body moves when it owns its memory; a slice of something larger is copied.
    const whole = body.byteLength === body.buffer.byteLength ? [body.buffer as ArrayBuffer] : [];
    this.worker.postMessage({ type: 'publish', id, tenant: request.tenant.number, body, contentType, contentEncoding, remote }, whole);
    const { result, error, letters } = await promise;
    if (letters.length > 0) await this.events.letters(letters);
    if (error !== undefined) throw fromPlainError(error);
    return result!;
  }

  async stats(): Promise<IngestStats> {
    const id = this.nextId++;
    const { promise, resolve } = Promise.withResolvers<IngestStats>();
    this.asking.set(id, resolve);
    this.post({ type: 'stats', id });
    return promise;
  }

  /** Resolves when the changes are in force, or the thread has ended. */
  async rulebases(changes: readonly RulebaseChange[]): Promise<void> {
    if (this.stopping) return;
    const id = this.nextId++;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.changing.set(id, resolve);
    this.post({ type: 'rulebases', id, changes });
    await promise;
  }

  /** What became of a producer's lines in this thread; undefined when there were none. */
  async unparsed(tenant: number, producer: number | null, pattern: string): Promise<UnparsedReport | undefined> {
    const id = this.nextId++;
    const { promise, resolve } = Promise.withResolvers<UnparsedReport | undefined>();
    this.counting.set(id, resolve);
    this.post({ type: 'unparsed', id, tenant, producer, pattern });
    return promise;
  }

  /** Puts a copy of the queue into `directory`. Rejects with unavailable. */
  async snapshot(directory: string): Promise<void> {
    const id = this.nextId++;
    const { promise, resolve } = Promise.withResolvers<Extract<FromIngest, { type: 'snapshot-done' }>>();
    this.copying.set(id, resolve);
    this.post({ type: 'snapshot', id, directory });
    const { error } = await promise;
    if (error !== undefined) throw fromPlainError(error);
  }

  /** A new query thread's port: it gets what is not in segments, and then every batch. */
  attach(port: MessagePort): void {
    this.worker.postMessage({ type: 'attach', port } satisfies ToIngest, [port]);
  }

  /** A sink's thread was started: it gets its events through the port. */
  feedSink(options: FeedOptions, port: MessagePort): void {
    this.worker.postMessage({ type: 'feed', options, port } satisfies ToIngest, [port]);
  }

  /** Nothing is kept for the sink any more. */
  unfeedSink(name: string): void {
    this.post({ type: 'unfeed', name });
  }

  /** Of events that belong to no producer, from now on. */
  setDefaultSinks(sinks: readonly string[]): void {
    this.post({ type: 'default-sinks', sinks });
  }

  postMessage(message: DirectoryUpdate): void {
    this.post(message);
  }

  /** Resolves when everything it took is on disk and its thread has ended. */
  async stop(): Promise<void> {
    this.stopping = true;
    this.feed.remove(this);
    const stopped = this.signal('stopped');
    this.post({ type: 'stop' });
    await stopped;
    const exited = once(this.worker, 'exit');
    await this.worker.terminate();
    await exited.catch(() => {});
  }

  private post(message: ToIngest): void {
    this.worker.postMessage(message);
  }

  private async signal<T extends FromIngest['type']>(type: T): Promise<Extract<FromIngest, { type: T }>> {
    const { promise, resolve } = Promise.withResolvers<FromIngest>();
    this.signals.set(type, resolve);
    return (await promise) as Extract<FromIngest, { type: T }>;
  }

  private receive(message: FromIngest): void {
    switch (message.type) {
      case 'published': {
        this.inFlight--;
        const resolve = this.publishing.get(message.id);
        this.publishing.delete(message.id);
        resolve?.(message);
        return;
      }
      case 'stats':
        this.asking.get(message.id)?.(message.stats);
        this.asking.delete(message.id);
        return;
      case 'rulebases-done':
        this.changing.get(message.id)?.();
        this.changing.delete(message.id);
        return;
      case 'unparsed':
        this.counting.get(message.id)?.(message.report);
        this.counting.delete(message.id);
        return;
      case 'snapshot-done':
        this.copying.get(message.id)?.(message);
        this.copying.delete(message.id);
        return;
      case 'letters':
        this.events.letters(message.letters).catch((error: unknown) => this.fail(error as Error));
        return;
      case 'warning':
        return this.events.warning(message.text);
      case 'usage':
        return this.events.usage(message.counts);
      case 'directory-done':
        return this.feed.done(this, message.sequence);
      case 'ready':
      case 'listening':
      case 'listen-failed':
      case 'stopped':
        this.signals.get(message.type)?.(message);
    }
  }

  private fail(error: Error): void {
    if (this.stopping) return;
    this.stopping = true;
    const plain = { code: 'unavailable', detail: 'the ingest thread ended', retryAfter: 5 } as const;
    for (const [id, resolve] of this.publishing) resolve({ type: 'published', id, result: undefined, error: plain, letters: [] });
    for (const [id, resolve] of this.copying) resolve({ type: 'snapshot-done', id, error: plain });
    for (const resolve of this.changing.values()) resolve();
    for (const resolve of this.counting.values()) resolve(undefined);
    this.events.failed(new MeniscusError('internal', error.message, { cause: error }));
  }
}
