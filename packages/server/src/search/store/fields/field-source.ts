import { isAscii } from 'node:buffer';
import { resolveField, type PathField } from '@meniscus/query';
import { LEVELS, NIL, formatTime, type Producer } from '../../../event/event.ts';
import { LEAF } from '../../../event/leaf.ts';
import type { ShapeCache } from '../../../event/shape.ts';
import { OVERFLOW, type Block, type Column, type TextStrings } from '../../../store/block.ts';
import { columnNames, isLeafColumn } from '../evaluate/choose-columns.ts';
import { numbersByRow } from '../evaluate/event-fields.ts';
import { idOf, keysOf } from '../order.ts';

/** Indexes of dictionaries have 16 bits, and 65,535 is for entries without a string. */
const DICTIONARY_MAX = 65_535;

/** What the values of a field are made of besides a block. */
export interface FieldContext {
  readonly tenantId: string;
  readonly node: number;
  readonly shapes: ShapeCache;
}

/** A field by the name that people use, as columns of any block: stored ones, or made from others (`level`, `pri`, `id`, ...). */
export class FieldSource {
  readonly name: string;
  /** Text that counts as absent besides the empty one. */
  readonly nil: string;
  /** Its values are texts to the user, even those stored as numbers. */
  readonly textual: boolean;
  /** The one stored column that the field is in every block, if it is. */
  readonly stored: string | undefined;
  private readonly context: FieldContext;
  private readonly path: PathField | undefined;
  private readonly make: Computed | undefined;

  constructor(name: string, context: FieldContext) {
    this.name = name;
    this.context = context;
    const field = resolveField(name);
    this.make = name === 'level' ? levelColumn : COMPUTED.get(field.name);
    this.path = field.kind === 'path' ? field : undefined;
    this.nil = field.kind === 'event' && field.type === 'header' ? NIL : '';
    this.textual = field.kind === 'event' && field.type === 'header';
    this.stored = this.make === undefined && field.kind === 'event' && field.type !== 'object' ? field.name : undefined;
  }

  /** Made of other columns than its own. */
  get computed(): boolean {
    return this.make !== undefined;
  }

  /** The name of the only column that the field is in this block: then the block's index tells about it. */
  onlyColumn(block: Block): string | undefined {
    if (this.stored !== undefined) return this.stored;
    if (this.path === undefined || block.columns().has(OVERFLOW)) return undefined;
    const names = this.leafNames(block);
    return names.length === 1 ? names[0] : undefined;
  }

  /** The field's columns; several when a name without its first part is in native and in normalized. */
  columns(block: Block): Column[] {
    const columns: (Column | undefined)[] = [];
    if (this.make !== undefined) columns.push(this.make(block, this.context));
    else if (this.stored !== undefined) columns.push(block.column(this.stored));
    else if (this.path !== undefined) columns.push(...this.leafNames(block).map((name) => block.column(name)), this.overflow(block));
    return columns.filter((column) => column !== undefined);
  }

  private leafNames(block: Block): string[] {
    const names: string[] = [];
    for (const name of columnNames(block, this.context.shapes))
      if (isLeafColumn(name) && this.path!.matches(name) && block.columns().has(name)) names.push(name);
    return names;
  }

  /** The field's entries of the column that rare leaves share, as a column of their own. */
  private overflow(block: Block): Column | undefined {
    const shared = block.columns().has(OVERFLOW) ? block.column(OVERFLOW) : undefined;
    if (shared?.names === undefined) return undefined;
    const known = new Map<string, boolean>();
    const mine: number[] = [];
    for (const [entry, name] of shared.names.entries()) {
      let matches = known.get(name);
      if (matches === undefined) known.set(name, (matches = this.path!.matches(name)));
      if (matches) mine.push(entry);
    }
    return mine.length === 0 ? undefined : pickEntries(shared, mine, block.rows);
  }
}

/** Some entries of a column, in order, as a column. */
function pickEntries(column: Column, entries: readonly number[], rows: number): Column {
  const rowStarts = new Uint32Array(rows + 1);
  let at = 0;
  for (let row = 0; row < rows; row++) {
    const end = column.rowStarts === null ? row + 1 : column.rowStarts[row + 1]!;
    while (at < entries.length && entries[at]! < end) at++;
    rowStarts[row + 1] = at;
  }
  const { tags, numbers, strings } = column;
  const values =
    strings === null
      ? []
      : entries.map((entry) => (strings.kind === 'text' ? strings.value(entry) : (strings.values[strings.index[entry]!] ?? '')));
  return {
    name: column.name,
    entries: entries.length,
    rowStarts,
    tag: column.tag,
    tags: tags === null ? null : Uint8Array.from(entries, (entry) => tags[entry]!),
    numbers: numbers === null ? null : Float64Array.from(entries, (entry) => numbers[entry]!),
    strings: strings === null ? null : dictionaryOf(values),
  };
}

/** A dictionary where an index of 16 bits has room for it, else one run. */
function dictionaryOf(values: readonly string[]): Column['strings'] {
  const ids = new Map<string, number>();
  for (const value of values) if (!ids.has(value)) ids.set(value, ids.size);
  if (ids.size < DICTIONARY_MAX)
    return { kind: 'dictionary', values: [...ids.keys()], index: Uint16Array.from(values, (value) => ids.get(value)!) };
  return runOf(values);
}

/** Texts as one run, each followed by a newline. */
function runOf(values: readonly string[]): TextStrings {
  const starts = new Uint32Array(values.length + 1);
  for (const [i, value] of values.entries()) starts[i + 1] = starts[i]! + Buffer.byteLength(value) + 1;
  const bytes = Buffer.from(values.map((value) => `${value}\n`).join(''));
  return { kind: 'text', bytes, starts, ascii: isAscii(bytes), text: () => bytes.latin1Slice(), value: (entry) => values[entry]! };
}

/** A column with one string, or nothing (null), for every row. */
function textColumn(name: string, block: Block, textOf: (row: number) => string | null): Column {
  const tags = new Uint8Array(block.rows).fill(LEAF.string);
  const texts = Array.from({ length: block.rows }, (_, row) => {
    const text = textOf(row);
    if (text === null) tags[row] = LEAF.null;
    return text ?? '';
  });
  return {
    name,
    entries: block.rows,
    rowStarts: null,
    tag: LEAF.string,
    tags: tags.includes(LEAF.null) ? tags : null,
    numbers: null,
    strings: dictionaryOf(texts),
  };
}

/** A column with one number, or nothing (NaN), for every row. */
function numberColumn(name: string, numbers: Float64Array): Column {
  const tags = Uint8Array.from(numbers, (value) => (Number.isNaN(value) ? LEAF.null : LEAF.number));
  const varies = tags.includes(LEAF.null);
  return { name, entries: numbers.length, rowStarts: null, tag: LEAF.number, tags: varies ? tags : null, numbers, strings: null };
}

function levelColumn(block: Block): Column {
  const severities = numbersByRow(block, 'severity');
  return textColumn('level', block, (row) => LEVELS[severities[row]!] ?? null);
}

function priColumn(block: Block): Column {
  const severities = numbersByRow(block, 'severity');
  const facilities = numbersByRow(block, 'facility');
  return numberColumn(
    'pri',
    facilities.map((facility, row) => facility * 8 + severities[row]!),
  );
}

function producerColumn(block: Block): Column | undefined {
  const column = block.column('producer');
  if (column?.strings?.kind !== 'dictionary') return undefined;
  const names = column.strings.values.map((json) => (JSON.parse(json) as Producer).name);
  const { index } = column.strings;
  return textColumn('producer', block, (row) => names[index[row]!] ?? null);
}

function idColumn(block: Block, { node }: FieldContext): Column {
  const keys = keysOf(block);
  return textColumn('id', block, (row) => idOf(keys(row), node));
}

function timesColumn(name: string, block: Block, micros: Float64Array): Column {
  return textColumn(name, block, (row) => formatTime(micros[row]!));
}

type Computed = (block: Block, context: FieldContext) => Column | undefined;

const COMPUTED: ReadonlyMap<string, Computed> = new Map<string, Computed>([
  ['id', idColumn],
  ['tenant', (block, { tenantId }) => textColumn('tenant', block, () => tenantId)],
  ['time', (block) => timesColumn('time', block, block.time())],
  ['received', (block) => timesColumn('received', block, block.received())],
  ['pri', priColumn],
  ['producer', producerColumn],
]);
