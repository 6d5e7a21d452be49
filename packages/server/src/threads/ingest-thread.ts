import { once } from 'node:events';
import { parentPort, workerData } from 'node:worker_threads';
import { MeniscusError, messageOf } from '../errors.ts';
import { limits } from '../limits.ts';
import { Directory } from '../pipeline/authenticate/directory.ts';
import { Correlator } from '../pipeline/correlate/correlate.ts';
import { Appender } from '../pipeline/intake/appender.ts';
import { Congestion, ThreadIntake, type IntakeParts } from '../pipeline/intake/intake.ts';
import { BodyRefused, Publisher } from '../pipeline/intake/publisher.ts';
import { Refusals, type Letter } from '../pipeline/intake/refusals.ts';
import { TenantUsage } from '../pipeline/intake/tenant-usage.ts';
import { Normalizers } from '../pipeline/normalize/normalizers.ts';
import { LogQueue } from '../queue/log/log-queue.ts';
import type { Queue } from '../queue/queue.ts';
import { SinkFeeds } from '../sinks/feed/sink-feeds.ts';
import { STORE } from '../sinks/index.ts';
import { CATCH_UP, StoreSink } from '../sinks/store/store-sink.ts';
import { newCounters } from '../sources/counters.ts';
import { createSource } from '../sources/index.ts';
import type { ListenerInfo, Source } from '../sources/source.ts';
import type { FromIngest, IngestStart, ToIngest } from './ingest-messages.ts';
import type { Covered } from './messages.ts';
import { toPlainError } from './plain-error.ts';

/** An ingest thread: sources, batches, the queue log of one shard, and the sinks of what is on disk. Its port speaks ToIngest and FromIngest. */
class IngestThread {
  private readonly start: IngestStart;
  private readonly queue: Queue;
  private readonly appender: Appender;
  private readonly store: StoreSink;
  private readonly feeds: SinkFeeds;
  private readonly directory = new Directory();
  private readonly normalizers = new Normalizers();
  private readonly usage = new TenantUsage();
  private readonly refusals: Refusals;
  private readonly parts: IntakeParts;
  private readonly http: ThreadIntake;
  private readonly publisher: Publisher;
  private readonly sources: { readonly source: Source; readonly intake: ThreadIntake; info: ListenerInfo }[] = [];
  private readonly aborter = new AbortController();
  private readonly handing: Promise<void>;
  private readonly reporting: NodeJS.Timeout;

  constructor(start: IngestStart, queue: Queue, covered: number) {
    this.start = start;
    this.queue = queue;
    this.directory.apply(start.tenants.map((tenant) => ({ type: 'put', tenant })));
    const congestion = new Congestion();
    const relief = (): void => congestion.check();
    this.appender = new Appender(queue, relief);
    this.normalizers.apply(start.rulebases);
    this.appender.batch.normalizeBy(this.normalizers.of);
    this.store = new StoreSink({ ...start, queue, covered, onRelief: relief, isIdle: () => this.appender.quiet });
    this.feeds = new SinkFeeds(queue, relief);
    congestion.cause(() => this.appender.congested);
    congestion.cause(() => this.store.congested);
    congestion.cause(() => this.feeds.congested !== null);
    congestion.cause(() => queue.full);
    queue.onRoom(relief);
    this.refusals = new Refusals((letters) => send({ type: 'letters', letters }));
    const correlator = new Correlator(start.defaultSinks);
    this.parts = {
      appender: this.appender,
      directory: this.directory,
      correlator,
      refusals: this.refusals,
      usage: this.usage,
      congestion,
      queue,
    };
    this.http = new ThreadIntake(this.parts, newCounters());
    this.publisher = new Publisher({ ...this.parts, intake: this.http, store: this.store, shard: start.shard, node: start.node });
    this.handing = this.store.run(this.aborter.signal);
    this.reporting = setInterval(() => this.report(), 1000);
  }

  /** Resolves when searches can find all that an earlier run acknowledged. */
  async caughtUp(): Promise<void> {
    await this.store.caughtUp();
  }

  async receive(message: ToIngest): Promise<void> {
    switch (message.type) {
      case 'publish':
        return this.publish(message);
      case 'listen':
        return this.listen(message);
      case 'directory':
        this.directory.apply(message.changes);
        for (const change of message.changes) if (change.type === 'remove') this.normalizers.forget(change.number);
        return send({ type: 'directory-done', sequence: message.sequence });
      case 'stats':
        // First, so that who has seen the answer has what was counted until now.
        this.report();
        return send({ type: 'stats', id: message.id, stats: this.stats() });
      case 'default-sinks':
        return this.parts.correlator.setDefaultSinks(message.sinks);
      case 'rulebases':
        this.normalizers.apply(message.changes);
        this.appender.batch.normalizeBy(this.normalizers.of);
        return send({ type: 'rulebases-done', id: message.id });
      case 'unparsed': {
        const { id, tenant, producer, pattern } = message;
        return send({ type: 'unparsed', id, report: this.normalizers.report(tenant, producer, pattern) });
      }
      case 'snapshot':
        return this.snapshot(message.id, message.directory);
      case 'attach':
        return this.store.attach(message.port, this.aborter.signal);
      case 'feed':
        return this.feeds.start(message.options, message.port);
      case 'unfeed':
        return this.feeds.remove(message.name);
      case 'stop':
        return this.stop();
    }
  }

  private async publish(message: Extract<ToIngest, { type: 'publish' }>): Promise<void> {
    const { id } = message;
    try {
      const { result, letters } = await this.publisher.publish(message);
      send({ type: 'published', id, result, error: undefined, letters });
    } catch (error) {
      const letters: readonly Letter[] = error instanceof BodyRefused ? error.letters : [];
      const cause = error instanceof BodyRefused ? error.cause : error;
      send({ type: 'published', id, result: undefined, error: toPlainError(cause), letters });
    }
  }

  private async listen(message: Extract<ToIngest, { type: 'listen' }>): Promise<void> {
    try {
      for (const config of message.sources) {
        const intake = new ThreadIntake(this.parts, newCounters());
        const source = createSource(config, intake, { messageBytesMax: this.start.syslogMessageBytes, reusePort: message.reusePort });
        this.sources.push({ source, intake, info: { type: source.type } });
        this.sources.at(-1)!.info = await source.start();
      }
      send({ type: 'listening', listeners: this.sources.map(({ info }) => info) });
    } catch (error) {
      send({ type: 'listen-failed', error: toPlainError(error) });
    }
  }

  private async snapshot(id: number, directory: string): Promise<void> {
    const error = await this.queue.snapshot(directory).then(
      () => undefined,
      (reason: unknown) => toPlainError(new MeniscusError('unavailable', `cannot copy the queue: ${messageOf(reason)}`)),
    );
    send({ type: 'snapshot-done', id, error });
  }

  private stats() {
    return {
      shard: this.start.shard,
      queue: this.queue.stats(),
      sources: this.sources.map(({ info, intake }) => ({ info, counters: intake.counters })),
      http: this.http.counters,
      normalized: this.normalizers.stats,
      lagSeconds: new Map([[STORE, this.store.lagSeconds], ...this.feeds.lagSeconds]),
      heldBackBy: this.feeds.congested,
    };
  }

  private report(): void {
    const counts = this.usage.take();
    if (counts.size > 0) send({ type: 'usage', counts });
  }

  /** In reverse: no more input, what is in hand to disk, then everything closes. What is on disk and not in segments is read back at the next start. */
  private async stop(): Promise<void> {
    clearInterval(this.reporting);
    for (const { source } of this.sources) await source.stop();
    await this.appender.flush();
    this.refusals.flush();
    this.report();
    this.aborter.abort();
    await this.handing;
    await this.feeds.stop();
    await this.queue.close();
    send({ type: 'stopped' });
    this.start.build.close();
  }
}

/** What nobody will take any more would hold the queue back for ever: consumers of query threads that were catching up at a crash, and of sinks that are no longer configured. */
async function settleConsumers(queue: Queue, configured: readonly string[]): Promise<void> {
  for (const { name, lagEvents } of queue.stats().consumers) {
    if (name === STORE || configured.includes(name)) continue;
    await queue.removeConsumer(name);
    const text = `the sink ${name} is not configured any more: ${lagEvents} events of the queue that it had not taken will not go to it`;
    if (!name.startsWith(CATCH_UP) && lagEvents > 0) send({ type: 'warning', text });
  }
  // From now on the queue holds for them what comes.
  for (const name of configured) queue.consumer(name);
}

function send(message: FromIngest): void {
  parentPort!.postMessage(message);
}

const start = workerData as IngestStart;
const [{ position: covered }] = (await once(start.build, 'message')) as [Covered];
const queue = await LogQueue.open({ ...start.queue, fileBytes: limits.queueFileBytes, atLeast: covered });
await settleConsumers(queue, start.sinks);
const thread = new IngestThread(start, queue, covered);
parentPort!.on('message', (message: ToIngest) => {
  // Each branch answers its own failures; what gets here is a defect and must not be silent.
  thread.receive(message).catch((error: unknown) => {
    throw error;
  });
});
await thread.caughtUp();
send({ type: 'ready' });
