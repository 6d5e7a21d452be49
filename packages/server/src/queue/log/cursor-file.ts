import { open, readdir, readFile, rename, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { isMissing, type QueueLogger } from './io.ts';

const SUFFIX = '.cursor';

/** A consumer's name as a file name: any character is allowed in a name, few in a file. */
function pathOf(directory: string, name: string): string {
  return join(directory, encodeURIComponent(name) + SUFFIX);
}

function checksum(name: string, position: number): string {
  return crc32(`${name}\n${position}`).toString(16).padStart(8, '0');
}

/** Puts the cursor on disk: first under another name, so that the old one stays whole until the new one is. The directory is not synced. */
export async function writeCursor(directory: string, name: string, position: number): Promise<void> {
  const path = pathOf(directory, name);
  const handle = await open(`${path}.tmp`, 'w');
  try {
    await handle.writeFile(`${JSON.stringify({ version: 1, position, crc32: checksum(name, position) })}\n`);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(`${path}.tmp`, path);
}

export async function removeCursor(directory: string, name: string): Promise<void> {
  await unlink(pathOf(directory, name)).catch((error: unknown) => {
    if (!isMissing(error)) throw error;
  });
}

/** The cursors of a directory by name; undefined for one that is damaged, whose consumer begins anew at the oldest record. */
export async function readCursors(directory: string, log: QueueLogger | undefined): Promise<Map<string, number | undefined>> {
  const cursors = new Map<string, number | undefined>();
  for (const file of await readdir(directory)) {
    if (!file.endsWith(SUFFIX)) continue;
    const name = nameOf(file);
    if (name === undefined) continue;
    const position = parseCursor(name, await readFile(join(directory, file), 'utf8'));
    if (position === undefined) log?.error({ directory, file }, 'a cursor file is damaged: its consumer begins at the oldest record held');
    cursors.set(name, position);
  }
  return cursors;
}

function nameOf(file: string): string | undefined {
  try {
    return decodeURIComponent(file.slice(0, -SUFFIX.length));
  } catch {
    return undefined;
  }
}

function parseCursor(name: string, text: string): number | undefined {
  try {
    const { position, crc32 } = JSON.parse(text) as { position?: unknown; crc32?: unknown };
    if (typeof position !== 'number' || !Number.isSafeInteger(position) || position < 0) return undefined;
    return crc32 === checksum(name, position) ? position : undefined;
  } catch {
    return undefined;
  }
}
