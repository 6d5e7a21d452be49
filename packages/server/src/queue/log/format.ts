import { randomInt } from 'node:crypto';
import { crc32 } from 'node:zlib';

/**
 * The bytes of a log file: a 32-byte header, then records, each a 32-byte header and the batch, padded to 8. Little-endian.
 * docs/internals/queue-log.md has the layout; change both together.
 */
export const FILE_MAGIC = 0x314c_514d; // "MQL1"
export const FILE_VERSION = 1;
export const FILE_HEADER_BYTES = 32;
export const RECORD_HEADER_BYTES = 32;
export const RECORD_ROWS_MAX = 0xffff_ffff;
/** A length is 32 bits in the record, and no batch comes near this. */
export const RECORD_PAYLOAD_MAX = 0x7fff_0000;

const NAME = /^(\d{16})\.log$/;

export interface FileHeader {
  /**
   * The random number that begins each record of the file and so enters each checksum. A sender cannot know it, so no text can pass for a record when a
   * damaged file is searched, and no left-over of another file can either.
   */
  readonly mark: number;
  readonly first: number;
  /** Milliseconds since the epoch. */
  readonly created: number;
}

export interface RecordHeader {
  readonly mark: number;
  /** Bytes of the batch, without padding. */
  readonly length: number;
  readonly crc: number;
  readonly rows: number;
  readonly position: number;
}

export function newMark(): number {
  return randomInt(1, 0xffff_ffff);
}

/** Sixteen digits sort as numbers do, up to the greatest safe integer. */
export function fileName(first: number): string {
  return `${String(first).padStart(16, '0')}.log`;
}

/** The first position in a file's name; undefined for the name of anything else. */
export function positionOfName(name: string): number | undefined {
  const digits = NAME.exec(name)?.[1];
  return digits === undefined || !Number.isSafeInteger(Number(digits)) ? undefined : Number(digits);
}

/** Bytes that a batch of so many takes in a file. */
export function recordBytes(length: number): number {
  return RECORD_HEADER_BYTES + Math.ceil(length / 8) * 8;
}

function checksum(header: Buffer, crcAt: number, payload?: Uint8Array): number {
  const ofHeader = crc32(header.subarray(crcAt + 4, 32), crc32(header.subarray(0, crcAt)));
  return payload === undefined ? ofHeader : crc32(payload, ofHeader);
}

/** 0 magic, 4 version, 8 mark, 12 CRC-32 of the other bytes, 16 first position, 24 time of creation. */
export function encodeFileHeader(header: FileHeader): Buffer {
  const bytes = Buffer.alloc(FILE_HEADER_BYTES);
  bytes.writeUInt32LE(FILE_MAGIC, 0);
  bytes.writeUInt32LE(FILE_VERSION, 4);
  bytes.writeUInt32LE(header.mark, 8);
  bytes.writeBigUInt64LE(BigInt(header.first), 16);
  bytes.writeBigUInt64LE(BigInt(Math.trunc(header.created)), 24);
  bytes.writeUInt32LE(checksum(bytes, 12), 12);
  return bytes;
}

/** Undefined when the bytes are damaged. Throws when they are sound and of a version that this program does not know. */
export function decodeFileHeader(bytes: Buffer): FileHeader | undefined {
  if (bytes.length < FILE_HEADER_BYTES || bytes.readUInt32LE(0) !== FILE_MAGIC) return undefined;
  if (bytes.readUInt32LE(12) !== checksum(bytes, 12)) return undefined;
  const version = bytes.readUInt32LE(4);
  if (version !== FILE_VERSION) throw new Error(`the queue log has version ${version}; this program reads version ${FILE_VERSION}`);
  return { mark: bytes.readUInt32LE(8), first: Number(bytes.readBigUInt64LE(16)), created: Number(bytes.readBigUInt64LE(24)) };
}

/** 0 mark, 4 length, 8 CRC-32 of the rest of the header and the batch, 12 rows, 16 first position, 24 zero. `into` is 32 bytes of zeros. */
export function encodeRecordHeader(into: Buffer, mark: number, payload: Uint8Array, position: number, rows: number): void {
  into.writeUInt32LE(mark, 0);
  into.writeUInt32LE(payload.length, 4);
  into.writeUInt32LE(rows, 12);
  into.writeUInt32LE(position >>> 0, 16);
  into.writeUInt32LE(Math.floor(position / 2 ** 32), 20);
  into.writeUInt32LE(checksum(into, 8, payload), 8);
}

/** What the header at `at` says; undefined when no record can begin so. The checksum is not looked at. */
export function decodeRecordHeader(bytes: Buffer, at: number): RecordHeader | undefined {
  const length = bytes.readUInt32LE(at + 4);
  const rows = bytes.readUInt32LE(at + 12);
  const high = bytes.readUInt32LE(at + 20);
  const reserved = bytes.readUInt32LE(at + 24) | bytes.readUInt32LE(at + 28);
  if (length === 0 || length > RECORD_PAYLOAD_MAX || rows === 0 || high >= 2 ** 21 || reserved !== 0) return undefined;
  const position = high * 2 ** 32 + bytes.readUInt32LE(at + 16);
  return { mark: bytes.readUInt32LE(at), length, crc: bytes.readUInt32LE(at + 8), rows, position };
}

/** Whether the checksum of the record at `at`, all of it in `bytes`, is right. */
export function recordIsSound(bytes: Buffer, at: number, header: RecordHeader): boolean {
  const start = at + RECORD_HEADER_BYTES;
  return header.crc === checksum(bytes.subarray(at, start), 8, bytes.subarray(start, start + header.length));
}
