import { LEAF } from '../../event/leaf.ts';
import type { ShapeCache } from '../../event/shape.ts';
import { OVERFLOW, type Column } from '../block.ts';
import { makeColumn } from './column.ts';
import { noStrings, type DictionaryBuilder } from './dictionary-builder.ts';
import type { RowRefs } from './order.ts';
import type { RowSource } from './row-source.ts';
import { TextRunBuilder, type Dictionary } from './text-run.ts';

/** What building columns needs from one block to the next. One per thread. */
export interface ColumnTools {
  readonly shapes: ShapeCache;
  readonly dictionary: DictionaryBuilder;
  /** Serial number of the last column built (IndexMap). */
  serial: number;
}

/** The shapes of a block: the shape of each row and how many rows have each. */
export interface BlockShapes {
  readonly index: Uint16Array;
  readonly texts: readonly string[];
  readonly rows: readonly number[];
}

/**
 * The leaves of a block's rows by column: column c has the entries starts[c] to starts[c + 1] - 1, each with its row in the block, its tag and its eight
 * bytes as in a batch. Filled by counting and scattering, so that nothing is allocated per leaf, and read once in the order of rows: the columns are then built from
 * entries that lie side by side.
 */
export class Leaves {
  readonly names: readonly string[];
  /** Columns that share the OVERFLOW column, by entry of it. */
  private readonly overflowNames: string[] = [];
  private readonly ids = new Map<string, number>();
  private readonly starts: Uint32Array;
  private readonly row: Uint16Array;
  private readonly tag: Uint8Array;
  private readonly value: Float64Array;
  private readonly refs: RowRefs;
  private readonly sources: readonly RowSource[];

  constructor(refs: RowRefs, sources: readonly RowSource[], shapes: BlockShapes, cache: ShapeCache, columnsMax: number) {
    this.refs = refs;
    this.sources = sources;
    const names: string[] = [];
    const columnsOf = shapes.texts.map((text) => this.number(cache.get(text).columns, names, columnsMax));
    this.names = names;
    this.starts = this.count(columnsOf, shapes);
    const total = this.starts[names.length]!;
    this.row = new Uint16Array(total);
    this.tag = new Uint8Array(total);
    this.value = new Float64Array(total);
    this.scatter(columnsOf, shapes, cache);
  }

  has(name: string): boolean {
    return this.ids.has(name) || (name === OVERFLOW && this.names.at(-1) === OVERFLOW);
  }

  /** The values of a column. */
  column(name: string, tools: ColumnTools): Column | undefined {
    const id = name === OVERFLOW && this.names.at(-1) === OVERFLOW ? this.names.length - 1 : this.ids.get(name);
    if (id === undefined) return undefined;
    return new LeafColumn(name, this.view(id), tools).build(
      this.refs.row.length,
      this.names[id] === OVERFLOW ? this.overflowNames : undefined,
    );
  }

  private view(id: number): LeafEntries {
    const from = this.starts[id]!;
    const to = this.starts[id + 1]!;
    return {
      row: this.row.subarray(from, to),
      tags: this.tag.subarray(from, to),
      numbers: this.value.subarray(from, to),
      texts: new Uint32Array(this.value.buffer, from * 8, (to - from) * 2),
      source: this.refs.source,
      sources: this.sources,
    };
  }

  /** The number of each of a shape's columns; the names beyond the limit get the number of OVERFLOW, the last. */
  private number(columns: readonly string[], names: string[], max: number): Uint32Array {
    return Uint32Array.from(columns, (name) => {
      let id = this.ids.get(name);
      if (id === undefined) {
        if (names.length >= max) {
          if (names.length === max) names.push(OVERFLOW);
          return max;
        }
        id = names.length;
        this.ids.set(name, id);
        names.push(name);
      }
      return id;
    });
  }

  private count(columnsOf: readonly Uint32Array[], shapes: BlockShapes): Uint32Array {
    const starts = new Uint32Array(this.names.length + 1);
    for (const [shape, columns] of columnsOf.entries()) for (const id of columns) starts[id + 1]! += shapes.rows[shape]!;
    for (let id = 1; id < starts.length; id++) starts[id]! += starts[id - 1]!;
    return starts;
  }

  private scatter(columnsOf: readonly Uint32Array[], shapes: BlockShapes, cache: ShapeCache): void {
    const { source, row } = this.refs;
    const { row: rows, tag, value } = this;
    const next = this.starts.slice();
    // As halves: texts read as doubles may be NaNs, whose bits need not survive.
    const halves = new Uint32Array(value.buffer);
    const overflow = this.names.at(-1) === OVERFLOW ? this.names.length - 1 : -1;
    for (let q = 0; q < row.length; q++) {
      const shape = shapes.index[q]!;
      const columns = columnsOf[shape]!;
      const { leafStart, leafTag, leafText } = this.sources[source[q]!]!.rows;
      let leaf = leafStart[row[q]!]!;
      for (let k = 0; k < columns.length; k++, leaf++) {
        const id = columns[k]!;
        const at = next[id]!++;
        rows[at] = q;
        tag[at] = leafTag[leaf]!;
        halves[2 * at] = leafText[2 * leaf]!;
        halves[2 * at + 1] = leafText[2 * leaf + 1]!;
        if (id === overflow) this.overflowNames.push(cache.get(shapes.texts[shape]!).columns[k]!);
      }
    }
  }
}

interface LeafEntries {
  readonly row: Uint16Array;
  readonly tags: Uint8Array;
  /** Of each entry its value or, the same bytes, where its text lies: offset and length. */
  readonly numbers: Float64Array;
  readonly texts: Uint32Array;
  /** By row of the block. */
  readonly source: Uint16Array;
  readonly sources: readonly RowSource[];
}

/** Builds one leaf column. */
class LeafColumn {
  private readonly name: string;
  private readonly entries: LeafEntries;
  private readonly count: number;
  private readonly tools: ColumnTools;
  private readonly tags: Uint8Array;
  private bits = 0;
  private textBytes = 0;

  constructor(name: string, entries: LeafEntries, tools: ColumnTools) {
    this.name = name;
    this.entries = entries;
    this.count = entries.row.length;
    this.tools = tools;
    this.tags = entries.tags;
  }

  build(rows: number, names: readonly string[] | undefined): Column {
    const numbers = this.readTags();
    const strings = (this.bits & ((1 << LEAF.string) | (1 << LEAF.numberText))) === 0 ? null : (this.dictionary() ?? this.texts());
    if (numbers !== null && strings !== null) this.numberTexts(numbers);
    const single = (this.bits & (this.bits - 1)) === 0;
    return makeColumn(this.name, this.count, {
      rowStarts: rowStarts(this.entries.row, rows),
      tag: this.tags[0] ?? LEAF.null,
      tags: single ? null : this.tags,
      numbers,
      strings,
      ...(names === undefined ? {} : { names }),
    });
  }

  /** Reads the tags, the sizes of the texts and the numbers. */
  private readTags(): Float64Array | null {
    const { numbers, texts } = this.entries;
    const { tags, count } = this;
    let bits = 0;
    let bytes = 0;
    for (let i = 0; i < count; i++) {
      const tag = tags[i]!;
      bits |= 1 << tag;
      if (tag >= LEAF.string) bytes += texts[2 * i + 1]! + 1;
    }
    this.bits = bits;
    this.textBytes = bytes;
    if ((bits & ((1 << LEAF.number) | (1 << LEAF.numberText))) === 0) return null;
    if (bits === 1 << LEAF.number) return numbers.slice();
    const values = new Float64Array(count);
    for (let i = 0; i < count; i++) if (tags[i] === LEAF.number) values[i] = numbers[i]!;
    return values;
  }

  /** The strings as a dictionary, or undefined when there are too many. */
  private dictionary(): Dictionary | undefined {
    const { row, texts, source, sources } = this.entries;
    const { tags, count } = this;
    const builder = this.tools.dictionary;
    builder.begin();
    const index = this.bits === 1 << LEAF.string ? new Uint16Array(count) : noStrings(count);
    let last = -1;
    let lastStart = -1;
    let lastLength = -1;
    let value = -1;
    let heap: Buffer | undefined;
    for (let i = 0; i < count; i++) {
      if (tags[i]! < LEAF.string) continue;
      const from = source[row[i]!]!;
      if (from !== last) {
        heap = sources[from]!.rows.heap;
        last = from;
        lastStart = -1;
      }
      const start = texts[2 * i]!;
      // What a rulebase adds to every event lies in a batch but once.
      const length = texts[2 * i + 1]!;
      if (start !== lastStart || length !== lastLength) {
        value = builder.index(heap!, start, start + length);
        if (value < 0) return undefined;
        lastStart = start;
        lastLength = length;
      }
      index[i] = value;
    }
    return builder.finish(index);
  }

  private texts() {
    const { row, texts, source, sources } = this.entries;
    const { tags, count } = this;
    const run = new TextRunBuilder(count, this.textBytes + count);
    for (let i = 0; i < count; i++) {
      if (tags[i]! < LEAF.string) {
        run.addEmpty();
        continue;
      }
      const start = texts[2 * i]!;
      run.add(sources[source[row[i]!]!]!.rows.heap, start, start + texts[2 * i + 1]!);
    }
    return run.run(false);
  }

  /** Gives number texts their value as doubles. */
  private numberTexts(numbers: Float64Array): void {
    const { row, texts, source, sources } = this.entries;
    for (let i = 0; i < this.count; i++) {
      if (this.tags[i] !== LEAF.numberText) continue;
      const { heap } = sources[source[row[i]!]!]!.rows;
      const start = texts[2 * i]!;
      numbers[i] = Number(heap.latin1Slice(start, start + texts[2 * i + 1]!));
    }
  }
}

/** Where each row's entries start, from the row of each entry; null when every row has exactly one. */
function rowStarts(row: Uint16Array, rows: number): Uint32Array | null {
  if (row.length === rows) {
    let i = 0;
    while (i < rows && row[i] === i) i++;
    if (i === rows) return null;
  }
  const starts = new Uint32Array(rows + 1);
  for (let i = 0; i < row.length; i++) starts[row[i]! + 1]!++;
  for (let r = 1; r <= rows; r++) starts[r]! += starts[r - 1]!;
  return starts;
}
