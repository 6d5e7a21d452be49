import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { QUARANTINE } from '../build/catalog.ts';
import { writeTools, type WriteTools } from '../build/flush.ts';
import type { BlockBounds } from '../segment/directory.ts';
import { parseSegmentName, segmentName, type SegmentName } from '../segment/names.ts';
import { RawFile } from '../segment/raw-file.ts';
import { SegmentFile } from '../segment/segment-file.ts';
import { syncDirectory } from '../segment/segment-writer.ts';
import { checkSegment, quarantinedIn, segmentsIn } from './check.ts';
import { Rewriter } from './rewriter.ts';
import { findBlocks } from './salvage.ts';
import { verifyBlock } from './verify.ts';

/** What repairing one segment came to. */
export interface SegmentRepair {
  readonly segment: string;
  /** The segment that took its place; undefined when nothing could be done. */
  readonly output?: string;
  readonly kept: { readonly blocks: number; readonly rows: number };
  /** Blocks that are lost, as far as it is known which there were. Their bytes, or the whole file, are in quarantine. */
  readonly lost: readonly BlockBounds[];
  /** True when the file's index could not be read, so that there may have been other blocks that nothing is known of. */
  readonly uncertain: boolean;
  /** Why nothing was done. */
  readonly refused?: string;
}

export interface StoreRepair {
  /** Only segments with something wrong. */
  readonly segments: readonly SegmentRepair[];
}

function nextName({ shard, from, to, generation }: SegmentName): SegmentName {
  return segmentName(shard, from, to, generation + 1);
}

/** Writes a segment anew whose index is sound, without its damaged blocks, whose bytes go to quarantine. */
async function rewrite(directory: string, name: SegmentName, tools: WriteTools): Promise<SegmentRepair> {
  const file = new SegmentFile(directory, name);
  const output = nextName(name);
  const rewriter = new Rewriter(directory, file, output, tools);
  try {
    for (const entry of file.readIndex().entries()) {
      const problem = verifyBlock(file, entry);
      if (problem === undefined) rewriter.copy(entry);
      else if (problem.part === 'filter') await rewriter.renew(entry);
      else {
        const end = Math.min(entry.offset + entry.length + entry.filterLength, file.bytes);
        keepBytes(directory, `${name.name}.${entry.offset}.block`, file.read(entry.offset, end - entry.offset));
        rewriter.lose(entry);
      }
    }
    rewriter.finish();
  } finally {
    rewriter.abandon();
    file.close();
  }
  rmSync(join(directory, name.name));
  return { segment: name.name, output: output.name, kept: rewriter.kept, lost: rewriter.lost, uncertain: false };
}

function keepBytes(directory: string, name: string, bytes: Buffer): void {
  mkdirSync(join(directory, QUARANTINE), { recursive: true });
  writeFileSync(join(directory, QUARANTINE, name), bytes);
}

/** Makes a segment of the blocks that are found in a file without a usable index; undefined when there are none. */
async function salvage(directory: string, path: string, name: SegmentName, tools: WriteTools): Promise<SegmentRepair | undefined> {
  const raw = new RawFile(path);
  const output = nextName(name);
  let rewriter: Rewriter | undefined;
  try {
    for (const entry of findBlocks(raw)) {
      rewriter ??= new Rewriter(directory, { name, read: (offset, length) => raw.read(offset, length) }, output, tools);
      if (entry.filterLength === 0) await rewriter.renew(entry);
      else rewriter.copy(entry);
    }
    rewriter?.finish();
  } finally {
    rewriter?.abandon();
    raw.close();
  }
  if (rewriter === undefined) return undefined;
  return { segment: name.name, output: output.name, kept: rewriter.kept, lost: rewriter.lost, uncertain: true };
}

/** Repairs a segment of the store, if need be. */
async function repairSegment(directory: string, name: SegmentName, tools: WriteTools): Promise<SegmentRepair | undefined> {
  const { unusable, problems } = checkSegment(directory, name);
  if (unusable === undefined) return problems.length === 0 ? undefined : await rewrite(directory, name, tools);
  const done = await salvage(directory, join(directory, name.name), name, tools);
  mkdirSync(join(directory, QUARANTINE), { recursive: true });
  renameSync(join(directory, name.name), join(directory, QUARANTINE, done === undefined ? name.name : `${name.name}.salvaged`));
  return done ?? { segment: name.name, kept: { blocks: 0, rows: 0 }, lost: [], uncertain: true, refused: 'no block of it can be read' };
}

/** Takes back what can be read of a segment that the service put in quarantine, unless its events came into the store again from the queue. */
async function repairQuarantined(directory: string, name: SegmentName, tools: WriteTools): Promise<SegmentRepair | undefined> {
  const refuse = (refused: string): SegmentRepair => ({
    segment: name.name,
    kept: { blocks: 0, rows: 0 },
    lost: [],
    uncertain: true,
    refused,
  });
  const others = segmentsIn(directory).filter((other) => other.shard === name.shard && other.from < name.to && name.from < other.to);
  if (others.length > 0) return refuse('its events are in other segments');
  const path = join(directory, QUARANTINE, name.name);
  const done = await salvage(directory, path, name, tools);
  if (done === undefined) return refuse('no block of it can be read');
  renameSync(path, `${path}.salvaged`);
  return done;
}

/**
 * Repairs a store that no service is using: segments are written anew without damaged blocks, filters are made anew, and files whose index is damaged give
 * what blocks are found in them. What is taken out is kept in quarantine. Throws the system's errors; it may then be run again.
 */
export async function repairStore(
  directory: string,
  progress: (segment: string) => void = () => {},
  compressionLevel = 3,
): Promise<StoreRepair> {
  const tools = writeTools(compressionLevel);
  const segments: SegmentRepair[] = [];
  for (const name of segmentsIn(directory)) {
    progress(name.name);
    const repair = await repairSegment(directory, name, tools);
    if (repair !== undefined) segments.push(repair);
  }
  for (const file of quarantinedIn(directory)) {
    const name = parseSegmentName(file);
    if (name === undefined || segments.some(({ segment }) => segment === file)) continue;
    progress(file);
    const repair = await repairQuarantined(directory, name, tools);
    if (repair !== undefined) segments.push(repair);
  }
  syncDirectory(directory);
  return { segments };
}
