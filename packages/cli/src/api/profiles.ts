import { chmodSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import { Failure } from '../errors/failure.ts';
import type { Io } from '../io.ts';
import { missing, noteOf } from './run-file.ts';

/** Where a service is, and who we are there. */
export interface Profile {
  readonly url: string;
  readonly api_key?: string;
  readonly tenant?: string;
}

export interface Profiles {
  /** The one in use when nothing else is said. */
  readonly current: string | undefined;
  readonly profiles: ReadonlyMap<string, Profile>;
}

/** `$XDG_CONFIG_HOME/meniscus/profiles.json`; by the XDG base directory specification a relative or empty variable does not count. */
export function profilesFile({ env }: Pick<Io, 'env'>): string {
  const given = env['XDG_CONFIG_HOME'] ?? '';
  const base = path.isAbsolute(given) ? given : path.join(env['HOME'] ?? homedir(), '.config');
  return path.join(base, 'meniscus', 'profiles.json');
}

function optionalText(value: unknown): boolean {
  return value === undefined || typeof value === 'string';
}

function isProfile(value: unknown): value is Profile {
  if (typeof value !== 'object' || value === null) return false;
  const { url, api_key, tenant } = value as Record<string, unknown>;
  return typeof url === 'string' && optionalText(api_key) && optionalText(tenant);
}

export function readProfiles(io: Pick<Io, 'env'>): Profiles {
  const file = profilesFile(io);
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if (missing(error)) return { current: undefined, profiles: new Map() };
    throw new Failure(`cannot read the profiles in ${file}`, { cause: error, notes: [noteOf(error)] });
  }
  try {
    const { current, profiles } = JSON.parse(text) as { current?: unknown; profiles?: unknown };
    if (typeof profiles !== 'object' || profiles === null) throw new TypeError('no profiles in it');
    const entries = Object.entries(profiles).filter((entry): entry is [string, Profile] => isProfile(entry[1]));
    return { current: typeof current === 'string' ? current : undefined, profiles: new Map(entries) };
  } catch (error) {
    throw new Failure(`${file} is damaged`, { cause: error, notes: ['Remove it and log in again: `meniscus login`.'] });
  }
}

/** Replaces the file as a whole. It holds keys: mode 0600 from its first byte on, in a folder of 0700. */
export function writeProfiles(io: Pick<Io, 'env'>, { current, profiles }: Profiles): void {
  const file = profilesFile(io);
  const temporary = `${file}.${process.pid}.tmp`;
  try {
    mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
    const text = JSON.stringify({ current, profiles: Object.fromEntries(profiles) }, null, 2);
    writeFileSync(temporary, `${text}\n`, { mode: 0o600, flag: 'wx' });
    chmodSync(temporary, 0o600);
    renameSync(temporary, file);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw new Failure(`cannot write the profiles to ${file}`, { cause: error, notes: [noteOf(error)] });
  }
}
