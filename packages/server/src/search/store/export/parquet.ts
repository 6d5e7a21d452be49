import { ByteWriter, ParquetWriter } from 'hyparquet-writer';
import type { Block } from '../../../store/block.ts';
import type { ExportRequest } from '../../search.ts';
import { reading, type SearchContext } from '../scope.ts';
import type { ExportSource } from './export.ts';
import { refuseGaps } from './gaps.ts';
import { HeldBlocks } from './held-blocks.ts';
import { tableColumns, type Cell, type TableColumn } from './table.ts';

/** A row group ends at so many values, or characters of text: it is written in one go. */
const GROUP_CELLS = 256 << 10;
const GROUP_ROWS_MIN = 1_000;
const GROUP_CHARACTERS = 4 << 20;

/** Rows that gather to a row group. */
class RowGroup {
  readonly rowsMax: number;
  private readonly columns: readonly TableColumn[];
  private data: Cell[][] = [];
  private characters = 0;

  constructor(columns: readonly TableColumn[]) {
    this.columns = columns;
    this.rowsMax = Math.max(GROUP_ROWS_MIN, Math.floor(GROUP_CELLS / columns.length));
    this.clear();
  }

  get rows(): number {
    return this.data[0]!.length;
  }

  get full(): boolean {
    return this.rows >= this.rowsMax || this.characters >= GROUP_CHARACTERS;
  }

  add(cells: readonly ((row: number) => Cell)[], row: number): void {
    const values = cells.map((cell) => cell(row));
    for (const [i, value] of values.entries()) {
      this.data[i]!.push(value);
      if (typeof value === 'string') this.characters += value.length;
    }
  }

  /** Writes what there is; the columns of a group are compressed, and what describes them stays for the end of the file. */
  write(parquet: ParquetWriter): void {
    if (this.rows === 0) return;
    const columnData = this.columns.map(({ element }, i) => ({ name: element.name, data: this.data[i]!, offsetIndex: false }));
    // Without asynchronous flush it is synchronous.
    void parquet.write({ columnData, rowGroupSize: this.rows });
    this.clear();
  }

  private clear(): void {
    this.data = this.columns.map(() => []);
    this.characters = 0;
  }
}

/** What the writer has made since the last time. */
function taken(writer: ByteWriter): Uint8Array<ArrayBuffer> {
  const bytes = writer.getBytes().slice();
  writer.index = 0;
  return bytes;
}

/**
 * Everything that matches, oldest first, as a Parquet file: an event's own fields and a column for each leaf of native and normalized. The columns
 * are known before the first row, from the indexes of the blocks. Memory is that of a row group, and some hundred bytes for each column of each
 * group written.
 */
export async function* parquetPieces(
  context: SearchContext,
  request: ExportRequest,
  source: ExportSource,
): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  const { scope, node, shapes, budget } = context;
  const columns = tableColumns(request.fields, await source.leafTypes(), { tenantId: scope.tenant.id, node, shapes });
  const writer = new ByteWriter();
  const schema = [{ name: 'root', num_children: columns.length }, ...columns.map(({ element }) => element)];
  const parquet = new ParquetWriter({ writer, schema, createdBy: 'meniscus' });
  const group = new RowGroup(columns);
  const blocks = new HeldBlocks((block: Block) => columns.map((column) => column.cells(block)));
  for await (const { block, rows, from, to } of source.stretches()) {
    for (let i = from; i < to; i++) {
      reading(context, block, undefined, () => group.add(blocks.of(block), rows[i]!));
      if (!group.full) continue;
      refuseGaps(context);
      group.write(parquet);
      yield taken(writer);
      await budget.step();
    }
    refuseGaps(context);
  }
  refuseGaps(context);
  group.write(parquet);
  void parquet.finish();
  yield taken(writer);
}
