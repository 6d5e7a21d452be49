import type { Column, ColumnInfo } from '../block.ts';
import { ColumnInfos } from '../columns/column-infos.ts';
import { columnBytes } from '../columns/column.ts';
import type { ColumnTools } from '../columns/leaves.ts';
import type { RowRefs } from '../columns/order.ts';
import { RowBlock } from '../columns/row-block.ts';
import type { RowSource } from '../columns/row-source.ts';
import { addColumnWords } from '../words/column-words.ts';
import { buildFilter, filterHas } from '../words/filter.ts';
import { WordSet } from '../words/words.ts';
import type { BlockContext } from './segment-block.ts';

/** Making a filter takes as long as some scans: only for blocks of some size that are asked again and again. */
const FILTER_ROWS = 4_096;
const FILTER_ASKED = 4;

/** Some of a tenant's rows that are not in a segment yet. */
export class HotBlock extends RowBlock {
  /** The highest queue position among its rows. */
  readonly lastPosition: number;
  /** Bytes of text. */
  readonly textBytes: number;
  private readonly context: BlockContext;
  private readonly key: string;
  private asked = 0;
  private cachedInfos: ColumnInfos | undefined;

  constructor(
    shard: number,
    rows: { readonly refs: RowRefs; readonly sources: readonly RowSource[]; readonly lastPosition: number; readonly textBytes: number },
    tools: ColumnTools,
    columnsMax: number,
    context: BlockContext,
    key: string,
  ) {
    super(shard, rows.refs, rows.sources, tools, columnsMax);
    this.lastPosition = rows.lastPosition;
    this.textBytes = rows.textBytes;
    this.context = context;
    this.key = key;
  }

  override mayContain(word: string): boolean {
    if (this.rows < FILTER_ROWS || ++this.asked < FILTER_ASKED) return true;
    const hash = this.context.hash(word);
    const filter = this.context.filters.get(
      this.key,
      () => this.filter(),
      (made) => made.byteLength,
    );
    return hash === undefined || filterHas(filter, hash);
  }

  override columns(): ReadonlyMap<string, ColumnInfo> {
    return (this.cachedInfos ??= new ColumnInfos(this));
  }

  override position(): Float64Array {
    return this.context.columns.get(
      `${this.key}#position`,
      () => super.position(),
      (positions) => positions.byteLength,
    );
  }

  override column(name: string): Column | undefined {
    return this.context.columns.get(
      this.key + name,
      () => super.column(name),
      (column) => (column === undefined ? 0 : columnBytes(column)),
    );
  }

  private filter(): Int32Array {
    const words = new WordSet();
    for (const name of this.names()) {
      const column = this.column(name);
      if (column !== undefined) addColumnWords(words, column);
    }
    return buildFilter(words);
  }
}
