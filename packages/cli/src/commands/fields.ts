import type { Command } from 'commander';
import { addQuery, queryOf, search, warnPartial, type RangeOptions } from '../api/search.ts';
import { action } from '../command.ts';
import type { Io } from '../io.ts';

interface Fields {
  readonly fields: readonly { readonly name: string; readonly type: string; readonly share: number }[];
}

export function addFields(program: Command, io: Io): void {
  addQuery(program.command('fields'))
    .description('the fields that events have')
    .action(
      action<RangeOptions, [string[]]>(io, async (session, { from, to }, words) => {
        const text = await search(session, 'fields', queryOf(words), { from, to });
        await session.out.answer<Fields>(text, {
          items: 'fields',
          table: ({ fields }) => {
            const rows = fields.map(({ name, type, share }) => [name, type, `${(100 * share).toFixed(1)} %`]);
            return rows.length === 0 ? '' : session.out.table({ head: ['name', 'type', 'share'], rows, right: [2] });
          },
        });
        await warnPartial(session, JSON.parse(text) as object);
      }),
    );
}
