import type { Cleanup } from '../../cleanup.ts';
import type { Server } from '../server.ts';
import { installSearchNode, startSearchNode, type SearchNodeOptions, type SearchNodeRecipe } from '../support/search-node.ts';

const recipe: SearchNodeRecipe = {
  name: 'elasticsearch',
  version: '7.17.29',
  folder: import.meta.dirname,
  mainClass: 'ElasticsearchMain',
  javaRange: { min: 11, max: 21 },
};

/** Installs it once per computer; gives its folder. Rejects when Maven or a JDK is lacking. */
export async function installElasticsearch(): Promise<string> {
  return installSearchNode(recipe);
}

/**
 * Starts one Elasticsearch 7 node: the last whose HTTP module runs from the class path. Without X-Pack it has no users, TLS, data streams, points in
 * time and `wildcard` fields. Its licence (SSPL or Elastic) lets us test against it; nothing of it is ours to pass on.
 */
export async function elasticsearch(t: Cleanup, options: SearchNodeOptions = {}): Promise<Server> {
  return startSearchNode(t, recipe, options);
}
