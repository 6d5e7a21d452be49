import type { IndexEntry } from '../segment/block-index.ts';
import { CHUNK, CHUNK_HEADER_BYTES, DamagedError, verifyChunk } from '../segment/chunk.ts';
import type { BlockBounds } from '../segment/directory.ts';
import type { SegmentFile } from '../segment/segment-file.ts';
import { openBlock } from '../view/segment-block.ts';

/** What is wrong with a block: it cannot be read, or only its word filter cannot, which is made anew from its words. */
export interface BlockProblem {
  readonly part: 'block' | 'filter';
  readonly reason: string;
  /** Whose rows and of when; received and time are microseconds. */
  readonly block: BlockBounds;
}

/** The reason of damage; other errors are thrown on. */
export function reasonOf(error: unknown): string {
  if (error instanceof DamagedError) return error.message;
  throw error;
}

function verifyChunks(bytes: Buffer, entry: IndexEntry): void {
  let at = 0;
  while (at < entry.length) at += CHUNK_HEADER_BYTES + verifyChunk(bytes, at).stored;
  if (at !== entry.length) throw new DamagedError('the chunks of a block do not end where they should');
  const { bounds } = openBlock(bytes.subarray(0, entry.directoryLength)).directory;
  if (bounds.tenant !== entry.tenant || bounds.rows !== entry.rows) throw new DamagedError('a block is not the one that the index means');
}

function verifyFilter(bytes: Buffer, entry: IndexEntry): void {
  if (verifyChunk(bytes, entry.length).kind !== CHUNK.filter) throw new DamagedError('there is no word filter');
}

/** Reads everything of a block and checks it. Undefined when it is sound. */
export function verifyBlock(file: SegmentFile, entry: IndexEntry): BlockProblem | undefined {
  const { offset: _o, length: _l, directoryLength: _d, filterLength: _f, ...block } = entry;
  let bytes: Buffer;
  try {
    bytes = file.readBlock(entry);
    verifyChunks(bytes, entry);
  } catch (error) {
    return { part: 'block', reason: reasonOf(error), block };
  }
  try {
    verifyFilter(bytes, entry);
    return undefined;
  } catch (error) {
    return { part: 'filter', reason: reasonOf(error), block };
  }
}
