import { readFileSync } from 'node:fs';
import path from 'node:path';
import { corpusLines, temporaryDirectory, writeSyslogCorpus, type Cleanup, type CorpusLine } from '@meniscus/testkit';
import type { BenchCase, Row } from '../lib/case.ts';
import { cpuSeconds } from '../lib/process-usage.ts';
import { runSender, settled, startBench, type Bench } from '../lib/service.ts';

const EVENTS = Number(process.env['BENCH_EVENTS'] ?? 1_000_000);
const WARM_UP = 250_000;
const DAY = { from: Date.now() - 86_400_000, spanMs: 86_000_000 };
const PROGRAM = 'sshd';
const RULES = readFileSync(path.join(import.meta.dirname, '../data/sshd.rb'), 'utf8');

/** What sshd logs, as a syslog daemon sends it: without the header that files have. */
function sshdLines(): CorpusLine[] {
  return corpusLines()
    .lines.filter(({ program }) => program === 'openssh' || program === PROGRAM)
    .map(({ text }) => ({ program: PROGRAM, text: text.replace(/^.*?sshd\[\d+\]: /, '') }));
}

async function normalizeAll({ client, tenants }: Bench): Promise<void> {
  for (const { id } of tenants) {
    const headers = { 'content-type': 'text/plain' };
    await client.call(client.path(id, `/rulebases/${PROGRAM}`), { method: 'PUT', body: RULES, headers });
    await client.call(client.path(id, '/producers'), { body: { event_producer: { name: PROGRAM, pattern: PROGRAM } } });
  }
}

/** CPU-seconds per million events, and the share of them that a rule matched. */
async function measure(t: Cleanup, normalized: boolean): Promise<{ cpu: number; share: number; bytes: number }> {
  const bench = await startBench(t);
  if (normalized) await normalizeAll(bench);
  const directory = temporaryDirectory(t);
  const lines = sshdLines();
  const make = (name: string, events: number) =>
    writeSyslogCorpus(path.join(directory, name), { ...DAY, events, lines, tenants: bench.tenants });
  const corpus = make('corpus', EVENTS);
  const { run } = bench.service;
  const send = (file: string) => runSender('send-file.ts', [run.syslog.tcp, file]);
  await send(make('warm-up', WARM_UP).file);
  await settled(bench, WARM_UP);
  const cpu = cpuSeconds(run.pid);
  await send(corpus.file);
  await settled(bench, WARM_UP + EVENTS);
  const used = cpuSeconds(run.pid) - cpu;
  let matched = 0;
  for (const { id } of bench.tenants) matched += await bench.client.count(id, 'normalized:*');
  await bench.service.end();
  return { cpu: (used / EVENTS) * 1e6, share: matched / (WARM_UP + EVENTS), bytes: corpus.bytes / EVENTS };
}

/** The same lines without and with a rulebase, in one run: what the rulebase costs from the socket to the segment. */
export const normalize: BenchCase = {
  name: 'normalization',
  async run(t: Cleanup): Promise<Row[]> {
    const plain = await measure(t, false);
    const { cpu, share, bytes } = await measure(t, true);
    const rules = RULES.split('\n').filter((line) => line.startsWith('rule=')).length;
    return [
      {
        what: `normalization by ${rules} rules of events of ${Math.round(bytes)} bytes, ${(100 * share).toFixed(1)} % matched: extra CPU-seconds per million, to searchable and in segments`,
        result: `${(cpu - plain.cpu).toFixed(2)} (${plain.cpu.toFixed(2)} without, ${cpu.toFixed(2)} with)`,
        budget: '2.5',
      },
    ];
  },
};
