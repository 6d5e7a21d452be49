import { randomBytes } from 'node:crypto';
import { elasticsearch, openSearch, type Cleanup, type Server, type ServerName } from '@meniscus/testkit';
import { ShapeCache } from '../../packages/server/src/event/shape.ts';
import { createDocumentSearch } from '../../packages/server/src/search/elasticsearch/create-document-search.ts';
import { fillIndex, sinkSettings } from '../../packages/server/src/search/elasticsearch/filled-index.testing.ts';
import { LocalSearch } from '../../packages/server/src/search/store/local-search.testing.ts';
import type { ElasticsearchSettings } from '../../packages/server/src/sinks/elasticsearch/kind.ts';
import type { TestEvent } from '../../packages/server/src/search/store/memory-store.testing.ts';

const heap = '384m';

/** The servers that searches are tried on. */
export const searchServers: readonly { readonly name: ServerName; readonly start: (t: Cleanup) => Promise<Server> }[] = [
  { name: 'opensearch', start: async (t) => openSearch(t, { heap }) },
  { name: 'opensearch-2', start: async (t) => openSearch(t, { heap, version: '2.19.6' }) },
  { name: 'elasticsearch', start: async (t) => elasticsearch(t, { heap }) },
  { name: 'elasticsearch-9', start: async (t) => elasticsearch(t, { heap, version: '9.2.0' }) },
];

/** Indexes with some events of the tenant `acme`, under a prefix of their own. */
export async function indexed(server: Server, events: readonly TestEvent[]): Promise<ElasticsearchSettings> {
  const settings = sinkSettings(server.url, `s${randomBytes(6).toString('hex')}`);
  await fillIndex(settings, events);
  return settings;
}

/** A search back end over indexes, in this thread. */
export function searchOf(t: Cleanup, settings: ElasticsearchSettings): LocalSearch {
  const documents = createDocumentSearch(settings, { shapes: new ShapeCache(), node: 0 });
  t.after(async () => documents.close());
  return new LocalSearch(documents);
}
