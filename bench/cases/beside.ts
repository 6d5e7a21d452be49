import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { temporaryDirectory, writeSyslogCorpus, type Cleanup, type CorpusFile } from '@meniscus/testkit';
import type { BenchCase } from '../lib/case.ts';
import { threadSeconds } from '../lib/process-usage.ts';
import { runSender, settled, startBench, type Bench } from '../lib/service.ts';

const EVENTS = Number(process.env['BENCH_BESIDE_EVENTS'] ?? 1_000_000);
/** Searches that are asked again as soon as they are answered. */
const AT_ONCE = 4;
const THREADS = /^(?:ingest-\d+|build)$/;
/** Threads that used less than this within a second do nothing. */
const QUIET_SECONDS = 0.03;

const SEARCHES = [
  '/count?q=error&from=0',
  '/histogram?q=error&by=severity&from=0',
  '/stats?by=host,severity&metrics=count,unique(pname)&from=0',
  '/events?q=error&limit=100&from=0',
  '/facets?q=error&fields=host,pname,severity&from=0',
];

/** Resolves when the threads have nothing to do any more: what merges segments is part of the work. */
async function quiet(pid: number): Promise<void> {
  for (let before = threadSeconds(pid, THREADS); ;) {
    await delay(1000);
    const now = threadSeconds(pid, THREADS);
    if (now - before < QUIET_SECONDS) return;
    before = now;
  }
}

/** Searches all the time until told to stop. Gives how many were answered. */
async function searching({ client }: Bench, state: { readonly on: boolean }): Promise<number> {
  let done = 0;
  const one = async (first: number): Promise<void> => {
    for (let n = first; state.on; n++) {
      const { status, body } = await client.call(client.path(`tenant${n % 10}`, SEARCHES[n % SEARCHES.length]));
      if (status !== 200) throw new Error(`a search answered ${status} ${JSON.stringify(body).slice(0, 300)}`);
      done++;
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, async (_, n) => one(n)));
  return done;
}

interface Taken {
  /** CPU-seconds of the threads that take events and build segments. */
  readonly cpu: number;
  readonly ms: number;
}

/** Sends the corpus; `before`: events that are there. */
async function taken(bench: Bench, corpus: CorpusFile, before: number): Promise<Taken> {
  const { pid } = bench.service.run;
  const used = threadSeconds(pid, THREADS);
  const begin = performance.now();
  await runSender('send-file.ts', [bench.service.run.syslog.tcp, corpus.file]);
  const ms = performance.now() - begin;
  await settled(bench, before + corpus.events);
  await quiet(pid);
  return { cpu: threadSeconds(pid, THREADS) - used, ms };
}

/**
 * What searches cost ingest beyond the processor that they take. Sender, ingest, build and queries share the cores, so the time to take events in says how many cores there
 * are; the CPU-seconds of the threads that take events in say whether these do more work for the same events: that is what "within 10 % of what the remaining cores allow"
 * comes to. Alone, beside, beside, alone: what grows with the number of events in the store is in both sums.
 */
export const beside: BenchCase = {
  name: 'ingest beside searches',
  async run(t: Cleanup) {
    const bench = await startBench(t);
    const corpus = writeSyslogCorpus(path.join(temporaryDirectory(t), 'corpus'), {
      events: EVENTS,
      tenants: bench.tenants,
      from: Date.now() - 86_400_000,
      spanMs: 86_000_000,
    });
    await taken(bench, corpus, 0);
    const sums = { alone: { cpu: 0, ms: 0 }, beside: { cpu: 0, ms: 0 } };
    let searches = 0;
    let events = EVENTS;
    for (const kind of ['alone', 'beside', 'beside', 'alone'] as const) {
      const state = { on: kind === 'beside' };
      const [{ cpu, ms }, done] = await Promise.all([
        taken(bench, corpus, events).finally(() => (state.on = false)),
        searching(bench, state),
      ]);
      sums[kind].cpu += cpu;
      sums[kind].ms += ms;
      searches += done;
      events += EVENTS;
    }
    const perMillion = (kind: keyof typeof sums): string => ((sums[kind].cpu / (2 * EVENTS)) * 1e6).toFixed(2);
    return [
      {
        what: `ingest beside ${AT_ONCE} searches at a time, all the time (${searches} searches): CPU-seconds of the ingest and build threads, of alone`,
        result: `${(sums.beside.cpu / sums.alone.cpu).toFixed(2)} (per million events ${perMillion('alone')} alone, ${perMillion('beside')} beside; time to take them in, of alone: ${(sums.beside.ms / sums.alone.ms).toFixed(2)})`,
        budget: '1.10',
      },
    ];
  },
};
