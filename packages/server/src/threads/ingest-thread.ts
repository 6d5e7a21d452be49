import { once } from 'node:events';
import { parentPort, workerData } from 'node:worker_threads';
import { MeniscusError } from '../errors.ts';
import { limits } from '../limits.ts';
import { Directory } from '../pipeline/authenticate/directory.ts';
import { Correlator } from '../pipeline/correlate/correlate.ts';
import { Appender } from '../pipeline/intake/appender.ts';
import { Congestion, ThreadIntake, type IntakeParts } from '../pipeline/intake/intake.ts';
import { BodyRefused, Publisher } from '../pipeline/intake/publisher.ts';
import { Refusals, type Letter } from '../pipeline/intake/refusals.ts';
import { TenantUsage } from '../pipeline/intake/tenant-usage.ts';
import { LogQueue } from '../queue/log/log-queue.ts';
import type { Queue } from '../queue/queue.ts';
import { sinks } from '../sinks/index.ts';
import { CATCH_UP, type StoreSink } from '../sinks/store/store-sink.ts';
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
  private readonly directory = new Directory();
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
    this.store = sinks.store({ ...start, queue, covered, onRelief: relief, isIdle: () => this.appender.quiet });
    congestion.cause(() => this.appender.congested);
    congestion.cause(() => this.store.congested);
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
        return send({ type: 'directory-done', sequence: message.sequence });
      case 'stats':
        // First, so that who has seen the answer has what was counted until now.
        this.report();
        return send({ type: 'stats', id: message.id, stats: this.stats() });
      case 'snapshot':
        return this.snapshot(message.id, message.directory);
      case 'attach':
        return this.store.attach(message.port, this.aborter.signal);
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
      storeLagSeconds: this.store.lagSeconds,
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
    await this.queue.close();
    send({ type: 'stopped' });
    this.start.build.close();
  }
}

/** A crash while a query thread was catching up left its consumer, which would hold the queue back for ever. */
async function removeStaleConsumers(queue: Queue): Promise<void> {
  for (const { name } of queue.stats().consumers) if (name.startsWith(CATCH_UP)) await queue.removeConsumer(name);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function send(message: FromIngest): void {
  parentPort!.postMessage(message);
}

const start = workerData as IngestStart;
const [{ position: covered }] = (await once(start.build, 'message')) as [Covered];
const queue = await LogQueue.open({ ...start.queue, fileBytes: limits.queueFileBytes, atLeast: covered });
await removeStaleConsumers(queue);
const thread = new IngestThread(start, queue, covered);
parentPort!.on('message', (message: ToIngest) => {
  // Each branch answers its own failures; what gets here is a defect and must not be silent.
  thread.receive(message).catch((error: unknown) => {
    throw error;
  });
});
await thread.caughtUp();
send({ type: 'ready' });
