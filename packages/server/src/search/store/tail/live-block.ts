import type { Column } from '../../../store/block.ts';
import { RowBlock } from '../../../store/columns/row-block.ts';

/** Rows that just came. Columns, and frames of events, are made once for all the feeds of their tenant. */
export class LiveBlock extends RowBlock {
  private readonly made = new Map<string, Column | undefined>();
  private readonly written = new Map<string, (string | undefined)[]>();
  private positions: Float64Array | undefined;

  override column(name: string): Column | undefined {
    if (!this.made.has(name)) this.made.set(name, super.column(name));
    return this.made.get(name);
  }

  override position(): Float64Array {
    return (this.positions ??= super.position());
  }

  /** The frames of rows written so far, by row, of one selection of fields. */
  frames(fields: string): (string | undefined)[] {
    let frames = this.written.get(fields);
    if (frames === undefined) this.written.set(fields, (frames = []));
    return frames;
  }
}
