/** The contract of search back ends, on real servers filled by the sink. */
import { after, before, suite } from 'node:test';
import { lacksServer, scriptCleanup, type Server } from '@meniscus/testkit';
import { contractEvents } from '../../packages/server/src/search/contract/client.testing.ts';
import { testSearchContract } from '../../packages/server/src/search/contract.testing.ts';
import { TENANT } from '../../packages/server/src/search/store/memory-store.testing.ts';
import type { ElasticsearchSettings } from '../../packages/server/src/sinks/elasticsearch/kind.ts';
import { indexed, searchOf, searchServers } from './servers.ts';

for (const { name, start } of searchServers)
  suite(`searches of ${name}`, { skip: await lacksServer(name) }, () => {
    const cleanup = scriptCleanup();
    let server: Server;
    let settings: ElasticsearchSettings;
    before(async () => {
      server = await start(cleanup);
      settings = await indexed(server, contractEvents());
    });
    after(async () => cleanup.end());
    testSearchContract({
      name,
      create: (t) => Promise.resolve({ backend: searchOf(t, settings), tenant: { number: TENANT, id: 'acme', receivedFrom: -Infinity } }),
    });
  });
