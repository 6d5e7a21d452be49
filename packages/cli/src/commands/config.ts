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

async function check(session: Session, options: ServiceOptions, rest: string[]): Promise<void> {
  const { checkConfig } = await serverParts.config();
  const faults = checkConfig(inputOf(session, options, rest));
  const lines = faults.map(({ key, where, text }) => (key === '' ? `${where}: ${text}` : `${where}: ${key} ${text}`));
  if (session.out.format !== 'table') await session.out.answer(JSON.stringify({ errors: faults }), { items: 'errors', table: () => '' });
  if (faults.length > 0) throw new Failure('the configuration is not valid', { notes: lines });
  if (session.out.format === 'table') await session.out.line('The configuration is valid.');
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
    .action(action<ServiceOptions, [string[]]>(io, check));
}
