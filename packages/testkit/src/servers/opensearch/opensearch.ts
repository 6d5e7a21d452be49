import { copyFileSync } from 'node:fs';
import path from 'node:path';
import type { Cleanup } from '../../cleanup.ts';
import type { Server } from '../server.ts';
import { install } from '../support/install.ts';
import { compile, resolveJars, type JavaRange } from '../support/java.ts';
import { startSearchNode, type SearchNodeOptions } from '../support/search-node.ts';

export type OpenSearchVersion = '3.8.0' | '2.19.6';

const pom = path.join(import.meta.dirname, 'pom.xml');
const launcher = path.join(import.meta.dirname, 'OpenSearchMain.java');
const logging = path.join(import.meta.dirname, 'log4j2.properties');

function javaRange(version: OpenSearchVersion): JavaRange {
  return version.startsWith('2.') ? { min: 11, max: 21 } : { min: 21 };
}

/** Installs it once per computer; gives its folder. Rejects when Maven or a JDK is lacking. */
export async function installOpenSearch(version: OpenSearchVersion = '3.8.0'): Promise<string> {
  const range = javaRange(version);
  return install({
    name: 'opensearch',
    version,
    files: [pom, launcher, logging],
    build: async (folder) => {
      await resolveJars(folder, pom, range, { 'opensearch.version': version });
      await compile(folder, launcher, range);
      copyFileSync(logging, path.join(folder, 'classes/log4j2.properties'));
    },
  });
}

/** Starts one OpenSearch node without users and TLS. */
export async function openSearch(t: Cleanup, options: SearchNodeOptions & { readonly version?: OpenSearchVersion } = {}): Promise<Server> {
  const version = options.version ?? '3.8.0';
  const home = await installOpenSearch(version);
  return startSearchNode(t, { name: 'opensearch', home, javaRange: javaRange(version), mainClass: 'OpenSearchMain' }, options);
}
