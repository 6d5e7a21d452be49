import { LEAF } from '../../../event/leaf.ts';
import type { Block, Column, DictionaryStrings } from '../../../store/block.ts';
import { countOf, type Selection } from '../evaluate/mask.ts';
import { isDescribed } from '../evaluate/choose-columns.ts';
import { stringAt } from '../evaluate/column-test.ts';
import type { FieldSource } from './field-source.ts';
import { TopValues } from './top-values.ts';

/** A value with the number of events that have it. `quoted`: it is a string; else its text is its JSON. */
export interface CountedValue {
  readonly text: string;
  readonly quoted: boolean;
  readonly count: number;
}

/** What a new distinct value costs in memory, besides its text. */
const VALUE_BYTES = 80;

/**
 * Counts of the distinct values of a field: each event counts once for a value, however often it holds it. Absent are null, empty strings and,
 * where there is one, the nil value.
 */
export class ValueCounts {
  /** Events that have the field. */
  events = 0;
  private readonly strings = new Map<string, number>();
  private readonly numbers = new Map<number, number>();
  /** Numbers whose text a double cannot hold. */
  private readonly numberTexts = new Map<string, number>();
  private readonly booleans = new Map<boolean, number>();
  private readonly source: FieldSource;
  private readonly accepts: (text: string) => boolean;
  private readonly charge: (bytes: number) => boolean;

  /** `accepts`: which texts are counted. `charge`: asked for memory; when it refuses, values not met before are left out. */
  constructor(source: FieldSource, charge: (bytes: number) => boolean, accepts: (text: string) => boolean = () => true) {
    this.source = source;
    this.charge = charge;
    this.accepts = accepts;
  }

  /** Adds the selected rows of a block. */
  add(block: Block, rows: Selection): void {
    if (rows === false || (rows === true && this.addFromIndex(block))) return;
    const columns = this.source.columns(block);
    const [only] = columns;
    if (only === undefined) return;
    if (columns.length === 1 && isSingle(only)) this.addSingle(only, block.rows, rows);
    else this.addSeveral(columns, block.rows, rows);
  }

  /** The most frequent values; of equally frequent ones the first by text. */
  top(limit: number): CountedValue[] {
    const top = new TopValues(limit);
    const quoted = this.source.textual;
    for (const [text, count] of this.strings) top.add({ text, quoted: true, count });
    for (const [value, count] of this.numbers) this.addTop(top, { text: String(value), quoted, count });
    for (const [text, count] of this.numberTexts) this.addTop(top, { text, quoted, count });
    for (const [value, count] of this.booleans) this.addTop(top, { text: String(value), quoted, count });
    return top.list();
  }

  private addTop(top: TopValues, value: CountedValue): void {
    if (this.accepts(value.text)) top.add(value);
  }

  /** A whole block of which the index says it all. */
  private addFromIndex(block: Block): boolean {
    if (!isDescribed(block)) return false;
    const name = this.source.onlyColumn(block);
    if (name === undefined) return false;
    const info = block.columns().get(name);
    if (info === undefined) return true;
    const { values, counts } = info;
    // As many entries as rows: none has two. Headers have one in every row, nil included.
    if (values === undefined || counts === undefined || info.tags !== 1 << LEAF.string) return false;
    if (info.entries !== info.rows && info.entries !== block.rows) return false;
    if (info.entries !== info.rows && this.source.nil === '') return false;
    for (const [i, value] of values.entries()) this.addString(value, counts[i]!);
    return true;
  }

  private addString(text: string, times: number): void {
    if (text === '' || text === this.source.nil) return;
    this.events += times;
    this.countString(text, times);
  }

  private countString(text: string, times: number): void {
    const known = this.strings.get(text);
    if (known !== undefined) this.strings.set(text, known + times);
    else if (this.accepts(text) && this.charge(VALUE_BYTES + text.length)) this.strings.set(text, times);
  }

  private countNumber(value: number, times: number): void {
    const known = this.numbers.get(value);
    if (known !== undefined || this.charge(VALUE_BYTES)) this.numbers.set(value, (known ?? 0) + times);
  }

  /** A column with at most one entry a row. */
  private addSingle(column: Column, rows: number, selection: Selection): void {
    if (column.tags === null && column.tag === LEAF.string && column.strings?.kind === 'dictionary')
      this.addDictionary(column, column.strings, rows, selection);
    else forEachEntry(column, rows, selection, (entry) => this.addEntry(column, entry));
  }

  private addDictionary(column: Column, strings: DictionaryStrings, rows: number, selection: Selection): void {
    const counts = new Uint32Array(strings.values.length);
    const { index } = strings;
    if (column.rowStarts === null && selection === true) for (let i = 0; i < rows; i++) counts[index[i]!]!++;
    else if (column.rowStarts === null) for (let i = 0; i < rows; i++) counts[index[i]!]! += (selection as Uint8Array)[i]!;
    else forEachEntry(column, rows, selection, (entry) => void counts[index[entry]!]!++);
    for (const [i, value] of strings.values.entries()) if (counts[i]! > 0) this.addString(value, counts[i]!);
  }

  private addEntry(column: Column, entry: number): void {
    const tag = column.tags === null ? column.tag : column.tags[entry]!;
    if (tag === LEAF.string) this.addString(stringAt(column, entry), 1);
    else if (tag !== LEAF.null) {
      this.events++;
      this.countOther(column, entry, tag);
    }
  }

  private countOther(column: Column, entry: number, tag: number): void {
    if (tag === LEAF.number) this.countNumber(column.numbers![entry]!, 1);
    else if (tag === LEAF.numberText) {
      const text = stringAt(column, entry);
      const known = this.numberTexts.get(text);
      if (known !== undefined || this.charge(VALUE_BYTES + text.length)) this.numberTexts.set(text, (known ?? 0) + 1);
    } else this.booleans.set(tag === LEAF.true, (this.booleans.get(tag === LEAF.true) ?? 0) + 1);
  }

  /** Arrays, and fields that are in several columns: what a row holds twice counts once. */
  private addSeveral(columns: readonly Column[], rows: number, selection: Selection): void {
    const seen = new Set<string>();
    for (let row = 0; row < rows; row++) {
      if (selection !== true && (selection as Uint8Array)[row] === 0) continue;
      seen.clear();
      for (const column of columns) this.addRow(column, row, seen);
      if (seen.size > 0) this.events++;
    }
  }

  private addRow(column: Column, row: number, seen: Set<string>): void {
    const [from, to] = entriesOf(column, row);
    for (let entry = from; entry < to; entry++) {
      const tag = column.tags === null ? column.tag : column.tags[entry]!;
      const text = tag >= LEAF.string ? stringAt(column, entry) : tag === LEAF.number ? String(column.numbers![entry]) : '';
      if (tag === LEAF.null || (tag === LEAF.string && (text === '' || text === this.source.nil))) continue;
      const key = `${tag}${text}`;
      if (seen.has(key)) continue;
      seen.add(key);
      if (tag === LEAF.string) this.countString(text, 1);
      else this.countOther(column, entry, tag);
    }
  }
}

/** At most one entry in every row. */
export function isSingle(column: Column): boolean {
  const { rowStarts } = column;
  if (rowStarts === null) return true;
  for (let row = 1; row < rowStarts.length; row++) if (rowStarts[row]! - rowStarts[row - 1]! > 1) return false;
  return true;
}

/** The entries of a row: from, to (exclusive). */
export function entriesOf(column: Column, row: number): readonly [number, number] {
  return column.rowStarts === null ? [row, row + 1] : [column.rowStarts[row]!, column.rowStarts[row + 1]!];
}

/** Every entry of the selected rows. */
export function forEachEntry(column: Column, rows: number, selection: Selection, visit: (entry: number, row: number) => void): void {
  const { rowStarts } = column;
  for (let row = 0; row < rows; row++) {
    if (selection !== true && (selection === false || selection[row] === 0)) continue;
    if (rowStarts === null) visit(row, row);
    else for (let entry = rowStarts[row]!; entry < rowStarts[row + 1]!; entry++) visit(entry, row);
  }
}

/** How many of the selected rows have an entry that is not null. */
export function rowsWithValue(column: Column, rows: number, selection: Selection, nil: string): number {
  const { rowStarts, strings, tags } = column;
  const nilIndex = nil !== '' && strings?.kind === 'dictionary' ? strings.values.indexOf(nil) : -1;
  // Every row has a value, but for nil.
  if (rowStarts === null && (tags === null || nil !== '') && column.tag !== LEAF.null && (nil === '' || strings?.kind !== 'text'))
    return countOf(selection, rows) - (nilIndex < 0 ? 0 : countIndex(strings as DictionaryStrings, nilIndex, rows, selection));
  let count = 0;
  let last = -1;
  forEachEntry(column, rows, selection, (entry, row) => {
    const tag = tags === null ? column.tag : tags[entry]!;
    if (row === last || tag === LEAF.null || (tag === LEAF.string && nil !== '' && stringAt(column, entry) === nil)) return;
    last = row;
    count++;
  });
  return count;
}

function countIndex({ index }: DictionaryStrings, wanted: number, rows: number, selection: Selection): number {
  let count = 0;
  for (let row = 0; row < rows; row++) if (index[row] === wanted && (selection === true || (selection as Uint8Array)[row] === 1)) count++;
  return count;
}
