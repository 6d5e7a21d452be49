import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { onEnd, type Cleanup } from './cleanup.ts';

/** A directory of its own, removed at the end. */
export function temporaryDirectory(t: Cleanup): string {
  const directory = mkdtempSync(path.join(tmpdir(), 'meniscus-'));
  onEnd(t, () => rmSync(directory, { recursive: true, force: true, maxRetries: 3 }));
  return directory;
}
