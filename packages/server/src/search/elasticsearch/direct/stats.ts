import { limits } from '../../../limits.ts';
import type { SearchRequest } from '../../search.ts';
import { metricName } from '../../store/answers/metrics.ts';
import type { CompiledQuery } from '../dsl/compile.ts';
import type { Inquiry } from '../inquiry.ts';
import { columnValues, type ColumnValues } from './facets.ts';
import { planField } from './field-plan.ts';
import { compareValues } from './terms.ts';

/** `stats` that only count, by one field of which an event has one value at most. What is measured is in the index as terms, not as numbers. */
export async function directStats(
  inquiry: Inquiry,
  compiled: CompiledQuery,
  { by, metrics, intervalMs, limit }: Extract<SearchRequest, { kind: 'stats' }>,
): Promise<string | undefined> {
  const [name, second] = by;
  if (name === undefined || second !== undefined || intervalMs !== undefined || metrics.some(({ field }) => field !== undefined))
    return undefined;
  const plan = planField(name);
  if (plan?.kind !== 'column') return undefined;
  const found = await columnValues(inquiry, compiled, { name, limit: limits.facetValues, prefix: '' }, plan);
  // All groups have to be known, for those that are not listed are counted.
  if (found === undefined || found.more || !found.exact) return undefined;
  const groups = groupsOf(found);
  const listed = groups.slice(0, Math.min(Math.max(limit, 1), limits.facetValues));
  const rest = listed.reduce((left, { count }) => left - count, found.total);
  const counted = (count: number): string =>
    `"metrics":{${metrics.map((metric) => `${JSON.stringify(metricName(metric))}:${count}`).join(',')}}`;
  const texts = listed.map(({ value, count }) => `{"by":{${JSON.stringify(name)}:${JSON.stringify(value)}},${counted(count)}}`);
  const other = rest === 0 ? 'null' : `{"groups":${groups.length - listed.length},${counted(rest)}}`;
  return `{"count":${found.total},"groups":[${texts.join(',')}],"other":${other},${inquiry.budget.tail()}}`;
}

interface Group {
  /** Null: of the events without the field. */
  readonly value: string | null;
  readonly count: number;
}

/** The largest first; that of no value comes after its equals. */
function groupsOf({ values, total, present }: ColumnValues): Group[] {
  const groups: Group[] = values.toSorted(compareValues).map(({ text, count }) => ({ value: text, count }));
  const without = total - present;
  if (without === 0) return groups;
  const at = groups.findIndex(({ count }) => count < without);
  return groups.toSpliced(at === -1 ? groups.length : at, 0, { value: null, count: without });
}
