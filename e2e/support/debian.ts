import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';

const execute = promisify(execFile);

/** Debian packages unpacked into a folder of their own: nothing of the system changes, and packages that exclude each other stand side by side. */
export interface Unpacked {
  readonly root: string;
  /** For the programs in it. */
  readonly environment: NodeJS.ProcessEnv;
  /** The folder of shared libraries, where plug-ins lie too. */
  readonly libraries: string;
}

/** How long another process may hold apt's lock on the lists of packages. */
const LOCK_TRIES = 60;

/** Fetches the lists of packages, which a new machine lacks. Test files run side by side, so another may be at it. */
async function updateLists(): Promise<void> {
  for (let left = LOCK_TRIES; ; left--) {
    try {
      return void (await execute('apt-get', ['update', '-q']));
    } catch (error) {
      if (left === 0 || !/lock/i.test(String(error))) throw error;
      await delay(1000);
    }
  }
}

async function download(directory: string, packages: readonly string[]): Promise<void> {
  const fetch = async (): Promise<unknown> => execute('apt-get', ['download', '-q', ...packages], { cwd: directory });
  try {
    await fetch();
  } catch {
    await updateLists();
    await fetch();
  }
}

/** Moves what is ready to its place, unless another process was faster. */
function publish(fresh: string, home: string): void {
  try {
    renameSync(fresh, home);
  } catch (error) {
    rmSync(fresh, { recursive: true, force: true });
    if (!existsSync(path.join(home, 'root'))) throw error;
  }
}

/** Unpacks packages once per machine. Rejects when they cannot be had. */
export async function unpackDebian(name: string, packages: readonly string[]): Promise<Unpacked> {
  const home = path.join(tmpdir(), 'meniscus-e2e', name);
  const root = path.join(home, 'root');
  if (!existsSync(root)) {
    const fresh = `${home}.${process.pid}`;
    mkdirSync(fresh, { recursive: true });
    await download(fresh, packages);
    for (const deb of readdirSync(fresh).filter((file) => file.endsWith('.deb')))
      await execute('dpkg-deb', ['-x', deb, 'root'], { cwd: fresh });
    publish(fresh, home);
  }
  const libraryRoot = path.join(root, 'usr/lib');
  const folders = [libraryRoot, path.join(root, 'lib')].flatMap((folder) => (existsSync(folder) ? readdirSync(folder) : []));
  const multiarch = folders.find((entry) => entry.includes('-linux-gnu')) ?? '';
  const libraries = path.join(libraryRoot, multiarch);
  const search = [libraries, path.join(root, 'lib', multiarch), path.join(libraryRoot, 'syslog-ng')].join(':');
  return { root, libraries, environment: { ...process.env, LD_LIBRARY_PATH: search } };
}
