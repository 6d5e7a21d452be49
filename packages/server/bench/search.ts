/**
 * What searches take over a store of events of ten tenants, one query thread, warm: the median and the slowest of several runs after a first one, which is
 * given too. The store is built once and kept in a directory for the next run.
 *
 *     node packages/server/bench/search.ts [events in thousands] [directory] [only the cases whose names hold this]
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { MessageChannel } from 'node:worker_threads';
import { parse } from '@meniscus/query';
import { BatchBuilder } from '../src/event/batch-builder.ts';
import type { SearchRequest, SearchScope } from '../src/search/search.ts';
import { QueryPool } from '../src/search/store/pool/pool.ts';
import { BuildService } from '../src/store/build/build-service.ts';
import { DirectoryFeed } from '../src/threads/directory-feed.ts';

const [thousands = '5000', directory = join(tmpdir(), `meniscus-bench-search-${thousands}`), only = ''] = process.argv.slice(2);
const EVENTS = Number(thousands) * 1000;
const TENANTS = 10;
const RUNS = 9;
const END = Date.UTC(2026, 10, 22) * 1000;
const DAY = 86_400_000_000;
const HOUR = DAY / 24;
const NEEDLE = 'zzqneedle42';

/** A generator that gives the same numbers every time. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 4_294_967_296;
  };
}

const rnd = random(12_345);
const pick = (n: number): number => Math.floor(rnd() * n);

/** Lines of real systems (loghub) when they lie beside the repository, else made-up ones. */
function lines(): [string, string][] {
  const loghub = fileURLToPath(new URL('../../../../shared/data/loghub', import.meta.url));
  if (!existsSync(loghub))
    return Array.from({ length: 2_000 }, (_, i) => [
      `app${i % 12}`,
      `request ${i} from 10.0.${i % 256}.7 failed: connection closed after ${i} ms`,
    ]);
  return readdirSync(loghub).flatMap((file) =>
    readFileSync(join(loghub, file), 'utf8')
      .split(/\r?\n/)
      .filter((line) => line !== '')
      .map((line): [string, string] => [file.replace('.log', ''), line]),
  );
}

const PRODUCER = JSON.stringify({ id: null, name: null, pattern: 'default', durable: false, encrypted: false, sinks: ['store'] });

function addRow(builder: BatchBuilder, corpus: readonly [string, string][], i: number): void {
  const time = END - DAY + Math.floor((i / EVENTS) * DAY);
  const [pname, line] = corpus[pick(corpus.length)]!;
  builder.begin(time + 1_500);
  builder.time = time;
  builder.origin = builder.originIndex(1 + (i % TENANTS), PRODUCER);
  builder.host = builder.stringIndex(`web-${pick(50)}.dc${pick(3)}.example.com`);
  builder.pname = builder.stringIndex(pname);
  builder.msgid = builder.stringIndex('-');
  builder.pid = pick(32_768);
  builder.facility = pick(24);
  builder.severity = [6, 6, 6, 6, 7, 5, 4, 3][pick(8)]!;
  builder.ver = 1;
  const number = pick(1_000_000);
  builder.msgText(
    i === Math.floor(EVENTS * 0.4) - (Math.floor(EVENTS * 0.4) % TENANTS)
      ? `${line} ${NEEDLE}`
      : `${line} request ${number} took ${number % 997} ms`,
  );
  builder.native({
    status: [200, 200, 200, 201, 404, 500][pick(6)],
    bytes: pick(100_000),
    user: `user-${pick(5_000)}`,
    method: ['GET', 'POST', 'PUT'][pick(3)],
  });
  builder.commit();
}

/** Writes the events as segments and lets the build thread's work merge them. */
async function build(): Promise<void> {
  mkdirSync(directory, { recursive: true });
  const service = new BuildService({ directory, compressionLevel: 3, report: (what) => console.error(what) });
  service.start();
  const corpus = lines();
  const builder = new BatchBuilder();
  let position = 0;
  for (let i = 0; i < EVENTS; i++) {
    addRow(builder, corpus, i);
    if (!builder.full && i + 1 < EVENTS) continue;
    const rows = builder.rows;
    service.batch({ type: 'batch', shard: 0, position, rows, bytes: builder.seal() });
    position += rows;
    if (service.stats().waiting > 250_000) await service.flush();
  }
  await service.flush();
  for (let before = -1; before !== service.stats().merges; await delay(5_000)) before = service.stats().merges;
  await service.stop();
  writeFileSync(join(directory, 'complete'), '');
}

function connect(service: BuildService) {
  const [toBuild, toIngest] = [new MessageChannel(), new MessageChannel()];
  service.attachQuery(toBuild.port1);
  toBuild.port1.unref();
  return { ports: { build: toBuild.port2, ingest: [toIngest.port2] }, waitForIngest: false };
}

function scope(q: string, from = END - DAY, to = END): SearchScope {
  return { tenant: { number: 1, id: 'acme', receivedFrom: 0 }, query: parse(q), from, to, deadlineMs: 60_000 };
}

interface Case {
  readonly name: string;
  /** Milliseconds at most, warm. */
  readonly target: number;
  readonly request: SearchRequest;
}

const WORD = 'failed';
const cases: readonly Case[] = [
  { name: 'needle', target: 5, request: { kind: 'events', ...scope(NEEDLE), limit: 100, order: 'desc' } },
  { name: 'count of a common word', target: 100, request: { kind: 'count', ...scope(WORD) } },
  { name: 'count of everything', target: 5, request: { kind: 'count', ...scope('') } },
  { name: 'latest 100 with severity<=3', target: 15, request: { kind: 'events', ...scope('severity<=3'), limit: 100, order: 'desc' } },
  { name: 'latest 100 with the word', target: 50, request: { kind: 'events', ...scope(WORD), limit: 100, order: 'desc' } },
  { name: 'histogram by minute with the word', target: 120, request: { kind: 'histogram', ...scope(WORD), intervalMs: 60_000 } },
  { name: 'histogram by severity with the word', target: 300, request: { kind: 'histogram', ...scope(WORD), buckets: 60, by: 'severity' } },
  { name: 'phrase', target: 150, request: { kind: 'count', ...scope('"authentication failure"') } },
  { name: 'regular expression over one hour', target: 200, request: { kind: 'count', ...scope('msg:/took [0-9]+5 ms$/', END - HOUR) } },
  { name: 'regular expression over the day', target: 1_000, request: { kind: 'count', ...scope('msg:/took [0-9]+5 ms$/') } },
  { name: 'wildcard', target: 300, request: { kind: 'count', ...scope('fail*') } },
  { name: 'status>=500 and the word', target: 100, request: { kind: 'count', ...scope(`status>=500 ${WORD}`) } },
  { name: 'top 10 hosts', target: 5, request: { kind: 'facets', ...scope(''), fields: ['host'], limit: 10 } },
  { name: 'facets of three fields', target: 300, request: { kind: 'facets', ...scope(''), fields: ['host', 'status', 'user'], limit: 10 } },
  {
    name: 'facets of three fields with the word',
    target: 300,
    request: { kind: 'facets', ...scope(WORD), fields: ['host', 'status', 'user'], limit: 10 },
  },
  {
    name: 'stats by two fields',
    target: 300,
    request: {
      kind: 'stats',
      ...scope(''),
      by: ['host', 'status'],
      metrics: [{ name: 'count' }, { name: 'avg', field: 'bytes' }, { name: 'p95', field: 'bytes' }],
      limit: 10,
    },
  },
  {
    name: 'unique users by method',
    target: 300,
    request: { kind: 'stats', ...scope(''), by: ['method'], metrics: [{ name: 'unique', field: 'user' }], limit: 10 },
  },
  { name: 'fields', target: 100, request: { kind: 'fields', ...scope('') } },
  { name: 'fields with the word', target: 300, request: { kind: 'fields', ...scope(WORD) } },
  { name: 'values for completion', target: 50, request: { kind: 'values', ...scope(''), field: 'host', prefix: 'web-1', limit: 10 } },
];

async function measure(pool: QueryPool, { request }: Case) {
  const signal = new AbortController().signal;
  const times: number[] = [];
  let answer = '';
  for (let run = 0; run <= RUNS; run++) {
    const start = performance.now();
    answer = await pool.search(request, signal);
    times.push(performance.now() - start);
  }
  const [first = 0, ...warm] = times;
  warm.sort((a, b) => a - b);
  return { first, median: warm[RUNS >> 1]!, slowest: warm.at(-1)!, answer };
}

async function measureExport(pool: QueryPool): Promise<void> {
  const start = performance.now();
  let bytes = 0;
  const request = { kind: 'export', format: 'ndjson', ...scope(''), deadlineMs: Infinity } as const;
  for await (const piece of pool.export(request, new AbortController().signal)) bytes += piece.length;
  const seconds = (performance.now() - start) / 1000;
  console.log(
    `export of ${EVENTS / TENANTS} events: ${(bytes / 1e6).toFixed(0)} MB in ${seconds.toFixed(1)} s, ${(process.memoryUsage().rss / 1e6).toFixed(0)} MB resident`,
  );
}

if (!existsSync(join(directory, 'complete'))) await build();
const service = new BuildService({ directory, compressionLevel: 3, report: (what) => console.error(what) });
const pool = new QueryPool({
  threads: 1,
  directory,
  node: 0,
  connect: () => connect(service),
  feed: new DirectoryFeed(),
  report: console.error,
});
await pool.ready();
console.log(`${EVENTS} events, ${TENANTS} tenants, ${readdirSync(directory).length - 1} segments`);
for (const item of cases) {
  if (!item.name.includes(only)) continue;
  const { first, median, slowest, answer } = await measure(pool, item);
  const late = median > item.target ? '  LATE' : '';
  console.log(
    `${item.name.padEnd(40)} ${median.toFixed(1).padStart(8)} ms (slowest ${slowest.toFixed(1)}, first ${first.toFixed(1)}; target ${item.target})${late}  ${answer.length > 120 ? `${answer.length} bytes` : answer.slice(0, 60)}`,
  );
}
if ('export'.includes(only)) await measureExport(pool);
await pool.close();
process.exit(0);
