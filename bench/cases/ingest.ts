import path from 'node:path';
import { temporaryDirectory, writeJsonCorpus, writeSyslogCorpus, type Cleanup, type CorpusFile } from '@meniscus/testkit';
import { megabytes, type BenchCase, type Row } from '../lib/case.ts';
import { cpuSeconds, memory } from '../lib/process-usage.ts';
import { bytesOf, runSender, settled, startBench, type Bench } from '../lib/service.ts';

const EVENTS = Number(process.env['BENCH_EVENTS'] ?? 1_000_000);
const WARM_UP = 250_000;
const DAY = { from: Date.now() - 86_400_000, spanMs: 86_000_000 };

/** `warmUp` is sent before, so that what is measured is a service that has been running, its code compiled. */
async function measure(bench: Bench, corpus: CorpusFile, warmUp: CorpusFile, send: (file: string) => Promise<void>) {
  const { pid } = bench.service.run;
  await send(warmUp.file);
  await settled(bench, warmUp.events);
  const cpu = cpuSeconds(pid);
  const begin = performance.now();
  await send(corpus.file);
  const sentMs = performance.now() - begin;
  await settled(bench, warmUp.events + corpus.events);
  const used = cpuSeconds(pid) - cpu;
  const { peak } = memory(pid);
  // Segments that were merged go a minute later, or at the stop.
  await bench.service.end();
  return {
    cpu: (used / corpus.events) * 1e6,
    rate: (corpus.events / sentMs) * 1000,
    megabytes: corpus.bytes / sentMs / 1000,
    disk: bytesOf(path.join(bench.service.dataDir, 'store')) / (warmUp.bytes + corpus.bytes),
    peak,
  };
}

function rows(name: string, size: number, m: Awaited<ReturnType<typeof measure>>, budgets: { cpu: string; disk: string }): Row[] {
  return [
    {
      what: `${name}: CPU-seconds per million events of ${size} bytes, to searchable and in segments`,
      result: m.cpu.toFixed(2),
      budget: budgets.cpu,
    },
    {
      what: `${name}: taken per second while sending`,
      result: `${Math.round(m.rate / 1000)}k events, ${m.megabytes.toFixed(0)} MB`,
      budget: '',
    },
    { what: `${name}: disk, of raw`, result: m.disk.toFixed(3), budget: budgets.disk },
    { what: `${name}: most memory`, result: megabytes(m.peak), budget: '1.5 GB' },
  ];
}

export const syslogIngest: BenchCase = {
  name: 'syslog over TCP',
  async run(t: Cleanup) {
    const bench = await startBench(t);
    const directory = temporaryDirectory(t);
    const make = (name: string, events: number): CorpusFile =>
      writeSyslogCorpus(path.join(directory, name), { ...DAY, events, tenants: bench.tenants });
    const corpus = make('corpus', EVENTS);
    const measured = await measure(bench, corpus, make('warm-up', WARM_UP), (file) =>
      runSender('send-file.ts', [bench.service.run.syslog.tcp, file]),
    );
    return rows('syslog TCP', Math.round(corpus.bytes / corpus.events), measured, { cpu: '4.5', disk: '0.20' });
  },
};

export const httpIngest: BenchCase = {
  name: 'JSON lines over HTTP',
  async run(t: Cleanup) {
    const bench = await startBench(t);
    const directory = temporaryDirectory(t);
    const make = (name: string, events: number): CorpusFile => writeJsonCorpus(path.join(directory, name), { ...DAY, events });
    const corpus = make('corpus', EVENTS);
    const { id, token } = bench.tenants[0]!;
    const url = `${bench.client.url}/v1/tenant/${id}/publish`;
    const measured = await measure(bench, corpus, make('warm-up', WARM_UP), (file) =>
      runSender('send-http.ts', [url, token, file, String(1 << 20)]),
    );
    return rows('HTTP, bodies of 1 MB', Math.round(corpus.bytes / corpus.events), measured, { cpu: '7', disk: '0.16' });
  },
};
