import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { temporaryDirectory, until, writeSyslogCorpus, type Cleanup } from '@meniscus/testkit';
import type { BenchCase, Row } from '../lib/case.ts';
import { cpuSeconds } from '../lib/process-usage.ts';
import { runSender, startBench, type Bench } from '../lib/service.ts';

const CLIENTS = 200;
const RATE = 50_000;
const SECONDS = Number(process.env['BENCH_TAIL_SECONDS'] ?? 10);
const EVENTS = Number(process.env['BENCH_TAIL_EVENTS'] ?? 500_000);

/** What people watch: a host, an error, an address, a range; one in twenty everything. */
const QUERIES = [
  ...Array.from({ length: 8 }, (_, i) => `host:web-${i}`),
  'error OR failed',
  '"items/17"',
  'pid:512',
  '10.0.77.17',
  'took>300 severity<=4',
  'items/97*',
  'severity<=3',
  'NOT steady',
  'msg:/took 31\\d ms/',
  'app:steady host:web-49',
  'took',
  '',
];

interface Watched {
  /** Milliseconds that the sender took, and CPU-seconds of the service. */
  readonly ms: number;
  readonly cpu: number;
}

async function timed(bench: Bench, send: () => Promise<void>): Promise<Watched> {
  const { pid } = bench.service.run;
  const before = await bench.client.count('tenant0');
  const cpu = cpuSeconds(pid);
  const begin = performance.now();
  await send();
  const ms = performance.now() - begin;
  await until('the last event', async () => (await bench.client.count('tenant0')) > before);
  return { ms, cpu: cpuSeconds(pid) - cpu };
}

async function openTails(t: Cleanup, bench: Bench): Promise<ChildProcess> {
  const program = path.join(import.meta.dirname, '../lib/tail-clients.ts');
  const { client } = bench;
  const args = [program, client.url + client.path('tenant0', '/tail'), client.adminKey, String(CLIENTS), ...QUERIES];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  t.after(() => void child.kill('SIGKILL'));
  await once(createInterface(child.stdout!), 'line');
  return child;
}

async function closeTails(child: ChildProcess): Promise<{ readonly events: number; readonly dropped: number }> {
  let text = '';
  child.stdout!.on('data', (chunk: Buffer) => (text += chunk.toString()));
  child.kill('SIGTERM');
  await once(child, 'close');
  return JSON.parse(text) as { events: number; dropped: number };
}

function rows(what: string, alone: Watched, beside: Watched, budget: string, came: { events: number; dropped: number }): Row[] {
  const cpu = `${alone.cpu.toFixed(1)} s alone, ${beside.cpu.toFixed(1)} s with tails`;
  return [
    {
      what: `${what}, with ${CLIENTS} tails of ${QUERIES.length} queries: time to take it in, of alone`,
      result: (beside.ms / alone.ms).toFixed(2),
      budget,
    },
    {
      what: `${what}: CPU of the service; events sent to tails, and lost by them`,
      result: `${cpu}; ${came.events}, ${came.dropped}`,
      budget: '',
    },
  ];
}

async function compared(t: Cleanup, bench: Bench, what: string, budget: string, send: () => Promise<void>): Promise<Row[]> {
  await timed(bench, send);
  const alone = await timed(bench, send);
  const child = await openTails(t, bench);
  const beside = await timed(bench, send);
  return rows(what, alone, beside, budget, await closeTails(child));
}

export const tail: BenchCase = {
  name: 'live tail',
  async run(t: Cleanup) {
    const bench = await startBench(t);
    const { tcp } = bench.service.run.syslog;
    const { id, token } = bench.tenants[0]!;
    const paced = await compared(t, bench, `${RATE} events/s for ${SECONDS} s`, '1.10', () =>
      runSender('send-paced.ts', [tcp, id, token, String(RATE), String(SECONDS)]),
    );
    const corpus = writeSyslogCorpus(path.join(temporaryDirectory(t), 'corpus'), {
      events: EVENTS,
      tenants: [bench.tenants[0]!],
      from: Date.now() - 86_400_000,
      spanMs: 86_000_000,
    });
    const full = await compared(t, bench, `${EVENTS} events as fast as they go`, '', () => runSender('send-file.ts', [tcp, corpus.file]));
    return [...paced, ...full];
  },
};
