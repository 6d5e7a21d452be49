import { missing } from '../missing.ts';
import { installElasticsearch } from './elasticsearch/elasticsearch.ts';
import { installFerretDb } from './ferretdb/ferretdb.ts';
import { installHdfs } from './hdfs/hdfs.ts';
import { installHttpFs } from './httpfs/httpfs.ts';
import { installOpenSearch } from './opensearch/opensearch.ts';

const installers = {
  opensearch: () => installOpenSearch('3.8.0'),
  'opensearch-2': () => installOpenSearch('2.19.6'),
  elasticsearch: () => installElasticsearch('7.17.29'),
  'elasticsearch-9': () => installElasticsearch('9.2.0'),
  hdfs: installHdfs,
  httpfs: installHttpFs,
  ferretdb: installFerretDb,
} as const satisfies Readonly<Record<string, () => Promise<string>>>;

export type ServerName = keyof typeof installers;

/**
 * Installs servers, for the `skip` option of a test that needs them: `test('...', { skip: await lacksServer('opensearch') }, ...)`. False when all are
 * there; else the reason, said aloud. In CI it rejects instead.
 */
export async function lacksServer(...names: readonly ServerName[]): Promise<string | false> {
  for (const name of names) {
    try {
      await installers[name]();
    } catch (error) {
      return missing(name, error);
    }
  }
  return false;
}
