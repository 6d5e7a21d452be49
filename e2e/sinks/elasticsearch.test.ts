/** The sink `elasticsearch` against the real servers: what is stored, found, refused, tried again and deleted. */
import { test, type TestContext } from 'node:test';
import { elasticsearch, lacksServer, openSearch, type Cleanup, type Server, type ServerName } from '@meniscus/testkit';
import { deletion } from './elasticsearch/deletion.ts';
import { indexOnlyFields, mapping, names } from './elasticsearch/mapping.ts';
import { access, outages, secured } from './elasticsearch/outages.ts';
import { blocks, refusals } from './elasticsearch/refusals.ts';

/** Small, so that batches have to be cut and events can be too large. */
const settings = { 'http.max_content_length': '4mb' };
const heap = '384m';

const servers: readonly { readonly name: ServerName; readonly start: (t: Cleanup) => Promise<Server> }[] = [
  { name: 'opensearch', start: async (t) => openSearch(t, { heap, settings }) },
  { name: 'opensearch-2', start: async (t) => openSearch(t, { heap, settings, version: '2.19.6' }) },
  { name: 'elasticsearch', start: async (t) => elasticsearch(t, { heap, settings }) },
  { name: 'elasticsearch-9', start: async (t) => elasticsearch(t, { heap, settings, version: '9.2.0' }) },
];

const groups: readonly ((t: TestContext, server: Server) => Promise<void>)[] = [
  mapping,
  indexOnlyFields,
  names,
  refusals,
  blocks,
  deletion,
  access,
  secured,
  outages,
];

for (const { name, start } of servers) {
  test(`the sink elasticsearch with ${name}`, { skip: await lacksServer(name) }, async (t) => {
    const server = await start(t);
    for (const group of groups) await group(t, server);
  });
}
