import { ABSENT, MSG_ABSENT, PID_NIL } from '../../event/batch.ts';
import { NIL } from '../../event/event.ts';
import { LEAF } from '../../event/leaf.ts';
import type { Column } from '../block.ts';
import { makeColumn, type FixedColumn } from './column.ts';
import { noStrings } from './dictionary-builder.ts';
import type { BlockShapes, ColumnTools } from './leaves.ts';
import type { RowRefs } from './order.ts';
import type { IndexMap, RowSource } from './row-source.ts';
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

/** The text of each of a source's dictionary entries, and the map from those entries to the block's. */
interface Lookup {
  readonly column: Uint16Array;
  readonly texts: readonly string[];
  readonly map: IndexMap;
}

/** The dictionary of a column that the sources keep as dictionary indexes. */
function mapped(set: RowSet, tools: ColumnTools, lookup: (source: RowSource) => Lookup): Dictionary {
  const { row } = set.refs;
  const index = new Uint16Array(row.length);
  const ids = new Map<string, number>();
  const serial = ++tools.serial;
  for (let stretch = 0; stretch + 1 < set.starts.length; stretch++) {
    const { column, texts, map } = lookup(set.sourceAt(stretch));
    const { stamps, indexes } = map;
    const end = set.starts[stretch + 1]!;
    for (let q = set.starts[stretch]!; q < end; q++) {
      const from = column[row[q]!]!;
      if (stamps[from] !== serial) {
        stamps[from] = serial;
        const text = texts[from]!;
        let id = ids.get(text);
        if (id === undefined) ids.set(text, (id = ids.size));
        indexes[from] = id;
      }
      index[q] = indexes[from]!;
    }
  }
  return new Dictionary([...ids.keys()], index);
}

/** The shape of each row. */
export function blockShapes(set: RowSet, tools: ColumnTools): BlockShapes {
  const { index, values } = mapped(set, tools, ({ rows, shapeMap }) => ({ column: rows.shape, texts: rows.shapes, map: shapeMap }));
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
      return makeColumn(name, set.rows, {
        strings: mapped(set, tools, ({ rows, stringMap }) => ({ column: rows[name], texts: rows.strings, map: stringMap })),
      });
    case 'producer':
      return makeColumn(name, set.rows, {
        strings: mapped(set, tools, ({ rows, originMap }) => ({ column: rows.origin, texts: rows.producers, map: originMap })),
      });
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

/** A column of small numbers in which `absent` says that a row has none. */
function byteColumn(name: 'severity' | 'facility' | 'ver' | 'flags', set: RowSet, absent: number): Column | undefined {
  const { row } = set.refs;
  const values = new Uint8Array(row.length);
  let entries = 0;
  for (let stretch = 0; stretch + 1 < set.starts.length; stretch++) {
    const column = set.sourceAt(stretch).rows[name];
    const end = set.starts[stretch + 1]!;
    for (let q = set.starts[stretch]!; q < end; q++) {
      const value = column[row[q]!]!;
      values[q] = value;
      if (value !== absent) entries++;
    }
  }
  if (entries === 0) return undefined;
  if (entries === row.length) return makeColumn(name, entries, { tag: LEAF.number, numbers: Float64Array.from(values) });
  const numbers = new Float64Array(entries);
  const rowStarts = new Uint32Array(row.length + 1);
  let at = 0;
  for (let q = 0; q < row.length; q++) {
    if (values[q] !== absent) numbers[at++] = values[q]!;
    rowStarts[q + 1] = at;
  }
  return makeColumn(name, entries, { rowStarts, tag: LEAF.number, numbers });
}
