import { setTimeout as sleep } from 'node:timers/promises';
import { MeniscusError } from '../../../errors.ts';
import { limits } from '../../../limits.ts';
import type { DirectoryFeed } from '../../../threads/directory-feed.ts';
import { fromPlainError } from '../../../threads/plain-error.ts';
import type { ExportRequest, SearchBackend, SearchRequest } from '../../search.ts';
import type { Tail, TailRequest, TailSubscriber } from '../../tail.ts';
import { isTailMessage, type FromTail } from '../tail/messages.ts';
import { Tails } from '../tail/tails.ts';
import { emptyAnswer } from './empty-answer.ts';
import { ExportStream, PIECES_AHEAD } from './export-stream.ts';
import type { ExportJob, Job, SearchJob } from './jobs.ts';
import { Lane } from './lane.ts';
import type { FromQuery, QueryPorts } from './messages.ts';
import { Places } from './places.ts';
import { ThreadHandle } from './thread-handle.ts';

/** How far beyond its deadline a search may be, or a cancelled one live on, before its thread counts as stuck. */
const GRACE_MS = 1_000;
const WATCH_MS = 200;
/** Before a thread that ended is replaced; doubled each time until one has become ready. */
const RESTART_MS = 50;
const RESTART_MS_MAX = 10_000;
/** The least part of the caches that a thread has: less would be of no use, and who has more cores has more memory. */
const CACHE_SHARE_MIN = 1 / 8;

/** The ports of a new query thread, their other ends handed to the threads that feed it. */
export interface QueryConnection {
  readonly ports: QueryPorts;
  /** See QueryStart. */
  readonly waitForIngest: boolean;
}

export interface PoolOptions {
  readonly threads: number;
  /** The directory of segments. */
  readonly directory: string;
  /** The node whose ids the events have. */
  readonly node: number;
  /**
   * Called for each thread that is started, the first ones and those that replace others (`again`). The caller makes a channel to the build thread,
   * which sends the whole manifest on it and then its changes, and one to each ingest thread, which sends every batch that is in no segment yet, then
   * (`waitForIngest`) `{ type: 'attached' }`, and then every batch after its fsync. The ports of a thread that ends are closed by its end.
   */
  readonly connect: (again: boolean) => QueryConnection;
  /** Told of every thread, so that changes of tenants are in force in all of them. */
  readonly feed: DirectoryFeed;
  /** What an operator should know of. */
  readonly report: (what: string, reason: string) => void;
  /** Another program for the threads, and what it needs besides QueryStart: for other back ends, and for tests. */
  readonly program?: URL;
  readonly data?: object;
}

/**
 * The store's search back end: query threads, and in front of them a queue that is bounded and fair among tenants. A thread that does not come back
 * from a search is ended and replaced; the search is answered with nothing, `partial: true`, and the others of the thread begin again.
 */
export class QueryPool implements SearchBackend, Tail {
  private readonly options: PoolOptions;
  private readonly places = new Places();
  private readonly jobs = new Map<number, Job>();
  private readonly tailing: Tails;
  private readonly lanes = { search: newLane<SearchJob>(), export: newLane<ExportJob>() };
  /** Cancelled jobs whose threads have not said that they ended, with the time by which they must. */
  private readonly ending = new Map<number, { readonly thread: ThreadHandle; readonly by: number }>();
  private readonly watch: NodeJS.Timeout;
  private readonly started = Promise.withResolvers<void>();
  private nextId = 1;
  private restartMs = RESTART_MS;
  private closed = false;

  constructor(options: PoolOptions) {
    this.options = options;
    this.tailing = new Tails(options.node);
    for (let i = 0; i < options.threads; i++) this.startThread(false);
    this.watch = setInterval(() => this.look(performance.now()), WATCH_MS);
    this.watch.unref();
  }

  /** Resolves when a thread can search. */
  async ready(): Promise<void> {
    await this.started.promise;
  }

  async search(request: SearchRequest, signal: AbortSignal): Promise<string> {
    signal.throwIfAborted();
    const { promise, resolve, reject } = Promise.withResolvers<string>();
    const deadline = performance.now() + request.deadlineMs;
    const tenant = request.tenant.number;
    const job: SearchJob = {
      kind: 'search',
      id: this.newId(),
      tenant,
      request,
      deadline,
      thread: undefined,
      retried: false,
      resolve,
      reject,
    };
    this.admit(job);
    const abort = (): void => {
      this.drop(job);
      reject(signal.reason);
    };
    signal.addEventListener('abort', abort, { once: true });
    try {
      return await promise;
    } finally {
      signal.removeEventListener('abort', abort);
    }
  }

  async *export(request: ExportRequest, signal: AbortSignal): AsyncIterable<Uint8Array> {
    signal.throwIfAborted();
    const stream = new ExportStream();
    const job: ExportJob = {
      kind: 'export',
      id: this.newId(),
      tenant: request.tenant.number,
      request,
      thread: undefined,
      piece: (bytes) => stream.push(bytes),
      end: () => stream.end(),
      reject: (error) => stream.fail(error),
    };
    this.admit(job);
    const abort = (): void => {
      this.drop(job);
      stream.fail(signal.reason);
    };
    signal.addEventListener('abort', abort, { once: true });
    try {
      for (let piece = await stream.next(); piece !== undefined; piece = await stream.next()) {
        yield piece;
        job.thread?.send({ type: 'credit', id: job.id, pieces: 1 });
      }
    } finally {
      signal.removeEventListener('abort', abort);
      this.drop(job);
    }
  }

  get tails(): number {
    return this.tailing.size;
  }

  tail(request: TailRequest, subscriber: TailSubscriber): () => void {
    if (this.closed) throw new MeniscusError('shutting_down');
    return this.tailing.open(request, subscriber);
  }

  /** Ends everything. Idempotent. */
  async close(): Promise<void> {
    if (this.closed) return;
    this.closed = true;
    clearInterval(this.watch);
    this.tailing.close();
    for (const job of this.jobs.values()) job.reject(new MeniscusError('shutting_down'));
    this.jobs.clear();
    const { threads } = this.places;
    for (const thread of threads) this.options.feed.remove(thread);
    await Promise.all(threads.map((thread) => thread.terminate()));
  }

  private newId(): number {
    const id = this.nextId;
    // The number is shared with threads as 32 bits.
    this.nextId = (id % 0x7fff_0000) + 1;
    return id;
  }

  private startThread(again: boolean): void {
    const { threads, directory, node, connect, feed, program, data } = this.options;
    const { ports, waitForIngest } = connect(again);
    const name = `query-${this.nextId}`;
    const cacheShare = Math.max(1 / threads, CACHE_SHARE_MIN);
    const handle = new ThreadHandle(
      { directory, node, cacheShare, ports, waitForIngest, name, ...(program && { program }), ...(data && { data }) },
      {
        receive: (thread, message) => this.receive(thread, message),
        ended: (thread, error) => this.ended(thread, error),
      },
    );
    this.places.add(handle);
    feed.add(handle);
  }

  /** Queues a job and gives it a place when there is one. Throws too_many_requests. */
  private admit(job: Job): void {
    if (this.closed) throw new MeniscusError('shutting_down');
    if (job.kind === 'search') this.lanes.search.add(job);
    else this.lanes.export.add(job);
    this.jobs.set(job.id, job);
    this.dispatch();
  }

  private dispatch(): void {
    for (const kind of ['search', 'export'] as const) {
      for (let thread = this.places.idlest(kind); thread !== undefined; thread = this.places.idlest(kind)) {
        const job = this.lanes[kind].take((tenant) => this.places.mayRun(kind, tenant));
        if (job === undefined) break;
        this.begin(job, thread);
      }
    }
  }

  private begin(job: Job, thread: ThreadHandle): void {
    this.places.take(job, thread);
    if (job.kind === 'search') {
      const deadlineMs = Math.max(job.deadline - performance.now(), 0);
      thread.send({ type: 'search', id: job.id, request: { ...job.request, deadlineMs } });
    } else {
      thread.send({ type: 'export', id: job.id, request: job.request });
      thread.send({ type: 'credit', id: job.id, pieces: PIECES_AHEAD });
    }
  }

  private receive(thread: ThreadHandle, message: FromQuery): void {
    if (isTailMessage(message)) this.tailing.receive(thread, message);
    else if (message.type === 'ready') this.threadReady(thread);
    else if (message.type === 'directory-done') this.options.feed.done(thread, message.sequence);
    else if (message.type === 'report') this.options.report(message.what, message.reason);
    else {
      this.ending.delete(message.id);
      this.settle(message);
    }
  }

  private threadReady(thread: ThreadHandle): void {
    thread.ready = true;
    this.restartMs = RESTART_MS;
    this.started.resolve();
    this.tailing.addThread(thread);
    this.dispatch();
  }

  private settle(message: Extract<Exclude<FromQuery, FromTail>, { id: number }>): void {
    const job = this.jobs.get(message.id);
    if (job === undefined) return;
    if (message.type === 'piece') {
      if (job.kind === 'export') job.piece(message.bytes);
      return;
    }
    this.finish(job);
    if (message.type === 'failed') job.reject(fromPlainError(message.error));
    else if (job.kind === 'export') job.end();
    else if (message.type === 'answer') job.resolve(message.json);
    this.dispatch();
  }

  /** The job has no place any more. */
  private finish(job: Job): void {
    this.jobs.delete(job.id);
    this.places.free(job);
  }

  /** Nobody waits for the job: its place is free at once, its thread learns of it. */
  private drop(job: Job): void {
    if (!this.jobs.has(job.id)) return;
    if (job.kind === 'search') this.lanes.search.remove(job);
    else this.lanes.export.remove(job);
    const { thread } = job;
    this.finish(job);
    if (thread !== undefined) {
      this.ending.set(job.id, { thread, by: performance.now() + GRACE_MS });
      thread.send({ type: 'cancel', id: job.id });
    }
    this.dispatch();
  }

  /** Looks for searches that nobody will answer in time. */
  private look(now: number): void {
    for (const job of this.lanes.search) if (now > job.deadline) this.giveUp(job, 'no query thread was free before the deadline');
    const stuck = new Set<ThreadHandle>();
    for (const job of this.jobs.values())
      if (job.kind === 'search' && job.thread?.ready === true && now > job.deadline + GRACE_MS) stuck.add(job.thread);
    for (const { thread, by } of this.ending.values()) if (now > by) stuck.add(thread);
    for (const thread of stuck) void this.replace(thread);
  }

  /** Answers a search with nothing, and says why. */
  private giveUp(job: SearchJob, reason: string): void {
    this.lanes.search.remove(job);
    this.finish(job);
    emptyAnswer(job.request, reason).then(job.resolve, job.reject);
  }

  /** Ends a thread that does not come back, and starts another. */
  private async replace(thread: ThreadHandle): Promise<void> {
    const culprit = thread.searching;
    this.options.report('a query thread was ended', 'a search did not come back from one block');
    const ended = thread.terminate();
    this.lose(thread, (job) => {
      const overdue = job.kind === 'search' && performance.now() > job.deadline + GRACE_MS;
      if (job.kind === 'search' && (job.id === culprit || overdue))
        this.giveUp(job, 'the search was ended: it held its thread beyond the deadline');
      else this.beginAgain(job);
    });
    await ended;
    if (!this.closed) this.startThread(true);
  }

  private ended(thread: ThreadHandle, error: Error): void {
    if (this.closed) return;
    const culprit = thread.searching;
    this.options.report('a query thread ended', error.message);
    this.lose(thread, (job) => {
      if (job.id === culprit) this.fail(job);
      else this.beginAgain(job);
    });
    void this.restart();
  }

  private async restart(): Promise<void> {
    const delay = this.restartMs;
    this.restartMs = Math.min(delay * 2, RESTART_MS_MAX);
    await sleep(delay, undefined, { ref: false });
    if (!this.closed) this.startThread(true);
  }

  /** Takes a thread out; its jobs go elsewhere. */
  private lose(thread: ThreadHandle, settle: (job: Job) => void): void {
    this.options.feed.remove(thread);
    this.tailing.removeThread(thread);
    for (const [id, entry] of this.ending) if (entry.thread === thread) this.ending.delete(id);
    for (const job of this.places.remove(thread)) {
      job.thread = undefined;
      settle(job);
    }
    this.dispatch();
  }

  /** A search starts anew elsewhere, once; an export cannot, as parts of it are sent already. */
  private beginAgain(job: Job): void {
    if (job.kind === 'export' || job.retried) return this.fail(job);
    job.retried = true;
    this.lanes.search.putBack(job);
  }

  private fail(job: Job): void {
    this.finish(job);
    job.reject(new MeniscusError('unavailable', 'the thread of the search ended', { retryAfter: 1 }));
  }
}

function newLane<Kind extends Job>(): Lane<Kind> {
  return new Lane<Kind>({ queued: limits.searchesQueued, queuedOfTenant: limits.searchesQueued / 2 });
}
