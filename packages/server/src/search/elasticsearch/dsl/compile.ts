import { compileTest, resolveField, visitQuery, type FieldQuery, type FormsTest, type PhraseTest, type Query } from '@meniscus/query';
import { FIELDS } from '../../../sinks/elasticsearch/fields/fields.ts';
import { everyBound, exactly, isExact, notBound, someBound, UNKNOWN, unlessLong, type Bounds } from './bounds.ts';
import { anyOf, EVERYTHING, type Clause } from './clause.ts';
import { eventFieldBounds } from './event-field.ts';
import { pathBounds } from './path-field.ts';
import { formsIn, phraseIn } from './text-field.ts';

/**
 * How much is asked of the server. `full`: all that its index can say; `plain`: nothing that it may refuse as too complex (wildcards, expressions, phrases); `none`: the range alone. What is
 * not asked is found out from the documents.
 */
export type Strength = 'full' | 'plain' | 'none';
/** In the order in which they are tried. */
export const STRENGTHS: readonly Strength[] = ['full', 'plain', 'none'];

export interface CompileOptions {
  /** All documents are this tenant's. */
  readonly tenantId: string;
  readonly strength: Strength;
}

/** A query as clauses: documents that it selects are among those of `upper` and comprise those of `lower`. Exact: they are the same. */
export interface CompiledQuery extends Bounds {
  readonly exact: boolean;
}

/** Servers take clauses about 20 deep; what is deeper is found out from the documents. */
const DEPTH_MAX = 12;

/** The fields of words that a term without a field looks at (query-language.md 5). */
const ANY_FIELDS = ['msg', FIELDS.words, 'host.words', 'pname.words', 'msgid.words'] as const;

export function compileQuery(query: Query, options: CompileOptions): CompiledQuery {
  const bounds = options.strength === 'none' && query.kind !== 'all' ? UNKNOWN : compile(query, options, 0);
  return { ...bounds, exact: isExact(bounds) };
}

function compile(query: Query, options: CompileOptions, depth: number): Bounds {
  if (depth > DEPTH_MAX) return UNKNOWN;
  const inner = (item: Query): Bounds => compile(item, options, depth + 1);
  return visitQuery<Bounds>(query, {
    all: () => exactly(EVERYTHING),
    and: ({ items }) => everyBound(items.map(inner)),
    or: ({ items }) => someBound(items.map(inner)),
    not: ({ item }) => (item.kind === 'not' ? compile(item.item, options, depth) : notBound(inner(item))),
    any: ({ test }) => anyBounds(test, options.strength),
    field: (field) => fieldBounds(field, options),
  });
}

function anyBounds(test: PhraseTest | FormsTest, strength: Strength): Bounds {
  if (strength === 'plain') return plainWords(test, ANY_FIELDS);
  if (test.kind === 'phrase') return exactly(anyOf(ANY_FIELDS.map((field) => phraseIn(field, test.words))));
  return unlessLong(someBound(ANY_FIELDS.map((field) => formsIn(field, test.forms))), { exists: { field: FIELDS.long } });
}

/** That the first word is there, if there is one. */
function plainWords(test: PhraseTest | FormsTest, fields: readonly string[]): Bounds {
  const [word] = compileTest(test).words;
  const exact = test.kind === 'phrase' && test.words.length === 1;
  if (word === undefined) return UNKNOWN;
  const clause: Clause = anyOf(fields.map((field) => phraseIn(field, [word])));
  return exact ? exactly(clause) : { upper: clause, lower: UNKNOWN.lower };
}

function fieldBounds({ name, test }: FieldQuery, { tenantId, strength }: CompileOptions): Bounds {
  if (strength === 'plain' && (test.kind === 'wildcard' || test.kind === 'regex' || test.kind === 'forms' || test.kind === 'phrase'))
    return UNKNOWN;
  const field = resolveField(name);
  return field.kind === 'path' ? pathBounds(field, test) : eventFieldBounds(field, test, tenantId);
}
