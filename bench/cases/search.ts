import path from 'node:path';
import { temporaryDirectory, writeSyslogCorpus, type Cleanup } from '@meniscus/testkit';
import { milliseconds, type BenchCase, type Row } from '../lib/case.ts';
import { median } from '../lib/percentile.ts';
import { runSender, settled, startBench, type Bench } from '../lib/service.ts';

const EVENTS = Number(process.env['BENCH_SEARCH_EVENTS'] ?? 5_000_000);
const RUNS = 15;
const spanMs = 86_000_000;

interface SearchCase {
  readonly what: string;
  readonly budget: string;
  readonly path: (from: number) => string;
}

const NEEDLE = 'zzqneedle42';
/** The tenant that has about a tenth of the events, and the one that has a third. */
const A_TENTH = 3;
const A_THIRD = 0;

const cases: readonly SearchCase[] = [
  { what: 'needle: one event by a word that no other has', budget: '5 ms', path: () => `/events?q=${NEEDLE}` },
  { what: 'a common word counted in one tenant', budget: '100 ms', path: () => '/count?q=error' },
  { what: 'latest 100 with severity <= 3', budget: '15 ms', path: () => `/events?q=${encodeURIComponent('severity<=3')}&limit=100` },
  { what: 'histogram by minute with a word', budget: '120 ms', path: () => '/histogram?q=error&interval=1m' },
  { what: 'a phrase counted', budget: '150 ms', path: () => `/count?q=${encodeURIComponent('"failed password"')}` },
  {
    what: 'a regular expression over one hour',
    budget: '200 ms',
    path: (from) => `/count?q=${encodeURIComponent('msg:/port \\d+ ssh2$/')}&from=${from + spanMs / 2}&to=${from + spanMs / 2 + 3_600_000}`,
  },
  { what: 'top 10 hosts', budget: '5 ms', path: () => '/facets?fields=host&limit=10' },
  { what: 'facets of three fields with a word', budget: '300 ms', path: () => '/facets?q=error&fields=host,pname,severity' },
  { what: 'histogram by severity with a word', budget: '300 ms', path: () => '/histogram?q=error&by=severity' },
  { what: 'stats by two fields', budget: '300 ms', path: () => '/stats?by=host,severity&metrics=count,unique(pname)' },
  { what: 'fields', budget: '100 ms', path: () => '/fields' },
  { what: 'first hits of a newest-first search', budget: '50 ms', path: () => '/events?q=error&limit=10' },
  { what: 'values for completion', budget: '50 ms', path: () => '/values?field=host&prefix=we' },
];

async function time(bench: Bench, search: SearchCase, from: number, tenant = A_TENTH): Promise<number> {
  const base = search.path(from);
  const whole = base.includes('from=') ? base : `${base}${base.includes('?') ? '&' : '?'}from=${from}&to=${from + spanMs}`;
  const begin = performance.now();
  const { status, body } = await bench.client.call(bench.client.path(`tenant${tenant}`, whole));
  if (status !== 200 || body['partial'] === true) throw new Error(`${whole} answered ${status} ${JSON.stringify(body).slice(0, 300)}`);
  return performance.now() - begin;
}

/** How long the same stream takes with searches running beside it, and without. */
async function underSearch(bench: Bench, from: number, file: string): Promise<Row> {
  const send = async (): Promise<number> => {
    const begin = performance.now();
    await runSender('send-file.ts', [bench.service.run.syslog.tcp, file]);
    return performance.now() - begin;
  };
  const alone = await send();
  const state = { searching: true };
  const searches = (async () => {
    let done = 0;
    for (; state.searching; done++) await time(bench, cases[1]!, from);
    return done;
  })();
  const beside = await send();
  state.searching = false;
  const done = await searches;
  return {
    what: `ingest while a search for a common word runs all the time (${done} searches): time, of alone`,
    result: (beside / alone).toFixed(2),
    budget: '',
  };
}

export const search: BenchCase = {
  name: 'search',
  async run(t: Cleanup) {
    const bench = await startBench(t);
    const from = Date.now() - 86_400_000;
    const directory = temporaryDirectory(t);
    const corpus = writeSyslogCorpus(path.join(directory, 'corpus'), {
      events: EVENTS,
      tenants: bench.tenants,
      from,
      spanMs,
      needle: `found the ${NEEDLE} at last`,
      needleTenant: A_TENTH,
    });
    await runSender('send-file.ts', [bench.service.run.syslog.tcp, corpus.file]);
    await settled(bench, EVENTS);
    const rows: Row[] = [];
    const measure = async (each: SearchCase, tenant: number): Promise<string> => {
      const times: number[] = [];
      for (let run = 0; run <= RUNS; run++) times.push(await time(bench, each, from, tenant));
      return milliseconds(median(times.slice(1)));
    };
    const millions = EVENTS / 1e6;
    for (const each of cases)
      rows.push({
        what: `${millions} M events, a tenant with a tenth of them, warm: ${each.what}`,
        result: await measure(each, A_TENTH),
        budget: each.budget,
      });
    const { what } = cases[1]!;
    rows.push({
      what: `${millions} M events, a tenant with a third of them, warm: ${what}`,
      result: await measure(cases[1]!, A_THIRD),
      budget: '',
    });
    const extra = writeSyslogCorpus(path.join(directory, 'extra'), { events: 500_000, tenants: bench.tenants, from, spanMs });
    rows.push(await underSearch(bench, from, extra.file));
    return rows;
  },
};
