import { KeptDocuments } from '../document/kept-documents.ts';
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
  return batch instanceof KeptDocuments ? [...groups.values()].flatMap((group) => runs(batch, group)) : [...groups.values()];
}

/** Dead letters come in any order, and between two of them others may be left that come later: a file has only what follows each other. */
function runs(batch: SinkBatch, { directory, rows }: FileRows): FileRows[] {
  const found: { readonly directory: string; readonly rows: number[] }[] = [];
  for (const row of [...rows].sort((a, b) => batch.position(a) - batch.position(b))) {
    const last = found.at(-1);
    if (last !== undefined && batch.position(row) === batch.position(last.rows.at(-1)!) + 1) last.rows.push(row);
    else found.push({ directory, rows: [row] });
  }
  return found;
}

/** The rows that are in no file yet. Ranges of one directory do not overlap. */
export function missingRows(batch: SinkBatch, rows: readonly number[], written: readonly PlaceRange[]): number[] {
  const near = written.filter((range) => mayOverlap(batch, rows, range));
  if (near.length === 0) return [...rows];
  return rows.filter((row) => {
    const place = batch.position(row);
    return !near.some(({ from, to }) => from <= place && place <= to);
  });
}

/** The rows whose places are within a range. */
export function rowsWithin(batch: SinkBatch, rows: readonly number[], range: PlaceRange): number[] {
  if (!mayOverlap(batch, rows, range)) return [];
  return rows.filter((row) => range.from <= batch.position(row) && batch.position(row) <= range.to);
}

/** Rows are in the order of their places, so that most files of a day are passed by at once. */
function mayOverlap(batch: SinkBatch, rows: readonly number[], { from, to }: PlaceRange): boolean {
  return rows.length > 0 && from <= batch.position(rows.at(-1)!) && batch.position(rows[0]!) <= to;
}
