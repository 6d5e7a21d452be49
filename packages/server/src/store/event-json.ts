import { ROW_TIME_RECEIVED } from '../event/batch.ts';
import { formatTime, LEVELS } from '../event/event.ts';
import { formatEventId } from '../event/event-id.ts';
import { LEAF } from '../event/leaf.ts';
import { ShapeCache } from '../event/shape.ts';
import { OVERFLOW, type Block, type Column } from './block.ts';
import { selectFields, type FieldSelection } from './event-fields.ts';
import { projectShape, type ProjectedShape } from './event-shape.ts';

/** Shapes remembered with their selected parts. */
const SHAPES_MAX = 10_000;

/** A leaf of a shape as its column in a block and which of the row's entries there it is. */
interface LeafPlace {
  readonly column: Column;
  readonly occurrence: number;
}

function entryOf(column: Column, row: number): number {
  return column.rowStarts === null ? row : column.rowStarts[row]!;
}

function stringAt(column: Column, entry: number): string {
  const strings = column.strings!;
  return strings.kind === 'text' ? strings.value(entry) : strings.values[strings.index[entry]!]!;
}

/** The JSON text of an entry. */
function leafJson(column: Column, entry: number): string {
  switch (column.tags === null ? column.tag : column.tags[entry]!) {
    case LEAF.null:
      return 'null';
    case LEAF.false:
      return 'false';
    case LEAF.true:
      return 'true';
    case LEAF.number:
      return String(column.numbers![entry]!);
    case LEAF.numberText:
      return stringAt(column, entry);
    default:
      return JSON.stringify(stringAt(column, entry));
  }
}

/** Makes the JSON of the API's events from rows of blocks. One per search or export: it has one tenant and one selection of fields. */
export class EventRenderer {
  readonly node: number;
  readonly tenant: string;
  readonly selection: FieldSelection;
  private readonly shapes: ShapeCache;
  private readonly projected = new Map<string, ProjectedShape>();

  /** `tenantId` is the id in the API; `fields` as of `selectFields`, everything when undefined. */
  constructor(node: number, tenantId: string, fields?: readonly string[], shapes: ShapeCache = new ShapeCache()) {
    this.node = node;
    this.tenant = JSON.stringify(tenantId);
    this.selection = selectFields(fields);
    this.shapes = shapes;
  }

  /** For the rows of one block. Reads a column when the first row needs it; throws what the block throws when it is damaged. */
  block(block: Block): BlockRenderer {
    return new BlockRenderer(this, block);
  }

  shape(text: string): ProjectedShape {
    let shape = this.projected.get(text);
    if (shape === undefined) {
      if (this.projected.size >= SHAPES_MAX) this.projected.clear();
      shape = projectShape(text, this.shapes, this.selection.wanted);
      this.projected.set(text, shape);
    }
    return shape;
  }
}

export class BlockRenderer {
  private readonly renderer: EventRenderer;
  private readonly block: Block;
  private readonly columns = new Map<string, Column | undefined>();
  private readonly places = new Map<string, readonly LeafPlace[]>();

  constructor(renderer: EventRenderer, block: Block) {
    this.renderer = renderer;
    this.block = block;
  }

  /** The JSON text of a row. */
  row(row: number): string {
    const { block, renderer } = this;
    const { has } = renderer.selection;
    const received = block.received()[row]!;
    const id = formatEventId(Math.floor(received / 1000), renderer.node, block.shard, block.position()[row]!);
    let text = `{"id":"${id}"`;
    if (has('tenant')) text += `,"tenant":${renderer.tenant}`;
    text += `,"time":"${formatTime(block.time()[row]!)}"`;
    if (has('time_source') && (this.number('flags', row)! & ROW_TIME_RECEIVED) !== 0) text += ',"time_source":"received"';
    if (has('received')) text += `,"received":"${formatTime(received)}"`;
    for (const name of ['host', 'pname', 'pid', 'msgid'] as const) if (has(name)) text += `,"${name}":${this.header(name, row)}`;
    text += this.priority(row);
    if (has('ver')) text += this.version(row);
    if (has('msg')) text += this.msg(row);
    text += this.leaves(row);
    if (has('producer')) text += `,"producer":${stringAt(this.column('producer')!, row)}`;
    return `${text}}`;
  }

  private column(name: string): Column | undefined {
    if (!this.columns.has(name)) this.columns.set(name, this.block.column(name));
    return this.columns.get(name);
  }

  /** The number of a row, undefined when it has none. */
  private number(name: string, row: number): number | undefined {
    const column = this.column(name);
    if (column === undefined) return undefined;
    const entry = entryOf(column, row);
    return column.rowStarts !== null && column.rowStarts[row + 1] === entry ? undefined : column.numbers![entry];
  }

  private header(name: 'host' | 'pname' | 'pid' | 'msgid', row: number): string {
    const column = this.column(name)!;
    const tag = column.tags === null ? column.tag : column.tags[row];
    return tag === LEAF.number ? `"${column.numbers![row]!}"` : JSON.stringify(stringAt(column, row));
  }

  private priority(row: number): string {
    const { has } = this.renderer.selection;
    if (!has('severity') && !has('level') && !has('facility') && !has('pri')) return '';
    const severity = this.number('severity', row);
    const facility = this.number('facility', row);
    let text = '';
    if (has('pri') && severity !== undefined && facility !== undefined) text += `,"pri":${facility * 8 + severity}`;
    if (has('facility') && facility !== undefined) text += `,"facility":${facility}`;
    if (has('severity') && severity !== undefined) text += `,"severity":${severity}`;
    if (has('level') && severity !== undefined) text += `,"level":"${LEVELS[severity] ?? 'debug'}"`;
    return text;
  }

  private version(row: number): string {
    const version = this.number('ver', row);
    return version === undefined ? '' : `,"ver":"${version}"`;
  }

  private msg(row: number): string {
    const column = this.column('msg');
    if (column === undefined) return '';
    const entry = entryOf(column, row);
    if (column.rowStarts !== null && column.rowStarts[row + 1] === entry) return '';
    return `,"msg":${JSON.stringify(stringAt(column, entry))}`;
  }

  private leaves(row: number): string {
    if (this.renderer.selection.noLeaves) return '';
    const { index, texts } = this.block.shapes();
    const shape = this.renderer.shape(texts[index[row]!]!);
    const { pieces } = shape;
    const places = this.placesOf(texts[index[row]!]!, shape);
    let text = pieces[0]!;
    if (text === '' && places.length === 0) return '';
    for (let i = 0; i < places.length; i++) {
      const { column, occurrence } = places[i]!;
      text += leafJson(column, entryOf(column, row) + occurrence) + pieces[i + 1]!;
    }
    return `,${text}`;
  }

  /** Where the leaves of a shape are in this block. Those of one column in one row follow each other. */
  private placesOf(text: string, shape: ProjectedShape): readonly LeafPlace[] {
    let places = this.places.get(text);
    if (places === undefined) {
      const known = this.block.columns();
      const seen = new Map<string, number>();
      const occurrences = shape.columns.map((name) => {
        const key = known.has(name) ? name : OVERFLOW;
        const occurrence = seen.get(key) ?? 0;
        seen.set(key, occurrence + 1);
        return { key, occurrence };
      });
      places = shape.leaves.map((leaf) => ({ column: this.column(occurrences[leaf]!.key)!, occurrence: occurrences[leaf]!.occurrence }));
      this.places.set(text, places);
    }
    return places;
  }
}
