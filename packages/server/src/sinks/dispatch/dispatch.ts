import { createHash } from 'node:crypto';
import path from 'node:path';
import type { MessagePort } from 'node:worker_threads';
import type { SinkConfig } from '../../config/config.ts';
import type { ControlStore } from '../../control/control-store.ts';
import type { TenantView } from '../../control/tenant.ts';
import type { DirectoryFeed } from '../../threads/directory-feed.ts';
import type { SinkHealth, SinkLetter } from '../run/messages.ts';
import { SinkHandle } from './handle.ts';
import { Removals } from './removals.ts';

/** Beside one batch that is being written, so much may wait in a sink's thread. */
const AHEAD_BYTES = 8 << 20;

/** How a feed is set up in an ingest thread. */
export interface FeedOptions {
  readonly name: string;
  readonly windowBytes: number;
  readonly queueMaxBytes: number | null;
}

export interface DispatchParts {
  readonly dataDir: string;
  readonly node: number;
  /** Ingest threads. */
  readonly shards: number;
  readonly tenants: () => readonly TenantView[];
  /** In place of the feed of that name, if there is one. */
  readonly attach: (shard: number, options: FeedOptions, port: MessagePort) => void;
  /** Nothing is kept for the sink any more. */
  readonly detach: (name: string) => void;
  readonly letters: (sink: string, letters: readonly SinkLetter[]) => Promise<void>;
  readonly store: ControlStore;
  readonly feed: DirectoryFeed;
  readonly warn: (sink: string, text: string) => void;
}

interface Running {
  readonly config: SinkConfig;
  readonly handle: SinkHandle;
}

export interface SinkStatus {
  readonly config: SinkConfig;
  readonly health: SinkHealth;
}

/** What a reload did, by the sinks' names. */
export interface SinkChanges {
  readonly added: readonly string[];
  readonly changed: readonly string[];
  readonly removed: readonly string[];
}

/** All configured sinks but the store. */
export class Dispatch {
  private readonly parts: DispatchParts;
  private readonly running = new Map<string, Running>();
  private readonly removals: Removals;
  private changing: Promise<unknown> = Promise.resolve();

  constructor(parts: DispatchParts) {
    this.parts = parts;
    this.removals = new Removals(parts.store);
  }

  start(configs: readonly SinkConfig[]): void {
    for (const config of configs) this.launch(config);
  }

  /** By name, in the order of the configuration. */
  get sinks(): readonly SinkStatus[] {
    return Array.from(this.running.values(), ({ config, handle }) => ({ config, health: handle.health }));
  }

  has(name: string): boolean {
    return this.running.has(name);
  }

  /** Makes the running sinks those of the configuration; one that is as it was goes on untouched, a changed one goes on where it was. */
  async reload(configs: readonly SinkConfig[]): Promise<SinkChanges> {
    const changed = this.changing.then(() => this.change(configs));
    this.changing = changed.catch(() => {});
    return changed;
  }

  /** Resolves with how many of the documents the sink took or refused again. Rejects with why it cannot. */
  async redrive(name: string, documents: readonly { readonly tenant: number; readonly text: string }[]): Promise<number> {
    const running = this.running.get(name);
    if (running === undefined) throw new Error(`no sink ${name} is configured`);
    return running.handle.redrive(documents);
  }

  /** The sinks' events of a deleted tenant go, also when a sink is down just now. */
  async tenantRemoved(number: number, tenantId: string): Promise<void> {
    const before = Date.now() * 1000;
    await this.removals.add([...this.running.keys()], { number, tenantId, before });
    for (const { handle } of this.running.values()) handle.removeTenant(number, tenantId, before);
  }

  async stop(): Promise<void> {
    await this.changing;
    await Promise.all(Array.from(this.running.values(), ({ handle }) => handle.stop()));
    this.running.clear();
  }

  private launch(config: SinkConfig): void {
    const { parts } = this;
    const { name } = config;
    const options: FeedOptions = { name, windowBytes: config.batch.maxBytes + AHEAD_BYTES, queueMaxBytes: config.queue_max_bytes };
    const handle = new SinkHandle(
      () => ({
        name,
        type: config.type,
        settings: config.settings,
        batch: config.batch,
        timeoutMs: config.timeout_ms,
        retryMaxAgeMs: config.retry_max_age_ms,
        node: parts.node,
        stateDirectory: stateDirectory(parts.dataDir, name),
        tenants: parts.tenants(),
      }),
      parts.shards,
      (port, shard) => parts.attach(shard, options, port),
      {
        letters: async (letters) => parts.letters(name, letters),
        tenantRemoved: (number) => void this.removals.done(name, number).catch((error: unknown) => parts.warn(name, String(error))),
        started: (started) => {
          for (const { number, tenantId, before } of this.removals.of(name)) started.removeTenant(number, tenantId, before);
        },
        warn: (text) => parts.warn(name, text),
      },
      parts.feed,
    );
    this.running.set(name, { config, handle });
  }

  private async change(configs: readonly SinkConfig[]): Promise<SinkChanges> {
    const wanted = new Map(configs.map((config) => [config.name, config]));
    const changes = { added: [] as string[], changed: [] as string[], removed: [] as string[] };
    for (const [name, { config, handle }] of Array.from(this.running)) {
      const next = wanted.get(name);
      if (next !== undefined && isSame(config, next)) continue;
      await handle.stop();
      this.running.delete(name);
      if (next === undefined) {
        this.parts.detach(name);
        await this.removals.forget(name);
        changes.removed.push(name);
      } else {
        this.launch(next);
        changes.changed.push(name);
      }
    }
    for (const config of configs) {
      if (this.running.has(config.name)) continue;
      this.launch(config);
      changes.added.push(config.name);
    }
    return changes;
  }
}

/** A file that settings name may hold another secret or program now: such a sink is started anew. */
function isSame(before: SinkConfig, after: SinkConfig): boolean {
  return JSON.stringify(after) === JSON.stringify(before) && !/"(\w+_)?(file|module)":/.test(JSON.stringify(after.settings));
}

/** Names are the operator's, and case does not matter to every file system: a hash keeps them apart. */
function stateDirectory(dataDir: string, name: string): string {
  const hash = createHash('sha256').update(name).digest('hex').slice(0, 8);
  return path.join(dataDir, 'sinks', `${name.replace(/[^a-z0-9_-]/g, '_')}-${hash}`);
}
