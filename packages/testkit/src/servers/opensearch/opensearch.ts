import path from 'node:path';
import type { Cleanup } from '../../cleanup.ts';
import type { Server } from '../server.ts';
import { installSearchNode, startSearchNode, type SearchNodeOptions, type SearchNodeRecipe } from '../support/search-node.ts';

const pom = path.join(import.meta.dirname, 'pom.xml');
const launcher = path.join(import.meta.dirname, 'OpenSearchMain.java');

export type OpenSearchVersion = '3.8.0' | '2.19.6';

export interface OpenSearchOptions extends SearchNodeOptions {
  /** Default: 3.8.0. */
  readonly version?: OpenSearchVersion;
}

function recipe(version: OpenSearchVersion): SearchNodeRecipe {
  const javaRange = version.startsWith('2.') ? { min: 11, max: 21 } : { min: 21 };
  return { name: 'opensearch', version, pom, sources: [launcher], javaRange };
}

/** Installs it once per computer; gives its folder. Rejects when Maven or a JDK is lacking. */
export async function installOpenSearch(version: OpenSearchVersion = '3.8.0'): Promise<string> {
  return installSearchNode(recipe(version));
}

/** Starts one OpenSearch node without users and TLS. */
export async function openSearch(t: Cleanup, options: OpenSearchOptions = {}): Promise<Server> {
  return startSearchNode(t, recipe(options.version ?? '3.8.0'), options);
}
