import { ABSENT, MSG_ABSENT, PID_NIL } from '../../event/batch.ts';
import { NIL } from '../../event/event.ts';
import { LEAF } from '../../event/leaf.ts';
import type { Column } from '../block.ts';
import { makeColumn, type FixedColumn } from './column.ts';
import { noStrings } from './dictionary-builder.ts';
import type { BlockShapes, ColumnTools } from './leaves.ts';
import type { RowRefs } from './order.ts';
import type { IndexMap, Rows, RowSource } from './row-source.ts';
import { Dictionary, TextRunBuilder } from './text-run.ts';

/** Some rows of some sources, with the stretches of rows that come from one source: the loops below then work on one source at a time. */
export class RowSet {
  readonly refs: RowRefs;
  readonly sources: readonly RowSource[];
  /** Stretch k is the rows starts[k] to starts[k + 1] - 1. */
  readonly starts: readonly number[];

  constructor(refs: RowRefs, sources: readonly RowSource[]) {
    this.refs = refs;
    this.sources = sources;
    const starts: number[] = [];
    const { source } = refs;
    let last = -1;
    for (let q = 0; q < source.length; q++) {
      if (source[q] === last) continue;
      last = source[q]!;
      starts.push(q);
    }
    starts.push(source.length);
    this.starts = starts;
  }

  get rows(): number {
    return this.refs.row.length;
  }

  /** True when surely no text of these rows has a newline. */
  get singleLines(): boolean {
    for (let stretch = 0; stretch + 1 < this.starts.length; stretch++) if (!this.sourceAt(stretch).singleLines) return false;
    return true;
  }

  /** The source of a stretch. */
  sourceAt(stretch: number): RowSource {
    return this.sources[this.refs.source[this.starts[stretch]!]!]!;
  }

  received(): Float64Array {
    const { row, source } = this.refs;
    const out = new Float64Array(row.length);
    for (let q = 0; q < row.length; q++) out[q] = this.sources[source[q]!]!.rows.received[row[q]!]!;
    return out;
  }

  positions(): Float64Array {
    const { row, source } = this.refs;
    const out = new Float64Array(row.length);
    for (let q = 0; q < row.length; q++) out[q] = this.sources[source[q]!]!.position(row[q]!);
    return out;
  }
}

/** A column that sources keep as indexes into a dictionary: the indexes, the dictionary, and the map from it to a block's. */
interface Lookup {
  readonly indexes: (rows: Rows) => Uint16Array;
  readonly texts: (rows: Rows) => readonly string[];
  readonly map: (source: RowSource) => IndexMap;
}

const HEADER = { texts: (rows: Rows) => rows.strings, map: (source: RowSource) => source.stringMap };
const LOOKUPS = {
  host: { ...HEADER, indexes: (rows: Rows) => rows.host },
  pname: { ...HEADER, indexes: (rows: Rows) => rows.pname },
  msgid: { ...HEADER, indexes: (rows: Rows) => rows.msgid },
  producer: { indexes: (rows: Rows) => rows.origin, texts: (rows: Rows) => rows.producers, map: (source: RowSource) => source.originMap },
  shapes: { indexes: (rows: Rows) => rows.shape, texts: (rows: Rows) => rows.shapes, map: (source: RowSource) => source.shapeMap },
} satisfies Record<string, Lookup>;

/** Stretches shorter than this on average are not worth a map from the source's dictionary. */
const SHORT_STRETCH = 4;

/** The dictionary of a column that the sources keep as dictionary indexes. */
function mapped(set: RowSet, tools: ColumnTools, lookup: Lookup): Dictionary {
  const index = new Uint16Array(set.rows);
  const ids = new Map<string, number>();
  if (set.rows < set.starts.length * SHORT_STRETCH) mapEach(set, lookup, index, ids);
  else mapStretches(set, ++tools.serial, lookup, index, ids);
  return new Dictionary([...ids.keys()], index);
}

function idOf(ids: Map<string, number>, text: string): number {
  let id = ids.get(text);
  if (id === undefined) ids.set(text, (id = ids.size));
  return id;
}

function mapEach(set: RowSet, { indexes, texts }: Lookup, index: Uint16Array, ids: Map<string, number>): void {
  const { row, source } = set.refs;
  for (let q = 0; q < row.length; q++) {
    const { rows } = set.sources[source[q]!]!;
    index[q] = idOf(ids, texts(rows)[indexes(rows)[row[q]!]!]!);
  }
}

function mapStretches(set: RowSet, serial: number, lookup: Lookup, index: Uint16Array, ids: Map<string, number>): void {
  const { row } = set.refs;
  for (let stretch = 0; stretch + 1 < set.starts.length; stretch++) {
    const source = set.sourceAt(stretch);
    const from = lookup.indexes(source.rows);
    const { stamps, indexes } = lookup.map(source);
    const end = set.starts[stretch + 1]!;
    for (let q = set.starts[stretch]!; q < end; q++) {
      const at = from[row[q]!]!;
      if (stamps[at] !== serial) {
        stamps[at] = serial;
        indexes[at] = idOf(ids, lookup.texts(source.rows)[at]!);
      }
      index[q] = indexes[at]!;
    }
  }
}

/** The shape of each row. */
export function blockShapes(set: RowSet, tools: ColumnTools): BlockShapes {
  const { index, values } = mapped(set, tools, LOOKUPS.shapes);
  const rows = new Array<number>(values.length).fill(0);
  for (const shape of index) rows[shape]!++;
  return { index, texts: values, rows };
}

/** A column that is part of every event's own fields. */
export function fixedColumn(name: FixedColumn, set: RowSet, tools: ColumnTools): Column | undefined {
  switch (name) {
    case 'host':
    case 'pname':
    case 'msgid':
    case 'producer':
      return makeColumn(name, set.rows, { strings: mapped(set, tools, LOOKUPS[name]) });
    case 'pid':
      return pidColumn(set);
    case 'msg':
      return msgColumn(set);
    case 'severity':
    case 'facility':
      return byteColumn(name, set, ABSENT);
    case 'ver':
      return byteColumn(name, set, 0);
    case 'flags':
      return byteColumn(name, set, -1);
    default:
      return name satisfies never;
  }
}

/** Numbers, and strings for every other text. */
function pidColumn(set: RowSet): Column {
  const { row, source } = set.refs;
  const numbers = new Float64Array(row.length);
  const index = noStrings(row.length);
  const tags = new Uint8Array(row.length).fill(LEAF.number);
  const ids = new Map<string, number>();
  for (let q = 0; q < row.length; q++) {
    const { pid, strings } = set.sources[source[q]!]!.rows;
    const value = pid[row[q]!]!;
    if (value >= 0) {
      numbers[q] = value;
      continue;
    }
    const text = value === PID_NIL ? NIL : strings[-2 - value]!;
    let id = ids.get(text);
    if (id === undefined) ids.set(text, (id = ids.size));
    index[q] = id;
    tags[q] = LEAF.string;
  }
  if (ids.size === 0) return makeColumn('pid', row.length, { tag: LEAF.number, numbers });
  const strings = new Dictionary([...ids.keys()], index);
  const mixed = tags.includes(LEAF.number);
  return makeColumn('pid', row.length, { tags: mixed ? tags : null, numbers: mixed ? numbers : null, strings });
}

function msgColumn(set: RowSet): Column | undefined {
  const { row } = set.refs;
  const sizes = measureMsgs(set);
  if (sizes.entries === 0) return undefined;
  const rowStarts = sizes.entries === row.length ? null : new Uint32Array(row.length + 1);
  const run = new TextRunBuilder(sizes.entries, sizes.bytes + sizes.entries);
  let entries = 0;
  for (let stretch = 0; stretch + 1 < set.starts.length; stretch++) {
    const { heap, msgStart, msgLength } = set.sourceAt(stretch).rows;
    const end = set.starts[stretch + 1]!;
    for (let q = set.starts[stretch]!; q < end; q++) {
      const at = row[q]!;
      const length = msgLength[at]!;
      if (length !== MSG_ABSENT) {
        run.add(heap, msgStart[at]!, msgStart[at]! + length);
        entries++;
      }
      if (rowStarts !== null) rowStarts[q + 1] = entries;
    }
  }
  return makeColumn('msg', entries, { rowStarts, strings: run.run(set.singleLines) });
}

function measureMsgs(set: RowSet): { entries: number; bytes: number } {
  const { row, source } = set.refs;
  let entries = 0;
  let bytes = 0;
  for (let q = 0; q < row.length; q++) {
    const length = set.sources[source[q]!]!.rows.msgLength[row[q]!]!;
    if (length === MSG_ABSENT) continue;
    entries++;
    bytes += length;
  }
  return { entries, bytes };
}

const BYTES = {
  severity: (rows: Rows) => rows.severity,
  facility: (rows: Rows) => rows.facility,
  ver: (rows: Rows) => rows.ver,
  flags: (rows: Rows) => rows.flags,
};

/** A column of small numbers in which `absent` says that a row has none. */
function byteColumn(name: keyof typeof BYTES, set: RowSet, absent: number): Column | undefined {
  const { row } = set.refs;
  const bytesOf = BYTES[name];
  const values = new Float64Array(row.length);
  let entries = 0;
  for (let stretch = 0; stretch + 1 < set.starts.length; stretch++) {
    const bytes = bytesOf(set.sourceAt(stretch).rows);
    const end = set.starts[stretch + 1]!;
    for (let q = set.starts[stretch]!; q < end; q++) {
      const value = bytes[row[q]!]!;
      values[q] = value;
      if (value !== absent) entries++;
    }
  }
  if (entries === 0) return undefined;
  if (entries === row.length) return makeColumn(name, entries, { tag: LEAF.number, numbers: values });
  const numbers = new Float64Array(entries);
  const rowStarts = new Uint32Array(row.length + 1);
  let at = 0;
  for (let q = 0; q < row.length; q++) {
    if (values[q] !== absent) numbers[at++] = values[q]!;
    rowStarts[q + 1] = at;
  }
  return makeColumn(name, entries, { rowStarts, tag: LEAF.number, numbers });
}
