import { execFile } from 'node:child_process';
import { userInfo } from 'node:os';
import { promisify } from 'node:util';
import { onEnd, type Cleanup } from '../../cleanup.ts';
import { freePort } from '../../net/free-port.ts';
import { temporaryDirectory } from '../../temporary-directory.ts';
import { until } from '../../wait.ts';
import type { ServerOptions } from '../server.ts';
import { classPath, java, virtualMachineOptions } from '../support/java.ts';
import { ServerProcess } from '../support/server-process.ts';
import { installHdfs } from './hdfs.ts';
import { HADOOP_JAVA } from './programs.ts';

const execute = promisify(execFile);
const COMMAND_TIMEOUT_MS = 90_000;
const PACKAGE = 'org.apache.hadoop.hdfs';

/** A highly available HDFS: two NameNodes that share their edits by a folder, and a DataNode. Who is active is said by `activate`; nobody is at first. */
export interface HdfsPair {
  readonly urls: readonly [string, string];
  /** The name of the superuser. */
  readonly user: string;
  readonly nameNodes: readonly [ServerProcess, ServerProcess];
  /** Makes one of them, 0 or 1, the active one. The other must be standby or dead. Resolves when it takes writes. */
  activate(n: 0 | 1): Promise<void>;
}

/** Everything that both nodes and the commands are told. */
interface Cluster {
  readonly workDirectory: string;
  readonly httpPorts: readonly [number, number];
  readonly rpcPorts: readonly [number, number];
  readonly dataPorts: readonly [number, number, number];
  readonly arguments: readonly string[];
}

function define(properties: Readonly<Record<string, string | number>>): string[] {
  return Object.entries(properties).flatMap(([name, value]) => ['-D', `${name}=${value}`]);
}

function properties({ workDirectory, httpPorts, rpcPorts }: Omit<Cluster, 'arguments'>): string[] {
  return define({
    'fs.defaultFS': 'hdfs://pair',
    'dfs.nameservices': 'pair',
    'dfs.ha.namenodes.pair': '0,1',
    'dfs.namenode.rpc-address.pair.0': `127.0.0.1:${rpcPorts[0]}`,
    'dfs.namenode.rpc-address.pair.1': `127.0.0.1:${rpcPorts[1]}`,
    'dfs.namenode.http-address.pair.0': `127.0.0.1:${httpPorts[0]}`,
    'dfs.namenode.http-address.pair.1': `127.0.0.1:${httpPorts[1]}`,
    'dfs.namenode.shared.edits.dir': `file://${workDirectory}/shared`,
    'dfs.client.failover.proxy.provider.pair': `${PACKAGE}.server.namenode.ha.ConfiguredFailoverProxyProvider`,
    'dfs.ha.fencing.methods': 'shell(/bin/true)',
    'dfs.ha.tail-edits.period': 1,
    'dfs.replication': 1,
    'dfs.namenode.safemode.extension': 0,
    'dfs.heartbeat.interval': 1,
    'dfs.datanode.du.reserved': 0,
    'dfs.namenode.resource.du.reserved': 0,
    'hadoop.tmp.dir': `${workDirectory}/tmp`,
  });
}

async function layOut(t: Cleanup, options: ServerOptions): Promise<Cluster> {
  const home = await installHdfs();
  const workDirectory = options.workDirectory ?? temporaryDirectory(t);
  const opened = ['java.base/java.lang', 'java.base/java.nio'].map((part) => `--add-opens=${part}=ALL-UNNAMED`);
  const heap = `-Xmx${options.heap ?? process.env['HEAP'] ?? '256m'}`;
  return {
    workDirectory,
    httpPorts: [await freePort(), await freePort()],
    rpcPorts: [await freePort(), await freePort()],
    dataPorts: [await freePort(), await freePort(), await freePort()],
    arguments: [heap, ...virtualMachineOptions(options), `-Dhadoop.log.dir=${workDirectory}`, ...opened, '-cp', classPath(home)],
  };
}

function nameNodeArguments(cluster: Cluster, n: 0 | 1): string[] {
  const own = define({ 'dfs.ha.namenode.id': n, 'dfs.namenode.name.dir': `file://${cluster.workDirectory}/name${n}` });
  return [...cluster.arguments, `${PACKAGE}.server.namenode.NameNode`, ...properties(cluster), ...own];
}

async function run(args: readonly string[]): Promise<void> {
  await execute(java(HADOOP_JAVA), args, { timeout: COMMAND_TIMEOUT_MS, maxBuffer: 16 << 20 }).catch(
    (error: Error & { stderr?: string }) => {
      throw new Error(`a command of HDFS failed: ${error.stderr?.slice(-4000)}`, { cause: error });
    },
  );
}

async function bean(port: number, name: string): Promise<Record<string, unknown>> {
  const url = `http://127.0.0.1:${port}/jmx?qry=Hadoop:service=NameNode,name=${name}`;
  const response = await fetch(url, { signal: AbortSignal.timeout(5000) });
  return ((await response.json()) as { beans: Record<string, unknown>[] }).beans[0] ?? {};
}

function nameNode(cluster: Cluster, n: 0 | 1): ServerProcess {
  return new ServerProcess({
    name: `namenode${n}`,
    command: java(HADOOP_JAVA),
    args: nameNodeArguments(cluster, n),
    workDirectory: cluster.workDirectory,
    isReady: async () => (await bean(cluster.httpPorts[n], 'NameNodeStatus'))['State'] !== undefined,
  });
}

function dataNode(cluster: Cluster): ServerProcess {
  const own = define({
    'dfs.datanode.data.dir': `file://${cluster.workDirectory}/data`,
    'dfs.datanode.hostname': '127.0.0.1',
    'dfs.datanode.address': `127.0.0.1:${cluster.dataPorts[0]}`,
    'dfs.datanode.http.address': `127.0.0.1:${cluster.dataPorts[1]}`,
    'dfs.datanode.ipc.address': `127.0.0.1:${cluster.dataPorts[2]}`,
  });
  return new ServerProcess({
    name: 'datanode',
    command: java(HADOOP_JAVA),
    args: [...cluster.arguments, `${PACKAGE}.server.datanode.DataNode`, ...properties(cluster), ...own],
    workDirectory: cluster.workDirectory,
  });
}

async function acceptsWrites(port: number): Promise<boolean> {
  if ((await bean(port, 'NameNodeStatus'))['State'] !== 'active') return false;
  if (Number((await bean(port, 'FSNamesystemState'))['NumLiveDataNodes']) < 1) return false;
  return (await bean(port, 'NameNodeInfo'))['Safemode'] === '';
}

/** Starts both NameNodes as standby, and the DataNode. */
export async function hdfsPair(t: Cleanup, options: ServerOptions = {}): Promise<HdfsPair> {
  const cluster = await layOut(t, options);
  const nameNodes = [nameNode(cluster, 0), nameNode(cluster, 1)] as const;
  const data = dataNode(cluster);
  onEnd(t, async () => void (await Promise.all([...nameNodes, data].map((process) => process.kill()))));
  await run([...nameNodeArguments(cluster, 0), '-format', '-nonInteractive']);
  await nameNodes[0].start();
  // The second one copies the state of the first one.
  await run([...nameNodeArguments(cluster, 1), '-bootstrapStandby', '-nonInteractive']);
  await Promise.all([nameNodes[1].start(), data.start()]);
  const administer = [...cluster.arguments, `${PACKAGE}.tools.DFSHAAdmin`, ...properties(cluster)];
  return {
    urls: [`http://127.0.0.1:${cluster.httpPorts[0]}`, `http://127.0.0.1:${cluster.httpPorts[1]}`],
    user: userInfo().username,
    nameNodes,
    activate: async (n) => {
      await run([...administer, '-transitionToActive', '--forceactive', String(n)]);
      await until(`NameNode ${n} to be active`, () => acceptsWrites(cluster.httpPorts[n]).catch(() => false), 60_000);
    },
  };
}
