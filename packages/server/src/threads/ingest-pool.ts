import type { SourceConfig } from '../config/config.ts';
import { MeniscusError } from '../errors.ts';
import type { Ingest, IngestStats, PublishRequest, PublishResult } from '../pipeline/ingest.ts';
import type { FeedOptions } from '../sinks/dispatch/dispatch.ts';
import { mergeReports, type RulebaseChange, type UnparsedReport } from '../pipeline/normalize/rulebase-change.ts';
import type { ListenerInfo } from '../sources/source.ts';
import type { IngestHandle } from './ingest-handle.ts';
import type { MessagePort } from 'node:worker_threads';

/** The port of an address that a listener was given. */
function portOf(address: string | undefined): number | undefined {
  return address === undefined ? undefined : Number(address.slice(address.lastIndexOf(':') + 1));
}

/** All ingest threads: each has the listeners (the kernel spreads connections over them), a publish goes to the one with the least to do. */
export class IngestPool implements Ingest {
  listeners: readonly ListenerInfo[] = [];
  unready: string | null = 'the listeners are not open yet';
  private readonly handles: readonly IngestHandle[];

  constructor(handles: readonly IngestHandle[]) {
    this.handles = handles;
  }

  /** Opens the listeners in every thread. Port 0 is any free port in the first thread, then the same one in the others. */
  async listen(sources: readonly SourceConfig[]): Promise<void> {
    const [first, ...others] = this.handles;
    const shared = others.length > 0;
    const listeners = await first!.listen(sources, shared);
    const fixed = sources.map((source, i) => ({ ...source, port: portOf(listeners[i]?.tcp ?? listeners[i]?.udp) ?? source.port }));
    for (const handle of others) await handle.listen(fixed, true);
    this.listeners = listeners;
    this.unready = null;
  }

  /** How many threads. */
  get shards(): number {
    return this.handles.length;
  }

  async publish(request: PublishRequest, signal: AbortSignal): Promise<PublishResult> {
    if (signal.aborted) throw new MeniscusError('shutting_down', 'the connection is closed');
    let best = this.handles[0]!;
    for (const handle of this.handles) if (handle.inFlight < best.inFlight) best = handle;
    return best.publish(request);
  }

  async stats(): Promise<readonly IngestStats[]> {
    return Promise.all(this.handles.map((handle) => handle.stats()));
  }

  /** See IngestHandle. */
  feedSink(shard: number, options: FeedOptions, port: MessagePort): void {
    this.handles[shard]!.feedSink(options, port);
  }

  unfeedSink(name: string): void {
    for (const handle of this.handles) handle.unfeedSink(name);
  }

  setDefaultSinks(sinks: readonly string[]): void {
    for (const handle of this.handles) handle.setDefaultSinks(sinks);
  }

  /** Rulebases changed: resolves when all threads act by it. */
  async rulebases(changes: readonly RulebaseChange[]): Promise<void> {
    await Promise.all(this.handles.map((handle) => handle.rulebases(changes)));
  }

  async unparsed(tenant: number, producer: number | null, pattern: string): Promise<UnparsedReport> {
    return mergeReports(await Promise.all(this.handles.map((handle) => handle.unparsed(tenant, producer, pattern))));
  }

  /** For a backup: what copies each thread's queue, by the name of its directory. */
  snapshots(): ReadonlyMap<string, (directory: string) => Promise<void>> {
    return new Map(this.handles.map((handle, shard) => [String(shard), (directory: string) => handle.snapshot(directory)]));
  }

  async stop(): Promise<void> {
    this.unready = 'the service is stopping';
    await Promise.all(this.handles.map((handle) => handle.stop()));
  }
}
