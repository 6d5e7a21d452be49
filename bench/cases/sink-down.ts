import { freePort, openSearch, temporaryDirectory, type Cleanup } from '@meniscus/testkit';
import type { BenchCase, Row } from '../lib/case.ts';
import { median } from '../lib/percentile.ts';
import { threadSeconds } from '../lib/process-usage.ts';
import { runSender, startBench } from '../lib/service.ts';
import { found, quiet, sinkCorpus, sunk } from '../lib/sinks.ts';

const EVENTS = Number(process.env['BENCH_EVENTS'] ?? 400_000);
/** Of each kind, by turns, since machines are noisy; the middle one counts. */
const ROUNDS = 3;
/** All threads but the one of the sink that is up, down or not there. */
const OTHERS = /^(?!sink-elastic)/;

interface Run {
  /** CPU-seconds per million events. */
  readonly cpu: number;
  /** Events per second, until searches find them and the files have them. */
  readonly rate: number;
}

/** Ingest, store and file, with the sink `elasticsearch` at an address, or without it. */
async function run(t: Cleanup, url: string | undefined): Promise<Run> {
  const cluster = url === undefined ? [] : [{ name: 'elasticsearch', type: 'elasticsearch', url, replicas: 0 }];
  const bench = await startBench(t, {
    sinks: [{ name: 'file', type: 'file', directory: temporaryDirectory(t) }, ...cluster],
    default_sinks: ['store', 'file', ...cluster.map(({ name }) => name)],
  });
  const { warmUp, corpus } = sinkCorpus(t, bench.tenants, EVENTS);
  const { pid, syslog } = bench.service.run;
  await runSender('send-file.ts', [syslog.tcp, warmUp.file]);
  await sunk(bench, ['file'], warmUp.events);
  await quiet(pid, OTHERS);
  const before = threadSeconds(pid, OTHERS);
  const begin = performance.now();
  await runSender('send-file.ts', [syslog.tcp, corpus.file]);
  await sunk(bench, ['file'], warmUp.events + corpus.events);
  await found(bench, warmUp.events + corpus.events);
  const ms = performance.now() - begin;
  await quiet(pid, OTHERS);
  const cpu = ((threadSeconds(pid, OTHERS) - before) / EVENTS) * 1e6;
  await bench.service.end('SIGKILL');
  return { cpu, rate: (EVENTS / ms) * 1000 };
}

/** What a sink that is down costs ingest, the store and another sink: against the same service without it, and with it and its server up. */
export const sinkDown: BenchCase = {
  name: 'a sink that is down',
  async run(t: Cleanup): Promise<Row[]> {
    const nowhere = `http://127.0.0.1:${await freePort()}`;
    const runs = { without: [] as Run[], down: [] as Run[], up: [] as Run[] };
    for (let round = 0; round < ROUNDS; round++) {
      runs.without.push(await run(t, undefined));
      runs.down.push(await run(t, nowhere));
    }
    // Last, since its server takes a core from the others.
    const { url } = await openSearch(t, { heap: '1g', longRunning: true });
    runs.up.push(await run(t, url));
    const middle = (of: readonly Run[], key: keyof Run): number => median(of.map((one) => one[key]));
    const row = (what: string, of: readonly Run[], budget: string): Row => ({
      what: `ingest, store and file with a sink elasticsearch that is down, of ${what}: CPU of all other threads; events per second`,
      result: `${(middle(runs.down, 'cpu') / middle(of, 'cpu')).toFixed(2)} (${middle(runs.down, 'cpu').toFixed(2)} of ${middle(of, 'cpu').toFixed(2)} s per million); ${(middle(runs.down, 'rate') / middle(of, 'rate')).toFixed(2)}`,
      budget,
    });
    return [row('without that sink', runs.without, '1.05; 0.95'), row('all up (its server on the same cores)', runs.up, '')];
  },
};
