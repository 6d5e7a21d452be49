import type { PathField } from '@meniscus/query';
import type { ShapeCache } from '../../../event/shape.ts';
import { OVERFLOW, type Block } from '../../../store/block.ts';

/** The event's own string columns that a term without a field looks at. */
const SEARCHED: ReadonlySet<string> = new Set(['msg', 'host', 'pname', 'msgid']);

/** Which columns of a block a condition looks at. */
export interface ColumnChoice {
  /** The names of columns that the block has, OVERFLOW left out. */
  names(block: Block): readonly string[];
  /** For the entries of OVERFLOW: whether a column name is one of them. Undefined: no leaf column is. */
  readonly leaf?: (name: string) => boolean;
  /** Only entries that are strings count. */
  readonly stringsOnly?: boolean;
}

const EVENT_COLUMNS = ['host', 'pname', 'msgid', 'pid', 'msg', 'severity', 'facility', 'ver', 'flags', 'producer'];

export function isLeafColumn(name: string): boolean {
  return name.startsWith('native.') || name.startsWith('normalized.');
}

/**
 * The names of columns that a block has or may have, OVERFLOW left out. Walking over the columns of hot data would build every one of them,
 * while their shapes say the names of the leaves.
 */
export function columnNames(block: Block, shapes: ShapeCache): Iterable<string> {
  if (isDescribed(block)) return block.columns().keys();
  const names = new Set<string>(EVENT_COLUMNS);
  for (const text of block.shapes().texts) for (const name of shapes.get(text).columns) names.add(name);
  return names;
}

/** Whether the block's columns are described without reading them: those of hot data are not. */
export function isDescribed(block: Block): boolean {
  return block.storedBytes > 0;
}

/** The names of a block's columns that pass, looked up once a block. */
function namesThat(shapes: ShapeCache, passes: (name: string) => boolean): (block: Block) => readonly string[] {
  const known = new WeakMap<Block, readonly string[]>();
  return (block) => {
    let names = known.get(block);
    if (names === undefined) {
      names = [...columnNames(block, shapes)].filter((name) => name !== OVERFLOW && passes(name));
      known.set(block, names);
    }
    return names;
  };
}

/** What a term without a field looks at: every string of the event but pid, id, tenant and producer. */
export function searchedColumns(shapes: ShapeCache): ColumnChoice {
  return { names: namesThat(shapes, (name) => SEARCHED.has(name) || isLeafColumn(name)), leaf: () => true, stringsOnly: true };
}

/** The leaves that a name means: one in native, several patterns' in normalized. With `under` also what lies below the name. */
export function fieldColumns(shapes: ShapeCache, field: PathField, under: boolean): ColumnChoice {
  const leaf = (name: string): boolean => field.matches(name) || (under && field.under(name));
  return { names: namesThat(shapes, (name) => isLeafColumn(name) && leaf(name)), leaf };
}

/** Everything inside native or normalized. */
export function objectColumns(shapes: ShapeCache, name: 'native' | 'normalized'): ColumnChoice {
  const prefix = `${name}.`;
  const leaf = (column: string): boolean => column.startsWith(prefix);
  return { names: namesThat(shapes, leaf), leaf };
}
