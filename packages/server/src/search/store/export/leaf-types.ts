import { LEAF } from '../../../event/leaf.ts';
import { OVERFLOW, type Block } from '../../../store/block.ts';
import { columnNames, isLeafColumn } from '../evaluate/choose-columns.ts';
import { reading, scopeRows, type SearchContext } from '../scope.ts';

/** Leaf columns of a table; when there are more, the rest is in the columns `native` and `normalized`. */
const COLUMNS_MAX = 1_000;

/** What is known of the values of a leaf in all blocks together. */
export interface LeafType {
  /** Kinds of values, as bits `1 << LEAF.x`; nulls left out. */
  tags: number;
  /** Some events hold several: an array. */
  several: boolean;
  rows: number;
}

/** The leaves that the events of a search may have. */
export interface LeafTypes {
  /** By column name, sorted. */
  readonly types: ReadonlyMap<string, LeafType>;
  /** Not all leaves have a column of their own. */
  readonly overflow: boolean;
}

/** Gathers what the leaves of blocks are. */
export class LeafTypeCounts {
  private readonly types = new Map<string, LeafType>();
  private overflow = false;

  add(context: Pick<SearchContext, 'shapes'>, block: Block): void {
    this.overflow ||= block.columns().has(OVERFLOW);
    addBlock(context, block, this.types);
  }

  /** Of leaves beyond a table's columns the most frequent. */
  result(): LeafTypes {
    const listed = [...this.types].filter(([, { tags }]) => tags !== 0);
    const kept = listed.length <= COLUMNS_MAX ? listed : listed.sort(([, a], [, b]) => b.rows - a.rows).slice(0, COLUMNS_MAX);
    return { types: new Map(kept.sort(([a], [b]) => (a < b ? -1 : 1))), overflow: this.overflow || listed.length > COLUMNS_MAX };
  }
}

/** Looks through the indexes of the blocks that may match; no column of a segment is read. */
export async function leafTypes(context: SearchContext): Promise<LeafTypes> {
  const { snapshot, scope, plan, budget } = context;
  const counts = new LeafTypeCounts();
  for (const block of snapshot.blocks(scope.tenant.number, scope.from, scope.to)) {
    await budget.step();
    reading(context, block, undefined, () => {
      if (plan.peek(block) !== false && scopeRows(scope, block) !== false) counts.add(context, block);
    });
  }
  return counts.result();
}

function addBlock({ shapes }: Pick<SearchContext, 'shapes'>, block: Block, types: Map<string, LeafType>): void {
  const columns = block.columns();
  for (const name of columnNames(block, shapes)) {
    const info = isLeafColumn(name) ? columns.get(name) : undefined;
    if (info === undefined) continue;
    const tags = info.tags & ~(1 << LEAF.null);
    const several = info.entries > info.rows;
    const known = types.get(name);
    if (known === undefined) types.set(name, { tags, several, rows: info.rows });
    else {
      known.tags |= tags;
      known.several ||= several;
      known.rows += info.rows;
    }
  }
}
