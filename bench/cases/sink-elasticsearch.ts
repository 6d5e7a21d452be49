import { openSearch, type Cleanup } from '@meniscus/testkit';
import type { BenchCase } from '../lib/case.ts';
import { measureRsyslog } from '../lib/rsyslog.ts';
import { measureSink, ratioRow, sinkRow } from '../lib/sinks.ts';

const EVENTS = Number(process.env['BENCH_EVENTS'] ?? 200_000);
const INDEX = 'rsyslog';

async function indexed(url: string): Promise<number> {
  await fetch(`${url}/${INDEX}/_refresh`, { method: 'POST' });
  const response = await fetch(`${url}/${INDEX}/_count`);
  const { count } = (await response.json()) as { readonly count?: number };
  return count ?? 0;
}

/** OpenSearch filled by the sink and by rsyslog's module, one after the other. */
export const sinkElasticsearch: BenchCase = {
  name: 'sink elasticsearch',
  async run(t: Cleanup) {
    const { url, port } = await openSearch(t, { heap: '1g', longRunning: true });
    const other = await measureRsyslog(
      t,
      {
        module: 'omelasticsearch',
        action: (directory) =>
          `action(type="omelasticsearch" server="http://127.0.0.1" serverport="${port}" bulkmode="on" maxbytes="8m" searchIndex="${INDEX}" searchType="" template="document" action.resumeRetryCount="-1" errorfile="${directory}/errors")`,
        count: async () => indexed(url),
      },
      EVENTS,
    );
    const ours = await measureSink(t, { type: 'elasticsearch', url, replicas: 0 }, EVENTS);
    return [
      sinkRow('sink elasticsearch to OpenSearch 3', ours),
      sinkRow("for comparison: rsyslog's omelasticsearch to the same server", other),
      ratioRow('sink elasticsearch', ours, other, '1.00'),
    ];
  },
};
