import type { Command } from 'commander';
import { addQuery, queryOf, search, warnPartial, type RangeOptions } from '../api/search.ts';
import { action } from '../command.ts';
import type { Io } from '../io.ts';

export function addCount(program: Command, io: Io): void {
  addQuery(program.command('count'))
    .description('how many events match')
    .action(
      action<RangeOptions, [string[]]>(io, async (session, { from, to }, words) => {
        const text = await search(session, 'count', queryOf(words), { from, to });
        await session.out.answer<{ count: number }>(text, { table: ({ count }) => String(count) });
        await warnPartial(session, JSON.parse(text) as object);
      }),
    );
}
