import { setImmediate as nextTurn, setTimeout as delay } from 'node:timers/promises';
import type { TenantChange } from '../../control/tenant.ts';
import type { Covered, HotBatch, Manifest } from '../../threads/messages.ts';
import { Catalog, type CatalogEntry, type Report } from './catalog.ts';
import { writeTools, type WriteTools } from './flush.ts';
import { mergeSegments } from './merge.ts';
import { planMerge } from './plan.ts';
import { deadNow, planRewrite } from './retention.ts';
import { SegmentBuilder, type FlushLimits } from './segment-builder.ts';
import { Tenants } from './tenants.ts';
import { messageOf } from '../../errors.ts';

/** How often retention is looked at. */
const RETENTION_MS = 3_600_000;
/** Merging rests as long as it worked, so that it takes half a core at most, but never longer than this at once. */
const REST_MAX_MS = 200;
/** After a failure of merging or retention. */
const TROUBLE_MS = 60_000;

/** The part of a MessagePort that the service uses. */
export interface Outlet {
  postMessage(message: Covered | Manifest): void;
}

export interface BuildOptions {
  readonly directory: string;
  readonly compressionLevel: number;
  readonly report: Report;
  readonly limits?: FlushLimits;
  readonly now?: () => number;
}

export interface BuildStats {
  readonly segments: number;
  readonly bytes: number;
  readonly rows: number;
  /** Events in memory, not in a segment yet. */
  readonly waiting: number;
  readonly flushes: number;
  readonly merges: number;
  readonly rewrites: number;
}

/** Thrown by the pause of a merge that is given up because the service stops. */
class Stopped extends Error {}

/**
 * The build thread's work, one thing at a time: writing segments comes first, also between two blocks of a merge; then merges; then retention and the
 * removal of deleted tenants' events.
 */
export class BuildService {
  private readonly catalog: Catalog;
  private readonly tenants = new Tenants();
  private readonly tools: WriteTools;
  private readonly builder: SegmentBuilder;
  private readonly report: Report;
  private readonly now: () => number;
  private readonly ingests = new Map<number, Outlet>();
  private readonly queries = new Set<Outlet>();
  private readonly flushed = { flushes: 0, merges: 0, rewrites: 0 };
  /** Segments that a merge could not read. */
  private readonly unmergeable = new Set<string>();
  /** Segments looked at in this round of retention. */
  private readonly looked = new Set<string>();
  private wakeUp: () => void = () => {};
  private stopping = false;
  private flushAll = false;
  private flushWaiters: (() => void)[] = [];
  private retentionAt = 0;
  private someTenantGone = true;
  private troubleUntil = 0;
  private worked = 0;
  private running: Promise<void> | undefined;

  /** Opens the store. Throws the system's error when the directory cannot be used at all. */
  constructor(options: BuildOptions) {
    this.report = options.report;
    this.now = options.now ?? Date.now;
    this.catalog = new Catalog(options.directory, options.report);
    this.tools = writeTools(options.compressionLevel);
    this.builder = new SegmentBuilder(this.catalog, this.tenants, this.tools, options);
    this.catalog.onChange(({ added, removed }) => {
      for (const query of this.queries) query.postMessage({ type: 'manifest', added, removed, covered: this.covered() });
    });
  }

  start(): void {
    this.running ??= this.run();
  }

  /** An ingest thread: it is told at once what is covered, and whenever more is. */
  attachIngest(shard: number, port: Outlet): void {
    this.ingests.set(shard, port);
    port.postMessage({ type: 'covered', shard, position: this.catalog.covered(shard) });
  }

  /** A query thread: it is told at once of all segments, and of every change. */
  attachQuery(port: Outlet): void {
    this.queries.add(port);
    port.postMessage(this.catalog.manifest());
  }

  detachQuery(port: Outlet): void {
    this.queries.delete(port);
  }

  batch(batch: HotBatch): void {
    this.builder.add(batch);
    if (this.builder.due() !== undefined) this.wakeUp();
  }

  updateDirectory(changes: readonly TenantChange[]): void {
    const first = !this.tenants.loaded;
    this.tenants.apply(changes);
    const urgent = first || changes.some((change) => change.type === 'remove');
    if (urgent) this.someTenantGone = true;
    // Anything else is some tenant's new retention, which can wait a little for more of its kind.
    this.retentionAt = urgent ? 0 : Math.min(this.retentionAt, this.now() + 60_000);
    this.looked.clear();
    this.wakeUp();
  }

  /** Puts all segments, as they are now, into `directory`, which is made. Gives why it could not. */
  snapshot(directory: string): string | undefined {
    try {
      this.catalog.linkInto(directory);
      return undefined;
    } catch (error) {
      return messageOf(error);
    }
  }

  stats(): BuildStats {
    const entries = this.catalog.entries();
    return {
      segments: entries.length,
      bytes: entries.reduce((sum, entry) => sum + entry.bytes, 0),
      rows: entries.reduce((sum, entry) => sum + entry.footer.rows, 0),
      waiting: this.builder.rows,
      ...this.flushed,
    };
  }

  /** Resolves when everything that came before is in segments, or could not be written. */
  async flush(): Promise<void> {
    const done = new Promise<void>((resolve) => this.flushWaiters.push(resolve));
    this.flushAll = true;
    this.wakeUp();
    await done;
  }

  /** Writes what there is and ends. What cannot be written stays in the queue. Idempotent. */
  async stop(): Promise<void> {
    this.stopping = true;
    this.wakeUp();
    await this.running;
  }

  private async run(): Promise<void> {
    while (!this.stopping) {
      if (!(await this.step())) await this.sleep();
    }
    await this.writeAll();
    this.catalog.sweep(this.now(), true);
  }

  /** Does the most urgent thing; false when there is nothing to do. */
  private async step(): Promise<boolean> {
    const shard = this.builder.due();
    if (shard !== undefined) {
      await this.write(shard);
      return true;
    }
    if (this.flushAll) {
      await this.writeAll();
      return true;
    }
    this.catalog.sweep(this.now());
    if (this.now() < this.troubleUntil) return false;
    try {
      return (await this.merge()) || (await this.rewrite());
    } catch (error) {
      if (error instanceof Stopped) return false;
      this.troubleUntil = this.now() + TROUBLE_MS;
      this.report('cannot merge or expire segments, it is tried again in a minute', error);
      return false;
    }
  }

  private async sleep(): Promise<void> {
    const wait = Math.min(this.builder.wait(), 1_000);
    const waking = new AbortController();
    this.wakeUp = () => waking.abort();
    // What came up since the last look must not be slept over.
    if (this.stopping || this.flushAll || this.builder.due() !== undefined) return;
    await delay(wait, undefined, { signal: waking.signal }).catch(() => {});
  }

  private covered(): Record<number, number> {
    return { ...this.catalog.manifest().covered };
  }

  private async write(shard: number): Promise<boolean> {
    const written = await this.builder.flush(shard, () => nextTurn());
    if (!written) return false;
    this.flushed.flushes++;
    this.ingests.get(shard)?.postMessage({ type: 'covered', shard, position: this.catalog.covered(shard) });
    return true;
  }

  private async writeAll(): Promise<void> {
    this.flushAll = false;
    const waiters = this.flushWaiters;
    this.flushWaiters = [];
    for (const shard of this.builder.unwritten()) await this.write(shard);
    for (const resolve of waiters) resolve();
  }

  /** Between blocks of a merge: writes segments that are due and leaves the core to others for a while. */
  private readonly pause = async (): Promise<void> => {
    const spent = this.now() - this.worked;
    await nextTurn();
    for (let shard = this.builder.due(); shard !== undefined && !this.stopping; shard = this.builder.due()) await this.write(shard);
    if (this.flushAll) await this.writeAll();
    if (spent > 5 && !this.stopping) await delay(Math.min(spent, REST_MAX_MS));
    if (this.stopping) throw new Stopped();
    if (spent > 5) this.worked = this.now();
  };

  private mergeable(): CatalogEntry[] {
    return this.catalog.entries().filter((entry) => !this.unmergeable.has(entry.name.name));
  }

  private async merge(): Promise<boolean> {
    const plan = planMerge(this.mergeable(), this.now());
    if (plan === undefined) return false;
    await this.combine(
      plan.inputs.map((input) => input.name.name),
      plan.inputs,
      plan.output,
    );
    this.flushed.merges++;
    return true;
  }

  private async combine(removed: readonly string[], inputs: readonly CatalogEntry[], output: CatalogEntry['name']): Promise<void> {
    this.worked = this.now();
    const isDead = deadNow(this.tenants, this.now());
    try {
      const names = inputs.map((input) => input.name);
      await mergeSegments(this.catalog.directory, names, output, this.tools, { isDead, report: this.report, pause: this.pause });
    } catch (error) {
      // Segments that cannot be read are left alone; on a full disk all may be tried again.
      if (!(error instanceof Stopped) && !isNoSpace(error)) for (const name of removed) this.unmergeable.add(name);
      throw error;
    }
    this.catalog.replace(output, removed, this.now());
  }

  private async rewrite(): Promise<boolean> {
    if (!this.tenants.loaded || this.now() < this.retentionAt) return false;
    const plan = planRewrite(this.catalog, this.mergeable(), this.tenants, this.now(), this.someTenantGone, this.looked, this.report);
    if (plan === undefined) {
      this.someTenantGone = false;
      this.looked.clear();
      this.retentionAt = this.now() + RETENTION_MS;
      return false;
    }
    if (plan.output === undefined) this.catalog.replace(undefined, [plan.entry.name.name], this.now());
    else await this.combine([plan.entry.name.name], [plan.entry], plan.output);
    this.flushed.rewrites++;
    return true;
  }
}

function isNoSpace(error: unknown): boolean {
  const { code } = error as { code?: unknown };
  return code === 'ENOSPC' || code === 'EDQUOT' || code === 'EMFILE' || code === 'ENFILE' || code === 'ENOMEM';
}
