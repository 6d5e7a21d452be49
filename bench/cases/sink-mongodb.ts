import { ferretDb, onEnd, type Cleanup } from '@meniscus/testkit';
import { MongoClient } from 'mongodb';
import type { BenchCase } from '../lib/case.ts';
import { measureRsyslog } from '../lib/rsyslog.ts';
import { measureSink, ratioRow, sinkRow } from '../lib/sinks.ts';

const EVENTS = Number(process.env['BENCH_EVENTS'] ?? 100_000);
/** rsyslog's module inserts one document at a time. */
const OTHER_SHARE = 0.2;

/** FerretDB filled by the sink and by rsyslog's module, one after the other. */
export const sinkMongodb: BenchCase = {
  name: 'sink mongodb',
  async run(t: Cleanup) {
    const { url } = await ferretDb(t);
    const client = new MongoClient(url);
    onEnd(t, async () => client.close());
    const log = client.db('rsyslog').collection('log');
    const other = await measureRsyslog(
      t,
      {
        module: 'ommongodb',
        action: () =>
          `action(type="ommongodb" uristr="${url}/?connectTimeoutMS=5000" db="rsyslog" collection="log" action.resumeRetryCount="-1")`,
        count: async () => log.estimatedDocumentCount(),
      },
      EVENTS * OTHER_SHARE,
    );
    const ours = await measureSink(t, { type: 'mongodb', url }, EVENTS);
    return [
      sinkRow('sink mongodb to FerretDB', ours),
      sinkRow("for comparison: rsyslog's ommongodb to the same server", other),
      ratioRow('sink mongodb', ours, other, '1.00'),
    ];
  },
};
