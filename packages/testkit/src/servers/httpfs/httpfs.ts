import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import path from 'node:path';
import type { Cleanup } from '../../cleanup.ts';
import { freePort } from '../../net/free-port.ts';
import { temporaryDirectory } from '../../temporary-directory.ts';
import type { Hdfs } from '../hdfs/hdfs.ts';
import { HADOOP_JAVA } from '../hdfs/programs.ts';
import type { Server, ServerOptions } from '../server.ts';
import { startGroup } from '../support/group.ts';
import { install } from '../support/install.ts';
import { classPath, java, resolveJars, virtualMachineOptions } from '../support/java.ts';

const VERSION = '3.4.2';
const pom = path.join(import.meta.dirname, 'pom.xml');

/** Installs it once per computer; gives its folder. Rejects when Maven or a JDK is lacking. */
export async function installHttpFs(): Promise<string> {
  const build = (folder: string): Promise<void> => resolveJars(folder, pom, HADOOP_JAVA, { 'hadoop.version': VERSION });
  return install({ name: 'httpfs', version: VERSION, files: [pom], build });
}

function writeProperties(file: string, properties: Readonly<Record<string, string | number>>): void {
  const lines = Object.entries(properties).map(([name, value]) => `<property><name>${name}</name><value>${value}</value></property>`);
  writeFileSync(file, `<configuration>\n${lines.join('\n')}\n</configuration>\n`);
}

/** Makes the folders and files that it wants to find below its home; gives the folder of the files. */
function configure(home: string, port: number, behind: Hdfs): string {
  const folder = path.join(home, 'conf');
  for (const name of ['conf', 'logs', 'temp']) mkdirSync(path.join(home, name), { recursive: true });
  const secret = path.join(folder, 'httpfs-signature.secret');
  if (!existsSync(secret)) writeFileSync(secret, randomBytes(32).toString('base64'));
  writeProperties(path.join(folder, 'httpfs-site.xml'), { 'httpfs.http.hostname': '127.0.0.1', 'httpfs.http.port': port });
  writeProperties(path.join(folder, 'core-site.xml'), { 'fs.defaultFS': `hdfs://127.0.0.1:${behind.rpcPort}` });
  // It is a client of HDFS itself: without this APPEND fails where there are fewer than three DataNodes.
  writeProperties(path.join(folder, 'hdfs-site.xml'), { 'dfs.client.block.write.replace-datanode-on-failure.policy': 'NEVER' });
  return folder;
}

async function reachesHdfs(port: number): Promise<boolean> {
  const url = `http://127.0.0.1:${port}/webhdfs/v1/?op=GETFILESTATUS&user.name=${userInfo().username}`;
  const response = await fetch(url, { signal: AbortSignal.timeout(10_000) });
  await response.arrayBuffer();
  return response.ok;
}

/** Starts Hadoop's gateway in front of a running HDFS, with WebHDFS at `url` and `/webhdfs/v1`. */
export async function httpFs(t: Cleanup, behind: Hdfs, options: ServerOptions = {}): Promise<Server> {
  const home = await installHttpFs();
  const workDirectory = options.workDirectory ?? temporaryDirectory(t);
  const port = options.port ?? (await freePort());
  const configuration = configure(workDirectory, port, behind);
  const folders = {
    home: workDirectory,
    config: configuration,
    log: path.join(workDirectory, 'logs'),
    temp: path.join(workDirectory, 'temp'),
  };
  const settings = Object.entries(folders).map(([name, folder]) => `-Dhttpfs.${name}.dir=${folder}`);
  const virtualMachine = [`-Xmx${options.heap ?? process.env['HEAP'] ?? '256m'}`, ...virtualMachineOptions(options)];
  const opened = '--add-opens=java.base/java.lang=ALL-UNNAMED';
  const main = ['-cp', `${configuration}:${classPath(home)}`, 'org.apache.hadoop.fs.http.server.HttpFSServerWebServer'];
  const program = {
    name: 'httpfs',
    command: java(HADOOP_JAVA),
    args: [...virtualMachine, opened, ...settings, ...main],
    workDirectory,
    isReady: () => reachesHdfs(port),
  };
  return startGroup(t, `http://127.0.0.1:${port}`, port, [program]);
}
