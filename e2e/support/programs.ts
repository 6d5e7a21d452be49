import { execFile } from 'node:child_process';
import { chmodSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import type { Cleanup } from '@meniscus/testkit';
import { unpackDebian, type Unpacked } from './debian.ts';
import { startDocker } from './docker.ts';
import { startJournal } from './journal.ts';
import { unpackSyslogNg } from './syslog-ng.ts';

const execute = promisify(execFile);

/** Puts a command into `bin`: a line of shell that ends in what is called. */
function command(bin: string, name: string, line: string): void {
  writeFileSync(path.join(bin, name), `#!/bin/sh\n${line} "$@"\n`);
  chmodSync(path.join(bin, name), 0o755);
}

/** Puts a command into `bin` that runs an unpacked program with its own libraries and options. */
function wrap(bin: string, name: string, unpacked: Unpacked, program: string, options: readonly string[] = []): void {
  const libraries = unpacked.environment['LD_LIBRARY_PATH'];
  const words = [path.join(unpacked.root, program), ...options].map((word) => `'${word}'`).join(' ');
  command(bin, name, `LD_LIBRARY_PATH='${libraries}' exec ${words}`);
}

async function rsyslog(bin: string): Promise<void> {
  const unpacked = await unpackDebian('rsyslog', ['rsyslog', 'libestr0', 'libfastjson4', 'liblognorm5']);
  wrap(bin, 'rsyslogd', unpacked, 'usr/sbin/rsyslogd', ['-M', path.join(unpacked.libraries, 'rsyslog')]);
}

async function syslogNg(bin: string): Promise<void> {
  const unpacked = await unpackSyslogNg();
  const modules = path.join(unpacked.root, 'usr/lib/syslog-ng');
  const version = readdirSync(modules).find((entry) => /^\d/.test(entry))!;
  wrap(bin, 'syslog-ng', unpacked, 'usr/sbin/syslog-ng', ['--no-caps', '--module-path', path.join(modules, version)]);
}

async function haproxy(bin: string): Promise<void> {
  const unpacked = await unpackDebian('haproxy', ['haproxy', 'liblua5.3-0', 'libopentracing-c-wrapper0', 'libopentracing1']);
  wrap(bin, 'haproxy', unpacked, 'usr/sbin/haproxy');
}

async function nginx(bin: string): Promise<void> {
  wrap(bin, 'nginx', await unpackDebian('nginx', ['nginx']), 'usr/sbin/nginx');
}

/** The command line of an engine that runs for this test. */
async function docker(bin: string, t: Cleanup): Promise<void> {
  const { program, socket } = await startDocker(t);
  command(bin, 'docker', `DOCKER_HOST='unix://${socket}' exec '${program}'`);
}

/** The commands of a journal that runs for this test, out of sight of the computer's own. */
async function journald(bin: string, t: Cleanup): Promise<void> {
  const pid = await startJournal(t);
  for (const name of ['journalctl', 'systemd-cat']) command(bin, name, `exec nsenter --target ${pid} --mount --wd="$PWD" /usr/bin/${name}`);
}

/** How each program that a page needs comes to be; what is not here must be on the computer. */
const installers: Readonly<Record<string, (bin: string, t: Cleanup) => Promise<void>>> = {
  rsyslog,
  'syslog-ng': syslogNg,
  haproxy,
  nginx,
  docker,
  journald,
};

/** Provides the programs in `bin`, without changing the system; what has to run in the background ends with the test. Rejects when one cannot be had. */
export async function providePrograms(t: Cleanup, bin: string, names: readonly string[]): Promise<void> {
  mkdirSync(bin, { recursive: true });
  for (const name of names) {
    const install = installers[name];
    if (install === undefined) await execute('sh', ['-c', `command -v ${name}`]);
    else await install(bin, t);
  }
}
