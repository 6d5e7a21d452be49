/**
 * What building segments costs: CPU-seconds per million events and bytes on disk per byte received, for syslog lines (290 B, 10 tenants) and JSON
 * documents (370 B, 10 fields). Batches are made beforehand, so parsing and the queue are not in the figures.
 *
 *     node packages/server/bench/store-build.ts [syslog|json|tenants] [events in thousands] [zstd level]
 */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { BatchBuilder } from '../src/event/batch-builder.ts';
import { writeSegment, writeTools } from '../src/store/build/flush.ts';
import { RowSource } from '../src/store/columns/row-source.ts';
import { segmentName } from '../src/store/segment/names.ts';

const [kind = 'syslog', thousands = '1000', level = '3'] = process.argv.slice(2);
const events = Number(thousands) * 1000;
const FLUSH = 250_000;
const START = Date.UTC(2026, 10, 21);

/** A generator that gives the same numbers every time. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const rnd = random(12_345);
const pick = (n: number): number => Math.floor(rnd() * n);
const hex = (n: number): string => Array.from({ length: n }, () => pick(16).toString(16)).join('');

/** Lines of real systems (loghub) when they lie beside the repository, else made-up ones. */
function lines(): [string, string][] {
  const directory = fileURLToPath(new URL('../../../../shared/data/loghub', import.meta.url));
  if (!existsSync(directory)) {
    return Array.from({ length: 2_000 }, (_, i) => [
      'app',
      `request ${i} from 10.0.${pick(256)}.${pick(256)} for /item/${hex(6)} took ${pick(900)} ms and was answered with ${pick(600)}`,
    ]);
  }
  return readdirSync(directory).flatMap((file) =>
    readFileSync(join(directory, file), 'utf8')
      .split(/\r?\n/)
      .filter((line) => line !== '')
      .map((line): [string, string] => [file.replace('.log', ''), line]),
  );
}

const PRODUCER = JSON.stringify({ id: null, name: null, pattern: 'default', durable: false, encrypted: false, sinks: ['store'] });
const corpus = lines();
let raw = 0;

function syslogRow(builder: BatchBuilder, i: number, tenants: number): void {
  const [pname, line] = corpus[pick(corpus.length)]!;
  const msg = line.replaceAll(/\d/g, (digit) => (rnd() < 0.5 ? String(pick(10)) : digit));
  builder.begin((START + Math.floor(i / 90)) * 1_000 + 17);
  builder.time = (START + Math.floor((i * 86_400_000) / 1_000_000)) * 1_000;
  builder.origin = builder.originIndex(tenants > 100 ? pick(tenants) : Math.floor(rnd() * rnd() * tenants), PRODUCER);
  builder.host = builder.stringIndex(`web-${pick(50)}.dc${pick(3)}.example.com`);
  builder.pname = builder.stringIndex(pname);
  builder.msgid = builder.stringIndex('-');
  builder.pid = pick(32_768);
  builder.facility = pick(24);
  builder.severity = pick(8);
  builder.ver = 1;
  builder.msgText(msg);
  raw += 175 + builder.host.toString().length + Buffer.byteLength(msg) - 30;
  builder.commit();
}

function jsonRow(builder: BatchBuilder, i: number): void {
  const message = corpus[pick(corpus.length)]![1].replaceAll(/\d/g, (digit) => (rnd() < 0.3 ? String(pick(10)) : digit)).slice(0, 180);
  const document = {
    service: `svc-${pick(40)}`,
    trace_id: hex(16),
    http: { method: ['GET', 'POST', 'PUT'][pick(3)], status: [200, 200, 200, 201, 404, 500][pick(6)], path: `/api/v1/items/${pick(1000)}` },
    duration_ms: Number((rnd() * 500).toFixed(2)),
  };
  const host = `web-${pick(50)}`;
  raw += JSON.stringify({ '@timestamp': new Date(START).toISOString(), level: 'info', host, message, ...document }).length + 1;
  builder.begin((START + Math.floor(i / 90)) * 1_000 + 17);
  builder.time = (START + Math.floor(i * 86.4)) * 1_000;
  builder.origin = builder.originIndex(1, PRODUCER);
  builder.host = builder.stringIndex(host);
  builder.pname = builder.stringIndex('-');
  builder.msgid = builder.stringIndex('-');
  builder.severity = [6, 6, 6, 6, 7, 4, 3][pick(7)]!;
  builder.msgText(message);
  builder.native(document);
  builder.commit();
}

function* batches(): IterableIterator<{ bytes: ArrayBuffer; position: number; rows: number }> {
  const builder = new BatchBuilder();
  let position = 0;
  for (let i = 0; i < events; i++) {
    if (kind === 'json') jsonRow(builder, i);
    else syslogRow(builder, i, kind === 'tenants' ? 10_000 : 10);
    if (!builder.full && i + 1 < events) continue;
    const rows = builder.rows;
    yield { bytes: builder.seal(), position, rows };
    position += rows;
  }
}

const directory = mkdtempSync(join(tmpdir(), 'store-build-'));
const tools = writeTools(Number(level));
const used = { cpu: 0, wall: 0 };
let held: { bytes: ArrayBuffer; position: number; rows: number }[] = [];

async function flush(): Promise<void> {
  const from = held[0]!.position;
  const to = held.at(-1)!.position + held.at(-1)!.rows;
  const cpu = process.cpuUsage();
  const start = performance.now();
  const sources = held.map(({ bytes, position }) => RowSource.ofBatch(bytes, position));
  await writeSegment(
    directory,
    segmentName(0, from, to, 0),
    { sources, skips: sources.map(() => 0), keep: () => true },
    tools,
    async () => {},
  );
  const { user, system } = process.cpuUsage(cpu);
  used.cpu += (user + system) / 1e6;
  used.wall += (performance.now() - start) / 1e3;
  held = [];
}

let rows = 0;
for (const batch of batches()) {
  held.push(batch);
  rows += batch.rows;
  if (rows >= FLUSH) {
    await flush();
    rows = 0;
  }
}
if (held.length > 0) await flush();
const disk = readdirSync(directory).reduce((sum, file) => sum + statSync(join(directory, file)).size, 0);
rmSync(directory, { recursive: true });
const perMillion = (value: number): string => ((value / events) * 1e6).toFixed(2);
console.log(
  `${kind} level ${level}: ${events} events of ${(raw / events).toFixed(0)} B, ${perMillion(used.cpu)} CPU-s/M (wall ${perMillion(used.wall)}), disk/raw ${(disk / raw).toFixed(3)}`,
);
