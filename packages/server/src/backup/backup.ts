import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, realpathSync, rmSync } from 'node:fs';
import path from 'node:path';
import { replaceFile } from '../component/data-dir.ts';
import { ADMIN_KEY_FILE, CONTROL_DIRECTORY } from '../control/admin-key.ts';
import { MeniscusError, messageOf } from '../errors.ts';
import { canLink, copyFiles, linkFile, listFiles, syncDirectories } from '../component/backup-files.ts';
import { MANIFEST_FILE, newManifest } from './manifest.ts';

/** Something that can put a consistent copy of itself, durable, into a directory that it makes. */
export type Snapshot = (directory: string) => Promise<void>;

export interface BackupParts {
  /** Absolute, without symbolic links. */
  readonly dataDir: string;
  /** Absolute: where backups are made. It is made when it is missing. */
  readonly backupDir: string;
  /** Of the program. */
  readonly version: string;
  /** The queue logs that are open, by the name of their directory below `queue`. */
  readonly queues: ReadonlyMap<string, Snapshot>;
  readonly store: Snapshot;
  readonly deadLetters: Snapshot;
  readonly usage: Snapshot;
  readonly control: Snapshot;
}

export interface BackupResult {
  readonly directory: string;
  /** ISO 8601: everything acknowledged before is in it. */
  readonly created_at: string;
  readonly files: number;
  readonly bytes: number;
  readonly elapsed_ms: number;
}

/** Where backups may lie within the data directory; the rest of it is the service's own. */
const BELOW = 'backups';
const STAGING = '.backup-';

/**
 * Makes backups while the service runs, one at a time. The order makes each consistent without stopping anything:
 *
 * 1. the queue logs, so that everything acknowledged by now is in it;
 * 2. the store: what left a queue since then is in a segment, and what is in both is left out of the queue at the next start, by position;
 * 3. dead letters and usage;
 * 4. the control store last: so it knows every tenant whose events are in the copy, and can give no tenant a number that an earlier one's events have.
 */
export class Backups {
  private readonly parts: BackupParts;
  private running = false;

  constructor(parts: BackupParts) {
    this.parts = parts;
    // What a crash left of a backup to another disk.
    for (const name of readdirSync(parts.dataDir))
      if (name.startsWith(STAGING)) rmSync(path.join(parts.dataDir, name), { recursive: true, force: true });
  }

  /**
   * Makes a backup in `target`: a name, or a path, inside the directory of backups. Rejects with bad_request for any other, with backup_running, with backup_refused when the
   * place is not empty or not allowed, and with unavailable when it cannot be written; nothing is left there then.
   */
  async create(target: string): Promise<BackupResult> {
    if (this.running) throw new MeniscusError('backup_running', 'wait until it is done');
    this.running = true;
    try {
      return await this.make(this.place(target));
    } finally {
      this.running = false;
    }
  }

  private place(target: string): string {
    const { dataDir, backupDir } = this.parts;
    if (target === '' || target.includes('\0')) throw new MeniscusError('bad_request', 'directory must be a name or a path');
    const base = realOf(backupDir);
    const real = realOf(path.resolve(backupDir, target));
    const names = namesBetween(base, real);
    if (names === undefined || names.length === 0)
      throw new MeniscusError(
        'bad_request',
        `backups are made inside ${backupDir}: give a name, or a path in there; the key backup_dir sets another`,
      );
    const own = namesBetween(dataDir, real);
    if (own !== undefined && own[0] !== BELOW)
      throw new MeniscusError('backup_refused', `within the data directory backups lie below ${path.join(dataDir, BELOW)}`);
    for (let parent = path.dirname(real); parent !== base; parent = path.dirname(parent))
      if (existsSync(path.join(parent, MANIFEST_FILE))) throw new MeniscusError('backup_refused', `${parent} is a backup itself`);
    return real;
  }

  private async make(directory: string): Promise<BackupResult> {
    const created = new Date();
    const made = prepare(directory);
    try {
      await this.fill(directory);
      const files = await listFiles(directory);
      await syncDirectories(directory);
      replaceFile(path.join(directory, MANIFEST_FILE), `${JSON.stringify(newManifest(this.parts.version, created, files), null, 1)}\n`);
      const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
      return { directory, created_at: created.toISOString(), files: files.length, bytes, elapsed_ms: Date.now() - created.getTime() };
    } catch (error) {
      clear(directory, made);
      if (error instanceof MeniscusError) throw error;
      throw new MeniscusError('unavailable', `cannot write the backup ${directory}: ${messageOf(error)}`, {
        cause: error,
      });
    }
  }

  /** Immutable files are linked where the disk allows it; else they are linked beside the data first, so that nothing can go while it is copied. */
  private async fill(directory: string): Promise<void> {
    if (canLink(this.parts.dataDir, directory)) return this.snapshot(directory);
    const staging = path.join(this.parts.dataDir, STAGING + randomUUID());
    mkdirSync(staging, { mode: 0o700 });
    try {
      await this.snapshot(staging);
      await copyFiles(await listFiles(staging), staging, directory);
    } finally {
      rmSync(staging, { recursive: true, force: true });
    }
  }

  private async snapshot(directory: string): Promise<void> {
    const { queues, store, deadLetters, usage, control, dataDir } = this.parts;
    for (const [name, queue] of queues) await queue(path.join(directory, 'queue', name));
    this.copyIdleQueues(directory);
    await store(path.join(directory, 'store'));
    await deadLetters(path.join(directory, 'dead-letters'));
    await usage(path.join(directory, 'usage'));
    await control(path.join(directory, CONTROL_DIRECTORY));
    const key = path.join(dataDir, ADMIN_KEY_FILE);
    // As a copy: a new key replaces the file, but an editor would write into it.
    if (existsSync(key)) await copyFiles([{ path: ADMIN_KEY_FILE, bytes: 0 }], dataDir, directory);
  }

  /** Queue logs of ingest threads that there are no more of: nobody writes them. */
  private copyIdleQueues(directory: string): void {
    const from = path.join(this.parts.dataDir, 'queue');
    for (const shard of readdirSync(from, { withFileTypes: true })) {
      if (!shard.isDirectory() || this.parts.queues.has(shard.name)) continue;
      const to = path.join(directory, 'queue', shard.name);
      mkdirSync(to, { recursive: true, mode: 0o700 });
      for (const file of readdirSync(path.join(from, shard.name), { withFileTypes: true }))
        if (file.isFile()) linkFile(path.join(from, shard.name, file.name), path.join(to, file.name));
    }
  }
}

/** The names that lead from a directory to a path in it, none for itself; undefined when it is elsewhere. */
function namesBetween(directory: string, inside: string): readonly string[] | undefined {
  const names = path.relative(directory, inside).split(path.sep);
  if (names[0] === '..' || path.isAbsolute(names[0]!)) return undefined;
  return names[0] === '' ? [] : names;
}

/** The path with the symbolic links of the part that exists resolved. */
function realOf(directory: string): string {
  if (existsSync(directory)) return realpathSync(directory);
  const parent = path.dirname(directory);
  return parent === directory ? directory : path.join(realOf(parent), path.basename(directory));
}

/** Makes the directory unless it is there and empty. Gives whether it was made. */
function prepare(directory: string): boolean {
  try {
    if (!existsSync(directory)) return mkdirSync(directory, { recursive: true, mode: 0o700 }) !== undefined;
    if (readdirSync(directory).length > 0) throw new MeniscusError('backup_refused', `${directory} is not empty: name a new directory`);
    return false;
  } catch (error) {
    if (error instanceof MeniscusError) throw error;
    throw new MeniscusError('backup_refused', `${directory} cannot be used: ${messageOf(error)}`, {
      cause: error,
    });
  }
}

/** Removes what was written; what was there before stays. */
function clear(directory: string, made: boolean): void {
  if (made) return rmSync(directory, { recursive: true, force: true });
  for (const name of readdirSync(directory)) rmSync(path.join(directory, name), { recursive: true, force: true });
}
