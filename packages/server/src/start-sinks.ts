import type { Logger } from 'pino';
import type { Config } from './config/config.ts';
import type { Control } from './control/control.ts';
import type { ControlStore } from './control/control-store.ts';
import type { TenantChange, TenantView } from './control/tenant.ts';
import type { DeadLetters } from './dead-letters/dead-letters.ts';
import type { SinkState } from './http/services.ts';
import { createJobs, type Jobs } from './jobs.ts';
import { Dispatch, type SinkStatus } from './sinks/dispatch/dispatch.ts';
import type { SinkLetter } from './sinks/run/messages.ts';
import type { DirectoryFeed } from './threads/directory-feed.ts';
import type { IngestPool } from './threads/ingest-pool.ts';

export interface SinkStartParts {
  readonly config: Config;
  readonly records: {
    readonly dataDir: { readonly path: string };
    readonly store: ControlStore;
    readonly control: Control;
    readonly sinkNames: ReadonlySet<string>;
    readonly deadLetters: DeadLetters;
  };
  readonly ingest: IngestPool;
  readonly feed: DirectoryFeed;
  readonly node: number;
  readonly tenants: () => readonly TenantView[];
  readonly log: Pick<Logger, 'warn' | 'error'>;
}

/** Starts the configured sinks besides the store, each with its thread, and the jobs that tell of their events. */
export function startSinks(parts: SinkStartParts): { readonly dispatch: Dispatch; readonly jobs: Jobs } {
  const { config, records, ingest, feed, node, tenants, log } = parts;
  const jobs = createJobs({
    storeIsSearched: config.search.backend === 'store',
    store: records.store,
    ingest: () => ingest,
    isSink: (name) => records.sinkNames.has(name),
    onError: (error) => log.error({ err: error }, 'a background task failed'),
  });
  const dispatch = new Dispatch({
    dataDir: records.dataDir.path,
    node,
    shards: ingest.shards,
    tenants,
    attach: (shard, options, port) => ingest.feedSink(shard, options, port),
    detach: (name) => ingest.unfeedSink(name),
    letters: async (sink, letters) => {
      await records.deadLetters.add(letters.map((letter) => sinkLetter(sink, letter)));
      await jobs.failed(
        sink,
        letters.map(({ eventId }) => eventId),
      );
    },
    store: records.store,
    feed,
    warn: (sink, text) => log.warn({ sink }, text),
  });
  dispatch.start(config.sinks);
  records.control.subscribe((changes) => removeTenants(dispatch, changes));
  return { dispatch, jobs };
}

/** As dead letters are kept: the document whole. */
function sinkLetter(sink: string, { tenant, reason, text, eventId, document }: SinkLetter) {
  return { tenant, reason, text, source: `event ${eventId}`, sink, raw: Buffer.from(document) };
}

async function removeTenants(dispatch: Dispatch, changes: readonly TenantChange[]): Promise<void> {
  for (const change of changes) if (change.type === 'remove') await dispatch.tenantRemoved(change.number, change.id);
}

/** For the pipeline's view and the metrics. */
export function sinkState({ config: { name, type, queue_max_bytes }, health }: SinkStatus): SinkState {
  const { retries, lastError, sinceOk, events, bytes, refused, expired, failures } = health;
  return {
    name,
    type,
    retries,
    lastError,
    sinceOk,
    counters: { events, bytes, refused, expired, failures },
    queueMaxBytes: queue_max_bytes,
  };
}
