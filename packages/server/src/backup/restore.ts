import { mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { openDataDir } from '../component/data-dir.ts';
import { CONTROL_DIRECTORY } from '../control/admin-key.ts';
import { MeniscusError } from '../errors.ts';
import { copyFiles, syncDirectories } from '../component/backup-files.ts';
import { readManifest, type BackupManifest } from './manifest.ts';

const STAGING = 'restore.tmp';
/** What an empty data directory has once it is locked. */
const OWN: ReadonlySet<string> = new Set(['lock', 'pid', STAGING]);

/**
 * `meniscus restore`: fills an empty data directory, which is made when it is missing, from a backup. Rejects with bad_backup, with data_dir_in_use while a service runs there, and
 * with restore_refused when something is in it. Files appear in their places only when all are copied, tenants and keys last; cut off before, it can be run again. The backup stays as it is.
 */
export async function restoreBackup(backup: string, dataDir: string): Promise<BackupManifest> {
  const manifest = readManifest(backup);
  const directory = await openDataDir(dataDir);
  try {
    const there = readdirSync(directory.path).filter((name) => !OWN.has(name));
    if (there.length > 0)
      throw new MeniscusError(
        'restore_refused',
        `${directory.path} is not empty: it has ${there.slice(0, 5).join(', ')}; name a new one with --data-dir`,
      );
    const staging = path.join(directory.path, STAGING);
    rmSync(staging, { recursive: true, force: true });
    mkdirSync(staging, { mode: 0o700 });
    await copyFiles(manifest.files, backup, staging);
    await syncDirectories(staging);
    const names = readdirSync(staging).sort((a, b) => Number(a === CONTROL_DIRECTORY) - Number(b === CONTROL_DIRECTORY));
    for (const name of names) renameSync(path.join(staging, name), path.join(directory.path, name));
    rmSync(staging, { recursive: true });
    await syncDirectories(directory.path);
    return manifest;
  } finally {
    await directory.close();
  }
}
