import { Type } from 'typebox';
import type { IngestStats } from '../../pipeline/ingest.ts';
import type { SourceCounters } from '../../sources/source.ts';
import type { App } from '../app-types.ts';
import type { PublishRefusals } from '../plugins/metrics.ts';
import type { Services, SinkState } from '../services.ts';

function counters(of: SourceCounters) {
  return {
    events: of.events,
    bytes: of.bytes,
    refused: Object.fromEntries(of.refused),
    parse_errors: of.parseErrors,
    truncated: of.truncated,
    empty_frames: of.emptyFrames,
    connections: of.connections,
    kernel_drops: of.kernelDrops,
    congestion_drops: of.congestionDrops,
  };
}

/** One HTTP source over all threads: its listener is in main, where whole requests are refused. */
function httpSource(shards: readonly IngestStats[], refusals: ReadonlyMap<string, number>) {
  const refused = new Map(refusals);
  let [events, bytes, parse_errors] = [0, 0, 0];
  for (const { http } of shards) {
    events += http.events;
    bytes += http.bytes;
    parse_errors += http.parseErrors;
    for (const [reason, count] of http.refused) refused.set(reason, (refused.get(reason) ?? 0) + count);
  }
  return { type: 'http', events, bytes, refused: Object.fromEntries(refused), parse_errors };
}

function sources(shards: readonly IngestStats[], refusals: ReadonlyMap<string, number>) {
  const listeners = shards.flatMap(({ shard, sources: open }) =>
    open.map((source) => ({ shard, ...source.info, ...counters(source.counters) })),
  );
  return [httpSource(shards, refusals), ...listeners];
}

/** Above this share of a limit the view warns: there is still time to do something. */
const WARN_SHARE = 0.8;

/** What will stop the service from taking events, before it does. */
function warnings(shards: readonly IngestStats[], maxBytes: number, states: ReadonlyMap<string, SinkState>): string[] {
  const list: string[] = [];
  for (const { shard, queue: stats, heldBackBy } of shards) {
    const slowest = stats.consumers.reduce<(typeof stats.consumers)[number] | undefined>(
      (a, b) => (a && a.lagBytes >= b.lagBytes ? a : b),
      undefined,
    );
    const share = stats.bytes / maxBytes;
    if (stats.full !== null) list.push(`the queue of shard ${shard} is full (${stats.full}): nothing is accepted until there is room`);
    else if (share >= WARN_SHARE) {
      const because = slowest === undefined ? '' : `; the sink ${slowest.name} lags most`;
      list.push(`the queue of shard ${shard} is ${Math.floor(share * 100)} % full: at 100 % nothing is accepted${because}`);
    }
    if (heldBackBy !== null) list.push(`sources are held back: the sink ${heldBackBy} lags by more than its queue_max_bytes`);
    for (const { name, lagBytes } of stats.consumers) {
      const max = states.get(name)?.queueMaxBytes ?? null;
      if (max !== null && name !== heldBackBy && lagBytes >= max * WARN_SHARE)
        list.push(
          `the sink ${name} lags by ${Math.floor((lagBytes / max) * 100)} % of its queue_max_bytes: at 100 % sources are held back`,
        );
    }
  }
  return [...new Set(list)];
}

function queue(shards: readonly IngestStats[], now: number, maxBytes: number, states: ReadonlyMap<string, SinkState>) {
  const each = shards.map(({ shard, queue: stats }) => ({
    shard,
    position: stats.position,
    bytes: stats.bytes,
    files: stats.files,
    age_seconds: stats.oldest === null ? 0 : Math.max(0, (now - stats.oldest) / 1e3),
    full: stats.full,
    quarantined: stats.quarantined,
    torn_bytes: stats.tornBytes,
    syncs: stats.syncs,
  }));
  return {
    bytes: each.reduce((sum, one) => sum + one.bytes, 0),
    max_bytes: maxBytes * shards.length,
    age_seconds: each.reduce((oldest, one) => Math.max(oldest, one.age_seconds), 0),
    full: each.find((one) => one.full !== null)?.full ?? null,
    warnings: warnings(shards, maxBytes, states),
    shards: each,
  };
}

/** Each consumer of the queue is a sink; what only the sink knows about itself comes from it. */
function sinks(shards: readonly IngestStats[], states: ReadonlyMap<string, SinkState>) {
  const lags = new Map<string, { events: number; bytes: number }>();
  for (const { queue: stats } of shards) {
    for (const { name, lagEvents, lagBytes } of stats.consumers) {
      const lag = lags.get(name) ?? { events: 0, bytes: 0 };
      lags.set(name, { events: lag.events + lagEvents, bytes: lag.bytes + lagBytes });
    }
  }
  for (const name of ['store', ...states.keys()]) if (!lags.has(name)) lags.set(name, { events: 0, bytes: 0 });
  return Array.from(lags, ([name, lag]) => {
    const state = states.get(name);
    return {
      name,
      type: state?.type ?? name,
      lag: { ...lag, seconds: Math.max(0, ...shards.map((shard) => shard.lagSeconds.get(name) ?? 0)) },
      ...(state?.queueMaxBytes == null ? {} : { queue_max_bytes: state.queueMaxBytes }),
      retries: state?.retries ?? 0,
      last_error: state?.lastError ?? null,
      since_ok: state?.sinceOk ?? null,
      ...state?.counters,
    };
  });
}

export function pipelineRoutes(app: App, services: Services, refusals: PublishRefusals): void {
  app.get(
    '/v1/pipeline',
    {
      config: {
        docs: {
          tag: 'service',
          summary: 'The way of the events, live',
          answers: {
            200: {
              description: 'Sources, queue and sinks.',
              schema: Type.Object({ sources: Type.Array(Type.Object({})), queue: Type.Object({}), sinks: Type.Array(Type.Object({})) }),
              example: {
                sources: [
                  { shard: 0, type: 'syslog', tcp: '127.0.0.1:5140', udp: '127.0.0.1:5140', events: 1000, bytes: 250_000, refused: {} },
                ],
                queue: { bytes: 1_048_576, max_bytes: 8_589_934_592, age_seconds: 2, full: null, warnings: [], shards: [] },
                sinks: [
                  { name: 'store', type: 'store', lag: { events: 0, bytes: 0, seconds: 0 }, retries: 0, last_error: null, since_ok: null },
                ],
              },
            },
          },
        },
      },
    },
    async () => {
      const shards = await services.ingest.stats();
      const states = new Map((services.sinks?.() ?? []).map((state) => [state.name, state]));
      const { kept, dropped } = services.deadLetters.stats();
      return {
        sources: sources(shards, refusals.counts),
        queue: queue(shards, Date.now(), services.config.queue_max_bytes, states),
        sinks: sinks(shards, states),
        dead_letters: { kept, dropped },
      };
    },
  );
}
