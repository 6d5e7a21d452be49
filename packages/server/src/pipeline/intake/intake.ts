import type { TenantView } from '../../control/tenant.ts';
import type { BatchBuilder } from '../../event/batch-builder.ts';
import { authenticateMessage } from '../../auth/message.ts';
import type { Queue } from '../../queue/queue.ts';
import type { Intake, Refusal, SourceCounters } from '../../sources/source.ts';
import type { Directory } from '../authenticate/directory.ts';
import type { Correlator } from '../correlate/correlate.ts';
import type { Appender } from './appender.ts';
import type { Refusals } from './refusals.ts';
import type { TenantUsage } from './tenant-usage.ts';

/** What the sources of one thread share. */
export interface IntakeParts {
  readonly appender: Appender;
  readonly directory: Directory;
  readonly correlator: Correlator;
  readonly refusals: Refusals;
  readonly usage: TenantUsage;
  readonly congestion: Congestion;
  readonly queue: Pick<Queue, 'full'>;
}

/** Whether sources should read, asked by all of a thread and announced to those that wait. */
export class Congestion {
  private readonly causes: (() => boolean)[] = [];
  private listeners: (() => void)[] = [];

  /** Adds a reason that is asked each time. */
  cause(congested: () => boolean): void {
    this.causes.push(congested);
  }

  get now(): boolean {
    for (const cause of this.causes) if (cause()) return true;
    return false;
  }

  onRelief(listener: () => void): void {
    this.listeners.push(listener);
  }

  /** To be called when a cause may have gone. */
  check(): void {
    if (this.listeners.length === 0 || this.now) return;
    const listeners = this.listeners;
    this.listeners = [];
    for (const listener of listeners) listener();
  }
}

/** The intake of one source: the thread's parts with counters of its own. */
export class ThreadIntake implements Intake {
  readonly counters: SourceCounters;
  readonly batch: BatchBuilder;
  private readonly parts: IntakeParts;

  constructor(parts: IntakeParts, counters: SourceCounters) {
    this.parts = parts;
    this.counters = counters;
    this.batch = parts.appender.batch;
  }

  get directoryVersion(): number {
    return this.parts.directory.version;
  }

  get congested(): boolean {
    return this.parts.congestion.now;
  }

  get full(): boolean {
    return this.parts.queue.full;
  }

  onRelief(listener: () => void): void {
    this.parts.congestion.onRelief(listener);
  }

  committed(tenant: TenantView, bytes: number): void {
    this.counters.events++;
    this.counters.bytes += bytes;
    this.parts.usage.add(tenant.number, bytes);
    this.parts.appender.committed();
  }

  originOf(tenant: TenantView, pname: string): number {
    return this.batch.originIndex(tenant.number, this.parts.correlator.producerOf(tenant, pname));
  }

  authenticate(tenantId: string, token: string): TenantView | undefined {
    const tenant = this.parts.directory.get(tenantId);
    return authenticateMessage(tenant, token) ? tenant : undefined;
  }

  tenant(tenantId: string): TenantView | undefined {
    return this.parts.directory.get(tenantId);
  }

  refuse(tenant: number | null, letter: Refusal): void {
    if (tenant !== null) this.parts.usage.reject(tenant);
    this.parts.refusals.add(tenant, letter);
  }
}
