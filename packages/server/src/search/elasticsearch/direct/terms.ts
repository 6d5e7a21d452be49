import { fold } from '@meniscus/query';
import type { CountedValue } from '../../store/fields/value-counts.ts';
import type { CompiledQuery } from '../dsl/compile.ts';
import { escapeText } from '../dsl/lucene-regex.ts';
import type { Inquiry } from '../inquiry.ts';
import { tally, type Bucket, type TermsAnswer } from './tally.ts';

/** Each shard gives so many values, from which the most frequent are found. */
const SHARD_VALUES = 5_000;

export interface TopTerms {
  readonly buckets: readonly Bucket[];
  /** There are values that are not listed. */
  readonly more: boolean;
  /** The listed are surely the most frequent, with their exact counts. */
  readonly exact: boolean;
}

/** An aggregation of the most frequent terms, some more than are wanted. */
export function termsOf(
  field: string,
  limit: number,
  choice: { readonly include?: string; readonly exclude?: readonly (string | number)[] } = {},
): object {
  return { terms: { field, size: listed(limit), shard_size: Math.max(SHARD_VALUES, 4 * limit), ...choice } };
}

function listed(limit: number): number {
  return 2 * limit + 50;
}

/** What an aggregation of `termsOf` found. Where shards did not give all values, the counts are asked for once more. */
export async function topTerms(
  inquiry: Inquiry,
  compiled: CompiledQuery,
  field: string,
  answer: TermsAnswer,
  limit: number,
): Promise<TopTerms> {
  const { buckets, doc_count_error_upper_bound: error = 0, sum_other_doc_count: other = 0 } = answer;
  const more = other > 0 || buckets.length >= listed(limit);
  if (error <= 0 || buckets.length === 0) return { buckets, more, exact: error === 0 };
  const keys = buckets.map(({ key }) => key);
  const counted = await tally(inquiry, compiled, {
    exact: { terms: { field, size: keys.length, shard_size: keys.length, include: keys } },
  });
  const exactly = (counted?.aggregations['exact'] as TermsAnswer | undefined)?.buckets;
  if (exactly === undefined) return { buckets, more, exact: false };
  // A value that no shard gave has at most `error` documents.
  return { buckets: exactly, more, exact: (exactly[Math.min(limit, exactly.length) - 1]?.doc_count ?? 0) > error };
}

/** An expression for terms that begin with a text and then a prefix in any case. */
export function prefixSource(before: string, prefix: string): string {
  return `${escapeText(before)}${Array.from(fold(prefix), anyCase).join('')}.*`;
}

const SPECIAL: Readonly<Record<string, string>> = { i: 'İ', k: '\u212a', å: '\u212b', ω: '\u2126', σ: 'ς' };

/** The characters that fold to one. */
function anyCase(char: string): string {
  const cases = [char, char.toUpperCase(), SPECIAL[char] ?? ''].filter(
    (one) => one !== '' && Array.from(one).length === 1 && fold(one) === char,
  );
  const distinct = [...new Set(cases)];
  return distinct.length === 1 ? escapeText(char) : `[${distinct.map(escapeText).join('')}]`;
}

export function compareValues(a: CountedValue, b: CountedValue): number {
  return b.count - a.count || (a.text < b.text ? -1 : a.text > b.text ? 1 : 0);
}
