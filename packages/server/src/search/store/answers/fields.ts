import { LEAF } from '../../../event/leaf.ts';
import { OVERFLOW, type Block } from '../../../store/block.ts';
import type { Budget } from '../budget.ts';
import { isDescribed, isLeafColumn } from '../evaluate/choose-columns.ts';
import { countOf, type Selection } from '../evaluate/mask.ts';
import { forEachEntry, rowsWithValue } from '../fields/value-counts.ts';
import { eachBlock, type SearchContext } from '../scope.ts';

/** Names listed; the rarest are left out above it. */
const FIELDS_LISTED = 10_000;
const FIELD_BYTES = 200;

const OWN_COLUMNS = ['host', 'pname', 'pid', 'msgid', 'facility', 'severity', 'msg'] as const;
const NILS: ReadonlySet<string> = new Set(['host', 'pname', 'pid', 'msgid']);

/** What is known of a field so far. */
export interface Seen {
  /** Events that have it. */
  events: number;
  /** Kinds of values, as bits `1 << LEAF.x`. */
  tags: number;
}

/**
 * `fields`: the fields of the selected events, the most frequent first. Which leaves an event has is in its shape, so that only the columns of
 * the event's own fields, and those with nulls in them, are ever read.
 */
export async function answerFields(context: SearchContext): Promise<string> {
  const seen = new Map<string, Seen>();
  let total = 0;
  await eachBlock(context, (block, rows) => {
    total += countOf(rows, block.rows);
    new BlockFields(context, block, rows, seen).add();
  });
  return fieldsText(seen, total, context.budget);
}

/** The answer: of `total` events so many have each field. */
export function fieldsText(seen: ReadonlyMap<string, Seen>, total: number, budget: Budget): string {
  const listed = [...seen].filter(([, { events }]) => events > 0);
  listed.sort(([a, x], [b, y]) => y.events - x.events || (a < b ? -1 : 1));
  if (listed.length > FIELDS_LISTED) budget.stop(`there are ${listed.length} fields; the ${FIELDS_LISTED} most frequent are listed`);
  const always =
    total === 0
      ? []
      : ['id', 'time', 'received', 'producer'].map((name) => fieldText(name, name === 'id' || name === 'producer' ? 'string' : 'time', 1));
  const texts = listed.slice(0, FIELDS_LISTED).flatMap(([name, { events, tags }]) => {
    const own = fieldText(name, typeName(name, tags), events / total);
    return name === 'severity' ? [own, fieldText('level', 'string', events / total)] : [own];
  });
  return `{"fields":[${[...always, ...texts].join(',')}],${budget.tail()}}`;
}

function fieldText(name: string, type: string, share: number): string {
  return `{"name":${JSON.stringify(name)},"type":"${type}","share":${Math.round(share * 1e6) / 1e6}}`;
}

/** `pid` is a text to the user, whatever it is stored as. */
function typeName(name: string, tags: number): string {
  if (name === 'pid') return 'string';
  const types: string[] = [];
  if ((tags & (1 << LEAF.string)) !== 0) types.push('string');
  if ((tags & ((1 << LEAF.number) | (1 << LEAF.numberText))) !== 0) types.push('number');
  if ((tags & ((1 << LEAF.true) | (1 << LEAF.false))) !== 0) types.push('boolean');
  return types.length === 1 ? types[0]! : types.length === 0 ? 'null' : 'mixed';
}

/** The fields of one block. */
class BlockFields {
  private readonly context: SearchContext;
  private readonly block: Block;
  private readonly rows: Selection;
  private readonly seen: Map<string, Seen>;
  /** How many rows are selected. */
  private readonly selected: number;

  constructor(context: SearchContext, block: Block, rows: Selection, seen: Map<string, Seen>) {
    this.context = context;
    this.block = block;
    this.rows = rows;
    this.seen = seen;
    this.selected = countOf(rows, block.rows);
  }

  add(): void {
    for (const name of OWN_COLUMNS) this.addColumn(name);
    if (this.rows === true && isDescribed(this.block)) {
      for (const name of this.block.columns().keys()) if (isLeafColumn(name)) this.addColumn(name);
    } else this.addShapes();
    if (this.block.columns().has(OVERFLOW)) this.addOverflow();
  }

  /** A column of which the index knows enough, or which has to be read. */
  private addColumn(name: string): void {
    const { block, rows } = this;
    if (!block.columns().has(name)) return;
    const info = isDescribed(block) ? block.columns().get(name)! : undefined;
    if (info !== undefined && (info.tags & (1 << LEAF.null)) === 0) {
      // All rows or none have it, or all are selected: no need to look which.
      if (info.rows === 0) return;
      if (rows === true || info.rows === block.rows) return this.found(name, rows === true ? info.rows : this.selected, info.tags);
    }
    const column = block.column(name);
    if (column === undefined) return;
    const tags = column.tags === null ? 1 << column.tag : column.tags.reduce((bits, tag) => bits | (1 << tag), 0);
    this.found(name, rowsWithValue(column, block.rows, rows, NILS.has(name) ? '-' : ''), tags);
  }

  private found(name: string, events: number, tags: number): void {
    const known = this.seen.get(name);
    if (known !== undefined) {
      known.events += events;
      known.tags |= tags;
    } else if (this.context.budget.charge(FIELD_BYTES + 2 * name.length)) this.seen.set(name, { events, tags });
  }

  /** Events by leaf, from the shapes of the selected rows. */
  private addShapes(): void {
    const { block, rows } = this;
    const { index, texts } = block.shapes();
    const counts = new Uint32Array(texts.length);
    for (let row = 0; row < block.rows; row++) if (rows === true || (rows as Uint8Array)[row] === 1) counts[index[row]!]!++;
    const events = new Map<string, number>();
    for (const [shape, text] of texts.entries()) {
      if (counts[shape] === 0) continue;
      for (const name of new Set(this.context.shapes.get(text).columns)) events.set(name, (events.get(name) ?? 0) + counts[shape]!);
    }
    for (const [name, count] of events) this.addLeaf(name, count);
  }

  private addLeaf(name: string, events: number): void {
    const info = this.block.columns().get(name);
    if (info === undefined) return;
    // With nulls among them the shape says too much.
    if ((info.tags & (1 << LEAF.null)) !== 0) this.addColumn(name);
    else this.found(name, events, info.tags);
  }

  /** The fields that share a column. */
  private addOverflow(): void {
    const { block, rows } = this;
    const column = block.column(OVERFLOW);
    if (column?.names === undefined) return;
    const { names } = column;
    const lastRow = new Map<string, number>();
    forEachEntry(column, block.rows, rows, (entry, row) => {
      const tag = column.tags === null ? column.tag : column.tags[entry]!;
      const name = names[entry]!;
      if (tag === LEAF.null) return;
      this.found(name, lastRow.get(name) === row ? 0 : 1, 1 << tag);
      lastRow.set(name, row);
    });
  }
}
