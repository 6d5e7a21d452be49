import { userInfo } from 'node:os';
import path from 'node:path';
import type { Cleanup } from '../../cleanup.ts';
import { freePort } from '../../net/free-port.ts';
import { temporaryDirectory } from '../../temporary-directory.ts';
import type { Server, ServerOptions } from '../server.ts';
import { startGroup } from '../support/group.ts';
import { install } from '../support/install.ts';
import { resolveJars, virtualMachineOptions } from '../support/java.ts';
import type { Program, ServerProcess } from '../support/server-process.ts';
import { dataNode, format, HADOOP_JAVA, nameNode, type Layout } from './programs.ts';

const VERSION = '3.4.2';
const pom = path.join(import.meta.dirname, 'pom.xml');

export interface HdfsOptions extends ServerOptions {
  /** How many; default 1. It is the replication too. */
  readonly dataNodes?: number;
  /** More properties, as `dfs.blocksize`. */
  readonly properties?: Readonly<Record<string, string>>;
}

/** A NameNode and its DataNodes. */
export interface Hdfs extends Server {
  /** The name of the superuser; everybody else is who `user.name` says. */
  readonly user: string;
  /** Of the Hadoop protocol, for gateways. */
  readonly rpcPort: number;
  readonly nameNode: ServerProcess;
  readonly dataNodes: readonly ServerProcess[];
  /** Crashes one, counted from 0. The NameNode goes on naming it for about ten seconds. */
  killDataNode(n: number): Promise<void>;
  /** Starts one again; resolves when it has registered with the NameNode. */
  startDataNode(n: number): Promise<void>;
  /** How many the NameNode believes to be alive. */
  liveDataNodes(): Promise<number>;
}

/** Installs it once per computer; gives its folder. Rejects when Maven or a JDK is lacking. */
export async function installHdfs(): Promise<string> {
  const build = (folder: string): Promise<void> => resolveJars(folder, pom, HADOOP_JAVA, { 'hadoop.version': VERSION });
  return install({ name: 'hdfs', version: VERSION, files: [pom], build });
}

async function bean(port: number, service: string, name: string): Promise<Record<string, unknown>> {
  const url = `http://127.0.0.1:${port}/jmx?qry=Hadoop:service=${service},name=${name}`;
  const response = await fetch(url, { signal: AbortSignal.timeout(5000) });
  return ((await response.json()) as { beans: Record<string, unknown>[] }).beans[0] ?? {};
}

async function liveDataNodes(port: number): Promise<number> {
  return Number((await bean(port, 'NameNode', 'FSNamesystemState'))['NumLiveDataNodes'] ?? 0);
}

/** The root answers before the DataNodes are known and while safe mode refuses every write. */
async function acceptsWrites(port: number, dataNodes: number): Promise<boolean> {
  if ((await liveDataNodes(port)) < dataNodes) return false;
  if ((await bean(port, 'NameNode', 'NameNodeInfo'))['Safemode'] !== '') return false;
  const url = `http://127.0.0.1:${port}/webhdfs/v1/?op=GETFILESTATUS&user.name=${userInfo().username}`;
  const status = await fetch(url, { signal: AbortSignal.timeout(5000) });
  await status.arrayBuffer();
  return status.ok;
}

/** Whether a DataNode has registered with its NameNode. */
async function isRegistered(port: number): Promise<boolean> {
  return String((await bean(port, 'DataNode', 'DataNodeInfo'))['BPServiceActorInfo']).includes('"ActorState":"RUNNING"');
}

async function layOut(t: Cleanup, options: HdfsOptions): Promise<Layout> {
  return {
    home: await installHdfs(),
    workDirectory: options.workDirectory ?? temporaryDirectory(t),
    port: options.port ?? (await freePort()),
    rpcPort: await freePort(),
    dataNodes: options.dataNodes ?? 1,
    heap: options.heap ?? process.env['HEAP'] ?? '256m',
    virtualMachine: virtualMachineOptions(options),
    properties: options.properties ?? {},
  };
}

/** The NameNode waits for the DataNodes that run. */
async function programsOf(layout: Layout, running: () => number): Promise<[Program, ...Program[]]> {
  const data = Array.from({ length: layout.dataNodes }, async (_, n) => {
    const port = await freePort();
    return { ...(await dataNode(layout, n, port)), isReady: () => isRegistered(port) };
  });
  return [{ ...nameNode(layout), isReady: () => acceptsWrites(layout.port, running()) }, ...(await Promise.all(data))];
}

/** Starts HDFS with WebHDFS on the NameNode, at `url` and `/webhdfs/v1`, without Kerberos. */
export async function hdfs(t: Cleanup, options: HdfsOptions = {}): Promise<Hdfs> {
  const layout = await layOut(t, options);
  await format(layout);
  let data: readonly ServerProcess[] = [];
  const running = (): number => data.filter((node) => node.isRunning).length;
  const programs = await programsOf(layout, () => (data.length === 0 ? layout.dataNodes : running()));
  const group = await startGroup(t, `http://127.0.0.1:${layout.port}`, layout.port, programs);
  data = group.processes.slice(1);
  // Not a spread: `pids` is computed whenever it is asked for.
  return Object.assign(group, {
    user: userInfo().username,
    rpcPort: layout.rpcPort,
    nameNode: group.processes[0]!,
    dataNodes: data,
    killDataNode: (n: number) => data[n]!.kill(),
    startDataNode: (n: number) => data[n]!.start(),
    liveDataNodes: () => liveDataNodes(layout.port),
  });
}
