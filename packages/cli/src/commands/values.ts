import type { Command } from 'commander';
import { addQuery, queryOf, search, warnPartial, type RangeOptions } from '../api/search.ts';
import { action, wholeNumber } from '../command.ts';
import type { Io } from '../io.ts';
import { count } from '../output/human.ts';

interface ValueOptions extends RangeOptions {
  readonly field: string;
  readonly prefix?: string;
  readonly limit?: number;
}

interface Values {
  readonly values: readonly { readonly value: unknown; readonly count: number }[];
}

export function addValues(program: Command, io: Io): void {
  addQuery(program.command('values'))
    .description('the values of a field that begin with a prefix')
    .requiredOption('--field <name>', 'the field')
    .option('--prefix <text>', 'what the values begin with')
    .option('-n, --limit <n>', 'at most so many values (default: 10)', wholeNumber)
    .action(
      action<ValueOptions, [string[]]>(io, async (session, { from, to, field, prefix, limit }, words) => {
        const text = await search(session, 'values', queryOf(words), { from, to, field, prefix, limit });
        await session.out.answer<Values>(text, {
          items: 'values',
          table: ({ values }) => {
            const rows = values.map(({ value, count: n }) => [typeof value === 'string' ? value : JSON.stringify(value), count(n)]);
            return rows.length === 0 ? '' : session.out.table({ head: ['value', 'count'], rows, right: [1] });
          },
        });
        await warnPartial(session, JSON.parse(text) as object);
      }),
    );
}
