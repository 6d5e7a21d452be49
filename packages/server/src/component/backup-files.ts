import { constants, copyFileSync, linkSync, rmSync, writeFileSync } from 'node:fs';
import { copyFile, mkdir, open, readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { randomUUID } from 'node:crypto';

const CHUNK_BYTES = 1 << 20;
/** What a file system answers that has no hard links, or not between these two places. */
const NO_LINK: ReadonlySet<string | undefined> = new Set(['EXDEV', 'EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'EMLINK', 'ENOSYS']);

function codeOf(error: unknown): string | undefined {
  return (error as NodeJS.ErrnoException).code;
}

/** Puts an immutable file into a backup without copying it where the disk allows that. Synchronous: what is done in one turn is consistent. */
export function linkFile(from: string, to: string): void {
  try {
    linkSync(from, to);
  } catch (error) {
    if (!NO_LINK.has(codeOf(error))) throw error;
    copyFileSync(from, to, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE);
  }
}

/** Whether a file of `from` can be linked into `to`. */
export function canLink(from: string, to: string): boolean {
  const name = `.link-${randomUUID()}`;
  const [source, target] = [path.join(from, name), path.join(to, name)];
  writeFileSync(source, '', { flag: 'wx', mode: 0o600 });
  try {
    linkSync(source, target);
    return true;
  } catch (error) {
    if (NO_LINK.has(codeOf(error))) return false;
    throw error;
  } finally {
    rmSync(source, { force: true });
    rmSync(target, { force: true });
  }
}

/** Copies the first `bytes` of a file; durable when it resolves. */
export async function copyBeginning(from: string, to: string, bytes: number): Promise<void> {
  const source = await open(from, 'r');
  try {
    const target = await open(to, 'wx', 0o600);
    try {
      const chunk = Buffer.alloc(Math.min(CHUNK_BYTES, Math.max(bytes, 1)));
      for (let at = 0; at < bytes;) {
        const { bytesRead } = await source.read(chunk, 0, Math.min(chunk.length, bytes - at), at);
        if (bytesRead === 0) throw new Error(`${from} ends at ${at} bytes instead of ${bytes}`);
        await target.writeFile(chunk.subarray(0, bytesRead));
        at += bytesRead;
      }
      await target.sync();
    } finally {
      await target.close();
    }
  } finally {
    await source.close();
  }
}

export interface FileEntry {
  /** Relative, with `/`. */
  readonly path: string;
  readonly bytes: number;
}

/** Every file below a directory, in order. */
export async function listFiles(directory: string, below = ''): Promise<FileEntry[]> {
  const files: FileEntry[] = [];
  const entries = await readdir(path.join(directory, below), { withFileTypes: true });
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const name = below === '' ? entry.name : `${below}/${entry.name}`;
    if (entry.isDirectory()) files.push(...(await listFiles(directory, name)));
    else if (entry.isFile()) files.push({ path: name, bytes: (await stat(path.join(directory, name))).size });
  }
  return files;
}

async function syncFile(file: string): Promise<void> {
  const handle = await open(file, 'r+');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Makes the names in a directory, and in all below it, durable. Windows cannot open directories and needs no such thing. */
export async function syncDirectories(directory: string): Promise<void> {
  if (process.platform === 'win32') return;
  for (const entry of await readdir(directory, { withFileTypes: true }))
    if (entry.isDirectory()) await syncDirectories(path.join(directory, entry.name));
  const handle = await open(directory, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Copies files by their relative paths; each is durable, the names are not yet. */
export async function copyFiles(files: readonly FileEntry[], from: string, to: string): Promise<void> {
  for (const { path: name } of files) {
    const target = path.join(to, name);
    await mkdir(path.dirname(target), { recursive: true, mode: 0o700 });
    await copyFile(path.join(from, name), target, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE);
    await syncFile(target);
  }
}
