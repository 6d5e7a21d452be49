import path from 'node:path';
import type { Cleanup } from '../../cleanup.ts';
import { elasticsearch9 } from '../elasticsearch-9/recipe.ts';
import type { Server } from '../server.ts';
import { installSearchNode, startSearchNode, type SearchNodeOptions, type SearchNodeRecipe } from '../support/search-node.ts';

export type ElasticsearchVersion = '7.17.29' | '9.2.0';

export interface ElasticsearchOptions extends SearchNodeOptions {
  /** Default: 7.17.29, of which more can be had. */
  readonly version?: ElasticsearchVersion;
}

const file = (name: string): string => path.join(import.meta.dirname, name);

const recipes: Readonly<Record<ElasticsearchVersion, SearchNodeRecipe>> = {
  '7.17.29': {
    name: 'elasticsearch',
    version: '7.17.29',
    pom: file('pom.xml'),
    sources: [file('ElasticsearchMain.java'), file('KitAnalysis.java')],
    javaRange: { min: 11, max: 21 },
  },
  '9.2.0': elasticsearch9,
};

/** Installs it once per computer; gives its folder. Rejects when Maven or a JDK is lacking. */
export async function installElasticsearch(version: ElasticsearchVersion = '7.17.29'): Promise<string> {
  return installSearchNode(recipes[version]);
}

/**
 * Starts one Elasticsearch node. Without X-Pack it has no users, TLS, data streams and `wildcard` fields; 9.2.0 has no `_delete_by_query` and scripts
 * either, since those modules are not published. Its licence lets us test against it; nothing of it is ours to pass on.
 */
export async function elasticsearch(t: Cleanup, options: ElasticsearchOptions = {}): Promise<Server> {
  return startSearchNode(t, recipes[options.version ?? '7.17.29'], options);
}
