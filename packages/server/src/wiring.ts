import { MessageChannel, type MessagePort } from 'node:worker_threads';
import type { QueryConnection } from './search/store/pool/pool.ts';
import type { BuildHandle } from './threads/build-handle.ts';
import type { IngestHandle } from './threads/ingest-handle.ts';

/** Makes the channels between threads: whichever thread is started, its ends go to those that feed it. */
export class Wiring {
  private readonly build: BuildHandle;
  private readonly shards: number;
  private handles: readonly IngestHandle[] = [];
  /** Ends for ingest threads that are not started yet, by shard. */
  private readonly early: MessagePort[][];

  constructor(build: BuildHandle, shards: number) {
    this.build = build;
    this.shards = shards;
    this.early = Array.from({ length: shards }, () => []);
  }

  /** For a query thread that is started, first or again. */
  connectQuery(): QueryConnection {
    const toBuild = new MessageChannel();
    this.build.attachQuery(toBuild.port1);
    const ingest: MessagePort[] = [];
    for (let shard = 0; shard < this.shards; shard++) {
      const channel = new MessageChannel();
      const handle = this.handles[shard];
      if (handle === undefined) this.early[shard]!.push(channel.port1);
      else handle.attach(channel.port1);
      ingest.push(channel.port2);
    }
    return { ports: { build: toBuild.port2, ingest }, waitForIngest: this.handles.length > 0 };
  }

  /** For the ingest thread of a shard, which is started now. */
  connectIngest(shard: number): { readonly build: MessagePort; readonly queries: readonly MessagePort[] } {
    const channel = new MessageChannel();
    this.build.attachIngest(shard, channel.port1);
    return { build: channel.port2, queries: this.early[shard]!.splice(0) };
  }

  /** All ingest threads are started: query threads that come later are attached to them. */
  ingestStarted(handles: readonly IngestHandle[]): void {
    this.handles = handles;
  }
}
