import { crc32 } from 'node:zlib';
import { DamagedError } from './chunk.ts';

export const HEADER_BYTES = 16;
export const FOOTER_BYTES = 96;
export const FORMAT_VERSION = 1;
const HEADER_MAGIC = 0x4745_534d; // "MSEG"
const FOOTER_MAGIC = 0x5446_534d; // "MSFT"

/** The end of a segment: where its index is and what it holds in all. Bounds of time are NaN when it has no rows. */
export interface Footer {
  readonly indexOffset: number;
  readonly indexLength: number;
  readonly shard: number;
  readonly from: number;
  readonly to: number;
  readonly rows: number;
  readonly minTime: number;
  readonly maxTime: number;
  readonly minReceived: number;
  readonly maxReceived: number;
}

export function encodeHeader(): Buffer {
  const out = Buffer.alloc(HEADER_BYTES);
  out.writeUInt32LE(HEADER_MAGIC, 0);
  out.writeUInt32LE(FORMAT_VERSION, 4);
  return out;
}

/** Throws DamagedError when a file does not begin as a segment of a known version. */
export function checkHeader(bytes: Buffer): void {
  if (bytes.length < HEADER_BYTES || bytes.readUInt32LE(0) !== HEADER_MAGIC) throw new DamagedError('the file does not begin as a segment');
  const version = bytes.readUInt32LE(4);
  if (version !== FORMAT_VERSION) throw new DamagedError(`the segment has version ${version}, not ${FORMAT_VERSION}`);
}

export function encodeFooter(footer: Footer): Buffer {
  const out = Buffer.alloc(FOOTER_BYTES);
  let at = 0;
  const numbers = [
    footer.indexOffset,
    footer.from,
    footer.to,
    footer.rows,
    footer.minTime,
    footer.maxTime,
    footer.minReceived,
    footer.maxReceived,
  ];
  for (const value of numbers) at = out.writeDoubleLE(value, at);
  at = out.writeUInt32LE(footer.indexLength, at);
  at = out.writeUInt32LE(footer.shard, at);
  at = out.writeUInt32LE(FORMAT_VERSION, at);
  out.writeUInt32LE(FOOTER_MAGIC, FOOTER_BYTES - 4);
  out.writeUInt32LE(crc32(out.subarray(0, FOOTER_BYTES - 8)), FOOTER_BYTES - 8);
  return out;
}

/** Throws DamagedError. */
export function decodeFooter(bytes: Buffer): Footer {
  const intact =
    bytes.length === FOOTER_BYTES &&
    bytes.readUInt32LE(FOOTER_BYTES - 4) === FOOTER_MAGIC &&
    bytes.readUInt32LE(FOOTER_BYTES - 8) === crc32(bytes.subarray(0, FOOTER_BYTES - 8));
  if (!intact) throw new DamagedError('the footer of the segment is damaged');
  const double = (i: number): number => bytes.readDoubleLE(i * 8);
  return {
    indexOffset: double(0),
    from: double(1),
    to: double(2),
    rows: double(3),
    minTime: double(4),
    maxTime: double(5),
    minReceived: double(6),
    maxReceived: double(7),
    indexLength: bytes.readUInt32LE(64),
    shard: bytes.readUInt32LE(68),
  };
}
