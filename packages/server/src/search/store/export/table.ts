import { resolveField } from '@meniscus/query';
import type { SchemaElement } from 'hyparquet-writer';
import { LEAF } from '../../../event/leaf.ts';
import type { Block, Column } from '../../../store/block.ts';
import { stringAt } from '../evaluate/column-test.ts';
import { FieldSource, type FieldContext } from '../fields/field-source.ts';
import { entriesOf } from '../fields/value-counts.ts';
import { partCells } from './formats.ts';
import type { LeafTypes } from './leaf-types.ts';

export type Cell = string | number | bigint | boolean | null;

/** A column of a table of events. */
export interface TableColumn {
  readonly element: SchemaElement;
  /** Its values by row. */
  cells(block: Block): (row: number) => Cell;
}

/** The columns before those of the leaves. */
const OWN = ['id', 'time', 'received', 'host', 'pname', 'pid', 'msgid', 'facility', 'severity', 'level', 'ver', 'msg', 'producer'];

const STRINGS = 1 << LEAF.string;
const NUMBERS = 1 << LEAF.number;
const BOOLEANS = (1 << LEAF.true) | (1 << LEAF.false);
const INTEGERS: ReadonlySet<string> = new Set(['facility', 'severity', 'pri']);

const TYPES = {
  string: { type: 'BYTE_ARRAY', converted_type: 'UTF8', logical_type: { type: 'STRING' } },
  number: { type: 'DOUBLE' },
  integer: { type: 'INT32' },
  boolean: { type: 'BOOLEAN' },
  time: { type: 'INT64', converted_type: 'TIMESTAMP_MICROS', logical_type: { type: 'TIMESTAMP', isAdjustedToUTC: true, unit: 'MICROS' } },
} as const;

type Kind = keyof typeof TYPES | 'json';

/** The columns of a table: those asked for, or an event's own and all its leaves. */
export function tableColumns(fields: readonly string[] | undefined, leaves: LeafTypes, context: FieldContext): TableColumn[] {
  if (fields !== undefined) return [...new Set(fields)].map((name) => fieldColumn(name, leaves, context));
  const names = [...OWN, ...leaves.types.keys(), ...(leaves.overflow ? ['native', 'normalized'] : [])];
  return names.map((name) => fieldColumn(name, leaves, context));
}

function fieldColumn(name: string, leaves: LeafTypes, context: FieldContext): TableColumn {
  if (name === 'native' || name === 'normalized') {
    const part = partCells(name, context);
    return tableColumn(name, 'string', (block) => {
      const text = part(block);
      return (row) => text(row) || null;
    });
  }
  if (name === 'time' || name === 'received') return tableColumn(name, 'time', (block) => timeCells(block[name]()));
  const source = new FieldSource(name, context);
  const kind = kindOf(name, leaves);
  return tableColumn(name, kind, (block) => valueCells(source.columns(block), kind));
}

function tableColumn(name: string, kind: Kind, cells: TableColumn['cells']): TableColumn {
  return { element: { name, repetition_type: 'OPTIONAL', ...TYPES[kind === 'json' ? 'string' : kind] }, cells };
}

function kindOf(name: string, leaves: LeafTypes): Kind {
  const field = resolveField(name);
  if (field.kind === 'event') return INTEGERS.has(field.name) && name !== 'level' ? 'integer' : 'string';
  const mine = [...leaves.types].filter(([leaf]) => field.matches(leaf)).map(([, type]) => type);
  const [only] = mine;
  if (only === undefined) return leaves.overflow ? 'json' : 'string';
  // What shares a column with others may be anything.
  if (mine.length > 1 || only.several || leaves.overflow) return 'json';
  if (only.tags === STRINGS) return 'string';
  if (only.tags === NUMBERS) return 'number';
  return (only.tags & ~BOOLEANS) === 0 ? 'boolean' : 'json';
}

function timeCells(micros: Float64Array): (row: number) => Cell {
  return (row) => BigInt(Math.floor(micros[row]!));
}

/** Where kinds mix or an event holds several values, the cell is JSON text; else the value. */
function valueCells(columns: readonly Column[], kind: Kind): (row: number) => Cell {
  if (kind === 'json') return (row) => jsonCell(columns, row);
  const [column] = columns;
  if (column === undefined) return () => null;
  return (row) => {
    const [from, to] = entriesOf(column, row);
    return from === to ? null : cellOf(column, from, kind);
  };
}

function cellOf(column: Column, entry: number, kind: Kind): Cell {
  const tag = column.tags === null ? column.tag : column.tags[entry]!;
  if (tag === LEAF.null) return null;
  if (tag === LEAF.true || tag === LEAF.false) return tag === LEAF.true;
  if (tag !== LEAF.number) return stringAt(column, entry);
  const value = column.numbers![entry]!;
  return kind === 'string' ? String(value) : value;
}

function jsonCell(columns: readonly Column[], row: number): Cell {
  const values: string[] = [];
  for (const column of columns) {
    const [from, to] = entriesOf(column, row);
    for (let entry = from; entry < to; entry++) values.push(jsonOf(column, entry));
  }
  return values.length > 1 ? `[${values.join(',')}]` : (values[0] ?? null);
}

function jsonOf(column: Column, entry: number): string {
  const tag = column.tags === null ? column.tag : column.tags[entry]!;
  // A number that a double cannot hold is its own text.
  if (tag === LEAF.numberText) return stringAt(column, entry);
  const value = cellOf(column, entry, 'json');
  return JSON.stringify(value);
}
