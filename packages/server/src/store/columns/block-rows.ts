import { ABSENT, MSG_ABSENT, PID_NIL } from '../../event/batch.ts';
import { NIL } from '../../event/event.ts';
import { LEAF } from '../../event/leaf.ts';
import type { ShapeCache } from '../../event/shape.ts';
import { OVERFLOW, type Block, type Column, type DictionaryStrings } from '../block.ts';
import { RowSource, type Rows } from './row-source.ts';

/** Collects bytes of texts; columns then say where in them theirs are. */
class Heap {
  private readonly parts: Buffer[] = [];
  private used = 0;

  /** Adds bytes; gives their offset. */
  add(bytes: Buffer): number {
    const at = this.used;
    this.parts.push(bytes);
    this.used += bytes.length;
    return at;
  }

  bytes(): Buffer {
    return Buffer.concat(this.parts, this.used);
  }
}

/** Where each entry's text is in the heap. */
interface Placed {
  readonly start: Uint32Array;
  readonly length: Uint32Array;
}

/** Puts a column's strings into the heap, each run or dictionary value once. */
function place({ strings, entries }: Column, heap: Heap): Placed {
  const start = new Uint32Array(entries);
  const length = new Uint32Array(entries);
  if (strings?.kind === 'text') {
    const at = heap.add(strings.bytes);
    for (let i = 0; i < entries; i++) {
      start[i] = at + strings.starts[i]!;
      length[i] = strings.starts[i + 1]! - 1 - strings.starts[i]!;
    }
  } else if (strings !== null) {
    const values = strings.values.map((value) => Buffer.from(value));
    const starts = values.map((value) => heap.add(value));
    for (let i = 0; i < entries; i++) {
      const value = strings.index[i]!;
      if (value >= values.length) continue;
      start[i] = starts[value]!;
      length[i] = values[value]!.length;
    }
  }
  return { start, length };
}

/** The leaves of a block in the order of its rows' shapes. */
class LeafReader {
  readonly leafStart: Uint32Array;
  readonly leafTag: Uint8Array;
  readonly leafNumber: Float64Array;
  readonly leafText: Uint32Array;
  private readonly block: Block;
  private readonly heap: Heap;
  private readonly cursors = new Map<string, { readonly column: Column; readonly placed: Placed; next: number }>();

  constructor(block: Block, shapes: ShapeCache, heap: Heap) {
    this.block = block;
    this.heap = heap;
    const { index, texts } = block.shapes();
    const columns = texts.map((text) => shapes.get(text).columns);
    this.leafStart = new Uint32Array(block.rows + 1);
    for (let row = 0; row < block.rows; row++) this.leafStart[row + 1] = this.leafStart[row]! + columns[index[row]!]!.length;
    const leaves = this.leafStart[block.rows]!;
    this.leafTag = new Uint8Array(leaves);
    this.leafNumber = new Float64Array(leaves);
    this.leafText = new Uint32Array(this.leafNumber.buffer);
    const cursors = columns.map((names) => names.map((name) => this.cursor(name)));
    let leaf = 0;
    for (let row = 0; row < block.rows; row++) for (const cursor of cursors[index[row]!]!) this.copy(cursor, leaf++);
  }

  /** Leaves of one column come in the order of rows and, within a row, of its shape: as its entries do. */
  private cursor(name: string) {
    const column = this.block.column(name);
    const key = column === undefined ? OVERFLOW : name;
    let cursor = this.cursors.get(key);
    if (cursor === undefined) {
      const found = column ?? this.block.column(OVERFLOW);
      if (found === undefined) throw new Error(`a block has no values of its field ${name}`);
      cursor = { column: found, placed: place(found, this.heap), next: 0 };
      this.cursors.set(key, cursor);
    }
    return cursor;
  }

  private copy(cursor: ReturnType<LeafReader['cursor']>, leaf: number): void {
    const { column, placed } = cursor;
    const entry = cursor.next++;
    const tag = column.tags === null ? column.tag : column.tags[entry]!;
    this.leafTag[leaf] = tag;
    if (tag === LEAF.number) this.leafNumber[leaf] = column.numbers![entry]!;
    else if (tag >= LEAF.string) {
      this.leafText[2 * leaf] = placed.start[entry]!;
      this.leafText[2 * leaf + 1] = placed.length[entry]!;
    }
  }
}

function msgs(block: Block, heap: Heap): { msgStart: Uint32Array; msgLength: Uint32Array } {
  const msgStart = new Uint32Array(block.rows);
  const msgLength = new Uint32Array(block.rows).fill(MSG_ABSENT);
  const column = block.column('msg');
  if (column !== undefined) {
    const { start, length } = place(column, heap);
    forRows(block.rows, column, (row, entry) => {
      msgStart[row] = start[entry]!;
      msgLength[row] = length[entry]!;
    });
  }
  return { msgStart, msgLength };
}

/** Calls back with the one entry of each row that has one. */
function forRows(rows: number, { rowStarts }: Column, visit: (row: number, entry: number) => void): void {
  for (let row = 0; row < rows; row++) {
    const entry = rowStarts === null ? row : rowStarts[row]!;
    if (rowStarts === null || rowStarts[row + 1]! > entry) visit(row, entry);
  }
}

function bytesOf(block: Block, name: string, absent: number): Uint8Array {
  const out = new Uint8Array(block.rows).fill(absent);
  const column = block.column(name);
  if (column !== undefined) forRows(block.rows, column, (row, entry) => (out[row] = column.numbers![entry]!));
  return out;
}

/** The dictionaries of host, pname, msgid and pid one after the other, as batches have them. */
class Strings {
  readonly list: string[] = [];

  /** Adds a dictionary; gives the indexes of its entries in the list. */
  add({ values, index }: DictionaryStrings): Uint16Array {
    const base = this.list.length;
    for (const value of values) this.list.push(value);
    return index.map((value) => value + base);
  }
}

function dictionaryOf(block: Block, name: string): DictionaryStrings {
  return block.column(name)!.strings as DictionaryStrings;
}

function pids(block: Block, strings: Strings): Int32Array {
  const { tag, tags, numbers, strings: texts } = block.column('pid')!;
  const base = strings.list.length;
  const { values, index } = (texts ?? { values: [], index: new Uint16Array(0) }) as DictionaryStrings;
  for (const value of values) strings.list.push(value);
  const out = new Int32Array(block.rows);
  for (let row = 0; row < block.rows; row++) {
    if ((tags === null ? tag : tags[row]) === LEAF.number) out[row] = numbers![row]!;
    else out[row] = values[index[row]!] === NIL ? PID_NIL : -2 - (base + index[row]!);
  }
  return out;
}

/**
 * The rows of a block as a source for new blocks, so that a merge joins blocks as a flush makes them from batches. At most 16,383 rows: what a batch
 * keeps as texts must have 16-bit indexes.
 */
export function blockRows(block: Block, tenant: number, shapes: ShapeCache): RowSource {
  const heap = new Heap();
  const { leafStart, leafTag, leafNumber, leafText } = new LeafReader(block, shapes, heap);
  const strings = new Strings();
  const producer = dictionaryOf(block, 'producer');
  const { index: shape, texts } = block.shapes();
  const tenants = producer.values.map(() => tenant);
  const rows: Rows = {
    ...msgs(block, heap),
    rows: block.rows,
    time: block.time(),
    received: block.received(),
    leafStart,
    leafTag,
    leafNumber,
    leafText,
    host: strings.add(dictionaryOf(block, 'host')),
    pname: strings.add(dictionaryOf(block, 'pname')),
    msgid: strings.add(dictionaryOf(block, 'msgid')),
    pid: pids(block, strings),
    origin: producer.index,
    shape,
    severity: bytesOf(block, 'severity', ABSENT),
    facility: bytesOf(block, 'facility', ABSENT),
    ver: bytesOf(block, 'ver', 0),
    flags: bytesOf(block, 'flags', 0),
    strings: strings.list,
    tenants,
    allTenants: tenants,
    producers: producer.values,
    shapes: texts,
    heap: heap.bytes(),
  };
  return new RowSource(rows, 0, block.position());
}
