import path from 'node:path';
import { sendTcp, temporaryDirectory, writeSyslogCorpus, type Cleanup } from '@meniscus/testkit';
import { milliseconds, type BenchCase, type Row } from '../lib/case.ts';
import { percentile } from '../lib/percentile.ts';
import { runSender, startBench, type Bench } from '../lib/service.ts';

/** Sends one event with a word of its own and polls until a search finds it: milliseconds. */
async function probe(bench: Bench, word: string): Promise<number> {
  const { id, token } = bench.tenants[9]!;
  const begin = performance.now();
  await sendTcp(bench.service.run.syslog.tcp, `<134>1 - probe probe - - [meniscus tenant="${id}" token="${token}"] ${word}\n`);
  while ((await bench.client.count(id, word)) === 0) await new Promise((resolve) => setTimeout(resolve, 2));
  return performance.now() - begin;
}

async function probes(bench: Bench, name: string, until: Promise<unknown>): Promise<number[]> {
  const times: number[] = [];
  const state = { running: true };
  const ended = until.finally(() => (state.running = false));
  while (state.running) {
    times.push(await probe(bench, `probe${name}x${times.length}x`));
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  await ended;
  return times;
}

function row(what: string, times: readonly number[], budget: string): Row {
  const values = [50, 95, 99, 100].map((p) => milliseconds(percentile(times, p)));
  return { what: `${what}: arrival to searchable, p50 / p95 / p99 / most (${times.length} probes)`, result: values.join(' / '), budget };
}

export const latency: BenchCase = {
  name: 'arrival to searchable',
  async run(t: Cleanup) {
    const bench = await startBench(t);
    const { tcp } = bench.service.run.syslog;
    const { id, token } = bench.tenants[0]!;
    const steady = await probes(bench, 'steady', runSender('send-paced.ts', [tcp, id, token, '10000', '15']));
    const corpus = writeSyslogCorpus(path.join(temporaryDirectory(t), 'corpus'), {
      events: 2_000_000,
      tenants: bench.tenants,
      from: Date.now() - 86_400_000,
      spanMs: 86_000_000,
    });
    const full = await probes(bench, 'full', runSender('send-file.ts', [tcp, corpus.file]));
    return [row('10,000 events/s', steady, '500 ms'), row('full load', full, '2 s')];
  },
};
