import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Command } from 'commander';
import { action } from '../command.ts';
import { Failure } from '../errors/failure.ts';
import { write, type Io } from '../io.ts';
import { noteOf } from '../api/run-file.ts';
import { inputText } from '../input.ts';
import { printable } from '../output/printable.ts';
import type { Session } from '../session.ts';

interface Rulebase {
  readonly name: string;
  readonly [member: string]: unknown;
}

/** A file's bytes, or standard input for `-`. */
async function contentOf(session: Session, file: string): Promise<Buffer> {
  if (file === '-') return Buffer.from(await inputText(session.io));
  const target = path.resolve(session.io.cwd, file);
  try {
    return readFileSync(target);
  } catch (error) {
    throw new Failure(`cannot read ${target}`, { cause: error, notes: [noteOf(error)] });
  }
}

async function put(session: Session, _options: unknown, name: string, file: string): Promise<void> {
  await session.client.text(session.tenantPath('rulebases', name), {
    method: 'PUT',
    bytes: await contentOf(session, file),
    headers: { 'content-type': 'text/plain; charset=utf-8' },
  });
  if (session.out.format === 'table') await session.out.line(`Saved rulebase ${JSON.stringify(name)}.`);
}

async function list(session: Session): Promise<void> {
  await session.out.answer<{ rulebases: readonly Rulebase[] }>(await session.client.text(session.tenantPath('rulebases')), {
    items: 'rulebases',
    table: ({ rulebases }) => {
      const head = [...new Set(rulebases.flatMap((rulebase) => Object.keys(rulebase)))];
      const cell = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value ?? null));
      return rulebases.length === 0 ? '' : session.out.table({ head, rows: rulebases.map((one) => head.map((name) => cell(one[name]))) });
    },
  });
}

interface Tested {
  readonly results: readonly unknown[];
  readonly explanations?: readonly { readonly text: string }[];
}

interface TestOptions {
  readonly file?: string;
  readonly explain?: boolean;
}

async function test(session: Session, options: TestOptions, name: string | undefined, lines: string[]): Promise<void> {
  if (options.file === undefined && name === undefined) throw new Failure('which rulebase? Give its name, or --file', { exitCode: 2 });
  // With a file there is no name: every argument is a line.
  const given = options.file === undefined ? lines : [...(name === undefined ? [] : [name]), ...lines];
  const rulebase = options.file === undefined ? { name } : { rulebase: (await contentOf(session, options.file)).toString('utf8') };
  const tested = given.length > 0 ? given : (await inputText(session.io)).split(/\r?\n/).filter((line) => line !== '');
  const text = await session.client.text(session.tenantPath('rulebases', 'test'), {
    json: { ...rulebase, lines: tested, ...(options.explain === true && { explain: true }) },
  });
  await session.out.answer<Tested>(text, {
    items: options.explain === true ? 'explanations' : 'results',
    table: ({ results, explanations }) =>
      explanations === undefined
        ? results.map((result) => JSON.stringify(result, null, 2)).join('\n')
        : explanations.map(({ text: lines }) => lines.split('\n').map(printable).join('\n')).join('\n\n'),
  });
}

export function addRulebase(program: Command, io: Io): void {
  const rulebase = program.command('rulebase').description('rulebases: what turns messages into fields');
  rulebase
    .command('put')
    .description('save a rulebase, or replace it')
    .argument('<name>', 'its name')
    .argument('<file>', '- is standard input')
    .action(action<unknown, [string, string]>(io, put));
  rulebase
    .command('get')
    .description("a rulebase's text")
    .argument('<name>', 'its name')
    .action(
      action<unknown, [string]>(io, async (session, _options, name) =>
        write(io.stdout, await session.client.text(session.tenantPath('rulebases', name))),
      ),
    );
  rulebase.command('list').description("the tenant's rulebases and the shipped ones").action(action(io, list));
  rulebase
    .command('remove')
    .description('remove a rulebase')
    .argument('<name>', 'its name')
    .action(
      action<unknown, [string]>(io, async (session, _options, name) => {
        await session.client.text(session.tenantPath('rulebases', name), { method: 'DELETE' });
        if (session.out.format === 'table') await session.out.line(`Removed ${JSON.stringify(name)}.`);
      }),
    );
  rulebase
    .command('test')
    .description('what a rulebase makes of lines, given as arguments or on standard input')
    .argument('[name]', 'a saved or shipped rulebase')
    .argument('[lines...]', 'the lines')
    .option('--file <file>', 'tests the rulebase in this file instead')
    .option('--explain', 'says how far the rules get with each line, and why they fail')
    .action(action<TestOptions, [string | undefined, string[]]>(io, test));
}
