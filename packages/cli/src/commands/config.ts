import type { Command } from 'commander';
import { action } from '../command.ts';
import { Failure } from '../errors/failure.ts';
import type { Io } from '../io.ts';
import { addServiceOptions, serviceArguments, type ServiceOptions } from '../service-options.ts';
import { serverParts } from '../server.ts';
import type { Session } from '../session.ts';

/** What the service would be started with. */
function inputOf(session: Session, options: ServiceOptions, rest: readonly string[]) {
  return { argv: serviceArguments(options, session.options.dataDir, rest), env: session.io.env, cwd: session.io.cwd };
}

function valueText(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

async function show(session: Session, options: ServiceOptions, rest: string[]): Promise<void> {
  const { loadConfig } = await serverParts.config();
  const { explainConfig } = await serverParts.explain();
  const loaded = loadConfig(inputOf(session, options, rest));
  for (const warning of loaded.warnings) await session.out.note(`meniscus: ${warning}`);
  const config = explainConfig(loaded).map(({ key, value, origin }) => ({ key, value, origin: origin.where }));
  await session.out.answer<{ config: typeof config }>(JSON.stringify({ config }), {
    items: 'config',
    table: (data) =>
      session.out.table({
        head: ['key', 'value', 'origin'],
        rows: data.config.map(({ key, value, origin }) => [key, valueText(value), origin]),
      }),
  });
}

interface CheckOptions extends ServiceOptions {
  readonly connect?: boolean;
}

/** Tries to reach each sink. */
async function connect(session: Session, options: ServiceOptions, rest: string[]): Promise<void> {
  const { loadConfig } = await serverParts.config();
  const { checkSinks } = await serverParts.sinkCheck();
  const sinks = (await checkSinks(loadConfig(inputOf(session, options, rest)).config.sinks)).map(({ name, type, error }) => ({
    name,
    type,
    error: error ?? null,
  }));
  await session.out.answer<{ sinks: typeof sinks }>(JSON.stringify({ sinks }), {
    items: 'sinks',
    table: (data) =>
      session.out.table({
        head: ['sink', 'type', 'reached'],
        rows: data.sinks.map(({ name, type, error }) => [name, type, error ?? 'yes']),
      }),
  });
  const failed = sinks.filter(({ error }) => error !== null).map(({ name }) => name);
  if (failed.length > 0) throw new Failure(`cannot reach ${failed.join(', ')}`);
}

async function reload(session: Session): Promise<void> {
  const text = await session.client.text('/v1/config/reload', { method: 'POST' });
  await session.out.answer<Reloaded>(text, {
    table: ({ sinks, needs_restart: waiting }) => {
      const parts = Object.entries(sinks).flatMap(([what, names]) => (names.length === 0 ? [] : [`${what}: ${names.join(', ')}`]));
      const lines = [parts.length === 0 ? 'The sinks are as they were.' : `Sinks ${parts.join('; ')}.`];
      if (waiting.length > 0) lines.push(`Changed in the file, in force after a restart: ${waiting.join(', ')}.`);
      return lines.join('\n');
    },
  });
}

interface Reloaded {
  readonly sinks: { readonly added: readonly string[]; readonly changed: readonly string[]; readonly removed: readonly string[] };
  readonly needs_restart: readonly string[];
}

async function check(session: Session, options: CheckOptions, rest: string[]): Promise<void> {
  const { checkConfig } = await serverParts.config();
  const faults = checkConfig(inputOf(session, options, rest));
  const lines = faults.map(({ key, where, text }) => (key === '' ? `${where}: ${text}` : `${where}: ${key} ${text}`));
  if (session.out.format !== 'table') await session.out.answer(JSON.stringify({ errors: faults }), { items: 'errors', table: () => '' });
  if (faults.length > 0) throw new Failure('the configuration is not valid', { notes: lines });
  if (session.out.format === 'table') await session.out.line('The configuration is valid.');
  if (options.connect === true) await connect(session, options, rest);
}

export function addConfig(program: Command, io: Io): void {
  const config = program.command('config').description("the service's configuration: flag, environment, file, default, in this order");
  const common = (command: Command): Command =>
    addServiceOptions(command).allowUnknownOption().argument('[options...]', 'further options of the service, like --log-level debug');
  common(config.command('show'))
    .description('each value in force with its origin, secrets masked')
    .action(action<ServiceOptions, [string[]]>(io, show));
  common(config.command('check'))
    .description('whether the service would start with it')
    .option('--connect', 'try to reach each sink, too')
    .action(action<CheckOptions, [string[]]>(io, check));
  config.command('reload').description('have the running service read its file anew: sinks take effect at once').action(action(io, reload));
}
