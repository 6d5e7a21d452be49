import type { Command } from 'commander';
import { addQuery, queryOf, search, warnPartial, type RangeOptions } from '../api/search.ts';
import { action, wholeNumber } from '../command.ts';
import { wrongUsage } from '../errors/failure.ts';
import type { Io } from '../io.ts';
import { count, time } from '../output/human.ts';
import type { Output } from '../output/output.ts';

interface HistogramOptions extends RangeOptions {
  readonly buckets?: number;
  readonly interval?: string;
  readonly by?: string;
}

interface Histogram {
  readonly buckets: readonly { readonly time: string; readonly count: number; readonly by?: Readonly<Record<string, number>> }[];
}

const BAR_WIDTH = 50;

/** A bar of eighths, so that small differences show. */
function bar(value: number, largest: number): string {
  if (value === 0) return '';
  const eighths = Math.max(1, Math.round((value / largest) * BAR_WIDTH * 8));
  const rest = eighths % 8;
  return '█'.repeat(Math.floor(eighths / 8)) + (rest === 0 ? '' : '▏▎▍▌▋▊▉'[rest - 1]!);
}

/** Values of the `by` field, the most frequent first. */
function groupsOf({ buckets }: Histogram): string[] {
  const sums = new Map<string, number>();
  for (const { by } of buckets) for (const [value, n] of Object.entries(by ?? {})) sums.set(value, (sums.get(value) ?? 0) + n);
  return [...sums].sort((a, b) => b[1] - a[1]).map(([value]) => value);
}

function tableOf(out: Output, data: Histogram, by: string | undefined): string {
  const largest = Math.max(1, ...data.buckets.map((bucket) => bucket.count));
  const groups = by === undefined ? [] : groupsOf(data);
  const rows = data.buckets.map((bucket) => [
    time(bucket.time),
    count(bucket.count),
    ...groups.map((value) => count(bucket.by?.[value] ?? 0)),
    ...(by === undefined ? [{ text: bar(bucket.count, largest) }] : []),
  ]);
  const head = ['time', 'count', ...groups.map((value) => `${by}=${value}`), ...(by === undefined ? [''] : [])];
  return out.table({ head, rows, right: [1, ...groups.map((_, i) => i + 2)] });
}

export function addHistogram(program: Command, io: Io): void {
  addQuery(program.command('histogram'))
    .description('events over time')
    .option('--buckets <n>', 'about how many steps (default: 60)', wholeNumber)
    .option('--interval <duration>', 'the length of a step, like 1m')
    .option('--by <field>', 'also counts the values of a field in each step')
    .action(
      action<HistogramOptions, [string[]]>(io, async (session, { from, to, buckets, interval, by }, words) => {
        if (buckets !== undefined && interval !== undefined) throw wrongUsage('--buckets and --interval exclude each other');
        const text = await search(session, 'histogram', queryOf(words), { from, to, buckets, interval, by });
        await session.out.answer<Histogram>(text, { items: 'buckets', table: (data) => tableOf(session.out, data, by) });
        await warnPartial(session, JSON.parse(text) as object);
      }),
    );
}
