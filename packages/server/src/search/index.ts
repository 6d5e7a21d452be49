import { createElasticsearchSearch, type ElasticsearchSearchOptions } from './elasticsearch/elasticsearch-search.ts';
import { QueryPool, type PoolOptions } from './store/pool/pool.ts';

/** Every search back end of this build, by its name in the configuration. Adding one is a folder and a line here. */
export const searchBackends = {
  /** The embedded store: query threads over segments and hot data. Search when it is `ready`. */
  store: (options: PoolOptions): QueryPool => new QueryPool(options),
  /** Elasticsearch or OpenSearch, what a sink of that kind wrote there; new events come to tails as they come in. */
  elasticsearch: (options: ElasticsearchSearchOptions): QueryPool => createElasticsearchSearch(options),
} as const;

export type SearchBackendName = keyof typeof searchBackends;
