import { isUtf8 } from 'node:buffer';
import { formatEventId, parseEventId } from '../event/event-id.ts';
import type { DeadLetter, DeadLetters } from './dead-letters.ts';

export type NewLetter = Parameters<DeadLetters['add']>[0][number];

/** When a letter was refused and its place among those of the same millisecond: its id and its place in the key order. */
export interface LetterTime {
  readonly ms: number;
  readonly sequence: number;
}

const LETTER = 0x4c;
const COUNTS = 0x43;
const KEY_BYTES = 25;
const TEXT_MAX = 1_000;
const LABEL_MAX = 256;

interface Header {
  readonly reason: string;
  readonly text: string;
  readonly source: string;
  readonly sink: string | null;
}

/** The operator's letters lie under 0; tenants' numbers begin with 1. */
export function shelfOf(tenant: number | null): number {
  return tenant ?? 0;
}

/** `L`, shelf, time: a shelf's letters are a range, oldest first. Without a time it is the range's begin. */
export function letterKey(shelf: number, time: LetterTime = { ms: 0, sequence: 0 }): Buffer {
  const key = Buffer.alloc(KEY_BYTES);
  key[0] = LETTER;
  key.writeBigUInt64BE(BigInt(shelf), 1);
  key.writeBigUInt64BE(BigInt(time.ms), 9);
  key.writeBigUInt64BE(BigInt(time.sequence), 17);
  return key;
}

/** Where a shelf's sums are kept, so that opening need not count. */
export function countsKey(shelf: number): Buffer {
  const key = Buffer.alloc(9);
  key[0] = COUNTS;
  key.writeBigUInt64BE(BigInt(shelf), 1);
  return key;
}

export function shelfOfCountsKey(key: Buffer): number {
  return Number(key.readBigUInt64BE(1));
}

/** An id is a UUID of version 7 like an event's: it sorts by time. */
export function letterId(key: Buffer): string {
  return formatEventId(Number(key.readBigUInt64BE(9)), 0, 0, Number(key.readBigUInt64BE(17)));
}

/** undefined for a text that is no id of a letter. */
export function timeOfId(id: string): LetterTime | undefined {
  const parts = parseEventId(id);
  return parts?.node === 0 && parts.shard === 0 ? { ms: parts.receivedMs, sequence: parts.position } : undefined;
}

/** Four bytes of length, the header as JSON, and the raw bytes, at most `rawMax` of them. */
export function encodeLetter(letter: NewLetter, rawMax: number): Buffer {
  const raw = cut(letter.raw, rawMax);
  const kept = raw.length < letter.raw.length ? ` (kept: the first ${raw.length} of ${letter.raw.length} bytes)` : '';
  const header: Header = {
    reason: letter.reason.slice(0, LABEL_MAX),
    text: letter.text.slice(0, TEXT_MAX) + kept,
    source: letter.source.slice(0, LABEL_MAX),
    sink: letter.sink?.slice(0, LABEL_MAX) ?? null,
  };
  const json = Buffer.from(JSON.stringify(header));
  const length = Buffer.alloc(4);
  length.writeUInt32BE(json.length);
  return Buffer.concat([length, json, raw]);
}

export function decodeLetter(key: Buffer, value: Buffer): DeadLetter {
  const { reason, text, source, sink } = decodeHeader(value);
  const raw = value.subarray(4 + value.readUInt32BE(0));
  const encoding = isUtf8(raw) ? 'utf8' : 'base64';
  const time = new Date(Number(key.readBigUInt64BE(9))).toISOString();
  return { id: letterId(key), time, reason, text, source, sink, raw: raw.toString(encoding), encoding };
}

/** Whether a letter has that reason and sink; what is left out is whatever it is. */
export function isOf(value: Buffer, { reason, sink }: { readonly reason?: string; readonly sink?: string }): boolean {
  if (reason === undefined && sink === undefined) return true;
  const header = decodeHeader(value);
  return (reason === undefined || header.reason === reason) && (sink === undefined || header.sink === sink);
}

function decodeHeader(value: Buffer): Header {
  return JSON.parse(value.toString('utf8', 4, 4 + value.readUInt32BE(0))) as Header;
}

/** At most `max` bytes, and no UTF-8 character in half: a text stays one. */
function cut(raw: Uint8Array, max: number): Uint8Array {
  if (raw.length <= max) return raw;
  let end = max;
  while (end > max - 3 && (raw[end]! & 0xc0) === 0x80) end--;
  return raw.subarray(0, (raw[end]! & 0xc0) === 0x80 ? max : end);
}
