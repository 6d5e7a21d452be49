import type { Command } from 'commander';
import { itemTexts, memberTexts } from '../output/json-text.ts';
import type { Session } from '../session.ts';
import type { Parameters } from './client.ts';

/** The service's cap on a page of events. */
export const PAGE_MAX = 10_000;

export interface RangeOptions {
  readonly from?: string;
  readonly to?: string;
}

/** The query by position and the range, as every search has them. */
export function addQuery(command: Command): Command {
  return command
    .showHelpAfterError('(--help lists what there is; a query that begins with - comes after --)')
    .argument('[query...]', 'the query; several words are joined. A query that begins with - comes after --')
    .option('--from <time>', 'begin, inclusive: ISO 8601, epoch, or relative like -15m (default: one hour ago)')
    .option('--to <time>', 'end, exclusive (default: open)');
}

export function queryOf(words: readonly string[]): string {
  return words.join(' ');
}

/** Sends a search as a body, so that a query may be long and stands in no log; gives the answer's text. */
export async function search(session: Session, route: string, query: string, parameters: Parameters): Promise<string> {
  return session.client.text(session.tenantPath(route), { json: { q: query, ...parameters }, query });
}

interface Whole {
  readonly partial?: boolean;
  readonly partial_reason?: string;
}

/** Says so when an answer is not whole. */
export async function warnPartial(session: Session, data: Whole): Promise<void> {
  if (data.partial !== true) return;
  const reason = data.partial_reason === undefined ? '' : `: ${data.partial_reason}`;
  await session.out.note(`meniscus: the answer is not whole${reason}`);
}

/** A page of events with the texts of its parts. */
export interface Page {
  readonly text: string;
  readonly items: readonly string[];
  readonly next: string | null;
  readonly whole: Whole;
}

function pageOf(text: string): Page {
  const members = memberTexts(text);
  const parsed = (name: string): unknown => JSON.parse(members.get(name) ?? 'null');
  const reason = parsed('partial_reason') as string | null;
  return {
    text,
    items: itemTexts(members.get('events') ?? '[]'),
    next: parsed('next') as string | null,
    whole: { partial: parsed('partial') === true, ...(reason === null ? {} : { partial_reason: reason }) },
  };
}

/** Pages of events, until `limit` events are there or nothing more. */
export async function* pages(session: Session, query: string, parameters: Parameters, limit: number): AsyncGenerator<Page> {
  let left = limit;
  let cursor: string | undefined;
  do {
    const page = pageOf(await search(session, 'events', query, { ...parameters, limit: Math.min(left, PAGE_MAX), cursor }));
    yield page;
    left -= page.items.length;
    cursor = page.next ?? undefined;
  } while (cursor !== undefined && left > 0);
}
