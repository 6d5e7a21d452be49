import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { QUARANTINE } from '../build/catalog.ts';
import { compareNames, parseSegmentName, TEMPORARY, type SegmentName } from '../segment/names.ts';
import { SegmentFile } from '../segment/segment-file.ts';
import { reasonOf, verifyBlock, type BlockProblem } from './verify.ts';

/** What checking one segment found. */
export interface SegmentCheck {
  readonly segment: string;
  readonly bytes: number;
  readonly blocks: number;
  readonly rows: number;
  /** Why the file as a whole cannot be used; undefined when it can. */
  readonly unusable?: string;
  readonly problems: readonly BlockProblem[];
}

export interface StoreCheck {
  readonly ok: boolean;
  readonly segments: readonly SegmentCheck[];
  /** Files that lie in quarantine already. */
  readonly quarantined: readonly string[];
  /** Files of interrupted writing, which the next start removes. */
  readonly temporary: readonly string[];
}

function filesIn(directory: string): string[] {
  try {
    return readdirSync(directory);
  } catch (error) {
    if ((error as { code?: unknown }).code === 'ENOENT') return [];
    throw error;
  }
}

/** The segments of a directory by shard and position. */
export function segmentsIn(directory: string): SegmentName[] {
  return filesIn(directory)
    .map(parseSegmentName)
    .filter((name) => name !== undefined)
    .sort(compareNames);
}

export function quarantinedIn(directory: string): string[] {
  return filesIn(join(directory, QUARANTINE)).sort();
}

/** Reads every byte of a segment and compares its checksums. */
export function checkSegment(directory: string, name: SegmentName): SegmentCheck {
  let file: SegmentFile | undefined;
  try {
    file = new SegmentFile(directory, name);
    const problems: BlockProblem[] = [];
    const index = file.readIndex();
    for (const entry of index.entries()) {
      const problem = verifyBlock(file, entry);
      if (problem !== undefined) problems.push(problem);
    }
    return { segment: name.name, bytes: file.bytes, blocks: index.blocks, rows: file.footer.rows, problems };
  } catch (error) {
    const known = file === undefined ? { bytes: 0, rows: 0 } : { bytes: file.bytes, rows: file.footer.rows };
    return { segment: name.name, ...known, blocks: 0, unusable: reasonOf(error), problems: [] };
  } finally {
    file?.close();
  }
}

/** Checks a whole store, changing nothing. `progress` is called before each segment. Throws the system's errors. */
export function checkStore(directory: string, progress: (segment: string) => void = () => {}): StoreCheck {
  const segments = segmentsIn(directory).map((name) => {
    progress(name.name);
    return checkSegment(directory, name);
  });
  const ok = segments.every((segment) => segment.unusable === undefined && segment.problems.length === 0);
  return { ok, segments, quarantined: quarantinedIn(directory), temporary: filesIn(directory).filter((file) => file.endsWith(TEMPORARY)) };
}
