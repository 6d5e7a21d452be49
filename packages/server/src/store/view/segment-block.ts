import type { Block, Column, ColumnInfo } from '../block.ts';
import { columnBytes } from '../columns/column.ts';
import type { IndexEntry } from '../segment/block-index.ts';
import { ByteReader } from '../segment/bytes.ts';
import { CHUNK, DamagedError, readChunk } from '../segment/chunk.ts';
import { readColumn, readShapes } from '../segment/column-codec.ts';
import { decodeDirectory, type Directory, type Place } from '../segment/directory.ts';
import { readNumbers } from '../segment/numbers.ts';
import type { SegmentName } from '../segment/names.ts';
import { filterHas } from '../words/filter.ts';
import type { Cache } from './cache.ts';

/** What the blocks of a thread share. */
export interface BlockContext {
  readonly columns: Cache;
  readonly filters: Cache;
  /** The hash of a folded word (words.ts), remembered: a search asks every block for the same words. */
  hash(word: string): number | undefined;
}

/** The file that blocks are read from. */
export interface BlockFile {
  readonly name: SegmentName;
  read(offset: number, length: number): Buffer;
}

/** The directory with the area behind it when the whole block is one chunk. */
interface Opened {
  readonly directory: Directory;
  readonly area: Buffer;
}

/** A block of a segment. Reads throw DamagedError when the file is damaged. */
export class SegmentBlock implements Block {
  readonly shard: number;
  readonly rows: number;
  readonly minTime: number;
  readonly maxTime: number;
  readonly minReceived: number;
  readonly maxReceived: number;
  readonly storedBytes: number;
  readonly entry: IndexEntry;
  private readonly file: BlockFile;
  private readonly context: BlockContext;
  private readonly key: string;

  constructor(file: BlockFile, entry: IndexEntry, context: BlockContext) {
    this.shard = file.name.shard;
    this.rows = entry.rows;
    this.minTime = entry.minTime;
    this.maxTime = entry.maxTime;
    this.minReceived = entry.minReceived;
    this.maxReceived = entry.maxReceived;
    this.storedBytes = entry.length;
    this.entry = entry;
    this.file = file;
    this.context = context;
    this.key = `${file.name.name}:${entry.offset}:`;
  }

  mayContain(word: string): boolean {
    const hash = this.context.hash(word);
    return hash === undefined || filterHas(this.filter(), hash);
  }

  columns(): ReadonlyMap<string, ColumnInfo> {
    return this.opened().directory.columns;
  }

  time(): Float64Array {
    return this.numbers('#time');
  }

  received(): Float64Array {
    return this.numbers('#received');
  }

  position(): Float64Array {
    return this.numbers('#position');
  }

  shapes(): { readonly index: Uint16Array; readonly texts: readonly string[] } {
    return this.context.columns.get(
      `${this.key}#shapes`,
      () => readShapes(this.reader('#shapes')!, this.rows),
      ({ index, texts }) => index.byteLength + texts.reduce((sum, text) => sum + text.length + 24, 0),
    );
  }

  column(name: string): Column | undefined {
    const info = this.columns().get(name);
    if (info === undefined) return undefined;
    return this.context.columns.get(
      this.key + name,
      () => readColumn(this.reader(name)!, name, this.rows, info.entries, info.values),
      columnBytes,
    );
  }

  private filter(): Int32Array {
    return this.context.filters.get(
      this.key,
      () => this.readFilter(),
      (filter) => filter.byteLength,
    );
  }

  private readFilter(): Int32Array {
    const { offset, length, filterLength } = this.entry;
    const raw = readChunk(this.file.read(offset + length, filterLength), 0, CHUNK.filter);
    return new Int32Array(Uint8Array.from(raw).buffer);
  }

  private numbers(name: string): Float64Array {
    return this.context.columns.get(
      this.key + name,
      () => readNumbers(this.reader(name)!, this.rows),
      (numbers) => numbers.byteLength,
    );
  }

  private opened(): Opened {
    return this.context.columns.get(
      `${this.key}#`,
      () => openBlock(this.file.read(this.entry.offset, this.entry.directoryLength)),
      ({ area, directory }) => area.length + 500 * directory.places.size,
    );
  }

  /** Reads a column's bytes; undefined when the block has no column of that name. */
  private reader(name: string): ByteReader | undefined {
    const { directory, area } = this.opened();
    const place = directory.places.get(name);
    if (place === undefined) return undefined;
    const bytes = place.chunk === 0 ? area : this.chunk(directory, place);
    return new ByteReader(bytes, place.offset, place.offset + place.length);
  }

  /** A chunk that columns share is kept for the next one; one of a single column is not, as the column has its bytes. */
  private chunk(directory: Directory, place: Place): Buffer {
    const read = (): Buffer => {
      let offset = this.entry.offset + this.entry.directoryLength;
      for (let i = 0; i < place.chunk - 1; i++) offset += directory.chunks[i]!;
      const length = directory.chunks[place.chunk - 1];
      if (length === undefined) throw new DamagedError('a column is in a chunk that is not there');
      return readChunk(this.file.read(offset, length), 0, CHUNK.columns);
    };
    if (!shared(directory, place)) return read();
    return this.context.columns.get(`${this.key}#${place.chunk}`, read, (bytes) => bytes.length);
  }
}

function shared(directory: Directory, place: Place): boolean {
  let columns = 0;
  for (const { chunk } of directory.places.values()) if (chunk === place.chunk) columns++;
  return columns > 1;
}

/** Reads the first chunk of a block. Throws DamagedError. */
export function openBlock(bytes: Buffer): Opened {
  const raw = readChunk(bytes, 0, CHUNK.directory);
  const input = new ByteReader(raw);
  const text = input.text();
  return { directory: decodeDirectory(text), area: raw.subarray(4 + raw.readUInt32LE(0)) };
}
