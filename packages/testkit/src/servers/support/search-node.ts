import { mkdirSync } from 'node:fs';
import path from 'node:path';
import type { Cleanup } from '../../cleanup.ts';
import { freePort } from '../../net/free-port.ts';
import { temporaryDirectory } from '../../temporary-directory.ts';
import type { Server, ServerOptions } from '../server.ts';
import { classPath, java, virtualMachineOptions, type JavaRange } from './java.ts';
import { startGroup } from './group.ts';

export interface SearchNodeOptions extends ServerOptions {
  /** Settings of the node, as `cluster.max_shards_per_node`. */
  readonly settings?: Readonly<Record<string, string | number | boolean>>;
}

export interface SearchNode {
  readonly name: string;
  readonly home: string;
  readonly javaRange: JavaRange;
  readonly mainClass: string;
}

/** The shards must be back: a search before answers 503 although the root already answers 200. */
async function isHealthy(url: string): Promise<boolean> {
  const response = await fetch(`${url}/_cluster/health?wait_for_status=yellow&timeout=5s`, { signal: AbortSignal.timeout(6000) });
  await response.arrayBuffer();
  return response.ok;
}

/** Starts one node of OpenSearch or Elasticsearch. */
export async function startSearchNode(t: Cleanup, node: SearchNode, options: SearchNodeOptions): Promise<Server> {
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
    classPath(node.home),
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
