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

/** Starts one node, without users and TLS. */
export async function startSearchNode(t: Cleanup, node: SearchNodeRecipe, options: SearchNodeOptions): Promise<Server> {
  const home = await installSearchNode(node);
  const workDirectory = options.workDirectory ?? temporaryDirectory(t);
  const port = options.port ?? (await freePort());
  const url = `http://127.0.0.1:${port}`;
  const heap = options.heap ?? process.env['HEAP'] ?? '512m';
  const temporary = path.join(workDirectory, 'tmp');
  mkdirSync(temporary, { recursive: true });
  const virtualMachine = [`-Xms${heap}`, `-Xmx${heap}`, ...virtualMachineOptions(options)];
  const properties = [`-Djava.io.tmpdir=${temporary}`, `-Dkit.home=${home}`];
  const settings = Object.entries(options.settings ?? {}).map(([name, value]) => `${name}=${value}`);
  const main = [path.basename(node.sources[0], '.java'), workDirectory, String(port)];
  const program = {
    name: node.name,
    command: java(node.javaRange),
    args: [...virtualMachine, ...properties, '-cp', classPath(home), ...main, ...settings],
    workDirectory,
    isReady: () => isHealthy(url),
  };
  return startGroup(t, url, port, [program]);
}
