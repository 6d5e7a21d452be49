import { mkdirSync } from 'node:fs';
import { rename } from 'node:fs/promises';
import path from 'node:path';
import { copyBeginning, linkFile } from '../../component/backup-files.ts';
import { writeCursor } from './cursor-file.ts';
import { isMissing, syncDirectory } from './io.ts';
import type { LogFiles } from './log-files.ts';

/**
 * Copies a log that goes on being written. All files are linked in one turn, so that none goes meanwhile; the active one, which grows, is then copied up to where it was on disk. A file that is gone
 * already was committed by every consumer, and is not needed.
 */
export async function snapshotLog(files: LogFiles, positions: ReadonlyMap<string, number>, directory: string): Promise<void> {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const { path: active, size } = files.active;
  for (const file of files.all()) {
    try {
      linkFile(file.path, path.join(directory, path.basename(file.path)));
    } catch (error) {
      if (!isMissing(error)) throw error;
    }
  }
  const link = path.join(directory, path.basename(active));
  await copyBeginning(link, `${link}.tmp`, size);
  await rename(`${link}.tmp`, link);
  for (const [name, position] of positions) await writeCursor(directory, name, position);
  await syncDirectory(directory);
}
