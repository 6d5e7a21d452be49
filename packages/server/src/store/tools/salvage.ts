import type { IndexEntry } from '../segment/block-index.ts';
import { CHUNK, CHUNK_HEADER_BYTES, DamagedError, readChunkHeader, verifyChunk } from '../segment/chunk.ts';
import { HEADER_BYTES } from '../segment/footer.ts';
import type { RawFile } from '../segment/raw-file.ts';
import { openBlock } from '../view/segment-block.ts';

const CHUNK_MAGIC = Buffer.from('CHK1');
const WINDOW = 1 << 20;
/** No chunk is larger: a longer one is damage. */
const CHUNK_MAX = 256 << 20;

/** A whole chunk with its header, checked. Throws DamagedError. */
function chunkAt(file: RawFile, at: number): { readonly kind: number; readonly bytes: Buffer } {
  const { stored } = readChunkHeader(file.read(at, CHUNK_HEADER_BYTES), 0);
  if (stored > CHUNK_MAX) throw new DamagedError('a chunk is too long');
  const bytes = file.read(at, CHUNK_HEADER_BYTES + stored);
  return { kind: verifyChunk(bytes, 0).kind, bytes };
}

/** Where the next chunk may begin, at `from` or later. */
function nextMagic(file: RawFile, from: number): number | undefined {
  for (let at = from; at + CHUNK_HEADER_BYTES <= file.bytes; at += WINDOW) {
    // Windows overlap by what a magic number may reach over.
    const found = file.read(at, Math.min(WINDOW + CHUNK_MAGIC.length, file.bytes - at)).indexOf(CHUNK_MAGIC);
    if (found >= 0) return at + found;
  }
  return undefined;
}

/** The block whose directory is at an offset, if it is all there. Its filter may be missing: then its length is 0. */
function blockAt(file: RawFile, offset: number): IndexEntry | undefined {
  const first = chunkAt(file, offset);
  if (first.kind !== CHUNK.directory) return undefined;
  const { bounds, chunks } = openBlock(first.bytes).directory;
  let at = offset + first.bytes.length;
  for (const length of chunks) {
    const chunk = chunkAt(file, at);
    if (chunk.kind !== CHUNK.columns || chunk.bytes.length !== length) throw new DamagedError('a chunk of a block is missing');
    at += length;
  }
  return { ...bounds, offset, length: at - offset, directoryLength: first.bytes.length, filterLength: filterLength(file, at) };
}

function filterLength(file: RawFile, at: number): number {
  try {
    const { kind, bytes } = chunkAt(file, at);
    return kind === CHUNK.filter ? bytes.length : 0;
  } catch (error) {
    if (error instanceof DamagedError) return 0;
    throw error;
  }
}

/** Finds the sound blocks of a file whose index cannot be used, by looking for the chunks that blocks begin with. */
export function* findBlocks(file: RawFile): IterableIterator<IndexEntry> {
  let at = nextMagic(file, HEADER_BYTES);
  while (at !== undefined) {
    let end = at + 1;
    try {
      const block = blockAt(file, at);
      if (block !== undefined) {
        yield block;
        end = at + block.length + block.filterLength;
      }
    } catch (error) {
      if (!(error instanceof DamagedError)) throw error;
    }
    at = nextMagic(file, end);
  }
}
