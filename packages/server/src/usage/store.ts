import { backupEnvironment } from '../component/lmdb-backup.ts';
import { openEnvironment, writeBatch } from '../component/lmdb.ts';
import type { Environment } from '../component/lmdb.ts';
import type { Usage, UsageHour } from './usage.ts';

type Counts = Parameters<Usage['add']>[1];
/** Counts by hour since the epoch. */
type Hours = Map<number, Counts>;
/** By tenant. */
type Pending = Map<number, Hours>;

export interface StoredUsage extends Usage {
  /** Removes that of tenants that are not among these numbers: what a deletion left behind that was cut off. */
  retain(tenants: ReadonlySet<number>): Promise<void>;
  /** Puts a copy with everything counted so far into `directory`, which is made. */
  backup(directory: string): Promise<void>;
}

export interface UsageOptions {
  readonly now?: () => number;
  /** Told why counts could not be written; they are kept and written with the next ones. */
  readonly onError: (error: unknown) => void;
}

const HOUR_MS = 3_600_000;
const FLUSH_MS = 5_000;
const KEPT_HOURS = 400 * 24;
const NOTHING: Counts = { eventsIn: 0, bytesIn: 0, stored: 0, rejected: 0 };

/** Opens the usage counts in the directory `path`. */
export function openUsage(path: string, options: UsageOptions): StoredUsage {
  return new LmdbUsage(openEnvironment(path), options);
}

/** Counts are added up in memory; what a crash loses is a few seconds of statistics, no event. */
class LmdbUsage implements StoredUsage {
  readonly #environment: Environment;
  readonly #now: () => number;
  readonly #onError: (error: unknown) => void;
  readonly #timer: NodeJS.Timeout;
  #pending: Pending = new Map();
  /** What is being written: still shown by `list`. */
  #writing: Pending = new Map();
  #tail: Promise<void> = Promise.resolve();
  #pruned = 0;

  constructor(environment: Environment, options: UsageOptions) {
    this.#environment = environment;
    this.#now = options.now ?? Date.now;
    this.#onError = options.onError;
    this.#timer = setInterval(() => void this.#flush(), FLUSH_MS).unref();
  }

  add(tenant: number, counts: Counts): void {
    addTo(this.#pending, tenant, this.#hour(), counts);
  }

  list(tenant: number, from: number, to: number): readonly UsageHour[] {
    const hours: Hours = new Map();
    if (!(from < to)) return [];
    const first = clampHour(from / HOUR_MS);
    const end = clampHour(Math.ceil(to / HOUR_MS));
    for (const { key, value } of this.#environment.getRange({ start: usageKey(tenant, first), end: usageKey(tenant, end) })) {
      hours.set(hourOf(key), decode(value));
    }
    for (const pending of [this.#writing, this.#pending]) {
      for (const [hour, counts] of pending.get(tenant) ?? [])
        if (hour >= first && hour < end) hours.set(hour, sum(hours.get(hour), counts));
    }
    return [...hours].sort(([a], [b]) => a - b).map(([hour, counts]) => toUsageHour(hour, counts));
  }

  async drop(tenant: number): Promise<void> {
    await this.#enqueue(async () => {
      this.#pending.delete(tenant);
      await this.#remove(usageKey(tenant, 0), usageKey(tenant + 1, 0));
    });
  }

  async backup(directory: string): Promise<void> {
    await this.#flush();
    await backupEnvironment(this.#environment, directory);
  }

  async retain(tenants: ReadonlySet<number>): Promise<void> {
    for (const tenant of this.#tenants()) if (!tenants.has(tenant)) await this.drop(tenant);
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    await this.#flush();
    await this.#environment.close();
  }

  #hour(): number {
    return clampHour(this.#now() / HOUR_MS);
  }

  async #enqueue(work: () => Promise<void>): Promise<void> {
    const done = this.#tail.then(work);
    this.#tail = done.catch(() => {});
    await done;
  }

  /** Never rejects. */
  async #flush(): Promise<void> {
    await this.#enqueue(async () => {
      if (this.#pending.size > 0) await this.#write();
      if (this.#hour() >= this.#pruned + 24) await this.#prune();
    }).catch(this.#onError);
  }

  async #write(): Promise<void> {
    this.#writing = this.#pending;
    this.#pending = new Map();
    try {
      await writeBatch(this.#environment, () => {
        for (const [tenant, hours] of this.#writing) {
          for (const [hour, counts] of hours) {
            const key = usageKey(tenant, hour);
            const stored = this.#environment.get(key);
            void this.#environment.put(key, encode(sum(stored && decode(stored), counts)));
          }
        }
      });
    } catch (error) {
      for (const [tenant, hours] of this.#writing) for (const [hour, counts] of hours) addTo(this.#pending, tenant, hour, counts);
      throw error;
    } finally {
      this.#writing = new Map();
    }
  }

  async #prune(): Promise<void> {
    this.#pruned = this.#hour();
    const end = clampHour(this.#pruned - KEPT_HOURS);
    for (const tenant of this.#tenants()) await this.#remove(usageKey(tenant, 0), usageKey(tenant, end));
  }

  async #remove(start: Buffer, end: Buffer): Promise<void> {
    const keys = [...this.#environment.getKeys({ start, end })];
    if (keys.length === 0) return;
    await writeBatch(this.#environment, () => {
      for (const key of keys) void this.#environment.remove(key);
    });
  }

  /** Tenants with stored counts: one look-up each, whatever number of hours they have. */
  #tenants(): readonly number[] {
    const tenants: number[] = [];
    let start = usageKey(0, 0);
    for (;;) {
      const [key] = this.#environment.getKeys({ start, limit: 1 });
      if (key === undefined) return tenants;
      const tenant = Number(key.readBigUInt64BE(0));
      tenants.push(tenant);
      start = usageKey(tenant + 1, 0);
    }
  }
}

function addTo(pending: Pending, tenant: number, hour: number, counts: Counts): void {
  let hours = pending.get(tenant);
  if (!hours) pending.set(tenant, (hours = new Map()));
  hours.set(hour, sum(hours.get(hour), counts));
}

function sum(a: Counts = NOTHING, b: Counts): Counts {
  return {
    eventsIn: a.eventsIn + b.eventsIn,
    bytesIn: a.bytesIn + b.bytesIn,
    stored: a.stored + b.stored,
    rejected: a.rejected + b.rejected,
  };
}

/** Hours that fit a key; what is asked beyond has no counts anyway. */
function clampHour(hour: number): number {
  return Math.min(0xffff_ffff, Math.max(0, Math.floor(hour)));
}

/** Tenant and hour, big-endian: a tenant's hours are a range, oldest first. */
function usageKey(tenant: number, hour: number): Buffer {
  const key = Buffer.alloc(12);
  key.writeBigUInt64BE(BigInt(tenant), 0);
  key.writeUInt32BE(hour, 8);
  return key;
}

function hourOf(key: Buffer): number {
  return key.readUInt32BE(8);
}

function encode(counts: Counts): Buffer {
  const value = Buffer.alloc(32);
  [counts.eventsIn, counts.bytesIn, counts.stored, counts.rejected].forEach((count, i) => value.writeDoubleBE(count, 8 * i));
  return value;
}

function decode(value: Buffer): Counts {
  return {
    eventsIn: value.readDoubleBE(0),
    bytesIn: value.readDoubleBE(8),
    stored: value.readDoubleBE(16),
    rejected: value.readDoubleBE(24),
  };
}

function toUsageHour(hour: number, counts: Counts): UsageHour {
  return {
    hour: new Date(hour * HOUR_MS).toISOString(),
    events_in: counts.eventsIn,
    bytes_in: counts.bytesIn,
    stored: counts.stored,
    rejected: counts.rejected,
  };
}
