import type { ColumnInfo } from '../block.ts';
import { DamagedError } from './chunk.ts';

/** Where a column lies: in the area behind the directory (chunk 0) or in another chunk of the block. */
export interface Place {
  readonly chunk: number;
  readonly offset: number;
  readonly length: number;
}

/** What the index of a segment knows of a block, and the block of itself. Times are microseconds, bounds are inclusive. */
export interface BlockBounds {
  readonly tenant: number;
  readonly rows: number;
  readonly minTime: number;
  readonly maxTime: number;
  readonly minReceived: number;
  readonly maxReceived: number;
  readonly minPosition: number;
  readonly maxPosition: number;
}

/** The first chunk of a block says what is in it. */
export interface Directory {
  readonly bounds: BlockBounds;
  /** Bytes of chunk 1 and on, headers included. */
  readonly chunks: readonly number[];
  readonly columns: ReadonlyMap<string, ColumnInfo>;
  readonly places: ReadonlyMap<string, Place>;
}

/** Columns that every block has but that are no columns of an event. */
export const ROW_COLUMNS = ['#time', '#received', '#position', '#shapes'] as const;

type Num = number | string | null;
/** name, chunk, offset, length, rows, entries, tags, min, max, values, counts: the last ones only as far as they are there. */
type Line = [string, number, number, number, number?, number?, number?, Num?, Num?, (readonly string[])?, number[]?];

interface Json {
  v: 1;
  b: number[];
  c: readonly number[];
  k: Line[];
}

/** JSON knows no infinities. */
function encodeNumber(value: number | undefined): Num {
  if (value === undefined) return null;
  return Number.isFinite(value) ? value : String(value);
}

function line(name: string, place: Place, info: ColumnInfo | undefined): Line {
  const out: Line = [name, place.chunk, place.offset, place.length];
  if (info === undefined) return out;
  out.push(info.rows, info.entries, info.tags);
  if (info.min !== undefined || info.values !== undefined) out.push(encodeNumber(info.min), encodeNumber(info.max));
  if (info.values !== undefined) out.push(info.values, Array.from(info.counts!));
  return out;
}

export function encodeDirectory(
  bounds: BlockBounds,
  chunks: readonly number[],
  columns: readonly { readonly name: string; readonly place: Place; readonly info: ColumnInfo | undefined }[],
): string {
  const { tenant, rows, minTime, maxTime, minReceived, maxReceived, minPosition, maxPosition } = bounds;
  const json: Json = {
    v: 1,
    b: [tenant, rows, minTime, maxTime, minReceived, maxReceived, minPosition, maxPosition],
    c: chunks,
    k: columns.map(({ name, place, info }) => line(name, place, info)),
  };
  return JSON.stringify(json);
}

function decodeLine([name, , , , rows, entries, tags, min, max, values, counts]: Line): ColumnInfo | undefined {
  if (rows === undefined || entries === undefined || tags === undefined) return undefined;
  return {
    name,
    rows,
    entries,
    tags,
    ...(min === undefined || min === null ? {} : { min: Number(min), max: Number(max) }),
    ...(values === undefined ? {} : { values, counts: counts ?? [] }),
  };
}

/** Throws DamagedError when the text is no directory. */
export function decodeDirectory(text: string): Directory {
  try {
    const { v, b, c, k } = JSON.parse(text) as Json;
    if (v !== 1) throw new DamagedError('the directory of a block has an unknown version');
    const [tenant, rows, minTime, maxTime, minReceived, maxReceived, minPosition, maxPosition] = b as [
      number,
      number,
      number,
      number,
      number,
      number,
      number,
      number,
    ];
    const columns = new Map<string, ColumnInfo>();
    const places = new Map<string, Place>();
    for (const entry of k) {
      places.set(entry[0], { chunk: entry[1], offset: entry[2], length: entry[3] });
      const info = decodeLine(entry);
      if (info !== undefined) columns.set(info.name, info);
    }
    return { bounds: { tenant, rows, minTime, maxTime, minReceived, maxReceived, minPosition, maxPosition }, chunks: c, columns, places };
  } catch (error) {
    if (error instanceof DamagedError) throw error;
    throw new DamagedError('the directory of a block cannot be read', { cause: error });
  }
}
