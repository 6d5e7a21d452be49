import path from 'node:path';
import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import type { Command } from 'commander';
import { ApiClient } from '../api/client.ts';
import { checkUrl, connectionOf, type Connection } from '../api/connection.ts';
import { profilesFile, readProfiles, writeProfiles, type Profile } from '../api/profiles.ts';
import { checkSecret, readSecret } from '../api/run-file.ts';
import { action } from '../command.ts';
import { Failure, wrongUsage } from '../errors/failure.ts';
import { ApiFailure } from '../errors/problem.ts';
import { inputText } from '../input.ts';
import type { Io } from '../io.ts';
import { tenantPath, type Session } from '../session.ts';

const DEFAULT_NAME = 'default';

/** Asks for the key without showing what is typed. */
async function askKey(io: Io): Promise<string> {
  const lines = createInterface({ input: io.stdin, output: new Writable({ write: (_chunk, _encoding, done) => done() }), terminal: true });
  io.stderr.write('API key: ');
  try {
    return await lines.question('');
  } finally {
    lines.close();
    io.stderr.write('\n');
  }
}

/** The key: of the file, the environment, standard input or the keyboard; never of the command line, which others can see. */
async function keyOf({ io, options }: Session): Promise<string> {
  const file = options.apiKeyFile;
  if (file !== undefined && file !== '-') return readSecret(path.resolve(io.cwd, file), 'API key');
  const given = file === '-' ? undefined : io.env['MENISCUS_API_KEY'] || undefined;
  if (given !== undefined) return checkSecret(given, 'API key', 'MENISCUS_API_KEY');
  const text = io.stdin.isTTY === true ? await askKey(io) : await inputText(io);
  return checkSecret(text, 'API key', 'standard input');
}

/** The address of the flags or the environment, or that of the service in this folder. A profile that is there is no source for another. */
function addressOf({ io, options }: Session): { readonly url: string; readonly known?: Connection } {
  const url = options.url ?? (io.env['MENISCUS_URL'] || undefined);
  if (url !== undefined) return { url: checkUrl(url, options.url === undefined ? 'MENISCUS_URL' : '--url') };
  const { profile: _, apiKeyFile: _file, ...rest } = options;
  const known = connectionOf({ ...rest, dataDir: rest.dataDir ?? (io.env['MENISCUS_DATA_DIR'] || 'data') }, io);
  return { url: known.url, known };
}

/** Asks the service whether the key is good. A tenant's key may not list tenants: then it is good for its tenant, which must be named. */
async function check(profile: Profile): Promise<void> {
  const key = profile.api_key === undefined ? {} : { key: profile.api_key, keyFrom: 'login' };
  const client = new ApiClient({ url: profile.url, urlFrom: 'login', ...key });
  if (profile.tenant !== undefined) {
    await client.text(tenantPath(profile.tenant));
    return;
  }
  try {
    await client.text('/v1/tenants');
  } catch (error) {
    if (!(error instanceof ApiFailure) || error.problem.status !== 403) throw error;
    throw new Failure('this is the key of a tenant', { cause: error, notes: ['Say which: --tenant ID.'] });
  }
}

async function warnPlain(session: Session, url: string): Promise<void> {
  const { protocol, hostname } = new URL(url);
  const local = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(hostname);
  if (protocol === 'http:' && !local) await session.out.note('meniscus: the key goes over the network in clear text; better use https');
}

async function login(session: Session): Promise<void> {
  const { io, options, out } = session;
  const { url, known } = addressOf(session);
  const usesFile = options.apiKeyFile === undefined && known?.key !== undefined && !io.env['MENISCUS_API_KEY'];
  const api_key = usesFile ? known.key : await keyOf(session);
  const tenant = options.tenant ?? (io.env['MENISCUS_TENANT'] || undefined);
  const profile: Profile = { url, ...(api_key === undefined ? {} : { api_key }), ...(tenant === undefined ? {} : { tenant }) };
  await check(profile);
  await warnPlain(session, url);
  const name = options.profile ?? DEFAULT_NAME;
  const { profiles } = readProfiles(io);
  writeProfiles(io, { current: name, profiles: new Map([...profiles, [name, profile]]) });
  await out.line(`Logged in to ${url} as profile ${name} (${profilesFile(io)}).`);
}

async function list(session: Session): Promise<void> {
  const { current, profiles } = readProfiles(session.io);
  const shown = Array.from(profiles, ([name, { url, tenant = null }]) => ({ name, url, tenant, current: name === current }));
  await session.out.answer<{ profiles: typeof shown }>(JSON.stringify({ profiles: shown }), {
    items: 'profiles',
    table: (answer) => {
      const rows = answer.profiles.map((profile) => [profile.current ? '*' : '', profile.name, profile.url, profile.tenant]);
      return rows.length === 0
        ? 'No profile yet: meniscus login --url URL'
        : session.out.table({ head: ['', 'name', 'url', 'tenant'], rows });
    },
  });
}

function nameOf(session: Session, given: string | undefined): string {
  const name = given ?? session.options.profile;
  if (name === undefined) throw wrongUsage('which profile?', '`meniscus login list` shows them.');
  if (readProfiles(session.io).profiles.has(name)) return name;
  throw new Failure(`there is no profile ${name}`, { notes: ['`meniscus login list` shows the profiles.'] });
}

async function use(session: Session, _options: unknown, given: string | undefined): Promise<void> {
  const name = nameOf(session, given);
  writeProfiles(session.io, { current: name, profiles: readProfiles(session.io).profiles });
  await session.out.line(`Uses profile ${name} from now on.`);
}

async function remove(session: Session, _options: unknown, given: string | undefined): Promise<void> {
  const name = nameOf(session, given);
  const { current, profiles } = readProfiles(session.io);
  const rest = new Map(profiles);
  rest.delete(name);
  writeProfiles(session.io, { current: current === name ? undefined : current, profiles: rest });
  await session.out.line(`Removed profile ${name}. Its key is still valid: \`meniscus key revoke\` ends it.`);
}

export function addLogin(program: Command, io: Io): void {
  const login_ = program
    .command('login')
    .description(
      'keep the address of a service, a key and a tenant as a profile; the key comes from --api-key-file, standard input or the keyboard',
    )
    .action(action(io, login));
  login_.command('list').description('the profiles, without their keys; * is the one in use').action(action(io, list));
  login_
    .command('use')
    .description('use this profile from now on')
    .argument('[name]', 'its name')
    .action(action<unknown, [string | undefined]>(io, use));
  login_
    .command('remove')
    .description('forget a profile')
    .argument('[name]', 'its name')
    .action(action<unknown, [string | undefined]>(io, remove));
}
