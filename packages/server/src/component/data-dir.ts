import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { MeniscusError, messageOf } from '../errors.ts';
import type { ListenerInfo } from '../sources/source.ts';

const LOCK_FILE = 'lock';
const PID_FILE = 'pid';
const RUN_FILE = 'run.json';
const SQLITE_BUSY = 5;

/** `run.json`: how clients on this computer reach the running service. */
export interface RunInfo {
  readonly pid: number;
  readonly version: string;
  readonly http: string;
  readonly syslog: { readonly tcp: string; readonly udp: string };
  readonly listeners: readonly ListenerInfo[];
}

/** The data directory, ours alone until `close`. */
export interface DataDir {
  /** Absolute, without symbolic links. */
  readonly path: string;
  /** Says that the service is ready. Atomic: a reader sees the old file, none, or the whole new one. */
  writeRun(info: RunInfo): void;
  /** Removes `run.json` and lets another process in. Idempotent. */
  close(): Promise<void>;
}

/**
 * Makes the directory (0700) when it is missing, takes its lock, and removes what a crashed predecessor left. Rejects with data_dir_in_use while another
 * process or another service of this one holds it, and with bad_configuration when it cannot be used or `mustExist` and it is not there.
 */
export async function openDataDir(path: string): Promise<DataDir> {
  const real = prepare(resolve(path));
  const lock = takeLock(real);
  rmSync(join(real, RUN_FILE), { force: true });
  replaceFile(join(real, PID_FILE), `${process.pid}\n`);
  let open = true;
  return {
    path: real,
    writeRun: (info) => replaceFile(join(real, RUN_FILE), `${JSON.stringify(info, null, 2)}\n`),
    close: async () => {
      if (!open) return;
      open = false;
      rmSync(join(real, RUN_FILE), { force: true });
      rmSync(join(real, PID_FILE), { force: true });
      lock.close();
    },
  };
}

/** Replaces a file (0600) durably and as a whole. */
export function replaceFile(path: string, text: string): void {
  const temporary = `${path}.${process.pid}.tmp`;
  rmSync(temporary, { force: true });
  const file = openSync(temporary, 'wx', 0o600);
  try {
    writeSync(file, text);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  renameSync(temporary, path);
  syncDirectory(dirname(path));
}

/** Makes a rename durable. Windows cannot open directories and needs no such thing. */
function syncDirectory(path: string): void {
  if (process.platform === 'win32') return;
  const directory = openSync(path, 'r');
  try {
    fsyncSync(directory);
  } finally {
    closeSync(directory);
  }
}

function prepare(path: string): string {
  try {
    if (!existsSync(path)) {
      mkdirSync(dirname(path), { recursive: true });
      mkdirSync(path, { mode: 0o700, recursive: true });
    }
    const real = realpathSync(path);
    if (!statSync(real).isDirectory()) throw new Error('it is not a directory');
    return real;
  } catch (error) {
    throw unusable(path, error);
  }
}

function unusable(path: string, error: unknown): MeniscusError {
  if ((error as NodeJS.ErrnoException).code === 'ENOSPC')
    return new MeniscusError('disk_full', `free some of the disk of the data directory ${path}, then start again`, { cause: error });
  const why = messageOf(error);
  return new MeniscusError('bad_configuration', `cannot use the data directory ${path}: ${why}`, { cause: error });
}

/**
 * An exclusive lock of the operating system, by way of SQLite, since Node has no call for one: it ends with the process however that ends, so there is no stale
 * lock to judge, and it holds between containers that share the directory, where process ids mean nothing. Nobody else in this process may open the file:
 * closing it would release the lock.
 */
function takeLock(directory: string): DatabaseSync {
  let lock: DatabaseSync | undefined;
  try {
    lock = new DatabaseSync(join(directory, LOCK_FILE), { timeout: 0 });
    lock.exec('PRAGMA journal_mode = MEMORY; PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE');
    return lock;
  } catch (error) {
    lock?.close();
    if ((error as { errcode?: number }).errcode !== SQLITE_BUSY) throw unusable(directory, error);
    throw new MeniscusError('data_dir_in_use', `${directory} is used by ${holder(directory)}; stop it, or choose another with --data-dir`);
  }
}

function holder(directory: string): string {
  try {
    const pid = readFileSync(join(directory, PID_FILE), 'utf8').trim();
    return /^\d+$/.test(pid) ? `process ${pid}` : 'another process';
  } catch {
    return 'another process';
  }
}
