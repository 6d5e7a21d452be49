import type { Column, ColumnInfo } from '../block.ts';
import { describe } from '../columns/column.ts';
import { extent, type RowBlock } from '../columns/row-block.ts';
import { addColumnWords } from '../words/column-words.ts';
import { buildFilter } from '../words/filter.ts';
import { WordSet } from '../words/words.ts';
import { ByteWriter } from './bytes.ts';
import { CHUNK, type ChunkWriter } from './chunk.ts';
import { writeColumn, writeShapes } from './column-codec.ts';
import { encodeDirectory, type BlockBounds, type Place } from './directory.ts';
import { writeNumbers } from './numbers.ts';

/** A block with less in it is one chunk: a call of the compressor costs more than it gains on small columns. */
const SINGLE_CHUNK = 32 << 10;
/** A column with more in it has a chunk of its own. */
const OWN_CHUNK = 4 << 10;
/** Smaller ones share chunks of about this size. */
const SHARED_CHUNK = 64 << 10;

/** A block as it is written to a segment: chunks, the filter last. */
export interface EncodedBlock extends BlockBounds {
  readonly parts: readonly Uint8Array[];
  /** Bytes of all chunks but the filter. */
  readonly length: number;
  /** Bytes of the first chunk. */
  readonly directoryLength: number;
  readonly filterLength: number;
}

interface Written {
  readonly name: string;
  readonly info: ColumnInfo | undefined;
  /** Bytes in the encoder's area. */
  readonly from: number;
  readonly to: number;
}

function size(parts: readonly Uint8Array[]): number {
  return parts.reduce((sum, part) => sum + part.length, 0);
}

/** Encodes blocks one after the other. One per thread. */
export class BlockEncoder {
  private readonly chunks: ChunkWriter;
  private readonly area = new ByteWriter(1 << 20);
  private readonly shared = new ByteWriter(2 * SHARED_CHUNK);
  private readonly words = new WordSet();
  private written: Written[] = [];

  constructor(chunks: ChunkWriter) {
    this.chunks = chunks;
  }

  encode(tenant: number, block: RowBlock): EncodedBlock {
    this.area.clear();
    this.words.clear();
    this.written = [];
    this.rowColumns(block);
    for (const name of block.names()) {
      const column = block.column(name);
      if (column !== undefined) this.column(column, block.rows);
    }
    const filter = this.chunks.chunk(CHUNK.filter, new Uint8Array(buildFilter(this.words).buffer));
    const positions = extent(block.position());
    const bounds: BlockBounds = {
      tenant,
      rows: block.rows,
      minTime: block.minTime,
      maxTime: block.maxTime,
      minReceived: block.minReceived,
      maxReceived: block.maxReceived,
      minPosition: positions.min,
      maxPosition: positions.max,
    };
    const { directory, rest } = this.area.length < SINGLE_CHUNK ? this.single(bounds) : this.several(bounds);
    return {
      ...bounds,
      parts: [...directory, ...rest, ...filter],
      length: size(directory) + size(rest),
      directoryLength: size(directory),
      filterLength: size(filter),
    };
  }

  private put(name: string, info: ColumnInfo | undefined, write: (out: ByteWriter) => void): void {
    const from = this.area.length;
    write(this.area);
    this.written.push({ name, info, from, to: this.area.length });
  }

  private rowColumns(block: RowBlock): void {
    this.put('#time', undefined, (out) => writeNumbers(out, block.time(), true));
    this.put('#received', undefined, (out) => writeNumbers(out, block.received(), true));
    this.put('#position', undefined, (out) => writeNumbers(out, block.position(), true));
    this.put('#shapes', undefined, (out) => writeShapes(out, block.shapes()));
  }

  private column(column: Column, rows: number): void {
    const info = describe(column, rows);
    this.put(column.name, info, (out) => writeColumn(out, column, info.values !== undefined));
    addColumnWords(this.words, column);
  }

  /** Everything in one chunk: the length of the directory, the directory, the area. */
  private single(bounds: BlockBounds) {
    const columns = this.written.map(({ name, info, from, to }) => ({ name, info, place: { chunk: 0, offset: from, length: to - from } }));
    const directory = this.directory(encodeDirectory(bounds, [], columns), this.area.view());
    return { directory, rest: [] };
  }

  /** The directory, a chunk for each large column, and chunks that small ones share. */
  private several(bounds: BlockBounds) {
    const rest: Uint8Array[] = [];
    const lengths: number[] = [];
    const add = (raw: Uint8Array): void => {
      const parts = this.chunks.chunk(CHUNK.columns, raw);
      rest.push(...parts);
      lengths.push(size(parts));
    };
    const places = new Map<string, Place>();
    let sharing: { name: string; offset: number; length: number }[] = [];
    const share = (): void => {
      if (sharing.length === 0) return;
      add(this.shared.view());
      for (const { name, offset, length } of sharing) places.set(name, { chunk: lengths.length, offset, length });
      sharing = [];
      this.shared.clear();
    };
    for (const { name, from, to } of this.written) {
      const raw = this.area.view().subarray(from, to);
      if (raw.length >= OWN_CHUNK) {
        add(raw);
        places.set(name, { chunk: lengths.length, offset: 0, length: raw.length });
      } else {
        sharing.push({ name, offset: this.shared.length, length: raw.length });
        this.shared.put(raw);
        if (this.shared.length >= SHARED_CHUNK) share();
      }
    }
    share();
    const columns = this.written.map(({ name, info }) => ({ name, info, place: places.get(name)! }));
    return { directory: this.directory(encodeDirectory(bounds, lengths, columns), undefined), rest };
  }

  private directory(text: string, area: Buffer | undefined): Uint8Array[] {
    const out = this.shared;
    out.clear();
    out.text(text);
    if (area !== undefined) out.put(area);
    const parts = this.chunks.chunk(CHUNK.directory, out.view());
    out.clear();
    return parts;
  }
}
