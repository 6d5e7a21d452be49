import { readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { MeniscusError } from '../errors.ts';
import type { FileEntry } from '../component/backup-files.ts';

/** The last file that is written: a directory without it is no whole backup. */
export const MANIFEST_FILE = 'backup.json';
const VERSION = 1;

export interface BackupManifest {
  readonly version: number;
  /** Of the program. */
  readonly meniscus: string;
  /** ISO 8601: everything acknowledged before is in it. */
  readonly created_at: string;
  readonly files: readonly FileEntry[];
}

export function newManifest(meniscus: string, created: Date, files: readonly FileEntry[]): BackupManifest {
  return { version: VERSION, meniscus, created_at: created.toISOString(), files };
}

function isEntry(value: unknown): value is FileEntry {
  const { path: name, bytes } = (value ?? {}) as Partial<FileEntry>;
  // A list that names files outside of the backup is not ours.
  return (
    typeof name === 'string' && typeof bytes === 'number' && name !== '' && !path.isAbsolute(name) && !name.split(/[\\/]/).includes('..')
  );
}

/** Reads and checks the manifest of a backup: every file is there in its length. Throws bad_configuration. */
export function readManifest(directory: string): BackupManifest {
  const bad = (why: string): MeniscusError => new MeniscusError('bad_backup', `${directory} ${why}`);
  let manifest: BackupManifest;
  try {
    manifest = JSON.parse(readFileSync(path.join(directory, MANIFEST_FILE), 'utf8')) as BackupManifest;
  } catch (error) {
    const missing = (error as NodeJS.ErrnoException).code === 'ENOENT';
    throw bad(missing ? `has no ${MANIFEST_FILE}: it is no backup, or one that was cut short` : `has an unreadable ${MANIFEST_FILE}`);
  }
  if (typeof manifest !== 'object' || manifest === null || !Array.isArray(manifest.files)) throw bad(`has an unreadable ${MANIFEST_FILE}`);
  if (manifest.version !== VERSION) throw bad(`has version ${JSON.stringify(manifest.version)}; this program reads version ${VERSION}`);
  for (const entry of manifest.files as readonly unknown[]) {
    if (!isEntry(entry)) throw bad(`has an unreadable ${MANIFEST_FILE}`);
    const found = statSync(path.join(directory, entry.path), { throwIfNoEntry: false });
    if (found === undefined) throw bad(`lacks the file ${entry.path}`);
    if (found.size !== entry.bytes) throw bad(`has ${found.size} instead of ${entry.bytes} bytes in ${entry.path}`);
  }
  return manifest;
}
