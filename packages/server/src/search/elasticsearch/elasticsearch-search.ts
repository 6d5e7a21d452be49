import type { ElasticsearchSettings } from '../../sinks/elasticsearch/kind.ts';
import { QueryPool, type PoolOptions } from '../store/pool/pool.ts';
import type { SinkStart } from './query-thread.ts';

export type ElasticsearchSearchOptions = Omit<PoolOptions, 'program' | 'data'> & {
  /** The settings of the sink whose indexes are searched. */
  readonly sink: ElasticsearchSettings;
};

const PROGRAM = new URL('query-thread.ts', import.meta.url);

/** Query threads that search Elasticsearch or OpenSearch: the same queue, fair among tenants, the same deadlines and tails as those of the store. */
export function createElasticsearchSearch({ sink, ...options }: ElasticsearchSearchOptions): QueryPool {
  return new QueryPool({ ...options, program: PROGRAM, data: { sink } satisfies SinkStart });
}
