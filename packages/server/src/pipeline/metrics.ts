import { Counter, Gauge, type Registry } from 'prom-client';
import type { IngestStats } from './ingest.ts';
import type { NormalizeTotals } from './normalize/rulebase-change.ts';
import type { SourceCounters } from '../sources/source.ts';
import type { ConsumerStats } from '../queue/queue.ts';
import type { BuildStats } from '../store/build/build-service.ts';

export interface PipelineReadings {
  readonly ingest: () => Promise<readonly IngestStats[]>;
  readonly queueMaxBytes: number;
  readonly build: () => Promise<BuildStats>;
  /** The sinks besides the store. */
  readonly sinks: () => readonly SinkReading[];
  readonly deadLetters: () => { readonly kept: number; readonly dropped: number };
}

export interface SinkReading {
  readonly name: string;
  readonly sinceOk: string | null;
  readonly counters?: {
    readonly events: number;
    readonly bytes: number;
    readonly refused: number;
    readonly expired: number;
    readonly failures: number;
  };
}

interface SourceReading {
  readonly labels: { readonly source: string; readonly listener: string; readonly shard: string };
  readonly counters: SourceCounters;
}

function sourcesOf(shards: readonly IngestStats[]): SourceReading[] {
  return shards.flatMap(({ shard, sources, http }) => [
    ...sources.map(({ info, counters }) => ({
      labels: { source: info.type, listener: info.name ?? info.tcp ?? info.udp ?? '', shard: String(shard) },
      counters,
    })),
    { labels: { source: 'http', listener: '', shard: String(shard) }, counters: http },
  ]);
}

const SOURCE_LABELS = ['source', 'listener', 'shard'] as const;

/** Counters of sources, by metric: name, help, and where its value is. */
const sourceMetrics: readonly (readonly [string, string, (counters: SourceCounters) => number])[] = [
  ['meniscus_source_events_total', 'Events accepted.', (c) => c.events],
  ['meniscus_source_bytes_total', 'Bytes of accepted events as received.', (c) => c.bytes],
  ['meniscus_source_parse_errors_total', 'Events accepted although not quite to their standard.', (c) => c.parseErrors],
  ['meniscus_source_truncated_total', 'Events cut at the longest message.', (c) => c.truncated],
  ['meniscus_source_empty_frames_total', 'Empty frames and lines.', (c) => c.emptyFrames],
  ['meniscus_source_kernel_drops_total', 'UDP datagrams dropped by the kernel.', (c) => c.kernelDrops],
  ['meniscus_source_congestion_drops_total', 'UDP datagrams dropped because the queue wanted no more.', (c) => c.congestionDrops],
];

/** What became of events whose producer has a rulebase: by result, each event once. */
const normalizeResults: Readonly<Record<string, (totals: NormalizeTotals) => number>> = {
  matched: (n) => n.matched,
  unparsed: (n) => n.unparsed - n.limited,
  limited: (n) => n.limited,
  skipped: (n) => n.skipped,
};

type SinkCounters = NonNullable<SinkReading['counters']>;

const sinkMetrics: readonly (readonly [string, string, (counters: SinkCounters) => number])[] = [
  ['meniscus_sink_events_total', 'Events that a sink took.', (c) => c.events],
  ['meniscus_sink_bytes_total', 'Bytes, as in the queue, of the events that a sink took.', (c) => c.bytes],
  ['meniscus_sink_refused_total', 'Events that a sink refused: dead letters.', (c) => c.refused],
  ['meniscus_sink_expired_total', 'Events that a sink did not take within retry_max_age: dead letters.', (c) => c.expired],
  ['meniscus_sink_failures_total', 'Tries of a sink that failed.', (c) => c.failures],
];

/** Counters that are read whole: set to what they are now. */
function set(counter: Counter, readings: Iterable<readonly [Record<string, string | number>, number]>): void {
  counter.reset();
  for (const [labels, value] of readings) counter.inc(labels, value);
}

function makeMetrics(registry: Registry, collect: () => Promise<void>) {
  const registers = [registry];
  const counter = (name: string, help: string, labelNames: readonly string[]): Counter =>
    new Counter({ name, help, labelNames, registers, collect });
  const gauge = (name: string, help: string, labelNames: readonly string[]): Gauge =>
    new Gauge({ name, help, labelNames, registers, collect });
  return {
    sources: sourceMetrics.map(([name, help, read]) => ({ counter: counter(name, help, SOURCE_LABELS), read })),
    refused: counter('meniscus_source_refused_total', 'Events refused.', [...SOURCE_LABELS, 'reason']),
    connections: gauge('meniscus_source_connections', 'Open connections.', SOURCE_LABELS),
    normalized: counter('meniscus_normalize_events_total', 'Events whose producer has a rulebase, by what became of them.', [
      'shard',
      'result',
    ]),
    rulebaseLoads: counter('meniscus_normalize_loads_total', 'Rulebases made ready to run.', ['shard']),
    rulebaseLoadSeconds: counter('meniscus_normalize_load_seconds_total', 'Time that this took.', ['shard']),
    queueBytes: gauge('meniscus_queue_bytes', 'Bytes of the queue on disk.', ['shard']),
    queueFull: gauge('meniscus_queue_full', '1 while appends are refused.', ['shard']),
    syncs: counter('meniscus_queue_syncs_total', 'Group commits.', ['shard']),
    queueMaxBytes: gauge('meniscus_queue_max_bytes', 'Bytes of the queue at which nothing is accepted.', ['shard']),
    lag: gauge('meniscus_sink_lag_events', 'Events a sink has not taken yet.', ['sink', 'shard']),
    lagBytes: gauge('meniscus_sink_lag_bytes', 'Bytes of the queue that a sink has not taken yet.', ['sink', 'shard']),
    lagSeconds: gauge('meniscus_sink_lag_seconds', 'How long the oldest event that a sink took waits to be safe there.', ['sink', 'shard']),
    sinkUp: gauge('meniscus_sink_up', '1 while a sink works without errors.', ['sink']),
    sinks: sinkMetrics.map(([name, help, read]) => ({ counter: counter(name, help, ['sink']), read })),
    store: gauge('meniscus_store', 'The store: segments, bytes, rows, and events waiting for a segment.', ['what']),
    letters: gauge('meniscus_dead_letters', 'Dead letters kept.', []),
    lettersDropped: counter('meniscus_dead_letters_dropped_total', 'Dead letters that went because of the limit.', []),
  };
}

/** Metrics that are read from the threads at each scrape, with one question to each thread however many metrics ask. */
class PipelineMetrics {
  private readonly readings: PipelineReadings;
  private reading: Promise<void> | undefined;
  private readonly metrics: ReturnType<typeof makeMetrics>;

  constructor(registry: Registry, readings: PipelineReadings) {
    this.readings = readings;
    this.metrics = makeMetrics(registry, () => this.read());
  }

  private async read(): Promise<void> {
    this.reading ??= this.refresh().finally(() => (this.reading = undefined));
    await this.reading;
  }

  private async refresh(): Promise<void> {
    const [shards, build] = await Promise.all([this.readings.ingest(), this.readings.build()]);
    this.refreshSources(sourcesOf(shards));
    set(
      this.metrics.syncs,
      shards.map(({ shard, queue }) => [{ shard }, queue.syncs]),
    );
    this.refreshNormalized(shards);
    this.resetLags();
    for (const { shard, queue, lagSeconds } of shards) {
      this.metrics.queueBytes.set({ shard }, queue.bytes);
      this.metrics.queueFull.set({ shard }, queue.full === null ? 0 : 1);
      this.metrics.queueMaxBytes.set({ shard }, this.readings.queueMaxBytes);
      this.refreshLags(shard, queue.consumers, lagSeconds);
    }
    this.refreshSinks(this.readings.sinks());
    const { segments, bytes, rows, waiting } = build;
    for (const [what, value] of Object.entries({ segments, bytes, rows, waiting })) this.metrics.store.set({ what }, value);
    const { kept, dropped } = this.readings.deadLetters();
    this.metrics.letters.set(kept);
    set(this.metrics.lettersDropped, [[{}, dropped]]);
  }

  /** Sinks come and go by a reload. */
  private resetLags(): void {
    for (const gauge of [this.metrics.lag, this.metrics.lagBytes, this.metrics.lagSeconds, this.metrics.sinkUp]) gauge.reset();
  }

  private refreshLags(shard: number, consumers: readonly ConsumerStats[], lagSeconds: ReadonlyMap<string, number>): void {
    for (const { name: sink, lagEvents, lagBytes } of consumers) {
      this.metrics.lag.set({ sink, shard }, lagEvents);
      this.metrics.lagBytes.set({ sink, shard }, lagBytes);
      this.metrics.lagSeconds.set({ sink, shard }, lagSeconds.get(sink) ?? 0);
    }
  }

  private refreshSinks(sinks: readonly SinkReading[]): void {
    for (const { name: sink, sinceOk } of sinks) this.metrics.sinkUp.set({ sink }, sinceOk === null ? 0 : 1);
    for (const { counter, read } of this.metrics.sinks)
      set(
        counter,
        sinks.flatMap(({ name: sink, counters }) => (counters === undefined ? [] : [[{ sink }, read(counters)] as const])),
      );
  }

  private refreshNormalized(shards: readonly IngestStats[]): void {
    const { normalized, rulebaseLoads, rulebaseLoadSeconds } = this.metrics;
    const results = Object.entries(normalizeResults);
    set(
      normalized,
      shards.flatMap(({ shard, normalized: totals }) => results.map(([result, read]) => [{ shard, result }, read(totals)] as const)),
    );
    set(
      rulebaseLoads,
      shards.map(({ shard, normalized: { loads } }) => [{ shard }, loads]),
    );
    set(
      rulebaseLoadSeconds,
      shards.map(({ shard, normalized: { loadMs } }) => [{ shard }, loadMs / 1000]),
    );
  }

  private refreshSources(sources: readonly SourceReading[]): void {
    for (const { counter, read } of this.metrics.sources)
      set(
        counter,
        sources.map(({ labels, counters }) => [labels, read(counters)]),
      );
    set(
      this.metrics.refused,
      sources.flatMap(({ labels, counters }) => [...counters.refused].map(([reason, count]) => [{ ...labels, reason }, count] as const)),
    );
    for (const { labels, counters } of sources) this.metrics.connections.set(labels, counters.connections);
  }
}

export function registerPipelineMetrics(registry: Registry, readings: PipelineReadings): void {
  void new PipelineMetrics(registry, readings);
}
