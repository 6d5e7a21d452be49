import { readFileSync, statSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import path from 'node:path';
import { ADMIN_KEY, alive, missing, readRunFile } from '../api/run-file.ts';
import { bytes } from '../output/human.ts';
import { serverParts } from '../server.ts';
import type { Session } from '../session.ts';
import { fine, problem, warning, type Finding } from './finding.ts';

const NODE_WANTED = 24;
/** What the UDP listener asks the kernel for; below it bursts are lost. */
const UDP_BUFFER_WANTED = 16 << 20;
const RMEM_MAX = '/proc/sys/net/core/rmem_max';

export function examineNode(): Finding {
  const major = Number(process.versions.node.split('.')[0]);
  if (major >= NODE_WANTED) return fine('node', `Node ${process.version}`);
  return problem('node', `Node ${process.version} is too old`, `Install Node ${NODE_WANTED}, or start by npm, which brings one along.`);
}

/** Others must not read what tenants sent, still less the operator's key. */
function examineMode(check: string, file: string, wanted: number): Finding {
  try {
    const { mode, uid } = statSync(file);
    const open = mode & 0o777 & ~wanted;
    const shown = (mode & 0o777).toString(8).padStart(4, '0');
    if (open !== 0) return problem(check, `${file} has mode ${shown}: others may use it`, `chmod ${wanted.toString(8)} ${file}`);
    const self = process.getuid?.();
    if (self !== undefined && self !== 0 && uid !== self)
      return warning(check, `${file} belongs to another user (${uid})`, 'Run the service and this command as one user.');
    return fine(check, `${file} has mode ${shown}`);
  } catch (error) {
    if (!missing(error)) throw error;
    const mend =
      check === 'admin_key' ? 'Stop the service and make a new key: meniscus key recover' : 'Start the service: it makes the directory.';
    return (check === 'admin_key' ? warning : problem)(check, `${file} is not there`, mend);
  }
}

function examineRunFile(dataDir: string): Finding[] {
  const run = readRunFile(dataDir);
  if (run === undefined) return [];
  if (alive(run.pid)) return [fine('process', `process ${run.pid} runs, version ${run.version}`)];
  return [
    problem(
      'process',
      `the process ${run.pid} that run.json tells of is gone: it did not stop cleanly`,
      'Start the service again; it loses nothing.',
    ),
  ];
}

export function examineDataDir(dataDir: string): Finding[] {
  return [
    examineMode('data_dir', dataDir, 0o700),
    examineMode('admin_key', path.join(dataDir, ADMIN_KEY), 0o600),
    ...examineRunFile(dataDir),
  ];
}

const DEFAULT_RESERVE = 256 << 20;

/** The reserve as far as this command's surroundings tell; the service may have been started with another one. */
async function reserveOf(session: Session, dataDir: string): Promise<number> {
  try {
    const { loadConfig } = await serverParts.config();
    return loadConfig({ argv: ['--data-dir', dataDir], env: session.io.env, cwd: session.io.cwd }).config.disk_reserve_bytes;
  } catch {
    return DEFAULT_RESERVE;
  }
}

export async function examineDisk(session: Session, dataDir: string): Promise<Finding> {
  const disk = await statfs(dataDir).catch(() => undefined);
  if (disk === undefined) return warning('disk', `cannot see the disk of ${dataDir}`, 'Run this as the user of the service.');
  const free = disk.bavail * disk.bsize;
  const reserve = await reserveOf(session, dataDir);
  const what = `${bytes(free)} of ${bytes(disk.blocks * disk.bsize)} are free in ${dataDir}; the reserve is ${bytes(reserve)}`;
  const mend = 'Make room, shorten the retention (meniscus tenant set --retention-days N), or move the data directory.';
  if (free <= reserve) return problem('disk', `${what}: no event is taken`, mend);
  return free < 2 * reserve + (1 << 30) ? warning('disk', what, mend) : fine('disk', what);
}

/** Linux only: how much the kernel keeps of datagrams that come faster than they are read. */
export function examineKernel(): Finding[] {
  let text: string;
  try {
    text = readFileSync(RMEM_MAX, 'utf8');
  } catch {
    return [];
  }
  const largest = Number(text);
  const what = `the kernel allows UDP receive buffers of ${bytes(largest)} (net.core.rmem_max)`;
  if (largest >= UDP_BUFFER_WANTED) return [fine('udp_buffer', what)];
  return [
    warning(
      'udp_buffer',
      `${what}: bursts of syslog over UDP may be lost`,
      `sudo sysctl -w net.core.rmem_max=${UDP_BUFFER_WANTED} (and in /etc/sysctl.d/ to keep it), then restart the service`,
    ),
  ];
}
