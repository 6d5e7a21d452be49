import path from 'node:path';
import { existsSync } from 'node:fs';
import { Failure, wrongUsage } from '../errors/failure.ts';
import type { Io } from '../io.ts';
import type { GlobalOptions } from '../options.ts';
import { readProfiles, type Profile } from './profiles.ts';
import { ADMIN_KEY, checkSecret, readRunFile, readSecret, type RunFile } from './run-file.ts';

/** Which service, and as whom. */
export interface Connection {
  /** Without a slash at the end. */
  readonly url: string;
  /** What gave the address, for messages. */
  readonly urlFrom: string;
  readonly key?: string;
  readonly keyFrom?: string;
  /** The profile that gave the address. */
  readonly profile?: Profile;
  /** The data directory that gave the address, and what its run.json says. */
  readonly dataDir?: string;
  readonly run?: RunFile;
}

/** Checks an address and takes the slashes off its end. */
export function checkUrl(url: string, from: string): string {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  const ok = parsed !== undefined && /^https?:$/.test(parsed.protocol) && parsed.username === '' && parsed.password === '';
  if (!ok) throw wrongUsage(`${from} is no address of a service: ${url}`, 'It is written like http://127.0.0.1:8080.');
  return `${parsed.origin}${parsed.pathname.replace(/\/+$/, '')}`;
}

/** The data directory in question: the flag's, the environment's, or `./data`. */
export function dataDirOf(options: GlobalOptions, { env, cwd }: Pick<Io, 'env' | 'cwd'>): string {
  return path.resolve(cwd, options.dataDir ?? (env['MENISCUS_DATA_DIR'] || 'data'));
}

/** No service runs where one should: it may be about to start again. */
export class NotRunning extends Failure {}

type Where = Omit<Connection, 'key' | 'keyFrom'>;

function ofDataDir(dataDir: string, how: string): Where {
  const run = readRunFile(dataDir);
  if (run !== undefined) return { url: checkUrl(run.http, `run.json in ${dataDir}`), urlFrom: `${how} ${dataDir}`, dataDir, run };
  throw new NotRunning(`no service runs on the data directory ${dataDir}`, {
    notes: [
      existsSync(dataDir) ? 'It has no run.json, which a running service keeps there.' : 'There is no such directory.',
      `Start the service: meniscus start --data-dir ${dataDir}`,
    ],
  });
}

function ofProfile(io: Io, name: string, how: string): Where {
  const profile = readProfiles(io).profiles.get(name);
  if (profile === undefined) throw new Failure(`there is no profile ${name}`, { notes: ['`meniscus login list` shows the profiles.'] });
  return { url: checkUrl(profile.url, `profile ${name}`), urlFrom: `${how} ${name}`, profile };
}

/** Flags, then the environment, then the current profile of `meniscus login`, then `./data`. Within each an address counts before what leads to one. */
function where(options: GlobalOptions, io: Io): Where {
  const { env, cwd } = io;
  const setting = (name: string): string | undefined => env[name] || undefined;
  if (options.url !== undefined) return { url: checkUrl(options.url, '--url'), urlFrom: '--url' };
  if (options.dataDir !== undefined) return ofDataDir(path.resolve(cwd, options.dataDir), '--data-dir');
  if (options.profile !== undefined) return ofProfile(io, options.profile, '--profile');
  const url = setting('MENISCUS_URL');
  if (url !== undefined) return { url: checkUrl(url, 'MENISCUS_URL'), urlFrom: 'MENISCUS_URL' };
  const dataDir = setting('MENISCUS_DATA_DIR');
  if (dataDir !== undefined) return ofDataDir(path.resolve(cwd, dataDir), 'MENISCUS_DATA_DIR');
  const name = setting('MENISCUS_PROFILE');
  if (name !== undefined) return ofProfile(io, name, 'MENISCUS_PROFILE');
  const { current, profiles } = readProfiles(io);
  if (current !== undefined && profiles.has(current)) return ofProfile(io, current, 'profile');
  return ofDefault(path.resolve(cwd, 'data'));
}

function ofDefault(dataDir: string): Where {
  if (readRunFile(dataDir) !== undefined) return ofDataDir(dataDir, 'data directory');
  throw new Failure('no service is known', {
    notes: [
      `There is no run.json in ${dataDir}, where a service started in this folder would be.`,
      'Start one with `meniscus start`, or say where it is: --data-dir, --url, or `meniscus login`.',
    ],
  });
}

type Key = { readonly key: string; readonly keyFrom: string } | undefined;

function keyInDataDir(dataDir: string): Key {
  const file = path.join(dataDir, ADMIN_KEY);
  return existsSync(file) ? { key: readSecret(file, 'API key'), keyFrom: file } : undefined;
}

/**
 * A key that is named is sent to wherever the command goes. One that only lies beside an address (in a profile, in a data directory) is sent
 * to that address and to no other: `--url` of a stranger does not get the key of the service at home.
 */
function keyFor(found: Where, options: GlobalOptions, io: Io): Key {
  const { env, cwd } = io;
  if (options.apiKeyFile !== undefined) {
    const file = path.resolve(cwd, options.apiKeyFile);
    return { key: readSecret(file, 'API key'), keyFrom: file };
  }
  const byFlag = options.dataDir === undefined ? undefined : keyInDataDir(path.resolve(cwd, options.dataDir));
  if (byFlag !== undefined) return byFlag;
  if (options.profile !== undefined) return keyOfProfile(found);
  const fromEnvironment = env['MENISCUS_API_KEY'] || undefined;
  if (fromEnvironment !== undefined)
    return { key: checkSecret(fromEnvironment, 'API key', 'MENISCUS_API_KEY'), keyFrom: 'MENISCUS_API_KEY' };
  if (found.dataDir !== undefined) return keyInDataDir(found.dataDir);
  return found.profile === undefined ? keyOfSameAddress(found, io) : keyOfProfile(found);
}

function keyOfProfile({ profile, urlFrom }: Where): Key {
  return profile?.api_key === undefined ? undefined : { key: profile.api_key, keyFrom: urlFrom };
}

/** Whether two addresses name one service; the names of the loopback interface are one. */
function sameAddress(a: string, b: string): boolean {
  const plain = (url: string): string => url.replace(/^(https?:\/\/)(?:localhost|127\.0\.0\.1|\[::1\])(?=[:/]|$)/, '$1loopback');
  return plain(a) === plain(b);
}

/** The address was given bare: a profile or the data directory of the same address has the key. */
function keyOfSameAddress({ url }: Where, io: Io): Key {
  for (const [name, profile] of readProfiles(io).profiles) {
    if (profile.api_key !== undefined && sameAddress(profile.url, url)) return { key: profile.api_key, keyFrom: `profile ${name}` };
  }
  const dataDir = dataDirOf({}, io);
  return sameAddress(readRunFile(dataDir)?.http ?? '', url) ? keyInDataDir(dataDir) : undefined;
}

export function connectionOf(options: GlobalOptions, io: Io): Connection {
  const found = where(options, io);
  return { ...found, ...keyFor(found, options, io) };
}
