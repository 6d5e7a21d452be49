import type { Command } from 'commander';
import { addQuery, queryOf, search, warnPartial, type RangeOptions } from '../api/search.ts';
import { action, listOf, wholeNumber } from '../command.ts';
import type { Io } from '../io.ts';
import { count, time } from '../output/human.ts';
import type { Output } from '../output/output.ts';

interface StatsOptions extends RangeOptions {
  readonly by?: readonly string[];
  readonly metrics?: readonly string[];
  readonly interval?: string;
  readonly limit?: number;
}

type Metrics = Readonly<Record<string, unknown>>;

interface Group {
  readonly by?: Readonly<Record<string, unknown>>;
  readonly metrics: Metrics;
  readonly buckets?: readonly { readonly time: string; readonly metrics: Metrics }[];
}

interface Stats {
  readonly groups: readonly Group[];
  readonly other: (Group & { readonly groups?: number }) | null;
}

function valueText(value: unknown): string {
  if (value === null || value === undefined) return '-';
  if (typeof value === 'number') return count(value);
  return typeof value === 'string' ? value : JSON.stringify(value);
}

interface Row {
  readonly labels: readonly string[];
  readonly time?: string;
  readonly metrics: Metrics;
}

/** A group's line, or one for each of its steps in time. */
function rowsOf(group: Group, labels: readonly string[]): Row[] {
  if (group.buckets === undefined) return [{ labels, metrics: group.metrics }];
  return group.buckets.map((bucket) => ({ labels, time: time(bucket.time), metrics: bucket.metrics }));
}

function otherLabels({ groups }: { readonly groups?: number }, by: readonly string[]): string[] {
  const text = groups === undefined || groups === 0 ? '(none of these)' : `(other: ${count(groups)} groups)`;
  return by.map((_, i) => (i === 0 ? text : ''));
}

function tableOf(out: Output, { groups, other }: Stats, by: readonly string[]): string {
  const rows = groups.flatMap((group) =>
    rowsOf(
      group,
      by.map((name) => valueText(group.by?.[name])),
    ),
  );
  if (other !== null && by.length > 0) rows.push(...rowsOf(other, otherLabels(other, by)));
  const names = Object.keys(rows[0]?.metrics ?? {});
  const timed = rows.some((row) => row.time !== undefined);
  const lead = [...by, ...(timed ? ['time'] : [])];
  const cells = rows.map((row) => [
    ...row.labels,
    ...(timed ? [row.time ?? ''] : []),
    ...names.map((name) => valueText(row.metrics[name])),
  ]);
  return rows.length === 0 ? '' : out.table({ head: [...lead, ...names], rows: cells, right: names.map((_, i) => lead.length + i) });
}

export function addStats(program: Command, io: Io): void {
  addQuery(program.command('stats'))
    .description('metrics of groups of events')
    .option('--by <fields>', 'groups by these fields, separated by commas', listOf)
    .option(
      '--metrics <list>',
      'count, or unique, sum, avg, min, max, p50, p95, p99 of a field, like count,p95(took) (default: count)',
      listOf,
    )
    .option('--interval <duration>', 'also groups by time, in steps like 5m')
    .option('-n, --limit <n>', 'groups; the rest is one more, marked other (default: 100)', wholeNumber)
    .action(
      action<StatsOptions, [string[]]>(io, async (session, { from, to, by, metrics, interval, limit }, words) => {
        const text = await search(session, 'stats', queryOf(words), { from, to, by, metrics, interval, limit });
        await session.out.answer<Stats>(text, { items: 'groups', table: (data) => tableOf(session.out, data, by ?? []) });
        await warnPartial(session, JSON.parse(text) as object);
      }),
    );
}
