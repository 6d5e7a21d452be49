import { createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { Option, type Command } from 'commander';
import { type Reply } from '../api/client.ts';
import { addQuery, queryOf, type RangeOptions } from '../api/search.ts';
import { action, listOf } from '../command.ts';
import { Failure, reasonOf } from '../errors/failure.ts';
import { write, type Io } from '../io.ts';
import type { Session } from '../session.ts';

interface ExportOptions extends RangeOptions {
  readonly format?: string;
  readonly fields?: readonly string[];
  readonly file?: string;
  readonly force?: true;
}

async function toScreen(session: Session, reply: Reply): Promise<void> {
  for await (const chunk of reply) await write(session.io.stdout, chunk as Buffer);
}

/** What came until a break is not left behind as if it were whole. */
async function toFile(session: Session, reply: Reply, file: string, force: boolean): Promise<void> {
  const target = path.resolve(session.io.cwd, file);
  let made = false;
  try {
    const stream = createWriteStream(target, { flags: force ? 'w' : 'wx' });
    stream.once('open', () => (made = true));
    await pipeline(reply, stream);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST')
      throw new Failure(`${target} exists already`, { notes: ['--force overwrites it.'], cause: error });
    if (made) await rm(target, { force: true });
    throw error;
  }
}

async function run(session: Session, options: ExportOptions, words: readonly string[]): Promise<void> {
  const { from, to, fields, format, file, force } = options;
  const query = queryOf(words);
  if (format === 'parquet' && file === undefined && session.io.stdout.isTTY === true)
    throw new Failure('a Parquet file is nothing for a terminal', { notes: ['--file writes it to a file.'] });
  const reply = await session.client.open(session.tenantPath('export'), { json: { q: query, from, to, fields, format }, query });
  try {
    await (file === undefined ? toScreen(session, reply) : toFile(session, reply, file, force === true));
  } catch (error) {
    if (error instanceof Failure || (error as NodeJS.ErrnoException).code === 'EPIPE') throw error;
    throw new Failure('the export broke off before its end', { cause: error, notes: [reasonOf(error), 'What came is not everything.'] });
  }
}

export function addExport(program: Command, io: Io): void {
  addQuery(program.command('export'))
    .description('everything that matches, the oldest first, as a stream')
    .addOption(
      new Option(
        '--format <format>',
        'ndjson (the default), csv with a header row, raw: msg, one a line, or parquet: a column for each field',
      ).choices(['ndjson', 'csv', 'raw', 'parquet']),
    )
    .option('--fields <names>', 'the fields, separated by commas', listOf)
    .option('--file <file>', 'writes there instead of standard output')
    .option('--force', 'overwrites the file')
    .action(action<ExportOptions, [string[]]>(io, run));
}
