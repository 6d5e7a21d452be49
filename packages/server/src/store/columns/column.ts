import { LEAF } from '../../event/leaf.ts';
import { NIL } from '../../event/event.ts';
import { OVERFLOW, type Column, type ColumnInfo, type StringValues } from '../block.ts';
import { DICTIONARY_VALUES } from './dictionary-builder.ts';
import { Dictionary } from './text-run.ts';

/** The columns of the event itself, in the order of segments; the leaves of native and normalized follow. */
export const FIXED_COLUMNS = ['host', 'pname', 'msgid', 'pid', 'msg', 'severity', 'facility', 'ver', 'flags', 'producer'] as const;

export type FixedColumn = (typeof FIXED_COLUMNS)[number];

const NIL_COLUMNS: ReadonlySet<string> = new Set(['host', 'pname', 'msgid', 'pid']);

/** A column with one tag, or with tags by entry when they vary. */
export function makeColumn(
  name: string,
  entries: number,
  parts: {
    rowStarts?: Uint32Array | null;
    tag?: number;
    tags?: Uint8Array | null;
    numbers?: Float64Array | null;
    strings?: StringValues | null;
    names?: readonly string[];
  },
): Column {
  const { rowStarts = null, tag = LEAF.string, tags = null, numbers = null, strings = null, names } = parts;
  const column = { name, entries, rowStarts, tag, tags, numbers, strings };
  return names === undefined ? column : { ...column, names };
}

/** About how much memory a column takes. */
export function columnBytes(column: Column): number {
  const { rowStarts, tags, numbers, strings, names } = column;
  let bytes = 200 + (rowStarts?.byteLength ?? 0) + (tags?.byteLength ?? 0) + (numbers?.byteLength ?? 0) + (names?.length ?? 0) * 8;
  if (strings?.kind === 'dictionary') bytes += strings.index.byteLength + strings.values.reduce((sum, value) => sum + 24 + value.length, 0);
  // The text of a run may be made as a string besides its bytes.
  if (strings?.kind === 'text') bytes += strings.bytes.length * 2 + strings.starts.byteLength;
  return bytes;
}

/** Which tags occur among the entries, as bits. */
export function tagBits(column: Column): number {
  if (column.tags === null) return column.entries === 0 ? 0 : 1 << column.tag;
  let bits = 0;
  for (const tag of column.tags) bits |= 1 << tag;
  return bits;
}

/** Rows that have an entry; of host, pname, msgid and pid those where it is not nil. */
function rowsWith(column: Column, rows: number, counts: readonly number[] | undefined): number {
  const { rowStarts, strings } = column;
  if (NIL_COLUMNS.has(column.name) && strings?.kind === 'dictionary') {
    const nil = strings.values.indexOf(NIL);
    return nil < 0 ? rows : rows - counts![nil]!;
  }
  if (rowStarts === null) return rows;
  let count = 0;
  for (let row = 0; row < rows; row++) if (rowStarts[row + 1]! > rowStarts[row]!) count++;
  return count;
}

function isNumber(column: Column, entry: number): boolean {
  const tag = column.tags === null ? column.tag : column.tags[entry]!;
  return tag === LEAF.number || tag === LEAF.numberText;
}

/** Bounds of a column's numbers, undefined when it has none. */
function bounds(column: Column): { min: number; max: number } | undefined {
  const { numbers, tags } = column;
  if (numbers === null) return undefined;
  let min = Infinity;
  let max = -Infinity;
  for (let i = 0; i < numbers.length; i++) {
    if (tags !== null && !isNumber(column, i)) continue;
    const value = numbers[i]!;
    if (value < min) min = value;
    if (value > max) max = value;
  }
  return min > max ? undefined : { min, max };
}

/** What is known of a column of a block with so many rows. */
export function describe(column: Column, rows: number): ColumnInfo {
  const { strings } = column;
  const dictionary = strings instanceof Dictionary ? strings : undefined;
  const counts = dictionary?.counts();
  return {
    name: column.name,
    rows: rowsWith(column, rows, counts),
    entries: column.entries,
    tags: tagBits(column),
    ...bounds(column),
    ...(dictionary !== undefined && counts !== undefined && dictionary.values.length <= DICTIONARY_VALUES && column.name !== OVERFLOW
      ? { values: dictionary.values, counts }
      : {}),
  };
}
