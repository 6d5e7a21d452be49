import { limits } from '../../../limits.ts';
import { LEVELS } from '../../../event/event.ts';
import { FIELDS } from '../../../sinks/elasticsearch/fields/fields.ts';
import { existTerms, kindTerm, valueTerm } from '../../../sinks/elasticsearch/fields/terms.ts';
import type { SearchRequest } from '../../search.ts';
import { prefixTest, valuesText } from '../../store/answers/facets.ts';
import type { CountedValue } from '../../store/fields/value-counts.ts';
import { anyTerm } from '../dsl/clause.ts';
import type { CompiledQuery } from '../dsl/compile.ts';
import { tooLong } from '../dsl/path-field.ts';
import type { Inquiry } from '../inquiry.ts';
import { planField, type FieldPlan } from './field-plan.ts';
import { bucketsOf, countOf, tally, termsIn, type Aggregations } from './tally.ts';
import { compareValues, prefixSource, termsOf, topTerms } from './terms.ts';

/** What is asked of a field's values. */
interface Wanted {
  readonly name: string;
  readonly limit: number;
  readonly prefix: string;
}

interface Facet {
  readonly count: number;
  readonly values: readonly CountedValue[];
}

/** Texts that numbers and booleans have as JSON. */
const SCALAR = /^(?:true|false|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:e[+-]?\d+)?)$/i;

/** `facets`: all or none, since what is left had to be found in the documents anyway. */
export async function directFacets(
  inquiry: Inquiry,
  compiled: CompiledQuery,
  request: Extract<SearchRequest, { kind: 'facets' }>,
): Promise<string | undefined> {
  const limit = Math.min(request.limit, limits.facetValues);
  const texts: string[] = [];
  for (const name of new Set(request.fields)) {
    const facet = await facetOf(inquiry, compiled, { name, limit, prefix: '' });
    if (facet === undefined) return undefined;
    texts.push(`${JSON.stringify(name)}:{"count":${facet.count},"values":[${valuesText(facet.values)}]}`);
  }
  return `{"facets":{${texts.join(',')}},${inquiry.budget.tail()}}`;
}

/** `values`: values that begin with a prefix, ignoring case. */
export async function directValues(
  inquiry: Inquiry,
  compiled: CompiledQuery,
  { field, prefix, limit }: Extract<SearchRequest, { kind: 'values' }>,
): Promise<string | undefined> {
  const facet = await facetOf(inquiry, compiled, { name: field, limit: Math.min(limit, limits.facetValues), prefix });
  return facet && `{"values":[${valuesText(facet.values)}],${inquiry.budget.tail()}}`;
}

async function facetOf(inquiry: Inquiry, compiled: CompiledQuery, wanted: Wanted): Promise<Facet | undefined> {
  const plan = planField(wanted.name);
  if (plan === undefined) return undefined;
  if (plan.kind === 'nothing') return { count: 0, values: [] };
  return plan.kind === 'column' ? columnFacet(inquiry, compiled, wanted, plan) : leavesFacet(inquiry, compiled, wanted, plan.names);
}

/** The values that are listed, and that they are all there are to list: else the answer says so. */
function cut(inquiry: Inquiry, { name, limit }: Wanted, values: readonly CountedValue[], exact: boolean): readonly CountedValue[] {
  if (!exact) inquiry.budget.lacks(`the counts of the rarer values of ${name} are not exact: there are too many`);
  return values.toSorted(compareValues).slice(0, limit);
}

async function columnFacet(
  inquiry: Inquiry,
  compiled: CompiledQuery,
  wanted: Wanted,
  column: Extract<FieldPlan, { kind: 'column' }>,
): Promise<Facet | undefined> {
  const found = await columnValues(inquiry, compiled, wanted, column);
  return found && { count: found.present, values: cut(inquiry, wanted, found.values, found.exact) };
}

/** The most frequent values of a column, at least as many as are wanted. */
export interface ColumnValues {
  /** Documents that match, and those among them that have a value. */
  readonly total: number;
  readonly present: number;
  readonly values: readonly CountedValue[];
  /** There are values that are not among them. */
  readonly more: boolean;
  /** Those wanted are surely the most frequent, with their exact counts. */
  readonly exact: boolean;
}

/** Undefined: the server does not know all, or there was no time. */
export async function columnValues(
  inquiry: Inquiry,
  compiled: CompiledQuery,
  { name, limit, prefix }: Wanted,
  { path, type, present, nil }: Extract<FieldPlan, { kind: 'column' }>,
): Promise<ColumnValues | undefined> {
  const include = type === 'text' && prefix !== '' ? { include: prefixSource('', prefix) } : {};
  // Of numbers there are few: they are chosen from here.
  const listed = type === 'text' ? limit : limits.facetValues;
  const exclude = nil.length === 0 || 'include' in include ? {} : { exclude: nil };
  const found = await tally(inquiry, compiled, {
    top: termsOf(path, listed, { ...include, ...exclude }),
    present: { filter: present },
    long: { filter: tooLong([name]) },
  });
  if (found === undefined || found.doubtful > 0 || countOf(found.aggregations, 'long') > 0) return undefined;
  inquiry.budget.scannedEvents += found.total;
  const { buckets, more, exact } = await topTerms(inquiry, compiled, path, termsIn(found.aggregations, 'top'), listed);
  const accepts = prefixTest(prefix);
  const values = buckets
    .filter(({ key }) => !nil.includes(String(key)))
    .map(({ key, doc_count: count }) => ({
      text: type === 'level' ? (LEVELS[Number(key)] ?? 'debug') : String(key),
      quoted: type !== 'number',
      count,
    }))
    .filter(({ text }) => accepts(text));
  return { total: found.total, present: countOf(found.aggregations, 'present'), values, more, exact };
}

/** Which of a field's names there are in the search, and which kinds of values each has. */
function kindsOf(names: readonly string[], aggregations: Aggregations): Map<string, string> {
  const there = new Set(bucketsOf(aggregations, 'kinds').map(({ key }) => String(key)));
  const kinds = names.map(
    (name) =>
      [
        name,
        Array.from('snb')
          .filter((kind) => there.has(kindTerm(name, kind as 's')))
          .join(''),
      ] as const,
  );
  return new Map(kinds.filter(([, kind]) => kind !== ''));
}

async function leavesFacet(
  inquiry: Inquiry,
  compiled: CompiledQuery,
  wanted: Wanted,
  names: readonly string[],
): Promise<Facet | undefined> {
  const { limit, prefix } = wanted;
  const leafTerms = names.flatMap((name) => existTerms(name).slice(1));
  const tops = names.map(
    (name, i) => [`top${i}`, termsOf(FIELDS.values, limit, { include: prefixSource(valueTerm(name, ''), prefix) })] as const,
  );
  const found = await tally(inquiry, compiled, {
    ...Object.fromEntries(tops),
    kinds: { terms: { field: FIELDS.names, size: leafTerms.length, include: leafTerms } },
    present: { filter: anyTerm(FIELDS.names, leafTerms) },
    long: { filter: tooLong(names) },
  });
  if (found === undefined || found.doubtful > 0 || countOf(found.aggregations, 'long') > 0) return undefined;
  inquiry.budget.scannedEvents += found.total;
  const kinds = kindsOf(names, found.aggregations);
  const count = countOf(found.aggregations, 'present');
  if (kinds.size === 0) return { count, values: [] };
  const [only] = kinds;
  // An event with the same value under two of the names counts once: the server cannot see that.
  if (kinds.size > 1 || only === undefined) return undefined;
  const [name, kind] = only;
  const answer = termsIn(found.aggregations, `top${names.indexOf(name)}`);
  const { buckets, exact } = await topTerms(inquiry, compiled, FIELDS.values, answer, limit);
  const values = leafValues(name, kind, buckets);
  return (
    values && {
      count,
      values: cut(
        inquiry,
        wanted,
        values.filter(({ text }) => prefixTest(prefix)(text)),
        exact,
      ),
    }
  );
}

/** Undefined: there are texts that read like numbers or booleans, and such as well; terms do not tell them apart. */
function leafValues(
  name: string,
  kind: string,
  buckets: readonly { readonly key: string | number; readonly doc_count: number }[],
): CountedValue[] | undefined {
  const skipped = valueTerm(name, '').length;
  const values = buckets
    .map(({ key, doc_count: count }) => ({ text: String(key).slice(skipped), quoted: kind === 's', count }))
    .filter(({ text }) => text !== '');
  if (kind === 's' || !kind.includes('s')) return values;
  if (values.some(({ text }) => SCALAR.test(text))) return undefined;
  return values.map((value) => ({ ...value, quoted: true }));
}
