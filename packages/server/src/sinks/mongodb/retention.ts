import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { MongoServerError, type Collection, type Document } from 'mongodb';
import { replaceFile } from '../../component/data-dir.ts';
import { formatTime } from '../../event/event.ts';
import { isMissing } from '../../queue/log/io.ts';
import type { SinkTenant } from '../writer.ts';
import { ensureIndex } from './indexes.ts';
import type { Pace } from './pace.ts';

const HOUR_MICROS = 3_600e6;
const DAY_MICROS = 24 * HOUR_MICROS;
const DAY_MS = 86_400_000;
const STATE = 'retention.json';
/** NotImplemented, CannotCreateIndex, InvalidOptions, CommandNotSupported: a server without such indexes. */
const LACKS_TTL = new Set([238, 67, 72, 115]);

/** The field of the index. Only a date can have it, and times in documents are texts. */
export const EXPIRES = 'expires_at';

export interface RetentionParts {
  readonly collection: Collection;
  readonly stateDirectory: string;
  readonly pace: Pace;
}

/**
 * Deletes what is past a tenant's retention. With a TTL index the server does, by a date in each document, which is set anew when a tenant's retention has changed; without, documents are deleted by their time of receipt.
 * Both go in steps, so that no request takes long.
 */
export class Retention {
  /** Whether documents need the date. */
  readonly ttl: boolean;
  private readonly collection: Collection;
  private readonly state: string;
  private readonly pace: Pace;

  private constructor(parts: RetentionParts, ttl: boolean) {
    this.collection = parts.collection;
    this.state = join(parts.stateDirectory, STATE);
    this.pace = parts.pace;
    this.ttl = ttl;
  }

  static async open(parts: RetentionParts, wanted: boolean): Promise<Retention> {
    return new Retention(parts, wanted && (await makeIndex(parts.collection)));
  }

  /** When the server is to delete a document. */
  static expiry(receivedMicros: number, tenant: SinkTenant): Date {
    return new Date(receivedMicros / 1000 + tenant.retentionDays * DAY_MS);
  }

  async retain(tenants: readonly SinkTenant[], now: number, signal: AbortSignal): Promise<void> {
    if (this.ttl) return this.renew(tenants, now, signal);
    for (const { id, retentionDays } of tenants) await this.remove(id, now - retentionDays * DAY_MICROS, signal);
  }

  /** Deletes a tenant's documents that came before `before`, in microseconds. */
  async remove(tenant: string, before: number, signal: AbortSignal): Promise<void> {
    const filter = within(tenant, '', timeText(before));
    for (;;) {
      signal.throwIfAborted();
      const { documents: limit } = this.pace;
      const found = await this.pace.keep(async () => this.collection.find(filter, { projection: { _id: 1 }, limit }).toArray());
      if (found.length === 0) return;
      await this.pace.keep(async () => this.collection.deleteMany({ _id: { $in: found.map(({ _id }) => _id) } }));
      this.pace.done();
    }
  }

  /** Sets the dates of tenants whose retention has changed since the last time, or is seen for the first time. */
  private async renew(tenants: readonly SinkTenant[], now: number, signal: AbortSignal): Promise<void> {
    const known = await this.read();
    for (const tenant of tenants) {
      if (known.get(tenant.number) === tenant.retentionDays) continue;
      await this.setDates(tenant, now, signal);
      known.set(tenant.number, tenant.retentionDays);
      replaceFile(this.state, JSON.stringify([...known]));
    }
  }

  private async setDates({ id, retentionDays }: SinkTenant, now: number, signal: AbortSignal): Promise<void> {
    // Milliseconds are the most that every server reads.
    const received = { $dateFromString: { dateString: { $concat: [{ $substrBytes: ['$meniscus.received', 0, 23] }, 'Z'] } } };
    const update = [{ $set: { [EXPIRES]: { $add: [received, retentionDays * DAY_MS] } } }];
    await this.eachHour(id, now, signal, async (filter) => this.collection.updateMany(filter, update));
  }

  /** Calls `act` with filters that together match a tenant's documents from before `before`. */
  private async eachHour(tenant: string, before: number, signal: AbortSignal, act: (filter: Document) => Promise<unknown>): Promise<void> {
    const end = timeText(before);
    for (let from = ''; ;) {
      signal.throwIfAborted();
      const first = await this.collection.findOne(within(tenant, from, end), {
        sort: { 'meniscus.received': 1 },
        projection: { 'meniscus.received': 1 },
      });
      if (first === null) return;
      const received = (first as Document as { meniscus: { received: string } }).meniscus.received;
      const next = formatTime(Date.parse(received) * 1000 + HOUR_MICROS);
      from = next < end ? next : end;
      await act(within(tenant, received, from));
    }
  }

  private async read(): Promise<Map<number, number>> {
    try {
      return new Map(JSON.parse(await readFile(this.state, 'utf8')) as [number, number][]);
    } catch (error) {
      // Not knowing costs only the work of setting all dates once more.
      if (isMissing(error) || error instanceof SyntaxError || error instanceof TypeError) return new Map();
      throw error;
    }
  }
}

function timeText(micros: number): string {
  return formatTime(Math.max(0, Math.floor(micros)));
}

/** Times are texts of one length, so they compare as times do. */
function within(tenant: string, from: string, to: string): Document {
  return { 'meniscus.tenant': tenant, 'meniscus.received': { $gte: from, $lt: to } };
}

async function makeIndex(collection: Collection): Promise<boolean> {
  try {
    await ensureIndex(collection, { key: { [EXPIRES]: 1 }, options: { expireAfterSeconds: 0 } });
    return true;
  } catch (error) {
    if (error instanceof MongoServerError && LACKS_TTL.has(Number(error.code))) return false;
    throw error;
  }
}
