import type { Command } from 'commander';
import { addQuery, queryOf, search, warnPartial, type RangeOptions } from '../api/search.ts';
import { action, listOf, wholeNumber } from '../command.ts';
import type { Io } from '../io.ts';
import { count } from '../output/human.ts';
import type { Output } from '../output/output.ts';

interface FacetOptions extends RangeOptions {
  readonly fields: readonly string[];
  readonly limit?: number;
}

interface Facets {
  readonly facets: Readonly<
    Record<string, { readonly count: number; readonly values: readonly { readonly value: unknown; readonly count: number }[] }>
  >;
}

function valueText(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function tableOf(out: Output, { facets }: Facets): string {
  const rows = Object.entries(facets).flatMap(([field, facet]) =>
    facet.values.map(({ value, count: n }) => [field, valueText(value), count(n), `${((100 * n) / facet.count).toFixed(1)} %`]),
  );
  return rows.length === 0 ? '' : out.table({ head: ['field', 'value', 'count', 'share'], rows, right: [2, 3] });
}

export function addFacets(program: Command, io: Io): void {
  addQuery(program.command('facets'))
    .description('the most frequent values of fields')
    .requiredOption('--fields <names>', 'the fields, separated by commas', listOf)
    .option('-n, --limit <n>', 'values of each field (default: 10)', wholeNumber)
    .action(
      action<FacetOptions, [string[]]>(io, async (session, { from, to, fields, limit }, words) => {
        const text = await search(session, 'facets', queryOf(words), { from, to, fields, limit });
        await session.out.answer<Facets>(text, {
          lines: (data) => Object.entries(data.facets).flatMap(([field, facet]) => facet.values.map((value) => ({ field, ...value }))),
          table: (data) => tableOf(session.out, data),
        });
        await warnPartial(session, JSON.parse(text) as object);
      }),
    );
}
