import { ShapeCache } from '../../event/shape.ts';
import { ClusterClient } from '../../sinks/elasticsearch/client.ts';
import { aliasOf } from '../../sinks/elasticsearch/index-names.ts';
import type { ElasticsearchSettings } from '../../sinks/elasticsearch/kind.ts';
import { DocumentSearch } from './document-search.ts';
import { Cluster } from './server/cluster.ts';
import { SearchServer } from './server/search-server.ts';

/** Longer than any request: searches have their own times. */
const CALL_MS = 600_000;

export interface SearchSettings {
  /** Of the sink that writes what is searched. */
  readonly sink: ElasticsearchSettings;
  /** The node whose ids the events have. */
  readonly node: number;
  readonly shapes?: ShapeCache;
}

/** Searches what a sink of this kind wrote. For one thread, which has its own connections. */
export function createDocumentSearch({ sink, node, shapes = new ShapeCache() }: SearchSettings): DocumentSearch {
  const server = new SearchServer(new Cluster(new ClusterClient(sink, CALL_MS), new ClusterClient(sink, CALL_MS)));
  return new DocumentSearch({ server, node, shapes, alias: (tenantId) => aliasOf(sink.prefix, tenantId) });
}
