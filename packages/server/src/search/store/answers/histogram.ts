import { MeniscusError } from '../../../errors.ts';
import type { Block } from '../../../store/block.ts';
import { limits } from '../../../limits.ts';
import type { SearchRequest } from '../../search.ts';
import { countOf, type Selection } from '../evaluate/mask.ts';
import { FieldSource } from '../fields/field-source.ts';
import { RowValues, ValueIds } from '../fields/value-ids.ts';
import { firstRowFrom } from '../order.ts';
import { reading, scopeBlocks, selectRows, type SearchContext } from '../scope.ts';
import { bucketOf, bucketRange, bucketTime, makeBuckets, type Buckets } from './buckets.ts';

/** Values of `by` that an answer lists; what the others have is in `other`. */
export const VALUES_LISTED = 50;

/** `histogram`: events by time, and by the values of a field. */
export async function answerHistogram(context: SearchContext, request: Extract<SearchRequest, { kind: 'histogram' }>): Promise<string> {
  const blocks = scopeBlocks(context);
  const buckets = makeBuckets(bucketRange(context.scope, blocks, Date.now() * 1000), request);
  const counts = new Float64Array(buckets.count);
  const split = request.by === undefined ? undefined : new Split(context, request.by, buckets);
  for (const block of blocks) {
    if (!(await context.budget.step())) break;
    reading(context, block, undefined, () => {
      const rows = selectRows(context, block);
      if (rows === false) return;
      countTimes(buckets, block, rows, counts);
      split?.add(block, rows);
    });
  }
  const listed = split?.listed();
  const texts = Array.from(counts, (count, i) => `{"time":"${bucketTime(buckets, i)}","count":${count}${split?.text(i, listed!) ?? ''}}`);
  return `{"interval_ms":${buckets.intervalMs},"buckets":[${texts.join(',')}],${context.budget.tail()}}`;
}

/** Long values come again in every bucket. */
export function tooManyBuckets(): MeniscusError {
  return new MeniscusError('limit_exceeded', `the answer takes more than ${limits.searchResultBytes >> 20} MiB; ask for fewer buckets`);
}

/** Adds the selected rows to their buckets. Times ascend, so that a bucket's rows are a stretch. */
function countTimes(buckets: Buckets, block: Block, rows: Selection, counts: Float64Array): void {
  const first = bucketOf(buckets, block.minTime);
  if (first === bucketOf(buckets, block.maxTime)) {
    counts[first]! += countOf(rows, block.rows);
    return;
  }
  const times = block.time();
  for (let from = 0; from < block.rows;) {
    const bucket = bucketOf(buckets, times[from]!);
    const end = bucket === buckets.count - 1 ? block.rows : firstRowFrom(times, buckets.start + (bucket + 1) * buckets.width);
    counts[bucket]! += rows === true ? end - from : countBetween(rows as Uint8Array, from, end);
    from = end;
  }
}

function countBetween(mask: Uint8Array, from: number, to: number): number {
  let count = 0;
  for (let row = from; row < to; row++) count += mask[row]!;
  return count;
}

/** Counts by bucket of each value of a field. An event with several values counts for its first. */
class Split {
  private readonly buckets: Buckets;
  private readonly values: RowValues;
  private readonly ids: ValueIds;
  /** By id of the value. */
  private readonly counts: Float64Array[] = [];
  private readonly others: Float64Array;
  private written = 0;

  constructor(context: SearchContext, name: string, buckets: Buckets) {
    this.buckets = buckets;
    this.others = new Float64Array(buckets.count);
    this.ids = new ValueIds(limits.searchResultBytes / 2, 8 * buckets.count);
    const fields = { tenantId: context.scope.tenant.id, node: context.node, shapes: context.shapes };
    this.values = new RowValues(new FieldSource(name, fields), this.ids);
  }

  add(block: Block, rows: Selection): void {
    const ids = this.values.of(block, rows);
    const times = block.time();
    for (let row = 0; row < ids.length; row++) {
      const id = ids[row]!;
      if (id === ValueIds.ABSENT || (rows !== true && (rows as Uint8Array)[row] === 0)) continue;
      const into = id === ValueIds.REFUSED ? this.others : (this.counts[id] ??= new Float64Array(this.buckets.count));
      into[bucketOf(this.buckets, times[row]!)]!++;
    }
  }

  /** The values that most events have; the others are added up. */
  listed(): readonly number[] {
    const totals = this.counts.map((counts, id) => ({ id, total: counts.reduce((sum, count) => sum + count, 0) }));
    const order = totals.sort((a, b) => b.total - a.total).map(({ id }) => id);
    for (const id of order.slice(VALUES_LISTED)) for (const [i, count] of this.counts[id]!.entries()) this.others[i]! += count;
    return order.slice(0, VALUES_LISTED);
  }

  text(bucket: number, listed: readonly number[]): string {
    const by: string[] = [];
    for (const id of listed) {
      const count = this.counts[id]![bucket]!;
      if (count > 0) by.push(`${JSON.stringify(this.ids.text(id))}:${count}`);
    }
    const other = this.others[bucket]! > 0 ? `,"other":${this.others[bucket]}` : '';
    const values = by.join(',');
    this.written += values.length;
    if (this.written > limits.searchResultBytes) throw tooManyBuckets();
    return `,"by":{${values}}${other}`;
  }
}
