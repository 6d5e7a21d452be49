import type { Command } from 'commander';
import { action, wholeNumber } from '../command.ts';
import { confirm } from '../confirm.ts';
import { Failure, wrongUsage } from '../errors/failure.ts';
import type { Io } from '../io.ts';
import { deadLetterPages, deadLettersPath, type DeadLetter, type DeadLetterPage } from '../api/dead-letters.ts';
import { plural, time } from '../output/human.ts';
import type { Session } from '../session.ts';

interface OwnerOptions {
  readonly operator?: true;
}

interface ListOptions extends OwnerOptions {
  readonly reason?: string;
  readonly sink?: string;
  readonly limit?: number;
}

interface WhichOptions extends OwnerOptions {
  readonly reason?: string;
  readonly sink?: string;
  readonly all?: true;
  readonly yes?: true;
}

function rawText({ raw, encoding }: DeadLetter): string {
  return encoding === 'utf8' ? raw : `(base64) ${raw}`;
}

/** A line as wide as the screen; in a pipe it is whole. */
function cut(text: string, width: number | undefined): string {
  return width === undefined || text.length <= width ? text : `${text.slice(0, Math.max(1, width - 1))}…`;
}

async function list(session: Session, options: ListOptions): Promise<void> {
  const path = deadLettersPath(session, options.operator);
  const read: DeadLetterPage[] = [];
  for await (const page of deadLetterPages(session, path, { reason: options.reason, sink: options.sink }, options.limit ?? 100))
    read.push(page);
  const items = read.flatMap((page) => page.items);
  const text =
    read.length === 1 ? read[0]!.text : `{"dead_letters":[${items.join(',')}],"next":${JSON.stringify(read.at(-1)?.next ?? null)}}`;
  await session.out.answer<{ dead_letters: readonly DeadLetter[] }>(text, {
    items: 'dead_letters',
    table: ({ dead_letters: letters }) => {
      const rows = letters.map((letter) => [
        letter.id,
        time(letter.time),
        letter.reason,
        letter.source,
        letter.sink,
        cut(rawText(letter), session.out.width === undefined ? undefined : 60),
      ]);
      return rows.length === 0 ? '' : session.out.table({ head: ['id', 'time', 'reason', 'source', 'sink', 'raw'], rows });
    },
  });
  if (items.length === 0) await session.out.hint('No dead letter: nothing was refused.');
}

async function show(session: Session, options: OwnerOptions, id: string): Promise<void> {
  const path = deadLettersPath(session, options.operator);
  for await (const page of deadLetterPages(session, path, {}, Number.POSITIVE_INFINITY)) {
    const index = page.letters.findIndex((letter) => letter.id === id);
    if (index < 0) continue;
    return session.out.answer<DeadLetter>(page.items[index]!, {
      table: (letter) =>
        session.out.list([
          ['id', letter.id],
          ['time', letter.time],
          ['reason', letter.reason],
          ['what was wrong', letter.text],
          ['source', letter.source],
          ['sink', letter.sink],
          ['raw', rawText(letter)],
        ]),
    });
  }
  throw new Failure(`there is no dead letter ${id}`, {
    notes: ['`meniscus dead-letters list` shows them; old ones go when there are too many.'],
  });
}

/** What the command names; nothing is all, as in the API. */
function whichOf(ids: readonly string[], { reason, sink, all }: WhichOptions): Record<string, unknown> {
  if (all === true && (ids.length > 0 || reason !== undefined || sink !== undefined))
    throw wrongUsage('--all does not go with ids, --reason or --sink');
  return { ...(ids.length > 0 ? { ids } : {}), ...(reason === undefined ? {} : { reason }), ...(sink === undefined ? {} : { sink }) };
}

async function redrive(session: Session, options: WhichOptions, ids: string[]): Promise<void> {
  const text = await session.client.text(session.tenantPath('dead-letters', 'redrive'), { json: whichOf(ids, options) });
  await session.out.answer<{ redriven: number }>(text, { table: ({ redriven }) => `Sent ${plural(redriven, 'dead letter')} again.` });
}

async function drop(session: Session, options: WhichOptions, ids: string[]): Promise<void> {
  const which = whichOf(ids, options);
  const path = deadLettersPath(session, options.operator);
  const what =
    ids.length > 0
      ? plural(ids.length, 'dead letter')
      : `all dead letters${options.reason === undefined ? '' : ' with this reason'}${options.sink === undefined ? '' : ' of this sink'}`;
  await confirm(session.io, options.yes, `Delete ${what} for good?`);
  const text = await session.client.text(path, { method: 'DELETE', json: which });
  await session.out.answer<{ deleted: number }>(text, { table: ({ deleted }) => `Deleted ${plural(deleted, 'dead letter')}.` });
}

export function addDeadLetters(program: Command, io: Io): void {
  const operator = ['--operator', 'those that belong to no tenant'] as const;
  const letters = program.command('dead-letters').description('what was refused, and why');
  letters
    .command('list')
    .description('the newest first')
    .option('--reason <reason>', 'only those')
    .option('--sink <name>', 'only those that this sink did not take')
    .option('-n, --limit <n>', 'at most so many (default: 100)', wholeNumber)
    .option(...operator)
    .action(action<ListOptions>(io, list));
  letters
    .command('show')
    .description('one of them whole')
    .argument('<id>', 'as the list shows it')
    .option(...operator)
    .action(action<OwnerOptions, [string]>(io, show));
  letters
    .command('redrive')
    .description('send them again')
    .argument('[ids...]', 'as the list shows them')
    .option('--reason <reason>', 'all with this reason')
    .option('--sink <name>', 'all that this sink did not take')
    .option('--all', 'all of the tenant, as when nothing is named')
    .action(action<WhichOptions, [string[]]>(io, redrive));
  letters
    .command('drop')
    .description('delete them for good')
    .argument('[ids...]', 'as the list shows them')
    .option('--reason <reason>', 'all with this reason')
    .option('--sink <name>', 'all that this sink did not take')
    .option('--all', 'all of them, as when nothing is named')
    .option('-y, --yes', 'does not ask')
    .option(...operator)
    .action(action<WhichOptions, [string[]]>(io, drop));
}
