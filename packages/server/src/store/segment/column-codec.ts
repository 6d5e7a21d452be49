import { isAscii } from 'node:buffer';
import { LEAF } from '../../event/leaf.ts';
import { OVERFLOW, type Column, type StringValues } from '../block.ts';
import { makeColumn } from '../columns/column.ts';
import { Dictionary, NO_STRING, TextRun } from '../columns/text-run.ts';
import type { ByteReader, ByteWriter } from './bytes.ts';
import { DamagedError } from './chunk.ts';
import { readIndexes, readNumbers, shuffle, writeNumbers } from './numbers.ts';

/** How a column lies in a chunk; docs/internals/segments.md has it in full. Stored: never renumber. */
const PRESENT = { always: 0, bits: 1, bytes: 2, words: 3 } as const;
const STRINGS = { none: 0, listed: 1, dictionary: 2, lines: 3, lengths: 4 } as const;
/** In one byte an index of 255 is "no string". */
const NO_STRING_BYTE = 0xff;

const NEWLINE = 10;

/** Writes a column. `listed`: the values of its dictionary are in the block's directory already. */
export function writeColumn(out: ByteWriter, column: Column, listed: boolean): void {
  writePresence(out, column);
  out.u8(column.tags === null ? 0 : 1);
  if (column.tags === null) out.u8(column.tag);
  else out.put(column.tags);
  const numbers = plainNumbers(column);
  out.u8(numbers === undefined ? 0 : 1);
  if (numbers !== undefined) writeNumbers(out, numbers, false);
  writeStrings(out, column.strings, listed);
  if (column.names !== undefined) writeNames(out, column.names);
}

/** Reads a column; `values`: those of its dictionary when they are in the directory. */
export function readColumn(input: ByteReader, name: string, rows: number, entries: number, values: readonly string[] | undefined): Column {
  const rowStarts = readPresence(input, rows, entries);
  const varies = input.u8() === 1;
  const tag = varies ? LEAF.null : input.u8();
  const tags = varies ? Uint8Array.from(input.get(entries)) : null;
  const plain = input.u8() === 1;
  const numbers = plain ? spread(input, entries, tags) : null;
  const strings = readStrings(input, entries, values);
  const names = name === OVERFLOW ? readNames(input, entries) : undefined;
  return makeColumn(name, entries, {
    rowStarts,
    tag,
    tags,
    numbers: withNumberTexts(numbers, tag, tags, strings),
    strings,
    ...(names === undefined ? {} : { names }),
  });
}

/** Only entries that are numbers, since number texts have theirs in their text; undefined when there are none. */
function plainNumbers({ numbers, tag, tags }: Column): Float64Array | undefined {
  if (numbers === null) return undefined;
  if (tags === null) return tag === LEAF.number ? numbers : undefined;
  const plain = numbers.filter((_, i) => tags[i] === LEAF.number);
  return plain.length === 0 ? undefined : plain;
}

function spread(input: ByteReader, entries: number, tags: Uint8Array | null): Float64Array {
  if (tags === null) return readNumbers(input, entries);
  let count = 0;
  for (const tag of tags) if (tag === LEAF.number) count++;
  const plain = readNumbers(input, count);
  const numbers = new Float64Array(entries);
  let at = 0;
  for (let i = 0; i < entries; i++) if (tags[i] === LEAF.number) numbers[i] = plain[at++]!;
  return numbers;
}

function withNumberTexts(
  numbers: Float64Array | null,
  tag: number,
  tags: Uint8Array | null,
  strings: StringValues | null,
): Float64Array | null {
  if (strings === null || (tags === null ? tag !== LEAF.numberText : !tags.includes(LEAF.numberText))) return numbers;
  const entries = strings.kind === 'text' ? strings.starts.length - 1 : strings.index.length;
  const out = numbers ?? new Float64Array(entries);
  for (let i = 0; i < entries; i++) {
    if ((tags === null ? tag : tags[i]) !== LEAF.numberText) continue;
    out[i] = Number(strings.kind === 'text' ? strings.value(i) : strings.values[strings.index[i]!]);
  }
  return out;
}

function writePresence(out: ByteWriter, { rowStarts }: Column): void {
  if (rowStarts === null) {
    out.u8(PRESENT.always);
    return;
  }
  const counts = new Uint32Array(rowStarts.length - 1);
  let max = 0;
  for (let row = 0; row < counts.length; row++) {
    counts[row] = rowStarts[row + 1]! - rowStarts[row]!;
    if (counts[row]! > max) max = counts[row]!;
  }
  if (max <= 1) {
    out.u8(PRESENT.bits);
    const bits = out.room((counts.length + 7) >> 3).fill(0);
    for (let row = 0; row < counts.length; row++) bits[row >> 3]! |= counts[row]! << (row & 7);
  } else {
    out.u8(max < 256 ? PRESENT.bytes : PRESENT.words);
    const width = max < 256 ? 1 : 4;
    shuffle(counts, width, out.room(counts.length * width));
  }
}

function readPresence(input: ByteReader, rows: number, entries: number): Uint32Array | null {
  const form = input.u8();
  if (form === PRESENT.always) return null;
  const starts = new Uint32Array(rows + 1);
  if (form === PRESENT.bits) {
    const bits = input.get((rows + 7) >> 3);
    for (let row = 0; row < rows; row++) starts[row + 1] = starts[row]! + ((bits[row >> 3]! >> (row & 7)) & 1);
  } else if (form === PRESENT.bytes) {
    const counts = input.get(rows);
    for (let row = 0; row < rows; row++) starts[row + 1] = starts[row]! + counts[row]!;
  } else if (form === PRESENT.words) {
    const c = input.get(rows * 4);
    for (let r = 0; r < rows; r++)
      starts[r + 1] = starts[r]! + (c[r]! | (c[rows + r]! << 8) | (c[2 * rows + r]! << 16) | (c[3 * rows + r]! << 24));
  } else throw new DamagedError('the rows of a column have an unknown form');
  if (starts[rows] !== entries) throw new DamagedError('a column has not as many entries as it should');
  return starts;
}

function writeStrings(out: ByteWriter, strings: StringValues | null, listed: boolean): void {
  if (strings === null) out.u8(STRINGS.none);
  else if (strings.kind === 'text') writeTexts(out, strings as TextRun);
  else {
    out.u8(listed ? STRINGS.listed : STRINGS.dictionary);
    if (!listed) writeList(out, strings.values);
    writeIndexes(out, strings.index, strings.values.length);
  }
}

function readStrings(input: ByteReader, entries: number, values: readonly string[] | undefined): StringValues | null {
  const form = input.u8();
  if (form === STRINGS.none) return null;
  if (form === STRINGS.lines || form === STRINGS.lengths) return readTexts(input, entries, form === STRINGS.lengths);
  const list = form === STRINGS.dictionary ? readList(input) : values;
  if (list === undefined) throw new DamagedError('the values of a dictionary are missing');
  return new Dictionary(list, readIndex(input, entries));
}

function writeIndexes(out: ByteWriter, index: Uint16Array, values: number): void {
  if (values === 1 && !index.includes(NO_STRING)) {
    out.u8(0);
    return;
  }
  const width = values < NO_STRING_BYTE ? 1 : 2;
  out.u8(width);
  shuffle(index, width, out.room(index.length * width));
}

function readIndex(input: ByteReader, entries: number): Uint16Array {
  const width = input.u8();
  if (width === 0) return new Uint16Array(entries);
  const index = readIndexes(input.get(entries * width), width, entries);
  if (width === 1) for (let i = 0; i < entries; i++) if (index[i] === NO_STRING_BYTE) index[i] = NO_STRING;
  return index;
}

function writeTexts(out: ByteWriter, run: TextRun): void {
  const { bytes, starts, lines } = run;
  out.u8(lines ? STRINGS.lines : STRINGS.lengths);
  if (!lines) {
    const lengths = new Float64Array(starts.length - 1);
    for (let i = 0; i < lengths.length; i++) lengths[i] = starts[i + 1]! - starts[i]!;
    writeNumbers(out, lengths, false);
  }
  out.u32(bytes.length);
  out.put(bytes);
}

function readTexts(input: ByteReader, entries: number, lengths: boolean): TextRun {
  const starts = new Uint32Array(entries + 1);
  if (lengths) {
    const each = readNumbers(input, entries);
    for (let i = 0; i < entries; i++) starts[i + 1] = starts[i]! + each[i]!;
  }
  const bytes = input.get(input.u32());
  if (!lengths) for (let i = 0; i < entries; i++) starts[i + 1] = bytes.indexOf(NEWLINE, starts[i]) + 1;
  if (starts[entries] !== bytes.length) throw new DamagedError('texts are not as long as they should be');
  return new TextRun(bytes, starts, isAscii(bytes), !lengths);
}

function writeList(out: ByteWriter, list: readonly string[]): void {
  out.u32(list.length);
  for (const value of list) out.text(value);
}

function readList(input: ByteReader): string[] {
  const list: string[] = [];
  for (let left = input.u32(); left > 0; left--) list.push(input.text());
  return list;
}

function writeNames(out: ByteWriter, names: readonly string[]): void {
  const ids = new Map<string, number>();
  const index = new Float64Array(names.length);
  for (const [i, name] of names.entries()) {
    let id = ids.get(name);
    if (id === undefined) ids.set(name, (id = ids.size));
    index[i] = id;
  }
  writeList(out, [...ids.keys()]);
  writeNumbers(out, index, false);
}

function readNames(input: ByteReader, entries: number): string[] {
  const list = readList(input);
  return Array.from(readNumbers(input, entries), (id) => list[id]!);
}

/** Writes the shape of each row. */
export function writeShapes(out: ByteWriter, shapes: { readonly index: Uint16Array; readonly texts: readonly string[] }): void {
  writeList(out, shapes.texts);
  writeIndexes(out, shapes.index, shapes.texts.length);
}

export function readShapes(input: ByteReader, rows: number): { readonly index: Uint16Array; readonly texts: readonly string[] } {
  const texts = readList(input);
  return { index: readIndex(input, rows), texts };
}
