import { resolveField } from '@meniscus/query';
import type { Block } from '../../../store/block.ts';
import { LEAF } from '../../../event/leaf.ts';
import type { ExportRequest } from '../../search.ts';
import { stringAt } from '../evaluate/column-test.ts';
import { FieldSource, type FieldContext } from '../fields/field-source.ts';
import { entriesOf } from '../fields/value-counts.ts';
import { EventRenderer } from '../../../store/event-json.ts';

/** Writes the rows of a block as lines. */
export type RowFormat = (row: number) => string;

/** A format of exports: what comes first, and how the rows of a block become lines. */
export interface ExportFormat {
  readonly head: string;
  rows(block: Block): RowFormat;
}

/** The columns of a csv when none are asked for. */
const CSV_FIELDS = [
  'id',
  'time',
  'received',
  'host',
  'pname',
  'pid',
  'msgid',
  'facility',
  'severity',
  'level',
  'msg',
  'native',
  'normalized',
];

export function exportFormat(request: ExportRequest, context: FieldContext): ExportFormat {
  const makers: Readonly<Record<Exclude<ExportRequest['format'], 'parquet'>, () => ExportFormat>> = {
    ndjson: () => ndjson(request.fields, context),
    csv: () => csv(request.fields ?? CSV_FIELDS, context),
    raw: () => raw(context),
  };
  if (request.format === 'parquet') throw new Error('Parquet is no format of lines');
  return makers[request.format]();
}

function renderer(context: FieldContext, fields?: readonly string[]): EventRenderer {
  return new EventRenderer(context.node, context.tenantId, fields, context.shapes);
}

function ndjson(fields: readonly string[] | undefined, context: FieldContext): ExportFormat {
  const events = renderer(context, fields);
  return {
    head: '',
    rows: (block) => {
      const rows = events.block(block);
      return (row) => `${rows.row(row)}\n`;
    },
  };
}

/** msg, one a line: line ends within it become the two characters `\n` or `\r`. An event without msg is an empty line. */
function raw(context: FieldContext): ExportFormat {
  const msg = cellsOf('msg', context);
  const escapes: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r' };
  return {
    head: '',
    rows: (block) => {
      const text = msg(block);
      return (row) => `${text(row).replace(/[\n\r]/g, (end) => escapes[end]!)}\n`;
    },
  };
}

/** RFC 4180 but for the line end, which is a newline alone. Absent values are empty; several values, arrays and objects are
 * JSON. */
function csv(names: readonly string[], context: FieldContext): ExportFormat {
  const fields = names.map((name) => cellsOf(name, context));
  return {
    head: `${names.map(quote).join(',')}\n`,
    rows: (block) => {
      const cells = fields.map((field) => field(block));
      return (row) => `${cells.map((cell) => quote(cell(row))).join(',')}\n`;
    },
  };
}

function quote(text: string): string {
  return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** The text of a field by row, for each block. */
function cellsOf(name: string, context: FieldContext): (block: Block) => RowFormat {
  if (name === 'native' || name === 'normalized' || name === 'producer') return partCells(name, context);
  const source = new FieldSource(name, context);
  const objects = resolveField(name).kind === 'path' ? objectCells(name, context) : undefined;
  return (block) => {
    const columns = source.columns(block);
    let object: RowFormat | undefined;
    return (row) => {
      const values: (string | number | boolean)[] = [];
      for (const column of columns) {
        const [from, to] = entriesOf(column, row);
        for (let entry = from; entry < to; entry++) {
          const tag = column.tags === null ? column.tag : column.tags[entry]!;
          if (tag === LEAF.null) continue;
          values.push(tag >= LEAF.string ? stringAt(column, entry) : tag === LEAF.number ? column.numbers![entry]! : tag === LEAF.true);
        }
      }
      if (values.length > 1) return JSON.stringify(values);
      if (values.length === 1) return String(values[0]);
      object ??= objects?.(block);
      return object?.(row) ?? '';
    };
  };
}

const FIRST_KEY = /^\{("(?:[^"\\]|\\.)*"):/s;

/** The objects below a name as JSON, cut out of the event that has nothing else; with their parts where the name is in native and in normalized. */
function objectCells(name: string, context: FieldContext): (block: Block) => RowFormat {
  const events = renderer(context, [name]);
  return (block) => {
    const rows = events.block(block);
    return (row) => {
      const event = rows.row(row);
      const at = event.search(/,"(?:native|normalized)":/);
      const value = at < 0 ? 'null' : valueBelow(`{${event.slice(at + 1)}`, name.split('.'));
      return value === 'null' ? '' : value;
    };
  };
}

/** Takes off the objects around a value, whose keys are the name's; what stands beside it is not lost. */
function valueBelow(object: string, path: readonly string[]): string {
  const [, key] = FIRST_KEY.exec(object) ?? [];
  if (key === undefined) return object;
  const name = JSON.parse(key) as string;
  const value = object.slice(key.length + 2, -1);
  if (!isJson(value)) return object;
  const parts = name.split('.');
  const isNext = parts.every((part, i) => part === path[i]);
  // `native`, `normalized` and the pattern may be left out of a name.
  if (!isNext) return path.length === 0 ? object : valueBelow(value, path);
  return path.length === parts.length ? value : valueBelow(value, path.slice(parts.length));
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** native, normalized or producer as JSON: what stands behind id and time in an event that has nothing else. */
export function partCells(name: 'native' | 'normalized' | 'producer', context: FieldContext): (block: Block) => RowFormat {
  const events = renderer(context, [name]);
  const key = `,"${name}":`;
  return (block) => {
    const rows = events.block(block);
    return (row) => {
      const event = rows.row(row);
      const at = event.indexOf(key);
      return at < 0 ? '' : event.slice(at + key.length, -1);
    };
  };
}
