import { execFile } from 'node:child_process';
import { chmodSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { unpackDebian, type Unpacked } from './debian.ts';
import { unpackSyslogNg } from './syslog-ng.ts';

const execute = promisify(execFile);

/** Puts a command into `bin` that runs an unpacked program with its own libraries and options. */
function wrap(bin: string, name: string, unpacked: Unpacked, program: string, options: readonly string[] = []): void {
  const libraries = unpacked.environment['LD_LIBRARY_PATH'];
  const command = [path.join(unpacked.root, program), ...options].map((word) => `'${word}'`).join(' ');
  writeFileSync(path.join(bin, name), `#!/bin/sh\nLD_LIBRARY_PATH='${libraries}' exec ${command} "$@"\n`);
  chmodSync(path.join(bin, name), 0o755);
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

/** How each program that a page needs comes to be; what is not here must be on the computer. */
const installers: Readonly<Record<string, (bin: string) => Promise<void>>> = { rsyslog, 'syslog-ng': syslogNg, haproxy };

/** Provides the programs in `bin`, without changing the system. Rejects when one cannot be had. */
export async function providePrograms(bin: string, names: readonly string[]): Promise<void> {
  mkdirSync(bin, { recursive: true });
  for (const name of names) {
    const install = installers[name];
    if (install === undefined) await execute('sh', ['-c', `command -v ${name}`]);
    else await install(bin);
  }
}
