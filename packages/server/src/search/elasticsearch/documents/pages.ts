import { MeniscusError } from '../../../errors.ts';
import { FIELDS } from '../../../sinks/elasticsearch/fields/fields.ts';
import { allOf, type Clause } from '../dsl/clause.ts';
import { timeRange } from '../dsl/event-field.ts';
import type { Inquiry } from '../inquiry.ts';
import { scopeClause } from '../scope.ts';
import type { SearchAnswer } from '../server/search-server.ts';
import { AnswerTooLarge } from '../server/cluster.ts';
import { readDocument, type FoundEvent } from './document.ts';

export type Order = 'asc' | 'desc';

/** Documents of the first page, whose size nobody knows; then as many as have about PAGE_BYTES. */
const FIRST_PAGE = 250;
const PAGE_MAX = 5_000;
const PAGE_BYTES = 4 << 20;

/** Where a page begins: behind an event. */
export interface After {
  /** Microseconds. */
  readonly time: number;
  readonly id: string;
}

export interface PageRequest {
  /** Which documents of the scope. */
  readonly clause: Clause;
  readonly order: Order;
  readonly after?: After | undefined;
  /** About how many are needed. */
  readonly wanted?: number;
}

/**
 * Documents of a search by time, then by id, page by page. Ends early when the time is over. What is no event's document is left out, and the answer says so.
 */
export async function* pages(inquiry: Inquiry, request: PageRequest): AsyncGenerator<readonly FoundEvent[]> {
  const { wanted = Infinity } = request;
  let after = request.after;
  let size = Math.min(wanted, FIRST_PAGE);
  for (;;) {
    const answer = await page(inquiry, request, after, size);
    if (answer === 'too large') {
      if (size === 1) throw new MeniscusError('unavailable', 'a document of the index is too large to be read');
      size = Math.ceil(size / 8);
      continue;
    }
    if (answer === undefined) return;
    const { hits } = answer.hits;
    const events = hits.map(({ _source }) => readDocument(_source));
    const found = events.filter((event) => event !== undefined);
    if (found.length < events.length) inquiry.budget.lacks('documents of the index that are none of this service are left out');
    if (found.length > 0) yield found;
    if (hits.length < size || answer.timed_out) return;
    const [time, id] = hits.at(-1)!.sort as [number, string];
    after = { time, id };
    size = nextSize(hits.length, answer.bytes, size);
  }
}

/** So many documents of the size of these are a page. */
function nextSize(documents: number, bytes: number, size: number): number {
  const fitting = Math.floor((PAGE_BYTES * Math.max(documents, 1)) / Math.max(bytes, 1));
  return Math.max(1, Math.min(fitting, 4 * size, PAGE_MAX));
}

async function page(
  inquiry: Inquiry,
  { clause, order }: PageRequest,
  after: After | undefined,
  size: number,
): Promise<SearchAnswer | 'too large' | undefined> {
  const { scope } = inquiry;
  // Only times from there on can follow: the server need not look at others.
  const rest =
    after === undefined
      ? []
      : [order === 'asc' ? timeRange(FIELDS.time, after.time, Infinity) : timeRange(FIELDS.time, -Infinity, after.time + 1)];
  try {
    return await inquiry.ask({
      query: allOf([scopeClause(scope), clause, ...rest]),
      size,
      sort: [{ [FIELDS.time]: { order, unmapped_type: 'long' } }, { 'meniscus.id': { order, unmapped_type: 'keyword' } }],
      ...(after && { search_after: [after.time, after.id] }),
      track_total_hits: false,
    });
  } catch (error) {
    if (error instanceof AnswerTooLarge) return 'too large';
    throw error;
  }
}
