import { ClusterClient } from '../../sinks/elasticsearch/client.ts';
import { aliasOf } from '../../sinks/elasticsearch/index-names.ts';
import type { ElasticsearchSettings } from '../../sinks/elasticsearch/kind.ts';
import type { ThreadTools } from '../store/answer.ts';
import { DocumentSearch } from './document-search.ts';
import { Cluster } from './server/cluster.ts';
import { SearchServer } from './server/search-server.ts';

/** Longer than any request: searches have their own times. */
const CALL_MS = 600_000;

/** Searches what a sink with these settings wrote. For one thread, which has its own connections. */
export function createDocumentSearch(sink: ElasticsearchSettings, tools: ThreadTools): DocumentSearch {
  const server = new SearchServer(new Cluster(new ClusterClient(sink, CALL_MS), new ClusterClient(sink, CALL_MS)));
  return new DocumentSearch({ ...tools, server, alias: (tenantId) => aliasOf(sink.prefix, tenantId) });
}
