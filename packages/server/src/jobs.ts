import type { ControlStore } from './control/control-store.ts';
import { parseEventId } from './event/event-id.ts';
import { STORE } from './event/store-name.ts';
import type { Ingest } from './pipeline/ingest.ts';

const PREFIX = 'job/';
const DAY_MS = 86_400_000;
/** How long the state of a job can be asked for. */
const KEPT_MS = 7 * DAY_MS;
const HOUR_MS = 3_600_000;
/** An event's job is noted within moments of the event: more need not be remembered. */
const EARLY_MAX = 10_000;

/** The event of a durable producer. Its id is the job's. */
interface JobRecord {
  /** The tenant's number. */
  readonly tenant: number;
  readonly sinks: readonly string[];
  /** Sinks that did not take it: it is a dead letter. */
  readonly failed: readonly string[];
}

export type JobState = 'stored' | 'pending' | 'failed';

export interface JobStatus {
  readonly status: JobState;
  readonly sinks: Readonly<Record<string, JobState>>;
}

/** The states of durable producers' events whose sinks are more than the store. In the control store, so that they survive a restart; kept for a week. */
export interface Jobs {
  /** Durable when it resolves. Nothing is kept of an event that only goes to the store when that is searched: the store itself knows. */
  add(id: string, tenant: number, sinks: readonly string[]): Promise<void>;
  /** undefined: no such job of the tenant is kept here. */
  status(id: string, tenant: number): Promise<JobStatus | undefined>;
  /** A sink did not take these events. */
  failed(sink: string, ids: readonly string[]): Promise<void>;
  /** They are sent to the sink again. */
  again(sink: string, ids: readonly string[]): Promise<void>;
  close(): void;
}

export interface JobsParts {
  /** Whether searches tell of every event in the store; if not, a record is kept of all. */
  readonly storeIsSearched: boolean;
  readonly store: ControlStore;
  readonly ingest: () => Pick<Ingest, 'stats'>;
  readonly isSink: (name: string) => boolean;
  readonly onError: (error: unknown) => void;
}

export function createJobs(parts: JobsParts): Jobs {
  return new StoredJobs(parts);
}

class StoredJobs implements Jobs {
  private readonly parts: JobsParts;
  private readonly timer: NodeJS.Timeout;
  /** Marks of one job come one after the other. */
  private marking: Promise<void> = Promise.resolve();
  /** Refusals of events without a job, the oldest first: a sink may be quicker than `add`. */
  private readonly early = new Map<string, readonly string[]>();

  constructor(parts: JobsParts) {
    this.parts = parts;
    this.timer = setInterval(() => void this.forgetOld().catch(parts.onError), HOUR_MS).unref();
    void this.forgetOld().catch(parts.onError);
  }

  async add(id: string, tenant: number, sinks: readonly string[]): Promise<void> {
    if (this.parts.storeIsSearched && sinks.every((sink) => sink === STORE)) return;
    const added = this.marking.then(async () => {
      await this.parts.store.put(PREFIX + id, { tenant, sinks, failed: this.early.get(id) ?? [] } satisfies JobRecord);
      this.early.delete(id);
    });
    this.marking = added.catch(() => {});
    await added;
  }

  async status(id: string, tenant: number): Promise<JobStatus | undefined> {
    const record = this.parts.store.get<JobRecord>(PREFIX + id)?.value;
    const origin = parseEventId(id);
    if (record?.tenant !== tenant || origin === undefined) return undefined;
    const shard = (await this.parts.ingest().stats()).find((one) => one.shard === origin.shard);
    const states = record.sinks.map((sink): readonly [string, JobState] => {
      if (record.failed.includes(sink)) return [sink, 'failed'];
      // The store finds an event from the moment on when its sender was answered.
      if (sink === STORE) return [sink, 'stored'];
      if (!this.parts.isSink(sink)) return [sink, 'failed'];
      const position = shard?.queue.consumers.find(({ name }) => name === sink)?.position ?? 0;
      return [sink, position > origin.position ? 'stored' : 'pending'];
    });
    return { status: overall(states.map(([, state]) => state)), sinks: Object.fromEntries(states) };
  }

  async failed(sink: string, ids: readonly string[]): Promise<void> {
    await this.mark(
      ids,
      (record) => ({ ...record, failed: [...new Set([...record.failed, sink])] }),
      (id) => this.remember(id, sink),
    );
  }

  async again(sink: string, ids: readonly string[]): Promise<void> {
    await this.mark(ids, (record) => ({ ...record, failed: record.failed.filter((name) => name !== sink) }));
  }

  close(): void {
    clearInterval(this.timer);
  }

  private remember(id: string, sink: string): void {
    this.early.set(id, [...new Set([...(this.early.get(id) ?? []), sink])]);
    if (this.early.size > EARLY_MAX) for (const oldest of this.early.keys()) return void this.early.delete(oldest);
  }

  private async mark(
    ids: readonly string[],
    change: (record: JobRecord) => JobRecord,
    unknown: (id: string) => void = () => {},
  ): Promise<void> {
    const marked = this.marking.then(async () => {
      for (const id of ids) {
        const record = this.parts.store.get<JobRecord>(PREFIX + id)?.value;
        if (record === undefined) unknown(id);
        else await this.parts.store.put(PREFIX + id, change(record));
      }
    });
    this.marking = marked.catch(() => {});
    await marked;
  }

  /** Ids sort by time. */
  private async forgetOld(): Promise<void> {
    const before = Date.now() - KEPT_MS;
    for (const { key } of this.parts.store.list(PREFIX)) {
      if ((parseEventId(key.slice(PREFIX.length))?.receivedMs ?? 0) >= before) return;
      await this.parts.store.delete(key);
    }
  }
}

function overall(states: readonly JobState[]): JobState {
  if (states.includes('failed')) return 'failed';
  return states.includes('pending') ? 'pending' : 'stored';
}
