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
 * The leaves of a block's rows by column: column c has the entries starts[c] to starts[c + 1] - 1, each with its row in the block and its leaf
 * in the row's source. Filled by counting and scattering, so that nothing is allocated per leaf.
 */
export class Leaves {
  readonly names: readonly string[];
  /** Columns that share the OVERFLOW column, by entry of it. */
  private readonly overflowNames: string[] = [];
  private readonly ids = new Map<string, number>();
  private readonly starts: Uint32Array;
  private readonly row: Uint16Array;
  private readonly leaf: Uint32Array;
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
    this.leaf = new Uint32Array(total);
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
      leaf: this.leaf.subarray(from, to),
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
    const next = this.starts.slice();
    const overflow = this.names.at(-1) === OVERFLOW ? this.names.length - 1 : -1;
    for (let q = 0; q < row.length; q++) {
      const shape = shapes.index[q]!;
      const columns = columnsOf[shape]!;
      let leaf = this.sources[source[q]!]!.rows.leafStart[row[q]!]!;
      for (let k = 0; k < columns.length; k++) {
        const id = columns[k]!;
        const at = next[id]!++;
        this.row[at] = q;
        this.leaf[at] = leaf++;
        if (id === overflow) this.overflowNames.push(cache.get(shapes.texts[shape]!).columns[k]!);
      }
    }
  }
}

interface LeafEntries {
  readonly row: Uint16Array;
  readonly leaf: Uint32Array;
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
    this.tags = new Uint8Array(this.count);
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
    const { row, leaf, source, sources } = this.entries;
    let numbers: Float64Array | null = null;
    for (let i = 0; i < this.count; i++) {
      const rows = sources[source[row[i]!]!]!.rows;
      const at = leaf[i]!;
      const tag = rows.leafTag[at]!;
      this.tags[i] = tag;
      this.bits |= 1 << tag;
      if (tag >= LEAF.string) this.textBytes += rows.leafText[2 * at + 1]! + 1;
      else if (tag === LEAF.number) (numbers ??= new Float64Array(this.count))[i] = rows.leafNumber[at]!;
    }
    return numbers ?? ((this.bits & (1 << LEAF.numberText)) === 0 ? null : new Float64Array(this.count));
  }

  /** The strings as a dictionary, or undefined when there are too many. */
  private dictionary(): Dictionary | undefined {
    const { row, leaf, source, sources } = this.entries;
    const builder = this.tools.dictionary;
    builder.begin();
    const index = this.bits === 1 << LEAF.string ? new Uint16Array(this.count) : noStrings(this.count);
    for (let i = 0; i < this.count; i++) {
      if (this.tags[i]! < LEAF.string) continue;
      const { heap, leafText } = sources[source[row[i]!]!]!.rows;
      const at = 2 * leaf[i]!;
      const start = leafText[at]!;
      const value = builder.index(heap, start, start + leafText[at + 1]!);
      if (value < 0) return undefined;
      index[i] = value;
    }
    return builder.finish(index);
  }

  private texts() {
    const { row, leaf, source, sources } = this.entries;
    const run = new TextRunBuilder(this.count, this.textBytes + this.count);
    for (let i = 0; i < this.count; i++) {
      if (this.tags[i]! < LEAF.string) {
        run.addEmpty();
        continue;
      }
      const { heap, leafText } = sources[source[row[i]!]!]!.rows;
      const at = 2 * leaf[i]!;
      const start = leafText[at]!;
      run.add(heap, start, start + leafText[at + 1]!);
    }
    return run.run(false);
  }

  /** Gives number texts their value as doubles. */
  private numberTexts(numbers: Float64Array): void {
    const { row, leaf, source, sources } = this.entries;
    for (let i = 0; i < this.count; i++) {
      if (this.tags[i] !== LEAF.numberText) continue;
      const { heap, leafText } = sources[source[row[i]!]!]!.rows;
      const at = 2 * leaf[i]!;
      const start = leafText[at]!;
      numbers[i] = Number(heap.latin1Slice(start, start + leafText[at + 1]!));
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
