import { createReadStream } from 'node:fs';
import path from 'node:path';
import { Option, type Command } from 'commander';
import { noteOf, checkSecret, readSecret } from '../api/run-file.ts';
import { action, wholeNumber } from '../command.ts';
import { Failure } from '../errors/failure.ts';
import type { Io } from '../io.ts';
import { plural } from '../output/human.ts';
import { printable } from '../output/printable.ts';
import { batches, eventLines, type Batch } from '../send/batches.ts';
import { Publisher, type Published } from '../send/publisher.ts';
import { tenantPath, type Session } from '../session.ts';

interface SendOptions {
  readonly format: 'auto' | 'text' | 'json';
  readonly tokenFile?: string;
  readonly retryFor: number;
}

const contentTypes = { text: 'text/plain; charset=utf-8', json: 'application/x-ndjson' } as const;

/** What the first line of an input tells: JSON objects are meant as such. */
function formatOf(bytes: Buffer): 'text' | 'json' {
  const first = bytes.toString().trimStart();
  if (!first.startsWith('{')) return 'text';
  const end = first.indexOf('\n');
  try {
    JSON.parse(end < 0 ? first : first.slice(0, end));
    return 'json';
  } catch {
    return 'text';
  }
}
const ERRORS_SHOWN = 20;

/** The token that is given, or the tenant's as the service tells its administrator. */
function tokenSource(session: Session, tenant: string, { tokenFile }: SendOptions): (again: boolean) => Promise<string> {
  if (tokenFile !== undefined) {
    const file = path.resolve(session.io.cwd, tokenFile);
    return async () => readSecret(file, 'message token');
  }
  const given = session.io.env['MENISCUS_TOKEN'] || undefined;
  if (given !== undefined) return async () => checkSecret(given, 'message token', 'MENISCUS_TOKEN');
  let known: string | undefined;
  return async (again) => {
    if (known === undefined || again) {
      const answer = await session.client.json<{ token: { valid: string } }>(tenantPath(tenant, 'token'));
      known = answer.token.valid;
    }
    return known;
  };
}

/** Counts what was sent, and says which lines were refused. */
class Totals {
  accepted = 0;
  rejected = 0;
  private shown = 0;
  private readonly session: Session;

  constructor(session: Session) {
    this.session = session;
  }

  async add(name: string, batch: Batch, result: Published): Promise<void> {
    this.accepted += result.accepted;
    this.rejected += result.rejected;
    if (result.errors.length === 0) return;
    const numbers = eventLines(batch);
    for (const { index, title } of result.errors) {
      if (this.shown++ >= ERRORS_SHOWN) return;
      await this.session.out.note(`${name}:${numbers[index] ?? '?'}: ${printable(title)}`);
    }
  }

  text(): string {
    return JSON.stringify({ accepted: this.accepted, rejected: this.rejected });
  }
}

interface Input {
  readonly name: string;
  readonly open: () => AsyncIterable<string | Buffer>;
}

/** The files in order; `-` and no file at all are standard input. */
function inputsOf(session: Session, files: readonly string[]): Input[] {
  const { stdin, cwd } = session.io;
  const names = files.length === 0 ? ['-'] : files;
  return names.map((name) =>
    name === '-'
      ? { name: 'standard input', open: () => stdin }
      : { name, open: () => createReadStream(path.resolve(cwd, name), { highWaterMark: 256 << 10 }) as AsyncIterable<Buffer> },
  );
}

async function sendInput(publisher: Publisher, totals: Totals, format: SendOptions['format'], { name, open }: Input): Promise<void> {
  let known = format === 'auto' ? undefined : format;
  try {
    for await (const batch of batches(open())) {
      known ??= formatOf(batch.bytes);
      await totals.add(name, batch, await publisher.publish(batch.bytes, batch.events, contentTypes[known]));
    }
  } catch (error) {
    if (error instanceof Failure) throw error;
    throw new Failure(`cannot read ${name}`, { cause: error, notes: [noteOf(error)] });
  }
}

async function run(session: Session, options: SendOptions, files: string[]): Promise<void> {
  const tenant = session.tenant();
  const publisher = new Publisher({
    client: () => {
      session.refresh();
      return session.client;
    },
    tenant,
    token: tokenSource(session, tenant, options),
    retryForMs: options.retryFor * 1_000,
    note: (text) => session.out.note(text),
  });
  const totals = new Totals(session);
  if (files.length === 0 && session.io.stdin.isTTY === true) await session.out.note('Reads events, one a line; Ctrl-D ends.');
  try {
    for (const input of inputsOf(session, files)) await sendInput(publisher, totals, options.format, input);
  } finally {
    await session.out.answer<{ accepted: number; rejected: number }>(totals.text(), {
      table: ({ accepted, rejected }) => `${plural(accepted, 'event')} accepted, ${rejected} rejected`,
    });
  }
  if (totals.rejected > 0) {
    throw new Failure(`${plural(totals.rejected, 'event')} rejected`, {
      notes: ['`meniscus dead-letters list` shows them whole, and why.'],
    });
  }
}

export function addSend(program: Command, io: Io): void {
  program
    .command('send')
    .description('send the lines of files or of standard input as events')
    .argument('[files...]', '- is standard input, as is no file')
    .addOption(
      new Option('--format <format>', 'each line is a text, or a JSON object; auto: as the first line of each input is')
        .choices(['auto', 'text', 'json'])
        .default('auto'),
    )
    .option('--token-file <file>', "a file with the tenant's message token (itself: MENISCUS_TOKEN); else the API key finds it out")
    .addOption(
      new Option('--retry-for <seconds>', 'how long to go on trying while the service is away or full').argParser(wholeNumber).default(60),
    )
    .action(action<SendOptions, [string[]]>(io, run));
}
