import { fold } from '@meniscus/query';
import { limits } from '../../../limits.ts';
import type { SearchRequest } from '../../search.ts';
import { FieldSource } from '../fields/field-source.ts';
import { ValueCounts, type CountedValue } from '../fields/value-counts.ts';
import { eachBlock, type SearchContext } from '../scope.ts';

function sourceOf(context: SearchContext, name: string): FieldSource {
  return new FieldSource(name, { tenantId: context.scope.tenant.id, node: context.node, shapes: context.shapes });
}

/** Values with their counts as an answer has them. */
export function valuesText(values: readonly CountedValue[]): string {
  return values.map(({ text, quoted, count }) => `{"value":${quoted ? JSON.stringify(text) : text},"count":${count}}`).join(',');
}

/** `facets`: the most frequent values of each field, and how many events have it. */
export async function answerFacets(context: SearchContext, request: Extract<SearchRequest, { kind: 'facets' }>): Promise<string> {
  const limit = Math.min(request.limit, limits.facetValues);
  const facets = new Map<string, ValueCounts>();
  for (const name of request.fields) facets.set(name, new ValueCounts(sourceOf(context, name), (bytes) => context.budget.charge(bytes)));
  await eachBlock(context, (block, rows) => {
    for (const counts of facets.values()) counts.add(block, rows);
  });
  const texts = [...facets].map(
    ([name, counts]) => `${JSON.stringify(name)}:{"count":${counts.events},"values":[${valuesText(counts.top(limit))}]}`,
  );
  return `{"facets":{${texts.join(',')}},${context.budget.tail()}}`;
}

/** Whether a text begins with a prefix, ignoring case. */
export function prefixTest(prefix: string): (text: string) => boolean {
  const folded = fold(prefix);
  return (text) => fold(text.slice(0, 4 * folded.length)).startsWith(folded);
}

/** `values`: values of a field that begin with a prefix, ignoring case, most frequent first. */
export async function answerValues(context: SearchContext, request: Extract<SearchRequest, { kind: 'values' }>): Promise<string> {
  const accepts = request.prefix === '' ? undefined : prefixTest(request.prefix);
  const counts = new ValueCounts(sourceOf(context, request.field), (bytes) => context.budget.charge(bytes), accepts);
  await eachBlock(context, (block, rows) => counts.add(block, rows));
  return `{"values":[${valuesText(counts.top(Math.min(request.limit, limits.facetValues)))}],${context.budget.tail()}}`;
}
