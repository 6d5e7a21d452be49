import type { MessagePort } from 'node:worker_threads';
import type { TenantChange, TenantView } from '../../control/tenant.ts';
import { messageOf } from '../../errors.ts';
import { KeptDocuments } from '../document/kept-documents.ts';
import type { BatchLimits, SinkTenant, SinkWriter } from '../writer.ts';
import { backOffMs, pause } from './back-off.ts';
import { Delivery } from './delivery.ts';
import { HealthLog } from './health.ts';
import { Inbox } from './inbox.ts';
import type { Committed, FeedBatch, SinkHealth, SinkLetter, ToSink } from './messages.ts';

const HOUR_MS = 3_600_000;
/** Within the time that a stop may take. */
const LAST_WRITE_MS = 5_000;
const REDRIVE_MS = 15_000;

export interface RunnerParts {
  readonly name: string;
  readonly node: number;
  readonly batch: BatchLimits;
  readonly retryMaxAgeMs: number | null;
  readonly writer: SinkWriter;
  readonly tenants: readonly TenantView[];
  readonly letters: (letters: readonly SinkLetter[]) => Promise<void>;
  readonly health: (health: SinkHealth) => void;
  readonly tenantRemoved: (number: number) => void;
}

type Redrive = Extract<ToSink, { type: 'redrive' }>['documents'];

/** One sink at work: batches of the shards, one write after the other, and between them what else is to be done. */
export class SinkRunner {
  private readonly parts: RunnerParts;
  private readonly inbox: Inbox;
  private readonly delivery: Delivery;
  private readonly healthLog: HealthLog;
  private readonly tenants = new Map<number, SinkTenant>();
  private readonly ports = new Map<number, MessagePort>();
  private readonly tasks: (() => Promise<void>)[] = [];
  /** No new work; then: not even the write at hand. */
  private readonly stopping = new AbortController();
  private readonly aborting = new AbortController();
  private wake: (() => void) | undefined;
  /** Removals that wait for their next try. */
  private readonly again = new Set<NodeJS.Timeout>();
  private retained = 0;
  private readonly ended: Promise<void>;

  constructor(parts: RunnerParts) {
    this.parts = parts;
    this.healthLog = new HealthLog(parts.health);
    this.inbox = new Inbox({ name: parts.name, node: parts.node, limits: parts.batch, tenant: (number) => this.tenants.get(number) });
    this.apply(parts.tenants.map((tenant) => ({ type: 'put', tenant })));
    this.delivery = new Delivery({ ...parts, health: this.healthLog });
    this.ended = this.run();
  }

  /** A shard's batches come on this port. */
  attach(shard: number, port: MessagePort): void {
    this.inbox.forget(shard);
    this.ports.get(shard)?.close();
    this.ports.set(shard, port);
    port.on('message', (batch: FeedBatch) => {
      this.inbox.add(shard, batch);
      this.wake?.();
    });
  }

  apply(changes: readonly TenantChange[]): void {
    for (const change of changes) {
      if (change.type === 'remove') {
        this.tenants.delete(change.number);
        this.inbox.forgetTenant(change.number);
      } else {
        const { number, id, name, settings } = change.tenant;
        this.tenants.set(number, { number, id, name, retentionDays: settings.retention_days });
      }
    }
  }

  /** Tried until it succeeds, and between the tries the events of others go on: a server may refuse for ever to delete what it lets us write. */
  removeTenant(number: number, id: string, before: number): void {
    this.tryRemoval(number, id, before, 0);
  }

  private tryRemoval(number: number, id: string, before: number, attempt: number): void {
    const { writer } = this.parts;
    this.add(async () => {
      if (await this.delivery.once(async () => writer.removeTenant?.({ number, id }, before, this.aborting.signal), this.stopping.signal))
        return this.parts.tenantRemoved(number);
      if (this.stopping.signal.aborted) return;
      const again = setTimeout(() => {
        this.again.delete(again);
        this.tryRemoval(number, id, before, attempt + 1);
      }, backOffMs(attempt));
      this.again.add(again);
    });
  }

  /** Resolves with how many of the documents the sink took or refused again; rejects when it cannot be reached. */
  async redrive(documents: Redrive): Promise<number> {
    const known = documents.flatMap(({ tenant, text }) => {
      const found = this.tenants.get(tenant);
      return found === undefined ? [] : [{ tenant: found, text }];
    });
    const batch = KeptDocuments.of(known);
    const late = AbortSignal.timeout(REDRIVE_MS);
    const stop = AbortSignal.any([late, this.stopping.signal]);
    // What is being written when the sink stops is finished: a letter that stays while its event arrives would be both.
    const abort = AbortSignal.any([late, this.aborting.signal]);
    return this.ask(async () => {
      if (stop.aborted || !(await this.delivery.deliver(batch, 0, stop, abort)))
        throw new Error(`the sink ${this.parts.name} takes nothing now`);
      return batch.rows;
    }, abort);
  }

  /** What is being written is finished, if it does not take long; the rest comes again at the next start. */
  async stop(): Promise<void> {
    this.stopping.abort();
    for (const timer of this.again) clearTimeout(timer);
    this.wake?.();
    const hurry = setTimeout(() => this.aborting.abort(), LAST_WRITE_MS);
    await this.ended;
    clearTimeout(hurry);
    this.healthLog.close();
    for (const port of this.ports.values()) port.close();
    await this.parts.writer.close();
  }

  private async run(): Promise<void> {
    let tasked = false;
    while (!this.stopping.signal.aborted) {
      const isDue = this.inbox.due(Date.now()) === 0;
      // In turn: many tasks that take their time (removals that a server is slow with) do not keep events waiting.
      const task: (() => Promise<void>) | undefined = isDue && tasked ? undefined : this.tasks.shift();
      tasked = task !== undefined;
      if (task !== undefined) await task();
      else if (isDue) await this.write();
      else if (Date.now() - this.retained >= HOUR_MS) await this.retain();
      else await this.idle();
    }
    for (const task of this.tasks.splice(0)) await task();
  }

  private async write(): Promise<void> {
    const { events, commits, bytes } = this.inbox.take();
    const { signal } = this.stopping;
    if (events.rows > 0 && !(await this.delivery.deliver(events, bytes, signal, this.aborting.signal))) return;
    for (const [shard, position] of commits) this.ports.get(shard)?.postMessage({ position } satisfies Committed);
  }

  private async retain(): Promise<void> {
    this.retained = Date.now();
    const { writer } = this.parts;
    try {
      await this.delivery.open(this.stopping.signal);
      await writer.retain?.([...this.tenants.values()], this.stopping.signal);
    } catch (error) {
      if (!this.stopping.signal.aborted) this.healthLog.failed(messageOf(error));
      // Soon again, not at once: what is to be written goes first.
      this.retained = Date.now() - HOUR_MS + 30_000;
    }
  }

  private add(task: () => Promise<void>): void {
    this.tasks.push(task);
    this.wake?.();
  }

  /** Runs it between two writes. */
  private async ask<T>(run: () => Promise<T>, signal: AbortSignal): Promise<T> {
    const { promise, resolve, reject } = Promise.withResolvers<T>();
    this.add(async () => run().then(resolve, reject));
    const late = (): void => reject(new Error(`the sink ${this.parts.name} takes nothing now`));
    signal.addEventListener('abort', late, { once: true });
    try {
      return await promise;
    } finally {
      signal.removeEventListener('abort', late);
    }
  }

  private async idle(): Promise<void> {
    const waking = new AbortController();
    this.wake = () => waking.abort();
    const due = this.inbox.due(Date.now());
    await pause(Math.min(due ?? HOUR_MS, Math.max(1, this.retained + HOUR_MS - Date.now())), waking.signal);
    this.wake = undefined;
  }
}
