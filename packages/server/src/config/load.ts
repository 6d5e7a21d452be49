import { isIP } from 'node:net';
import { isAbsolute, join, relative, resolve, sep } from 'node:path';
import { hint } from './closest.ts';
import type { Config } from './config.ts';
import { Faults } from './faults.ts';
import type { ConfigFault } from './faults.ts';
import { parseFlags } from './flags.ts';
import { keys, scalarKeys, variableOf } from './keys.ts';
import type { Key, ScalarKey } from './keys.ts';
import { parseSearch } from './search.ts';
import { configuredSinks, parseSinks } from './sinks.ts';
import { parseSources } from './sources.ts';
import { readYamlFile } from './yaml-file.ts';
import type { YamlFile } from './yaml-file.ts';

export interface ConfigInput {
  /** Without the program's name and command. */
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  /** What relative paths are relative to, also those in the file. Default: the working directory. */
  readonly cwd?: string;
}

export type OriginKind = 'flag' | 'environment' | 'file' | 'default';

export interface Origin {
  readonly kind: OriginKind;
  /** `--http-port`, `MENISCUS_HTTP_PORT`, `/etc/meniscus.yaml line 3`, `default`. */
  readonly where: string;
}

export interface LoadedConfig {
  readonly config: Config;
  readonly origins: Readonly<Record<keyof Config, Origin>>;
  /** Absolute; undefined when there is none. */
  readonly file: string | undefined;
  /** Not wrong, but probably not what was meant. */
  readonly warnings: readonly string[];
}

/** Keys that are more than one value, and so only in the file. */
const fileKeys = ['sources', 'sinks', 'search'] as const;

/** The configuration in force. Throws bad_configuration, or wrong_usage when the options are, whose `extra.errors` are all the ConfigFaults. */
export function loadConfig(input: ConfigInput): LoadedConfig {
  const faults = new Faults();
  const loaded = read(input, faults);
  faults.throwIfAny();
  return loaded;
}

/** Everything that is wrong with a configuration: `meniscus config check`. Empty when the service would take it. */
export function checkConfig(input: ConfigInput): readonly ConfigFault[] {
  const faults = new Faults();
  read(input, faults);
  return faults.list;
}

function read(input: ConfigInput, faults: Faults): LoadedConfig {
  const cwd = input.cwd ?? process.cwd();
  const flags = parseFlags(input.argv, faults);
  // An empty variable is an unset one: compose files and service managers cannot leave it out.
  const variable = (key: string): string | undefined => input.env[variableOf(key)] || undefined;
  const named = flags.config ?? variable('config');
  const file = named === undefined ? undefined : resolve(cwd, named);
  const yaml: YamlFile = file === undefined ? { values: {}, where: () => '' } : readYamlFile(file, faults);
  refuseUnknown(yaml, faults);

  const config: Record<string, unknown> = {};
  const origins: Record<string, Origin> = {};
  for (const key of scalarKeys) {
    const [value, origin] = pick(key, flags.values.get(key), variable(key), yaml);
    const definition = keys[key] as Key<unknown>;
    const base = origin.kind === 'default' && definition.below !== undefined ? String(config[definition.below]) : cwd;
    config[key] =
      faults.try(key, origin.where, () => definition.kind.parse(value, base)) ?? definition.kind.parse(definition.default, base);
    origins[key] = origin;
  }
  config['sources'] = parseSources(yaml.values['sources'], yaml.where, faults);
  const sinks = parseSinks({ value: yaml.values['sinks'], where: yaml.where, faults, cwd, env: input.env });
  config['sinks'] = sinks;
  config['search'] = parseSearch(yaml.values['search'], sinks, yaml.where, faults);
  for (const key of fileKeys)
    origins[key] = key in yaml.values ? { kind: 'file', where: yaml.where([key]) } : { kind: 'default', where: 'default' };
  const loaded = {
    config: config as unknown as Config,
    origins: origins as Record<keyof Config, Origin>,
    file,
    warnings: strayVariables(input.env),
  };
  checkTogether(loaded, faults);
  return loaded;
}

/** Flag, environment, file, default. A key without a value in the file (`listen:`) is as if it was not there. */
function pick(key: ScalarKey, flag: string | undefined, variable: string | undefined, yaml: YamlFile): readonly [unknown, Origin] {
  if (flag !== undefined) return [flag, { kind: 'flag', where: `--${key.replaceAll('_', '-')}` }];
  if (variable !== undefined) return [variable, { kind: 'environment', where: variableOf(key) }];
  const value = Object.hasOwn(yaml.values, key) ? yaml.values[key] : undefined;
  if (value !== undefined && value !== null) return [value, { kind: 'file', where: yaml.where([key]) }];
  return [keys[key].default, { kind: 'default', where: 'default' }];
}

function refuseUnknown(yaml: YamlFile, faults: Faults): void {
  const known: readonly string[] = [...scalarKeys, ...fileKeys];
  for (const key of Object.keys(yaml.values))
    if (!known.includes(key)) faults.add(key, yaml.where([key]), `is not known${hint(key, known)}`);
}

/** Variables that look like a mistyped key. Others with our prefix are none of ours: Kubernetes sets MENISCUS_PORT and the like for a service of that name. */
function strayVariables(env: ConfigInput['env']): readonly string[] {
  const known = ['config', ...scalarKeys].map(variableOf);
  const stray = Object.keys(env).filter((name) => name.startsWith('MENISCUS_') && !known.includes(name));
  return stray.flatMap((name) => {
    const meant = hint(name, known);
    return meant === '' || /^MENISCUS_(URL|TENANT|PORT|API_KEY(_FILE)?|SERVICE_.*)$/.test(name) ? [] : [`${name} is not known${meant}`];
  });
}

/** What of the data directory is not the service's own. */
const BACKUPS = keys.backup_dir.default;

/** Rules of several keys. */
function checkTogether({ config, origins }: LoadedConfig, faults: Faults): void {
  const at = (key: keyof Config): string => origins[key].where;
  if (config.api_auth === 'off' && !isLoopback(config.listen)) {
    faults.add('api_auth', at('api_auth'), `can only be off when listen is a loopback address, not ${config.listen}`);
  }
  if (isWithin(config.data_dir, config.backup_dir) && !isWithin(join(config.data_dir, BACKUPS), config.backup_dir))
    faults.add('backup_dir', at('backup_dir'), `can only be ${join(config.data_dir, BACKUPS)} within data_dir, or outside of it`);
  const sinks = configuredSinks(config);
  for (const sink of config.default_sinks)
    if (!sinks.includes(sink)) faults.add('default_sinks', at('default_sinks'), `names ${sink}, which is no configured sink`);
  const taken = new Map([[`${config.listen} ${config.http_port}`, 'http_port']]);
  const claim = (listen: string, port: number, key: string, where: string): void => {
    const other = taken.get(`${listen} ${port}`);
    if (port !== 0 && other !== undefined) faults.add(key, where, `is port ${port} of ${listen}, which ${other} is too`);
    taken.set(`${listen} ${port}`, key);
  };
  claim(config.listen, config.syslog_port, 'syslog_port', at('syslog_port'));
  for (const source of config.sources) claim(source.listen ?? config.listen, source.port, 'sources', at('sources'));
}

/** Whether a path is the directory, or in it. */
function isWithin(directory: string, path: string): boolean {
  const way = relative(directory, path);
  return way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}

/** Whether only this computer can reach the address. */
export function isLoopback(address: string): boolean {
  if (isIP(address) === 4) return address.startsWith('127.');
  return address === '::1' || address.toLowerCase().startsWith('::ffff:127.') || address.toLowerCase() === 'localhost';
}
