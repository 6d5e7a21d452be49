import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { userInfo } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { freePort } from '../../net/free-port.ts';
import { classPath, java, type JavaRange } from '../support/java.ts';
import type { Program } from '../support/server-process.ts';

const execute = promisify(execFile);
const FORMAT_TIMEOUT_MS = 60_000;

/** Newer ones lack the security manager that Hadoop asks for the caller's name. */
export const HADOOP_JAVA: JavaRange = { min: 11, max: 21 };

/** Where everything of one HDFS lies. */
export interface Layout {
  readonly home: string;
  readonly workDirectory: string;
  readonly port: number;
  readonly rpcPort: number;
  readonly dataNodes: number;
  readonly heap: string;
  /** Options of every JVM. */
  readonly virtualMachine: readonly string[];
  readonly properties: Readonly<Record<string, string>>;
}

function define(properties: Readonly<Record<string, string | number>>): string[] {
  return Object.entries(properties).flatMap(([name, value]) => ['-D', `${name}=${value}`]);
}

function javaArguments({ home, workDirectory, heap, virtualMachine }: Layout): string[] {
  const opened = ['java.base/java.lang', 'java.base/java.nio'].map((part) => `--add-opens=${part}=ALL-UNNAMED`);
  const settings = [`-Dhadoop.log.dir=${workDirectory}`, '-Dorg.slf4j.simpleLogger.showDateTime=true', '-Djava.net.preferIPv4Stack=true'];
  return [`-Xmx${heap}`, ...virtualMachine, ...settings, ...opened, '-cp', classPath(home)];
}

/** What both kinds of node are told. */
function common({ workDirectory, rpcPort, dataNodes, properties }: Layout): string[] {
  const { username } = userInfo();
  return define({
    'fs.defaultFS': `hdfs://127.0.0.1:${rpcPort}`,
    'hadoop.tmp.dir': path.join(workDirectory, 'tmp'),
    'dfs.replication': dataNodes,
    'dfs.replication.min': 1,
    // A lost DataNode of a pipeline is not replaced, so that APPEND works with as many as there are.
    'dfs.client.block.write.replace-datanode-on-failure.policy': 'NEVER',
    'dfs.client.block.write.replace-datanode-on-failure.best-effort': 'true',
    // A dead DataNode is noticed after about ten seconds instead of ten minutes.
    'dfs.namenode.heartbeat.recheck-interval': 1000,
    'dfs.heartbeat.interval': 1,
    'dfs.namenode.safemode.extension': 0,
    'dfs.safemode.extension': 0,
    // The test machine's disk may be nearly full.
    'dfs.datanode.du.reserved': 0,
    'dfs.namenode.resource.du.reserved': 0,
    'dfs.permissions.enabled': 'true',
    // A gateway that this account runs may speak for others.
    [`hadoop.proxyuser.${username}.hosts`]: '*',
    [`hadoop.proxyuser.${username}.groups`]: '*',
    ...properties,
  });
}

export function nameNode(layout: Layout): Program {
  const own = define({
    'dfs.namenode.name.dir': `file://${layout.workDirectory}/name`,
    'dfs.webhdfs.enabled': 'true',
    'dfs.namenode.http-address': `127.0.0.1:${layout.port}`,
    'dfs.namenode.rpc-address': `127.0.0.1:${layout.rpcPort}`,
  });
  return {
    name: 'namenode',
    command: java(HADOOP_JAVA),
    args: [...javaArguments(layout), 'org.apache.hadoop.hdfs.server.namenode.NameNode', ...common(layout), ...own],
    workDirectory: layout.workDirectory,
  };
}

export async function dataNode(layout: Layout, n: number, port: number): Promise<Program> {
  const own = define({
    'dfs.datanode.data.dir': `file://${layout.workDirectory}/data${n}`,
    'dfs.datanode.hostname': '127.0.0.1',
    'dfs.datanode.address': `127.0.0.1:${await freePort()}`,
    'dfs.datanode.http.address': `127.0.0.1:${port}`,
    'dfs.datanode.ipc.address': `127.0.0.1:${await freePort()}`,
  });
  return {
    name: `datanode${n}`,
    command: java(HADOOP_JAVA),
    args: [...javaArguments(layout), 'org.apache.hadoop.hdfs.server.datanode.DataNode', ...common(layout), ...own],
    workDirectory: layout.workDirectory,
  };
}

/** Makes an empty file system, unless the folder holds one. */
export async function format(layout: Layout): Promise<void> {
  if (existsSync(path.join(layout.workDirectory, 'name/current'))) return;
  const { command, args } = nameNode(layout);
  const options = { timeout: FORMAT_TIMEOUT_MS, maxBuffer: 16 << 20 };
  await execute(command, [...args, '-format', '-nonInteractive'], options).catch((error: Error & { stderr?: string }) => {
    throw new Error(`the NameNode cannot format its folder: ${error.stderr?.slice(-4000)}`, { cause: error });
  });
}
