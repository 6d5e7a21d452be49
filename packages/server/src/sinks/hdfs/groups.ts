import { shardOf } from '../document/place.ts';
import { tenantName } from '../tenant-name.ts';
import type { SinkBatch } from '../writer.ts';
import { fillTemplate, type PlaceRange } from './file-path.ts';

/** Rows of a batch that one file can hold: of a tenant, a day and a shard of the queue, in the order of the queue. */
export interface FileRows {
  /** Below the sink's directory. */
  readonly directory: string;
  readonly rows: readonly number[];
}

/** Sorts the rows of a batch into directories. */
export function groupRows(batch: SinkBatch, template: string): FileRows[] {
  const groups = new Map<string, { readonly directory: string; readonly rows: number[] }>();
  for (let row = 0; row < batch.rows; row++) {
    const tenant = batch.tenant(row);
    const day = batch.day(row);
    const key = `${shardOf(batch.position(row))} ${day} ${tenant.number}`;
    let group = groups.get(key);
    if (group === undefined) {
      group = { directory: fillTemplate(template, tenantName(tenant.id), day), rows: [] };
      groups.set(key, group);
    }
    group.rows.push(row);
  }
  return [...groups.values()];
}

/** The rows that are in no file yet. Ranges of one directory do not overlap. */
export function missingRows(batch: SinkBatch, rows: readonly number[], written: readonly PlaceRange[]): number[] {
  if (written.length === 0) return [...rows];
  return rows.filter((row) => {
    const place = batch.position(row);
    return !written.some(({ from, to }) => from <= place && place <= to);
  });
}
