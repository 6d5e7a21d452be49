import type { Command } from 'commander';
import { addQuery, queryOf, type RangeOptions } from '../api/search.ts';
import { action, listOf } from '../command.ts';
import type { Io } from '../io.ts';
import type { Session } from '../session.ts';

interface Saved {
  readonly name: string;
  readonly query: string;
  readonly from?: string | number;
  readonly to?: string | number;
  readonly columns?: readonly string[];
}

interface PutOptions extends RangeOptions {
  readonly columns?: readonly string[];
}

function table(session: Session, searches: readonly Saved[]): string {
  const rows = searches.map(({ name, query, from, to, columns }) => [name, query, from, to, columns?.join(',')]);
  return rows.length === 0
    ? 'No saved search yet: meniscus saved put NAME QUERY'
    : session.out.table({ head: ['name', 'query', 'from', 'to', 'columns'], rows });
}

async function show(session: Session, name: string): Promise<void> {
  const text = await session.client.text(session.tenantPath('saved-searches', name));
  await session.out.answer<{ saved_search: Saved }>(text, { table: (answer) => table(session, [answer.saved_search]) });
}

async function put(session: Session, options: PutOptions, name: string, words: string[]): Promise<void> {
  const { from, to, columns } = options;
  const query = queryOf(words);
  await session.client.text(session.tenantPath('saved-searches', name), {
    method: 'PUT',
    json: { saved_search: { query, from, to, columns } },
    query,
  });
  await show(session, name);
}

export function addSaved(program: Command, io: Io): void {
  const saved = program.command('saved').description('searches kept under a name; `meniscus search --saved NAME` runs one');
  saved
    .command('list')
    .description("the tenant's saved searches")
    .action(
      action(io, async (session) =>
        session.out.answer<{ saved_searches: readonly Saved[] }>(await session.client.text(session.tenantPath('saved-searches')), {
          items: 'saved_searches',
          table: (answer) => table(session, answer.saved_searches),
        }),
      ),
    );
  addQuery(saved.command('put').argument('<name>', 'its name'))
    .description('save a search, or replace it')
    .option('--columns <names>', 'the columns of its table, separated by commas', listOf)
    .action(action<PutOptions, [string, string[]]>(io, put));
  saved
    .command('show')
    .description('one saved search')
    .argument('<name>', 'its name')
    .action(action<unknown, [string]>(io, (session, _options, name) => show(session, name)));
  saved
    .command('remove')
    .description('remove a saved search')
    .argument('<name>', 'its name')
    .action(
      action<unknown, [string]>(io, async (session, _options, name) => {
        await session.client.text(session.tenantPath('saved-searches', name), { method: 'DELETE' });
        if (session.out.format === 'table') await session.out.line(`Removed ${JSON.stringify(name)}.`);
      }),
    );
}
