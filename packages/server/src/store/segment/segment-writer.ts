import { closeSync, fdatasyncSync, fsyncSync, openSync, renameSync, rmSync, writevSync } from 'node:fs';
import { join } from 'node:path';
import type { EncodedBlock } from './block-encoder.ts';
import { encodeIndex, type IndexEntry } from './block-index.ts';
import { CHUNK, type ChunkWriter } from './chunk.ts';
import type { BlockBounds } from './directory.ts';
import { encodeFooter, encodeHeader } from './footer.ts';
import { TEMPORARY, type SegmentName } from './names.ts';

/** Writes bytes and forces a directory's entries to disk. Where directories cannot be synced (Windows) renames are durable enough. */
export function syncDirectory(directory: string): void {
  if (process.platform === 'win32') return;
  const fd = openSync(directory, 'r');
  try {
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}

/** So much is gathered before it is written. */
const WRITE_BYTES = 512 << 10;

function writeAll(fd: number, parts: readonly Uint8Array[], position: number): void {
  let left = [...parts];
  let at = position;
  while (left.length > 0) {
    // The system takes at most 1,024 buffers in one call.
    let written = writevSync(fd, left.slice(0, 1_024), at);
    at += written;
    let done = 0;
    while (done < left.length && written >= left[done]!.length) written -= left[done++]!.length;
    left = left.slice(done);
    if (written > 0) left[0] = left[0]!.subarray(written);
  }
}

/**
 * Writes a segment under a temporary name; `finish` makes it durable and gives it its name, in that order, so that a file with the name of a segment
 * is always whole. `abandon` removes what was written.
 */
export class SegmentWriter {
  readonly name: SegmentName;
  private readonly directory: string;
  private readonly temporary: string;
  private readonly chunks: ChunkWriter;
  private readonly fd: number;
  private readonly entries: IndexEntry[] = [];
  /** Where the next part will lie. */
  private at = 0;
  /** Parts that are not written yet: small blocks are written together. */
  private pending: Uint8Array[] = [];
  private pendingBytes = 0;
  private open = true;

  constructor(directory: string, name: SegmentName, chunks: ChunkWriter) {
    this.directory = directory;
    this.name = name;
    this.temporary = join(directory, name.name + TEMPORARY);
    this.chunks = chunks;
    this.fd = openSync(this.temporary, 'w', 0o640);
    try {
      this.write([encodeHeader()]);
      this.flush();
    } catch (error) {
      this.abandon();
      throw error;
    }
  }

  /** Bytes so far. */
  get bytes(): number {
    return this.at;
  }

  get blocks(): number {
    return this.entries.length;
  }

  add(block: EncodedBlock): void {
    const offset = this.at;
    this.write(block.parts);
    const { parts: _, ...entry } = block;
    this.entries.push({ ...entry, offset });
  }

  /** Copies a block from another segment: its chunks and filter as they are. */
  copy(entry: IndexEntry, bytes: Uint8Array): void {
    const offset = this.at;
    this.write([bytes]);
    this.entries.push({ ...entry, offset });
  }

  finish(): void {
    const indexOffset = this.at;
    const index = this.chunks.chunk(CHUNK.index, encodeIndex(this.entries));
    const { shard, from, to } = this.name;
    const indexLength = index[0].length + index[1].length;
    this.write([...index, encodeFooter({ indexOffset, indexLength, shard, from, to, ...totals(this.entries) })]);
    this.flush();
    fdatasyncSync(this.fd);
    this.close();
    renameSync(this.temporary, join(this.directory, this.name.name));
    syncDirectory(this.directory);
  }

  /** Removes what was written. Idempotent; does nothing after `finish`. */
  abandon(): void {
    if (!this.open) return;
    this.close();
    rmSync(this.temporary, { force: true });
  }

  private write(parts: readonly Uint8Array[]): void {
    for (const part of parts) {
      this.pending.push(part);
      this.pendingBytes += part.length;
      this.at += part.length;
    }
    if (this.pendingBytes >= WRITE_BYTES) this.flush();
  }

  private flush(): void {
    writeAll(this.fd, this.pending, this.at - this.pendingBytes);
    this.pending = [];
    this.pendingBytes = 0;
  }

  private close(): void {
    this.open = false;
    closeSync(this.fd);
  }
}

/** The rows and bounds of some blocks together. */
export function totals(entries: readonly BlockBounds[]) {
  const none = entries.length === 0;
  const all = {
    rows: 0,
    minTime: none ? NaN : Infinity,
    maxTime: none ? NaN : -Infinity,
    minReceived: none ? NaN : Infinity,
    maxReceived: none ? NaN : -Infinity,
  };
  for (const entry of entries) {
    all.rows += entry.rows;
    all.minTime = Math.min(all.minTime, entry.minTime);
    all.maxTime = Math.max(all.maxTime, entry.maxTime);
    all.minReceived = Math.min(all.minReceived, entry.minReceived);
    all.maxReceived = Math.max(all.maxReceived, entry.maxReceived);
  }
  return all;
}
