import { LEAF } from '../../../event/leaf.ts';
import type { Block, Column } from '../../../store/block.ts';
import { stringAt } from '../evaluate/column-test.ts';
import type { Selection } from '../evaluate/mask.ts';
import type { FieldSource } from './field-source.ts';
import { entriesOf } from './value-counts.ts';

/** Numbers for the distinct texts of a field's values, the same in every block of a search. */
export class ValueIds {
  /** The row has no value. */
  static readonly ABSENT = -1;
  /** There was no memory for another value. */
  static readonly REFUSED = -2;
  private readonly ids = new Map<string, number>();
  private readonly texts: string[] = [];
  private readonly valueBytes: number;
  private room: number;

  /** `bytes`: memory for all values; one that does not fit is refused. `valueBytes`: what a value costs its user, besides its text. */
  constructor(bytes: number, valueBytes: number) {
    this.room = bytes;
    this.valueBytes = valueBytes + 100;
  }

  get size(): number {
    return this.texts.length;
  }

  id(text: string): number {
    const known = this.ids.get(text);
    if (known !== undefined) return known;
    const bytes = this.valueBytes + 2 * text.length;
    if (bytes > this.room) return ValueIds.REFUSED;
    this.room -= bytes;
    this.ids.set(text, this.texts.length);
    return this.texts.push(text) - 1;
  }

  text(id: number): string {
    return this.texts[id]!;
  }
}

/** The id of each row's value: of several values the first that is not absent. */
export class RowValues {
  private readonly source: FieldSource;
  private readonly ids: ValueIds;

  constructor(source: FieldSource, ids: ValueIds) {
    this.source = source;
    this.ids = ids;
  }

  /** Only selected rows get ids. */
  of(block: Block, rows: Selection): Int32Array {
    const out = new Int32Array(block.rows).fill(ValueIds.ABSENT);
    for (const column of this.source.columns(block)) {
      if (column.tags === null && column.tag === LEAF.string && column.strings?.kind === 'dictionary' && column.rowStarts === null)
        this.fromDictionary(column, rows, out);
      else this.fromEntries(column, rows, out);
    }
    return out;
  }

  private fromDictionary(column: Column, rows: Selection, out: Int32Array): void {
    const strings = column.strings as { values: readonly string[]; index: Uint16Array };
    const known = new Int32Array(strings.values.length).fill(-3);
    const { index } = strings;
    for (let row = 0; row < out.length; row++) {
      if (out[row] !== ValueIds.ABSENT || (rows !== true && (rows as Uint8Array)[row] === 0)) continue;
      const value = index[row]!;
      if (known[value] === -3) known[value] = this.idOf(strings.values[value]!);
      out[row] = known[value]!;
    }
  }

  private fromEntries(column: Column, rows: Selection, out: Int32Array): void {
    const numbers = new Map<number, number>();
    for (let row = 0; row < out.length; row++) {
      if (out[row] !== ValueIds.ABSENT || (rows !== true && (rows as Uint8Array)[row] === 0)) continue;
      const [from, to] = entriesOf(column, row);
      for (let entry = from; entry < to && out[row] === ValueIds.ABSENT; entry++) out[row] = this.entryId(column, entry, numbers);
    }
  }

  private entryId(column: Column, entry: number, numbers: Map<number, number>): number {
    const tag = column.tags === null ? column.tag : column.tags[entry]!;
    if (tag === LEAF.null) return ValueIds.ABSENT;
    if (tag >= LEAF.string) return this.idOf(stringAt(column, entry));
    if (tag !== LEAF.number) return this.ids.id(String(tag === LEAF.true));
    const value = column.numbers![entry]!;
    let id = numbers.get(value);
    if (id === undefined) numbers.set(value, (id = this.ids.id(String(value))));
    return id;
  }

  private idOf(text: string): number {
    return text === '' || text === this.source.nil ? ValueIds.ABSENT : this.ids.id(text);
  }
}
