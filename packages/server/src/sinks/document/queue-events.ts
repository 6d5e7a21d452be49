import type { LeafOf, SinkBatch, SinkTenant } from '../writer.ts';
import type { RenderedBatch } from './rendered-batch.ts';

/** Rows of one rendered batch that a sink wants. */
export interface WantedRows {
  readonly rendered: RenderedBatch;
  readonly rows: readonly number[];
  /** By the batch's row. */
  readonly tenantOf: (row: number) => SinkTenant;
}

/** Events of some batches of the queue, one after the other. */
export class QueueEvents implements SinkBatch {
  private readonly parts: readonly WantedRows[];
  private readonly part: Uint32Array;
  private readonly row: Uint32Array;

  constructor(parts: readonly WantedRows[], part: Uint32Array, row: Uint32Array) {
    this.parts = parts;
    this.part = part;
    this.row = row;
  }

  static of(parts: readonly WantedRows[]): QueueEvents {
    const total = parts.reduce((sum, { rows }) => sum + rows.length, 0);
    const part = new Uint32Array(total);
    const row = new Uint32Array(total);
    let at = 0;
    for (const [index, { rows }] of parts.entries()) {
      part.fill(index, at, at + rows.length);
      row.set(rows, at);
      at += rows.length;
    }
    return new QueueEvents(parts, part, row);
  }

  get rows(): number {
    return this.row.length;
  }

  id(row: number): string {
    return this.rendered(row).id(this.row[row]!);
  }

  tenant(row: number): SinkTenant {
    return this.parts[this.part[row]!]!.tenantOf(this.row[row]!);
  }

  received(row: number): number {
    return this.rendered(row).batch.received[this.row[row]!]!;
  }

  day(row: number): string {
    return this.rendered(row).day(this.row[row]!);
  }

  position(row: number): number {
    return this.rendered(row).place(this.row[row]!);
  }

  document(row: number): string {
    return this.rendered(row).document(this.row[row]!);
  }

  object(row: number): Record<string, unknown> {
    return this.rendered(row).object(this.row[row]!);
  }

  leaves(row: number, visit: (name: string, value: LeafOf) => void): void {
    this.rendered(row).leaves(this.row[row]!, visit);
  }

  select(rows: readonly number[]): QueueEvents {
    return new QueueEvents(
      this.parts,
      Uint32Array.from(rows, (row) => this.part[row]!),
      Uint32Array.from(rows, (row) => this.row[row]!),
    );
  }

  private rendered(row: number): RenderedBatch {
    return this.parts[this.part[row]!]!.rendered;
  }
}
