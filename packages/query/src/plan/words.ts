import { resolveField } from '../ast/fields.ts';
import type { FieldQuery, Query, Test } from '../ast/query.ts';
import { visitQuery } from '../ast/visit.ts';
import { compileTest } from '../match/compile.ts';

/**
 * What a block's set of words must hold if any event in it matches. The set is of the folded words of msg, host, pname, msgid and every string
 * in native and normalized.
 */
export type WordPlan =
  | { readonly kind: 'words'; readonly words: readonly string[] }
  | { readonly kind: 'all'; readonly items: readonly WordPlan[] }
  | { readonly kind: 'any'; readonly items: readonly WordPlan[] }
  | { readonly kind: 'unknown' };

const UNKNOWN: WordPlan = { kind: 'unknown' };
/** Words that the JSON text of a number or boolean can consist of: `500`, the `1e` of `1e+21`, `true`. */
const NO_STRING = /^(?:[0-9]+e?|true|false)$/;
/** Event fields whose strings are in the word set, and which are never numbers. */
const IN_SET: ReadonlySet<string> = new Set(['msg', 'host', 'pname', 'msgid']);

/** What the words of a block say about a query before any event is looked at; `unknown` where they say nothing. */
export function wordPlan(query: Query): WordPlan {
  return visitQuery<WordPlan>(query, {
    all: () => UNKNOWN,
    not: () => UNKNOWN,
    and: ({ items }) => every(items.map(wordPlan)),
    or: ({ items }) => some(items.map(wordPlan)),
    any: ({ test }) => required(test),
    field: fieldPlan,
  });
}

/** False only if no block whose words are as `has` says can hold a match. */
export function mayMatch(plan: WordPlan, has: (word: string) => boolean): boolean {
  if (plan.kind === 'unknown') return true;
  if (plan.kind === 'words') return plan.words.every(has);
  const holds = (item: WordPlan): boolean => mayMatch(item, has);
  return plan.kind === 'all' ? plan.items.every(holds) : plan.items.some(holds);
}

function every(plans: readonly WordPlan[]): WordPlan {
  const items = plans.filter((plan) => plan.kind !== 'unknown');
  return items.length > 1 ? { kind: 'all', items } : (items[0] ?? UNKNOWN);
}

function some(plans: readonly WordPlan[]): WordPlan {
  return plans.some((plan) => plan.kind === 'unknown') ? UNKNOWN : { kind: 'any', items: plans };
}

function fieldPlan({ name, test }: FieldQuery): WordPlan {
  const field = resolveField(name);
  if (field.kind === 'event') return IN_SET.has(field.name) ? required(test) : UNKNOWN;
  const plan = required(test);
  // Numbers and booleans are not in the set. With one word that they cannot have, the value must be a string.
  return plan.kind === 'words' && plan.words.every((word) => NO_STRING.test(word)) ? UNKNOWN : plan;
}

function required(test: Test): WordPlan {
  const words = [...new Set(compileTest(test).words)];
  return words.length > 0 ? { kind: 'words', words } : UNKNOWN;
}
