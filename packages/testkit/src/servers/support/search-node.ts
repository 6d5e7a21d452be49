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
  /** Has `pom.xml` and the launcher, `MAINCLASS.java`. */
  readonly folder: string;
  readonly mainClass: string;
  readonly javaRange: JavaRange;
}

const logging = path.join(import.meta.dirname, 'log4j2.properties');

/** Installs it once per computer; gives its folder. */
export async function installSearchNode({ name, version, folder, mainClass, javaRange }: SearchNodeRecipe): Promise<string> {
  const pom = path.join(folder, 'pom.xml');
  const launcher = path.join(folder, `${mainClass}.java`);
  const build = async (fresh: string): Promise<void> => {
    await resolveJars(fresh, pom, javaRange, { [`${name}.version`]: version });
    await compile(fresh, launcher, javaRange);
    copyFileSync(logging, path.join(fresh, 'classes/log4j2.properties'));
  };
  return install({ name, version, files: [pom, launcher, logging], build });
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
  const virtualMachine = [
    `-Xms${heap}`,
    `-Xmx${heap}`,
    ...virtualMachineOptions(options),
    `-Djava.io.tmpdir=${temporary}`,
    '-cp',
    classPath(home),
  ];
  const settings = Object.entries(options.settings ?? {}).map(([name, value]) => `${name}=${value}`);
  const program = {
    name: node.name,
    command: java(node.javaRange),
    args: [...virtualMachine, node.mainClass, workDirectory, String(port), ...settings],
    workDirectory,
    isReady: () => isHealthy(url),
  };
  return startGroup(t, url, port, [program]);
}
