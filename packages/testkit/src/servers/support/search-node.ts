import { copyFileSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import type { Cleanup } from '../../cleanup.ts';
import { freePort } from '../../net/free-port.ts';
import { temporaryDirectory } from '../../temporary-directory.ts';
import type { Server, ServerOptions } from '../server.ts';
import { install } from './install.ts';
import { classPath, compile, java, resolveJars, virtualMachineOptions, type JavaRange } from './java.ts';
import { startGroup } from './group.ts';

export interface SearchNodeOptions extends ServerOptions {
  /** Settings of the node, as `cluster.max_shards_per_node`. */
  readonly settings?: Readonly<Record<string, string | number | boolean>>;
}

/** One of the servers that came of Elasticsearch, started from the class path by a launcher of ours. */
export interface SearchNodeRecipe {
  /** The program's name, and the prefix of `NAME.version` in its POM. */
  readonly name: string;
  readonly version: string;
  readonly pom: string;
  /** Java files for the class path; the first one's class is started. */
  readonly sources: readonly [string, ...string[]];
  readonly javaRange: JavaRange;
  /** What is done besides, and the files that it takes. */
  readonly finish?: { readonly files: readonly string[]; readonly build: (folder: string) => Promise<void> };
}

const logging = path.join(import.meta.dirname, 'log4j2.properties');

/** Installs it once per computer; gives its folder. */
export async function installSearchNode({ name, version, pom, sources, javaRange, finish }: SearchNodeRecipe): Promise<string> {
  const build = async (folder: string): Promise<void> => {
    await resolveJars(folder, pom, javaRange, { [`${name}.version`]: version });
    await compile(folder, sources, javaRange);
    copyFileSync(logging, path.join(folder, 'classes/log4j2.properties'));
    await finish?.build(folder);
  };
  return install({ name, version, files: [pom, ...sources, logging, ...(finish?.files ?? [])], build });
}

/** The shards must be back: a search before answers 503 although the root already answers 200. */
async function isHealthy(url: string): Promise<boolean> {
  const response = await fetch(`${url}/_cluster/health?wait_for_status=yellow&timeout=5s`, { signal: AbortSignal.timeout(6000) });
  await response.arrayBuffer();
  return response.ok;
}

/** What every node is told, on its command line. */
function settingsOf(home: string, workDirectory: string, port: number): Readonly<Record<string, string | number | boolean>> {
  return {
    'cluster.name': 'testkit',
    'node.name': 'node-1',
    'path.home': home,
    'path.data': path.join(workDirectory, 'data'),
    'path.logs': path.join(workDirectory, 'logs'),
    'http.type': 'netty4',
    'transport.type': 'netty4',
    'network.host': '127.0.0.1',
    'http.port': port,
    'transport.port': 0,
    'discovery.type': 'single-node',
    // A test machine's disk is often fuller than the watermark, at which indices turn read-only.
    'cluster.routing.allocation.disk.threshold_enabled': false,
  };
}

/** Starts one node, without users and TLS. */
export async function startSearchNode(t: Cleanup, node: SearchNodeRecipe, options: SearchNodeOptions): Promise<Server> {
  const home = await installSearchNode(node);
  const workDirectory = options.workDirectory ?? temporaryDirectory(t);
  const port = options.port ?? (await freePort());
  const url = `http://127.0.0.1:${port}`;
  const heap = options.heap ?? process.env['HEAP'] ?? '512m';
  const [temporary, config] = [path.join(workDirectory, 'tmp'), path.join(workDirectory, 'config')];
  for (const folder of [temporary, config]) mkdirSync(folder, { recursive: true });
  const virtualMachine = [`-Xms${heap}`, `-Xmx${heap}`, ...virtualMachineOptions(options), `-Djava.io.tmpdir=${temporary}`];
  const settings = Object.entries({ ...settingsOf(home, workDirectory, port), ...options.settings });
  const main = [path.basename(node.sources[0], '.java'), config, ...settings.map(([name, value]) => `${name}=${value}`)];
  const program = {
    name: node.name,
    command: java(node.javaRange),
    args: [...virtualMachine, '-cp', classPath(home), ...main],
    workDirectory,
    isReady: () => isHealthy(url),
  };
  return startGroup(t, url, port, [program]);
}
