import { ABSENT, Batch, ROW_TIME_RECEIVED } from '../../event/batch.ts';
import { BatchBuilder } from '../../event/batch-builder.ts';
import { LEAF, NumberText } from '../../event/leaf.ts';
import { compileShape } from '../../event/shape.ts';
import { formatTime } from '../../event/event.ts';
import type { TenantView } from '../../control/tenant.ts';
import { newCounters } from '../counters.ts';
import type { Intake, Refusal } from '../source.ts';

/** A row read back from a batch. Absent parts are left out. */
export interface TestRow {
  tenant: number;
  time: string;
  timeReceived?: true;
  host: string;
  pname: string;
  pid: string;
  msgid: string;
  severity?: number;
  facility?: number;
  ver: number;
  msg?: string;
  native?: Record<string, unknown>;
}

/** A tenant for tests, with one producer for each name given. */
export function testTenant(number: number, id: string, token: string, producers: readonly string[] = []): TenantView {
  return {
    number,
    id,
    name: id,
    token: { valid: token, previous: null },
    producers: producers.map((name, i) => ({ id: i + 1, name, pattern: name, durable: false, encrypted: false, sinks: ['store'] })),
    settings: { retention_days: 90 },
  };
}

/** An ingest thread in miniature: rows are read back from the batches that were sealed. */
export class MemoryIntake implements Intake {
  readonly batch = new BatchBuilder();
  readonly counters = newCounters();
  readonly refusals: (Refusal & { tenant: number | null })[] = [];
  directoryVersion = 1;
  /** Rows are dropped as soon as their batch is full. */
  discard = false;
  /** How often credentials were checked. */
  authentications = 0;
  private congested_ = false;
  private readonly listeners: (() => void)[] = [];
  private readonly tenants = new Map<string, TenantView>();
  private readonly rows_: TestRow[] = [];
  private waiting: { count: number; resolve: () => void }[] = [];

  constructor(...tenants: TenantView[]) {
    for (const tenant of tenants) this.tenants.set(tenant.id, tenant);
  }

  put(tenant: TenantView): void {
    this.tenants.set(tenant.id, tenant);
    this.directoryVersion++;
  }

  remove(id: string): void {
    this.tenants.delete(id);
    this.directoryVersion++;
  }

  committed(_tenant: TenantView, bytes: number): void {
    this.counters.events++;
    this.counters.bytes += bytes;
    if (this.batch.full) this.seal();
    if (this.waiting.length > 0) this.wake();
  }

  originOf(tenant: TenantView, pname: string): number {
    const producer = tenant.producers.find(({ name }) => name === pname);
    return this.batch.originIndex(tenant.number, producer === undefined ? 'null' : JSON.stringify(producer));
  }

  authenticate(tenantId: string, token: string): TenantView | undefined {
    this.authentications++;
    const tenant = this.tenants.get(tenantId);
    return tenant !== undefined && (tenant.token.valid === token || tenant.token.previous === token) ? tenant : undefined;
  }

  tenant(tenantId: string): TenantView | undefined {
    return this.tenants.get(tenantId);
  }

  refuse(tenant: number | null, letter: Refusal): void {
    this.refusals.push({ ...letter, raw: Buffer.from(letter.raw), tenant });
    this.wake();
  }

  get congested(): boolean {
    return this.congested_;
  }

  set congested(value: boolean) {
    this.congested_ = value;
    if (!value) for (const listener of this.listeners.splice(0)) listener();
  }

  onRelief(listener: () => void): void {
    this.listeners.push(listener);
  }

  /** Everything committed so far, and seals the batch. */
  get rows(): readonly TestRow[] {
    if (this.batch.rows > 0) this.seal();
    return this.rows_;
  }

  /** Resolves when so many events and refusals together have come in. */
  async arrived(count: number): Promise<readonly TestRow[]> {
    await new Promise<void>((resolve) => {
      this.waiting.push({ count, resolve });
      this.wake();
    });
    return this.rows;
  }

  private wake(): void {
    const here = this.rows_.length + this.batch.rows + this.refusals.length;
    this.waiting = this.waiting.filter(({ count, resolve }) => {
      if (here >= count) resolve();
      return here < count;
    });
  }

  private seal(): void {
    const batch = new Batch(this.batch.seal());
    if (this.discard) return;
    for (let row = 0; row < batch.rows; row++) this.rows_.push(readRow(batch, row));
  }
}

/** A row as a plain object. */
export function readRow(batch: Batch, row: number): TestRow {
  const { strings, origins } = batch.dictionaries;
  const read: TestRow = {
    tenant: origins[batch.origin[row]!]!.tenant,
    time: formatTime(batch.time[row]!),
    host: strings[batch.host[row]!]!,
    pname: strings[batch.pname[row]!]!,
    pid: batch.pidText(row),
    msgid: strings[batch.msgid[row]!]!,
    ver: batch.ver[row]!,
  };
  if ((batch.flags[row]! & ROW_TIME_RECEIVED) !== 0) read.timeReceived = true;
  if (batch.severity[row] !== ABSENT) read.severity = batch.severity[row]!;
  if (batch.facility[row] !== ABSENT) read.facility = batch.facility[row]!;
  const msg = batch.msg(row);
  if (msg !== undefined) read.msg = msg;
  const native = readNative(batch, row);
  if (native !== undefined) read.native = native;
  return read;
}

function readNative(batch: Batch, row: number): Record<string, unknown> | undefined {
  const { pieces } = compileShape(batch.dictionaries.shapes[batch.shape[row]!]!);
  let text = pieces[0]!;
  for (let i = 1; i < pieces.length; i++) text += JSON.stringify(leafValue(batch, batch.leafStart[row]! + i - 1)) + pieces[i]!;
  return (JSON.parse(`{${text}}`) as { native?: Record<string, unknown> }).native;
}

function leafValue(batch: Batch, leaf: number): unknown {
  const tag = batch.leafTag[leaf];
  if (tag === LEAF.string) return batch.leafString(leaf);
  if (tag === LEAF.number) return batch.leafNumber[leaf];
  if (tag === LEAF.numberText) return new NumberText(batch.leafString(leaf)).text;
  return tag === LEAF.null ? null : tag === LEAF.true;
}
