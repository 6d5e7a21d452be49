import { constants, crc32, zstdCompressSync, zstdDecompressSync } from 'node:zlib';

/** Everything in a segment but its header and footer is a chunk: a small header, then bytes that are compressed when that makes them smaller. */
export const CHUNK_HEADER_BYTES = 20;
const MAGIC = 0x314b_4843; // "CHK1"

/** What a chunk holds. Stored: never renumber. */
export const CHUNK = { directory: 1, columns: 2, filter: 3, index: 4 } as const;
export type ChunkKind = (typeof CHUNK)[keyof typeof CHUNK];

const STORED = 0;
const ZSTD = 1;
/** Less is not worth a call of the compressor. */
const COMPRESS_MIN = 64;

/** Thrown when bytes are not what was written. */
export class DamagedError extends Error {}

export interface ChunkHeader {
  readonly kind: ChunkKind;
  readonly compression: number;
  readonly encryption: number;
  /** Bytes after the header. */
  readonly stored: number;
  /** Bytes before compression. */
  readonly raw: number;
  readonly crc: number;
}

/** Makes chunks with one compression level. */
export class ChunkWriter {
  private readonly options: { params: Record<number, number> };

  constructor(level: number) {
    this.options = { params: { [constants.ZSTD_c_compressionLevel]: level } };
  }

  /** Header and payload, to be written one after the other. Filters do not compress, so they are stored as they are, in the caller's bytes. */
  chunk(kind: ChunkKind, raw: Uint8Array): [Buffer, Uint8Array] {
    let payload = raw;
    let compression = STORED;
    if (raw.length >= COMPRESS_MIN && kind !== CHUNK.filter) {
      const chunkSize = Math.max(1_024, Math.min(raw.length, 1 << 20));
      const compressed = zstdCompressSync(raw, { ...this.options, chunkSize });
      if (compressed.length < raw.length) {
        payload = compressed;
        compression = ZSTD;
      }
    }
    // The caller uses the bytes again before these are written.
    if (payload === raw && kind !== CHUNK.filter) payload = Buffer.from(raw);
    return [header(kind, compression, raw.length, payload), payload];
  }
}

function header(kind: ChunkKind, compression: number, raw: number, payload: Uint8Array): Buffer {
  const out = Buffer.alloc(CHUNK_HEADER_BYTES);
  out.writeUInt32LE(MAGIC, 0);
  out[4] = kind;
  out[5] = compression;
  // Byte 6: encryption, 0 = none. Else the stored bytes begin with a key id of 4 bytes and a nonce of 12. Byte 7 is not used.
  out.writeUInt32LE(payload.length, 8);
  out.writeUInt32LE(raw, 12);
  out.writeUInt32LE(crc32(payload, crc32(out.subarray(0, 16))), 16);
  return out;
}

/** Reads the header of a chunk at an offset of some bytes. Throws DamagedError. */
export function readChunkHeader(bytes: Buffer, at: number): ChunkHeader {
  if (at + CHUNK_HEADER_BYTES > bytes.length || bytes.readUInt32LE(at) !== MAGIC) throw new DamagedError('there is no chunk');
  return {
    kind: bytes[at + 4] as ChunkKind,
    compression: bytes[at + 5]!,
    encryption: bytes[at + 6]!,
    stored: bytes.readUInt32LE(at + 8),
    raw: bytes.readUInt32LE(at + 12),
    crc: bytes.readUInt32LE(at + 16),
  };
}

/** Checks a chunk at an offset; gives its header. Throws DamagedError. */
export function verifyChunk(bytes: Buffer, at: number): ChunkHeader {
  const head = readChunkHeader(bytes, at);
  const start = at + CHUNK_HEADER_BYTES;
  if (start + head.stored > bytes.length) throw new DamagedError('a chunk is cut off');
  const crc = crc32(bytes.subarray(start, start + head.stored), crc32(bytes.subarray(at, at + 16)));
  if (crc !== head.crc) throw new DamagedError('the checksum of a chunk does not fit');
  return head;
}

/** The raw bytes of a chunk of the expected kind at an offset, checked. They may share memory with `bytes`. Throws DamagedError. */
export function readChunk(bytes: Buffer, at: number, kind: ChunkKind): Buffer {
  const head = verifyChunk(bytes, at);
  if (head.kind !== kind) throw new DamagedError(`a chunk is of kind ${head.kind}, not ${kind}`);
  if (head.encryption !== 0) throw new DamagedError('a chunk is encrypted in a way this version does not know');
  const start = at + CHUNK_HEADER_BYTES;
  const stored = bytes.subarray(start, start + head.stored);
  if (head.compression === STORED) return stored;
  if (head.compression !== ZSTD) throw new DamagedError('a chunk is compressed in a way this version does not know');
  // One byte of room more than needed makes the decompressor finish in one step.
  const raw = zstdDecompressSync(stored, { chunkSize: Math.max(1_024, head.raw + 1), maxOutputLength: Math.max(1, head.raw) });
  if (raw.length !== head.raw) throw new DamagedError('a chunk is not as long as it should be');
  return raw;
}
