import { MeniscusError } from '../../../errors.ts';
import { NumberText } from '../../../event/leaf.ts';
import { FIELDS } from '../../../sinks/elasticsearch/fields/fields.ts';
import { Cancelled } from '../../store/budget.ts';
import { allOf, EVERYTHING, timeRange, type Clause } from '../dsl/clause.ts';
import type { Inquiry } from '../inquiry.ts';
import { scopeClause } from '../scope.ts';
import type { FoundHit, SearchAnswer } from '../server/search-server.ts';
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
  /** By time, then id (the default), or by id alone: the order of receipt. */
  readonly by?: 'time' | 'id';
  readonly after?: After | undefined;
  /** About how many are needed. */
  readonly wanted?: number;
}

/**
 * Documents of a search by time, then by id, page by page. Ends early when the time is over. What is no event's document is left out, and the answer says so. When all are wanted,
 * the server looks for the next page while this one is worked on.
 */
export async function* pages(inquiry: Inquiry, request: PageRequest): AsyncGenerator<readonly FoundEvent[]> {
  const { wanted = Infinity } = request;
  const left = new AbortController();
  const ahead = wanted === Infinity;
  const signal = AbortSignal.any([inquiry.signal, left.signal]);
  const ask = async (after: After | undefined, size: number): Promise<Page | undefined> =>
    fittingPage(inquiry, request, after, size, signal);
  try {
    for (let next = ask(request.after, Math.min(wanted, FIRST_PAGE)); ;) {
      const page = await next;
      if (page === undefined) return;
      const { hits } = page.answer.hits;
      const last = hits.at(-1);
      const isEnd = last === undefined || hits.length < page.size || page.answer.timed_out;
      const following = (): Promise<Page | undefined> => ask(placeOf(last!), nextSize(hits.length, page.answer.bytes, page.size));
      const early = ahead && !isEnd ? following() : undefined;
      // Its error is thrown when its turn comes.
      early?.catch(() => {});
      const found = eventsOf(inquiry, hits);
      if (found.length > 0) yield found;
      if (isEnd) return;
      next = early ?? following();
    }
  } finally {
    left.abort(new Cancelled());
  }
}

interface Page {
  readonly answer: SearchAnswer;
  /** How many were asked for. */
  readonly size: number;
}

/** The largest page up to a size that fits into an answer. */
async function fittingPage(
  inquiry: Inquiry,
  request: PageRequest,
  after: After | undefined,
  most: number,
  signal: AbortSignal,
): Promise<Page | undefined> {
  for (let size = most; ; size = Math.ceil(size / 8)) {
    const answer = await page(inquiry, request, after, size, signal);
    if (answer === undefined) return undefined;
    if (answer !== 'too large') return { answer, size };
    if (size === 1) throw new MeniscusError('unavailable', 'a document of the index is too large to be read');
  }
}

function eventsOf(inquiry: Inquiry, hits: readonly FoundHit[]): FoundEvent[] {
  const found = hits.map(({ _source }) => readDocument(_source)).filter((event) => event !== undefined);
  if (found.length < hits.length) inquiry.budget.lacks('documents of the index that are none of this service are left out');
  return found;
}

/** So many documents of the size of these are a page. */
function nextSize(documents: number, bytes: number, size: number): number {
  const fitting = Math.floor((PAGE_BYTES * Math.max(documents, 1)) / Math.max(bytes, 1));
  return Math.max(1, Math.min(fitting, 4 * size, PAGE_MAX));
}

/** Where the next page begins. The server's times beyond 2255 are not safe integers, but exactly what the document says. */
function placeOf({ sort }: FoundHit): After {
  const [id, time] = (sort as readonly unknown[]).toReversed();
  return { id: String(id), time: time instanceof NumberText ? Number(time.text) : Number(time ?? 0) };
}

async function page(
  inquiry: Inquiry,
  { clause, order, by = 'time' }: PageRequest,
  after: After | undefined,
  size: number,
  signal: AbortSignal,
): Promise<SearchAnswer | 'too large' | undefined> {
  const byId = { 'meniscus.id': { order, unmapped_type: 'keyword' } };
  const sort = by === 'id' ? [byId] : [{ [FIELDS.time]: { order, unmapped_type: 'long' } }, byId];
  const rest = after === undefined || by === 'id' ? EVERYTHING : timesFrom(after.time, order);
  try {
    const body = {
      query: allOf([scopeClause(inquiry.scope), clause, rest]),
      size,
      sort,
      ...(after && { search_after: by === 'id' ? [after.id] : [after.time, after.id] }),
      track_total_hits: false,
    };
    return await inquiry.ask(body, signal);
  } catch (error) {
    if (error instanceof AnswerTooLarge) return 'too large';
    throw error;
  }
}

/** Only times from there on can follow: the server need not look at others. */
function timesFrom(time: number, order: Order): Clause {
  return order === 'asc' ? timeRange(FIELDS.time, time, Infinity) : timeRange(FIELDS.time, -Infinity, time + 1);
}
