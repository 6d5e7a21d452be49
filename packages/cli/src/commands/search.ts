import { Option, type Command } from 'commander';
import type { Parameters } from '../api/client.ts';
import { addQuery, pages, queryOf, warnPartial, type Page, type RangeOptions } from '../api/search.ts';
import { action, listOf, wholeNumber } from '../command.ts';
import { wrongUsage } from '../errors/failure.ts';
import type { Io } from '../io.ts';
import { EventLines } from '../output/event-lines.ts';
import type { ApiEvent } from '../output/event-fields.ts';
import { parseForShow } from '../output/json-text.ts';
import { plural } from '../output/human.ts';
import type { Session } from '../session.ts';

interface SearchOptions extends RangeOptions {
  readonly limit?: number;
  readonly all?: true;
  readonly order?: 'asc' | 'desc';
  readonly fields?: readonly string[];
  readonly saved?: string;
}

interface Asked {
  readonly query: string;
  readonly parameters: Parameters;
  readonly columns: readonly string[] | undefined;
}

interface SavedAnswer {
  readonly saved_search: {
    readonly query: string;
    readonly from?: string | number;
    readonly to?: string | number;
    readonly columns?: readonly string[];
  };
}

/** What is asked for: the command line, over a saved search when one is named. */
async function askedOf(session: Session, options: SearchOptions, words: readonly string[]): Promise<Asked> {
  const { from, to, order, fields } = options;
  const own = queryOf(words);
  if (options.saved === undefined) return { query: own, parameters: { from, to, order, fields }, columns: fields };
  const { saved_search: saved } = await session.client.json<SavedAnswer>(session.tenantPath('saved-searches', options.saved));
  const columns = fields ?? saved.columns;
  const query = own === '' ? saved.query : saved.query === '' ? own : `(${saved.query}) (${own})`;
  return { query, parameters: { from: from ?? saved.from, to: to ?? saved.to, order, fields: columns }, columns };
}

async function showTable(session: Session, found: AsyncIterable<Page>, columns: readonly string[] | undefined): Promise<void> {
  const lines = new EventLines(session.out.colours, columns);
  let shown = 0;
  let more = false;
  for await (const page of found) {
    const events = page.items.map((item) => parseForShow<ApiEvent>(item));
    lines.fit(events);
    if (shown === 0 && events.length > 0) await session.out.line(lines.head());
    await session.out.lines(events.map((event) => lines.line(event)));
    await warnPartial(session, page.whole);
    shown += events.length;
    more = page.next !== null;
  }
  if (shown === 0) await session.out.hint('No event matches in this range; --from -7d looks further back than one hour.');
  else if (more) await session.out.hint(`${plural(shown, 'event')}; there are more: --limit N, or --all.`);
}

/** The answer of several pages as if it were one; a single page stays as it came. */
async function showJson(session: Session, found: AsyncIterable<Page>): Promise<void> {
  const read: Page[] = [];
  for await (const page of found) read.push(page);
  if (read.length === 1) return session.out.line(read[0]!.text.trimEnd());
  const items = read.flatMap((page) => page.items);
  const partial = read.find((page) => page.whole.partial === true)?.whole ?? { partial: false };
  const rest = JSON.stringify({ next: read.at(-1)!.next, ...partial });
  await session.out.line(`{"events":[${items.join(',')}],${rest.slice(1)}`);
}

async function showLines(session: Session, found: AsyncIterable<Page>): Promise<void> {
  for await (const page of found) {
    await session.out.lines(page.items);
    await warnPartial(session, page.whole);
  }
}

async function run(session: Session, options: SearchOptions, words: readonly string[]): Promise<void> {
  if (options.all === true && options.limit !== undefined) throw wrongUsage('--all and --limit exclude each other');
  if (options.limit === 0) throw wrongUsage('--limit must be at least 1');
  const { query, parameters, columns } = await askedOf(session, options, words);
  const limit = options.all === true ? Number.MAX_SAFE_INTEGER : (options.limit ?? 100);
  const found = pages(session, query, parameters, limit);
  if (session.out.format === 'json') return showJson(session, found);
  if (session.out.format === 'ndjson') return showLines(session, found);
  return showTable(session, found, columns);
}

export function addSearch(program: Command, io: Io): void {
  addQuery(program.command('search'))
    .description('find events, the newest first')
    .option('-n, --limit <n>', 'at most so many events (default: 100)', wholeNumber)
    .option('--all', 'everything that matches, page by page')
    .addOption(new Option('--order <order>', 'newest (desc, the default) or oldest (asc) first').choices(['desc', 'asc']))
    .option('--fields <names>', 'the columns, separated by commas', listOf)
    .option('--saved <name>', 'a saved search; what the command line gives counts more, and its query narrows the saved one')
    .action(action<SearchOptions, [string[]]>(io, run));
}
