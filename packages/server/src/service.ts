import { existsSync, readdirSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { Backups } from './backup/backup.ts';
import { openDataDir, type DataDir } from './component/data-dir.ts';
import type { Config } from './config/config.ts';
import { configuredSinks } from './config/sinks.ts';
import type { Control } from './control/control.ts';
import { CONTROL_DIRECTORY } from './control/admin-key.ts';
import type { ControlStore } from './control/control-store.ts';
import { controlStores } from './control/index.ts';
import { createControl } from './control/service.ts';
import type { TenantView } from './control/tenant.ts';
import { openDeadLetters, type StoredDeadLetters } from './dead-letters/store.ts';
import { MeniscusError, messageOf } from './errors.ts';
import { buildApp } from './http/app.ts';
import { createRulebases } from './http/rulebases/rulebases.ts';
import { createSavedSearches } from './http/saved-searches.ts';
import type { Services, SinkState } from './http/services.ts';
import type { Jobs } from './jobs.ts';
import { createRedrive } from './redrive.ts';
import { createReload, warnOfUnknownSinks, type Reloaded } from './reload.ts';
import type { Dispatch } from './sinks/dispatch/dispatch.ts';
import { sinkState, startSinks } from './start-sinks.ts';
import { STORE } from './sinks/index.ts';
import { searchBackends } from './search/index.ts';
import type { PoolOptions, QueryPool } from './search/store/pool/pool.ts';
import type { ElasticsearchSettings } from './sinks/elasticsearch/kind.ts';
import { createTelemetry } from './telemetry/index.ts';
import { registerPipelineMetrics } from './pipeline/metrics.ts';
import { RulebaseFeed } from './pipeline/normalize/rulebase-feed.ts';
import { readShipped } from './pipeline/normalize/shipped.ts';
import type { Telemetry } from './telemetry/telemetry.ts';
import { BuildHandle } from './threads/build-handle.ts';
import { DirectoryFeed } from './threads/directory-feed.ts';
import { IngestHandle, type IngestEvents } from './threads/ingest-handle.ts';
import { IngestPool } from './threads/ingest-pool.ts';
import { openUsage, type StoredUsage } from './usage/store.ts';
import { version } from './version.ts';
import { Wiring } from './wiring.ts';

/** This computer's number in ids; a grid gives others. */
const NODE = 0;

export interface ServiceHooks {
  /** What the configuration's reading found odd. */
  readonly warnings: readonly string[];
  /** Reads the configuration anew, for a reload. Throws what a start with it would throw. */
  readonly load: () => { readonly config: Config };
  /** The service cannot go on; what was acknowledged is safe. */
  readonly failed: (error: Error) => void;
}

/** A running service. */
export interface Service {
  /** One line for people: where it is and what to do next. */
  readonly greeting: string;
  /** Base URL of the API, for clients on this computer. */
  readonly url: string;
  /** Reads the configuration anew and makes the running sinks those of it; what else changed waits for a restart. Rejects with bad_configuration, and all stays as it was. */
  reload(): Promise<Reloaded>;
  /** Stops accepting, finishes what is in flight, flushes, closes. Idempotent. */
  stop(): Promise<void>;
}

/** Records that outlive the process, opened in the data directory. */
interface Records {
  readonly dataDir: DataDir;
  readonly store: ControlStore;
  readonly control: Control;
  /** What producers may name; a reload changes it. */
  readonly sinkNames: Set<string>;
  readonly rulebases: RulebaseFeed;
  readonly deadLetters: StoredDeadLetters;
  readonly usage: StoredUsage;
}

interface Threads {
  readonly build: BuildHandle;
  readonly search: QueryPool;
  readonly ingest: IngestPool;
  readonly dispatch: Dispatch;
  readonly jobs: Jobs;
}

/** What was started, to be stopped in reverse. */
class Stops {
  private readonly stops: (() => Promise<void>)[] = [];
  private stopping: Promise<void> | undefined;

  add(stop: () => Promise<void>): void {
    this.stops.push(stop);
  }

  async run(): Promise<void> {
    this.stopping ??= (async () => {
      for (const stop of this.stops.splice(0).reverse()) await stop();
    })();
    await this.stopping;
  }
}

/** Starts everything in one process: the persona `all`. Rejects with MeniscusError, everything closed again, when something cannot start. */
export async function startService(config: Config, hooks: ServiceHooks): Promise<Service> {
  const stops = new Stops();
  try {
    return await start(config, hooks, stops);
  } catch (error) {
    await stops.run().catch(() => {});
    throw error;
  }
}

async function start(config: Config, hooks: ServiceHooks, stops: Stops): Promise<Service> {
  const telemetry = createTelemetry({ level: config.log_level });
  for (const warning of hooks.warnings) telemetry.log.warn(warning);
  const records = await openRecords(config, telemetry, stops);
  const threads = await startThreads(config, records, telemetry, hooks, stops);
  registerPipelineMetrics(telemetry.registry, {
    ingest: () => threads.ingest.stats(),
    queueMaxBytes: config.queue_max_bytes,
    build: () => threads.build.stats(),
    deadLetters: () => records.deadLetters.stats(),
    sinks: () => threads.dispatch.sinks.map(sinkState),
  });
  const reload = createReload({
    config,
    load: hooks.load,
    records,
    dispatch: threads.dispatch,
    ingest: threads.ingest,
    log: telemetry.log,
  });
  warnOfUnknownSinks({ records, log: telemetry.log });
  const url = await listenHttp(config, records, threads, telemetry, reload, stops);
  await listenSources(config, threads.ingest);
  const { listeners } = threads.ingest;
  const syslog = { tcp: listeners[0]?.tcp ?? '', udp: listeners[0]?.udp ?? '' };
  records.dataDir.writeRun({ pid: process.pid, version, http: url, syslog, listeners });
  telemetry.log.info({ http: url, syslog: syslog.tcp, data_dir: records.dataDir.path }, 'ready');
  const greeting = `Meniscus ${version} is ready: API ${url}, syslog ${syslog.tcp} (TCP and UDP). Next, in another terminal: npx meniscus tenant create acme`;
  return { greeting, url, reload, stop: () => stops.run() };
}

async function openRecords(config: Config, telemetry: Telemetry, stops: Stops): Promise<Records> {
  const onError = (error: unknown): void => telemetry.log.error({ err: error }, 'a background task failed');
  const dataDir = await openDataDir(config.data_dir);
  stops.add(() => dataDir.close());
  const store = controlStores.embedded(path.join(dataDir.path, CONTROL_DIRECTORY));
  const sinkNames = new Set(configuredSinks(config));
  const control = await createControl(store, {
    sinks: sinkNames,
    defaultSinks: config.default_sinks,
    tokenResetMinimum: config.token_reset_minimum,
    onError,
  });
  stops.add(() => control.close());
  const rulebases = new RulebaseFeed(store, readShipped(), onError);
  stops.add(async () => rulebases.close());
  await control.keys.ensureAdmin(dataDir.path);
  const deadLetters = openDeadLetters(path.join(dataDir.path, 'dead-letters'));
  stops.add(() => deadLetters.close());
  const usage = openUsage(path.join(dataDir.path, 'usage'), { onError });
  stops.add(() => usage.close());
  return { dataDir, store, control, sinkNames, rulebases, deadLetters, usage };
}

async function startThreads(config: Config, records: Records, telemetry: Telemetry, hooks: ServiceHooks, stops: Stops): Promise<Threads> {
  const feed = new DirectoryFeed();
  const directory = path.join(records.dataDir.path, 'store');
  const report = (what: string, reason: string): void => telemetry.log.error({ reason }, what);
  const build = new BuildHandle({ directory, compressionLevel: config.compression_level }, { report, failed: hooks.failed }, feed);
  await build.ready();
  const shards = shardsOf(config, records.dataDir.path, telemetry);
  const wiring = new Wiring(build, shards);
  const threads = config.query_threads || Math.max(1, availableParallelism() - 1);
  const search = startSearch(config, { threads, directory, node: NODE, connect: () => wiring.connectQuery(), feed, report });
  stops.add(() => search.close());
  stops.add(() => build.stop());
  await followTenants(records, feed, telemetry);
  const handles = Array.from({ length: shards }, (_, shard) => startIngest(shard, config, records, wiring, feed, hooks, telemetry));
  wiring.ingestStarted(handles);
  const ingest = new IngestPool(handles);
  records.rulebases.add((changes) => ingest.rulebases(changes));
  await Promise.all(handles.map((handle) => handle.ready()));
  stops.add(() => ingest.stop());
  const { dispatch, jobs } = startSinks({
    config,
    records,
    ingest,
    feed,
    node: NODE,
    tenants: () => tenantsOf(records.control),
    log: telemetry.log,
  });
  stops.add(async () => jobs.close());
  stops.add(() => dispatch.stop());
  await search.ready();
  return { build, search, ingest, dispatch, jobs };
}

/** At least one for each queue that is there: events that an earlier run with more threads acknowledged would else wait for ever. */
function shardsOf(config: Config, dataDir: string, telemetry: Telemetry): number {
  const wanted = config.ingest_threads || Math.max(1, availableParallelism() >> 1);
  const queues = path.join(dataDir, 'queue');
  const there = existsSync(queues)
    ? readdirSync(queues)
        .filter((name) => /^(0|[1-9]\d?)$/.test(name))
        .map(Number)
    : [];
  const shards = Math.max(wanted, ...there.map((shard) => shard + 1));
  if (shards > wanted && config.ingest_threads > 0)
    telemetry.log.warn(
      { ingest_threads: wanted, running: shards },
      'an earlier run had more ingest threads: their queues are kept at work',
    );
  return shards;
}

/** The query threads of the configured back end. */
function startSearch({ search, sinks }: Config, options: PoolOptions): QueryPool {
  if (search.backend === 'store') return searchBackends.store(options);
  const { settings } = sinks.find(({ name }) => name === search.sink)!;
  return searchBackends.elasticsearch({ ...options, sink: settings as ElasticsearchSettings });
}

/** Tells all threads of all tenants, then of every change; what a deleted tenant leaves behind in other places goes. */
async function followTenants(records: Records, feed: DirectoryFeed, telemetry: Telemetry): Promise<void> {
  const numbers = new Set<number>();
  let first: Promise<void> | undefined;
  records.control.subscribe((changes) => {
    const sent = feed.send(changes);
    first ??= sent;
    for (const change of changes) {
      if (change.type === 'put') numbers.add(change.tenant.number);
      else
        forget(records, change.number).catch((error: unknown) =>
          telemetry.log.error({ err: error }, 'cannot remove what a deleted tenant left'),
        );
    }
    return sent;
  });
  await first;
  await records.deadLetters.retain(numbers);
  await records.usage.retain(numbers);
}

async function forget({ deadLetters, usage }: Records, tenant: number): Promise<void> {
  await deadLetters.drop(tenant);
  await usage.drop(tenant);
}

function startIngest(
  shard: number,
  config: Config,
  records: Records,
  wiring: Wiring,
  feed: DirectoryFeed,
  hooks: ServiceHooks,
  telemetry: Telemetry,
): IngestHandle {
  const { deadLetters, usage } = records;
  const events: IngestEvents = {
    letters: (letters) => deadLetters.add(letters),
    usage: (counts) => {
      for (const [tenant, { accepted, bytesIn, rejected }] of counts)
        usage.add(tenant, { eventsIn: accepted + rejected, bytesIn, stored: accepted, rejected });
    },
    warning: (text) => telemetry.log.warn(text),
    failed: hooks.failed,
  };
  const start = {
    shard,
    node: NODE,
    queue: {
      directory: path.join(records.dataDir.path, 'queue', String(shard)),
      maxBytes: config.queue_max_bytes,
      diskReserveBytes: config.disk_reserve_bytes,
    },
    defaultSinks: config.default_sinks,
    sinks: config.sinks.map(({ name }) => name),
    syslogMessageBytes: config.syslog_message_max_bytes,
    tenants: tenantsOf(records.control),
    rulebases: records.rulebases.all,
    ...wiring.connectIngest(shard),
  };
  return new IngestHandle(start, events, feed);
}

const FULL = { bytes: 'the queue is as large as it may be', disk: 'the disk is full' } as const;

/** Why the service takes no events now. */
async function unreadyReasons(ingest: IngestPool): Promise<string[]> {
  if (ingest.unready !== null) return [ingest.unready];
  const shards = await ingest.stats();
  const full = shards.map(({ queue }) => queue.full).filter((reason) => reason !== null);
  const held = shards.map(({ heldBackBy }) => heldBackBy).filter((sink) => sink !== null);
  return [
    ...new Set([...full.map((reason) => FULL[reason]), ...held.map((sink) => `the sink ${sink} lags by more than its queue_max_bytes`)]),
  ];
}

function tenantsOf(control: Control): TenantView[] {
  return [...control.tenants.list()].map(({ tenant_id }) => control.tenants.view(tenant_id)).filter((view) => view !== undefined);
}

/** Resolves with the base URL for clients on this computer. */
async function listenHttp(
  config: Config,
  records: Records,
  threads: Threads,
  telemetry: Telemetry,
  reload: Service['reload'],
  stops: Stops,
): Promise<string> {
  const { control, deadLetters, usage, store } = records;
  const { ingest, search, build, dispatch, jobs } = threads;
  const services: Services = {
    config,
    control,
    deadLetters,
    usage,
    ingest,
    search,
    tail: search,
    telemetry,
    version,
    unready: async () => unreadyReasons(ingest),
    savedSearches: createSavedSearches(store),
    rulebases: createRulebases(store, records.rulebases),
    sinks: () => [storeState(build), ...dispatch.sinks.map(sinkState)],
    redrive: createRedrive(ingest, { dispatch, jobs }, deadLetters),
    jobs,
    backup: backupOf(config.backup_dir, records, threads),
    reload,
  };
  const app = buildApp(services);
  stops.add(async () => app.close());
  const host = config.listen;
  try {
    await app.listen({ host, port: config.http_port });
  } catch (error) {
    throw new MeniscusError(
      'listen_failed',
      `HTTP on ${host} port ${config.http_port}: ${messageOf(error)}; choose another with --http-port`,
      {
        cause: error,
      },
    );
  }
  const { port } = app.server.address() as { port: number };
  return `http://${localAddress(host)}:${port}`;
}

/** Makes backups of a running service. */
function backupOf(
  backupDir: string,
  { dataDir, deadLetters, usage, store: control }: Records,
  { ingest, build }: Threads,
): NonNullable<Services['backup']> {
  const backups = new Backups({
    dataDir: dataDir.path,
    backupDir,
    version,
    queues: ingest.snapshots(),
    store: (directory) => build.snapshot(directory),
    deadLetters: (directory) => deadLetters.backup(directory),
    usage: (directory) => usage.backup(directory),
    control: (directory) => control.backup(directory),
  });
  return (directory) => backups.create(directory);
}

/** An address that a client on this computer can use for what listens on `host`. */
function localAddress(host: string): string {
  if (host === '0.0.0.0') return '127.0.0.1';
  if (host === '::') return '[::1]';
  return host.includes(':') ? `[${host}]` : host;
}

async function listenSources(config: Config, ingest: IngestPool): Promise<void> {
  const main = { type: 'syslog', listen: config.listen, port: config.syslog_port } as const;
  await ingest.listen([main, ...config.sources.map((source) => ({ listen: config.listen, ...source }))]);
}

function storeState(build: BuildHandle): SinkState {
  const { lastError, sinceOk, retries } = build.health;
  return { name: STORE, type: STORE, retries, lastError, sinceOk };
}
