import { limits } from '../../../limits.ts';
import { LEVELS } from '../../../event/event.ts';
import { FIELDS } from '../../../sinks/elasticsearch/fields/fields.ts';
import type { SearchRequest } from '../../search.ts';
import { bucketOf, bucketRange, bucketTime, makeBuckets, type Buckets } from '../../store/answers/buckets.ts';
import { tooManyBuckets, VALUES_LISTED } from '../../store/answers/histogram.ts';
import { timeRange } from '../dsl/clause.ts';
import type { CompiledQuery } from '../dsl/compile.ts';
import { tooLong } from '../dsl/path-field.ts';
import type { Inquiry } from '../inquiry.ts';
import { planField, type FieldPlan } from './field-plan.ts';
import { bucketsOf, countOf, insideOf, tally, type Aggregations, type Bucket } from './tally.ts';
import { termsOf } from './terms.ts';

type Column = Extract<FieldPlan, { kind: 'column' }>;

/** Servers make at most 65,535 buckets in an answer. */
const BUCKETS_AT_ONCE = 50_000;

/** `histogram`, also by a field of which an event has one value at most. */
export async function directHistogram(
  inquiry: Inquiry,
  compiled: CompiledQuery,
  request: Extract<SearchRequest, { kind: 'histogram' }>,
): Promise<string | undefined> {
  const plan = request.by === undefined ? undefined : planField(request.by);
  if (request.by !== undefined && plan?.kind !== 'column') return undefined;
  const column = plan as Column | undefined;
  const listed = column === undefined ? [] : await listedValues(inquiry, compiled, request.by!, column);
  if (listed === undefined) return undefined;
  const buckets = makeBuckets(bucketRange(inquiry.scope, [], Date.now() * 1000), request);
  const rows = new Rows(buckets, column, listed);
  if (!(await rows.count(inquiry, compiled))) return undefined;
  return `{"interval_ms":${buckets.intervalMs},"buckets":[${rows.texts().join(',')}],${inquiry.budget.tail()}}`;
}

/** The most frequent values. Undefined: the server does not know all, or there was no time. */
async function listedValues(
  inquiry: Inquiry,
  compiled: CompiledQuery,
  name: string,
  { path, nil }: Column,
): Promise<readonly (string | number)[] | undefined> {
  const found = await tally(inquiry, compiled, {
    top: termsOf(path, VALUES_LISTED, nil.length > 0 ? { exclude: nil } : {}),
    long: { filter: tooLong([name]) },
  });
  if (found === undefined || found.doubtful > 0 || countOf(found.aggregations, 'long') > 0) return undefined;
  return bucketsOf(found.aggregations, 'top')
    .slice(0, VALUES_LISTED)
    .map(({ key }) => key);
}

/** The counts of an answer, bucket by bucket. */
class Rows {
  private readonly buckets: Buckets;
  private readonly column: Column | undefined;
  /** Values of the column that are listed, the most frequent first. */
  private readonly listed: readonly (string | number)[];
  private readonly counts: Float64Array;
  private readonly present: Float64Array;
  private readonly byValue = new Map<string | number, Float64Array>();

  constructor(buckets: Buckets, column: Column | undefined, listed: readonly (string | number)[]) {
    this.buckets = buckets;
    this.column = column;
    this.listed = listed;
    this.counts = new Float64Array(buckets.count);
    this.present = new Float64Array(buckets.count);
    for (const value of listed) this.byValue.set(value, new Float64Array(buckets.count));
  }

  /** False: the server cannot decide all documents, or there was no time for all. */
  async count(inquiry: Inquiry, compiled: CompiledQuery): Promise<boolean> {
    const { start, width, count } = this.buckets;
    const step = Math.max(1, Math.floor(BUCKETS_AT_ONCE / (this.listed.length + 2)));
    for (let from = 0; from < count; from += step) {
      const to = Math.min(count, from + step);
      // Events before the first bucket's beginning, and after the last one's end, count for these.
      const begin = from === 0 ? -Infinity : start + from * width;
      const times = { histogram: { field: FIELDS.time, interval: width, min_doc_count: 1 }, aggs: this.values() };
      const end = start + to * width;
      const found = await tally(inquiry, compiled, {
        within: { filter: timeRange(FIELDS.time, begin, end), aggs: { times } },
        ...this.late(to, end),
      });
      if (found === undefined || found.doubtful > 0) return false;
      if (from === 0) inquiry.budget.scannedEvents += found.total;
      for (const bucket of bucketsOf(insideOf(found.aggregations, 'within'), 'times')) this.add(Number(bucket.key), bucket);
      const late = found.aggregations['late'] as Bucket | undefined;
      if (late !== undefined && late.doc_count > 0) this.add(end, late);
    }
    return true;
  }

  /** What lies beyond the last bucket, once. */
  private late(to: number, end: number): Aggregations {
    return to < this.buckets.count ? {} : { late: { filter: timeRange(FIELDS.time, end, Infinity), aggs: this.values() } };
  }

  private values(): Aggregations {
    const { column, listed } = this;
    if (column === undefined) return {};
    const present = { filter: column.present };
    return listed.length === 0
      ? { present }
      : { present, values: { terms: { field: column.path, size: listed.length, shard_size: listed.length, include: listed } } };
  }

  private add(micros: number, bucket: Bucket): void {
    const at = bucketOf(this.buckets, micros);
    this.counts[at]! += bucket.doc_count;
    this.present[at]! += countOf(bucket, 'present');
    for (const { key, doc_count: count } of bucketsOf(bucket, 'values')) this.byValue.get(key)![at]! += count;
  }

  texts(): string[] {
    let written = 0;
    return Array.from(this.counts, (count, i) => {
      const by = this.column === undefined ? '' : this.byText(i);
      written += by.length;
      if (written > limits.searchResultBytes) throw tooManyBuckets();
      return `{"time":"${bucketTime(this.buckets, i)}","count":${count}${by}}`;
    });
  }

  private byText(bucket: number): string {
    let others = this.present[bucket]!;
    const by: string[] = [];
    for (const value of this.listed) {
      const count = this.byValue.get(value)![bucket]!;
      others -= count;
      if (count > 0) by.push(`${JSON.stringify(this.text(value))}:${count}`);
    }
    return `,"by":{${by.join(',')}}${others > 0 ? `,"other":${others}` : ''}`;
  }

  private text(value: string | number): string {
    return this.column!.type === 'level' ? (LEVELS[Number(value)] ?? 'debug') : String(value);
  }
}
