import { LEAF } from '../../../event/leaf.ts';
import { FIELDS } from '../../../sinks/elasticsearch/fields/fields.ts';
import { nameOfKey } from '../../../sinks/elasticsearch/fields/names.ts';
import { kindTerm, type ValueKind } from '../../../sinks/elasticsearch/fields/terms.ts';
import { fieldsText, type Seen } from '../../store/answers/fields.ts';
import { anyTerm, not, term, type Clause } from '../dsl/clause.ts';
import type { CompiledQuery } from '../dsl/compile.ts';
import type { Inquiry } from '../inquiry.ts';
import { countOf, tally, termsIn } from './tally.ts';

/** Names with kinds that are counted; beyond it the documents have to be looked at. */
const TERMS_MAX = 40_000;
/** Names of which an event may have values of several kinds are counted so many at a time. */
const MIXED_AT_ONCE = 500;

const TAGS: Readonly<Record<ValueKind, number>> = {
  s: 1 << LEAF.string,
  e: 1 << LEAF.string,
  n: 1 << LEAF.number,
  b: 1 << LEAF.true,
};

const STRING = 1 << LEAF.string;
const NUMBER = 1 << LEAF.number;

/** The event's own fields: which documents have them. */
const OWN: readonly (readonly [name: string, tags: number, present: Clause])[] = [
  ...['host', 'pname', 'pid', 'msgid'].map((name) => [name, STRING, not(term(name, '-'))] as const),
  ['facility', NUMBER, { exists: { field: 'facility' } }],
  ['severity', NUMBER, { exists: { field: 'severity' } }],
  ['msg', STRING, { exists: { field: 'msg' } }],
];

/** `fields`: the kinds of values of each name are in the index. */
export async function directFields(inquiry: Inquiry, compiled: CompiledQuery): Promise<string | undefined> {
  const own = Object.fromEntries(OWN.map(([name, , present]) => [name, { filter: present }]));
  const names = { terms: { field: FIELDS.names, size: TERMS_MAX, shard_size: TERMS_MAX, include: '(native|normalized)\\..*=[snbe]' } };
  const found = await tally(inquiry, compiled, { ...own, names });
  if (found === undefined || found.doubtful > 0) return undefined;
  const { buckets, sum_other_doc_count: others = 0 } = termsIn(found.aggregations, 'names');
  if (others > 0) return undefined;
  const seen = new Map<string, Seen>();
  for (const [name, tags] of OWN) seen.set(name, { events: countOf(found.aggregations, name), tags });
  const several = new Map<string, ValueKind[]>();
  for (const { key, doc_count: events } of buckets) {
    const text = String(key);
    const name = nameOfKey(text.slice(0, -2));
    if (name === undefined) return undefined;
    const kind = text.at(-1) as ValueKind;
    const known = seen.get(name);
    seen.set(name, { events: events + (known?.events ?? 0), tags: TAGS[kind] | (known?.tags ?? 0) });
    several.set(name, [...(several.get(name) ?? []), kind]);
  }
  const mixed = [...several].filter(([, kinds]) => kinds.length > 1);
  if (!(await countMixed(inquiry, compiled, mixed, seen))) return undefined;
  inquiry.budget.scannedEvents += found.total;
  return fieldsText(seen, found.total, inquiry.budget);
}

/** Events that have a name with any of its kinds. False: there was no time. */
async function countMixed(
  inquiry: Inquiry,
  compiled: CompiledQuery,
  mixed: readonly (readonly [name: string, kinds: readonly ValueKind[]])[],
  seen: Map<string, Seen>,
): Promise<boolean> {
  for (let from = 0; from < mixed.length; from += MIXED_AT_ONCE) {
    const some = mixed.slice(from, from + MIXED_AT_ONCE);
    const filters = some.map(
      ([name, kinds], i) =>
        [
          `f${i}`,
          {
            filter: anyTerm(
              FIELDS.names,
              kinds.map((kind) => kindTerm(name, kind)),
            ),
          },
        ] as const,
    );
    const counted = await tally(inquiry, compiled, Object.fromEntries(filters));
    if (counted === undefined) return false;
    for (const [i, [name]] of some.entries())
      seen.set(name, { events: countOf(counted.aggregations, `f${i}`), tags: seen.get(name)!.tags });
  }
  return true;
}
