import { ShapeCache } from '../../event/shape.ts';
import type { Block, Column, ColumnInfo } from '../block.ts';
import { ColumnInfos } from './column-infos.ts';
import { FIXED_COLUMNS, type FixedColumn } from './column.ts';
import { DictionaryBuilder } from './dictionary-builder.ts';
import { blockShapes, fixedColumn, RowSet } from './fixed.ts';
import { Leaves, type BlockShapes, type ColumnTools } from './leaves.ts';
import type { RowRefs } from './order.ts';
import type { RowSource } from './row-source.ts';

const FIXED: ReadonlySet<string> = new Set(FIXED_COLUMNS);

export function columnTools(): ColumnTools {
  return { shapes: new ShapeCache(), dictionary: new DictionaryBuilder(), serial: 0 };
}

/** Lowest and highest of a column that is not empty. */
export function extent(values: Float64Array): { min: number; max: number } {
  let min = Infinity;
  let max = -Infinity;
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (value < min) min = value;
    if (value > max) max = value;
  }
  return { min, max };
}

/**
 * Rows of one tenant as a block in memory. Columns are built from the rows' sources whenever they are asked for and not kept: the writer of
 * segments asks once, and hot data keep them in the cache of the query thread.
 */
export class RowBlock implements Block {
  readonly shard: number;
  readonly rows: number;
  readonly minTime: number;
  readonly maxTime: number;
  readonly minReceived: number;
  readonly maxReceived: number;
  readonly storedBytes = 0;
  readonly set: RowSet;
  private readonly tools: ColumnTools;
  private readonly columnsMax: number;
  private readonly received_: Float64Array;
  private shapes_: BlockShapes | undefined;
  private leaves_: Leaves | undefined;
  private infos: ColumnInfos | undefined;

  /** `refs` in order (order.ts), at least one row. At most `columnsMax` leaf columns, the rest in OVERFLOW. */
  constructor(shard: number, refs: RowRefs, sources: readonly RowSource[], tools: ColumnTools, columnsMax: number) {
    this.shard = shard;
    this.rows = refs.row.length;
    this.set = new RowSet(refs, sources);
    this.tools = tools;
    this.columnsMax = columnsMax;
    this.minTime = refs.time[0]!;
    this.maxTime = refs.time[this.rows - 1]!;
    this.received_ = this.set.received();
    ({ min: this.minReceived, max: this.maxReceived } = extent(this.received_));
  }

  mayContain(_word: string): boolean {
    return true;
  }

  columns(): ReadonlyMap<string, ColumnInfo> {
    return (this.infos ??= new ColumnInfos(this));
  }

  time(): Float64Array {
    return this.set.refs.time;
  }

  received(): Float64Array {
    return this.received_;
  }

  position(): Float64Array {
    return this.set.positions();
  }

  shapes(): BlockShapes {
    return (this.shapes_ ??= blockShapes(this.set, this.tools));
  }

  column(name: string): Column | undefined {
    return FIXED.has(name) ? fixedColumn(name as FixedColumn, this.set, this.tools) : this.leaves.column(name, this.tools);
  }

  /** Names of columns that the block has or may have, in the order of segments. */
  names(): string[] {
    return [...FIXED_COLUMNS, ...this.leaves.names];
  }

  hasLeaf(name: string): boolean {
    return this.leaves.has(name);
  }

  private get leaves(): Leaves {
    return (this.leaves_ ??= new Leaves(this.set.refs, this.set.sources, this.shapes(), this.tools.shapes, this.columnsMax));
  }
}
