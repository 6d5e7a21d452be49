import type { Command } from 'commander';
import { Option } from 'commander';
import { action } from '../command.ts';
import type { Io } from '../io.ts';
import { bytes, count } from '../output/human.ts';
import type { Output } from '../output/output.ts';
import type { RangeOptions } from '../api/search.ts';

interface Hour {
  readonly hour: string;
  readonly events_in: number;
  readonly bytes_in: number;
  readonly stored: number;
  readonly rejected: number;
}

interface UsageOptions extends RangeOptions {
  readonly by?: 'hour' | 'day';
}

type Sums = Omit<Hour, 'hour'>;

function add(a: Sums, b: Sums): Sums {
  return {
    events_in: a.events_in + b.events_in,
    bytes_in: a.bytes_in + b.bytes_in,
    stored: a.stored + b.stored,
    rejected: a.rejected + b.rejected,
  };
}

const nothing: Sums = { events_in: 0, bytes_in: 0, stored: 0, rejected: 0 };

function cells(label: string, sums: Sums): string[] {
  return [label, count(sums.events_in), bytes(sums.bytes_in), count(sums.stored), count(sums.rejected)];
}

function tableOf(out: Output, hours: readonly Hour[], by: 'hour' | 'day'): string {
  const groups = new Map<string, Sums>();
  for (const hour of hours) {
    const label = by === 'day' ? hour.hour.slice(0, 10) : hour.hour.replace(/:00(\.0+)?Z$/, 'Z');
    groups.set(label, add(groups.get(label) ?? nothing, hour));
  }
  const rows = [...Array.from(groups, ([label, sums]) => cells(label, sums)), cells('total', hours.reduce<Sums>(add, nothing))];
  return out.table({ head: [by, 'events in', 'bytes in', 'stored', 'rejected'], rows, right: [1, 2, 3, 4] });
}

export function addUsage(program: Command, io: Io): void {
  program
    .command('usage')
    .description('what a tenant sent')
    .option('--from <time>', 'begin (default: one day ago)')
    .option('--to <time>', 'end, exclusive (default: now)')
    .addOption(new Option('--by <unit>', 'the lines of the table').choices(['hour', 'day']).default('hour'))
    .action(
      action<UsageOptions>(io, async (session, { from, to, by = 'hour' }) => {
        const text = await session.client.text(session.tenantPath('usage'), { parameters: { from, to } });
        await session.out.answer<{ usage: readonly Hour[] }>(text, {
          items: 'usage',
          table: ({ usage }) => tableOf(session.out, usage, by),
        });
      }),
    );
}
