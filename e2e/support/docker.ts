import { copyFileSync, mkdirSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { temporaryDirectory, until, type Cleanup } from '@meniscus/testkit';
import { startDaemon } from './daemon.ts';
import { unpackDebian } from './debian.ts';
import { execute } from './service.ts';

export interface DockerEngine {
  /** The command line. */
  readonly program: string;
  readonly socket: string;
}

/** The applets that pages call. */
const APPLETS = ['sh', 'echo'];

/** An image `busybox`, made here: no registry is asked. */
async function importBusybox(t: Cleanup, program: string, host: string): Promise<void> {
  const { root } = await unpackDebian('busybox', ['busybox-static']);
  const directory = temporaryDirectory(t);
  const bin = path.join(directory, 'image/bin');
  mkdirSync(bin, { recursive: true });
  copyFileSync(path.join(root, 'bin/busybox'), path.join(bin, 'busybox'));
  for (const applet of APPLETS) symlinkSync('busybox', path.join(bin, applet));
  const archive = path.join(directory, 'image.tar');
  await execute('tar', ['-C', path.join(directory, 'image'), '-cf', archive, '.']);
  await execute(program, ['--host', host, 'import', archive, 'busybox']);
}

/** Starts Docker's engine without networks, with all it keeps in a temporary directory. Rejects where it cannot run: it needs root and control groups. */
export async function startDocker(t: Cleanup): Promise<DockerEngine> {
  const { root, environment } = await unpackDebian('docker', ['docker.io', 'containerd', 'runc', 'tini', 'libdevmapper1.02.1']);
  const directory = temporaryDirectory(t);
  const socket = path.join(directory, 'docker.sock');
  const [data, exec, pid] = ['data', 'exec', 'pid'].map((name) => path.join(directory, name));
  const places = ['--host', `unix://${socket}`, '--data-root', data!, '--exec-root', exec!, '--pidfile', pid!];
  const options = ['--storage-driver', 'vfs', '--iptables=false', '--ip6tables=false', '--bridge', 'none'];
  const search = ['usr/sbin', 'usr/bin'].map((folder) => path.join(root, folder)).join(':');
  const env = { ...environment, PATH: `${search}:${process.env['PATH']}` };
  const engine = startDaemon(t, path.join(root, 'usr/sbin/dockerd'), [...places, ...options], env);
  const program = path.join(root, 'usr/bin/docker');
  await until('the engine to answer', async () => {
    if (engine.exitCode !== null) throw new Error(`Docker's engine cannot run here: ${engine.said.slice(-2000)}`);
    return execute(program, ['--host', `unix://${socket}`, 'info']).then(
      () => true,
      () => false,
    );
  });
  await importBusybox(t, program, `unix://${socket}`);
  return { program, socket };
}
