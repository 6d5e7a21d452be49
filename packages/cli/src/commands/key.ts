import { Option, type Command } from 'commander';
import { pathOf } from '../api/client.ts';
import { action } from '../command.ts';
import { wrongUsage } from '../errors/failure.ts';
import type { Io } from '../io.ts';
import { time } from '../output/human.ts';
import { tenantPath, type Session } from '../session.ts';
import { serverParts } from '../server.ts';

interface Key {
  readonly id: string;
  readonly name: string;
  readonly role: string;
  readonly expires_at: string | null;
  readonly created_at: string;
  readonly last_used?: string | null;
}

interface OwnerOptions {
  readonly operator?: true;
}

interface CreateOptions extends OwnerOptions {
  readonly name?: string;
  readonly role?: string;
  readonly expires?: string;
}

/** The keys' path: the tenant's, or the operator's when no tenant is named. */
function owner(session: Session, { operator }: OwnerOptions): { readonly path: string; readonly tenant: string | undefined } {
  if (operator === true && session.options.tenant !== undefined) throw wrongUsage('--operator and --tenant exclude each other');
  const tenant = operator === true ? undefined : session.tenantIfAny();
  return { path: tenant === undefined ? '/v1/keys' : tenantPath(tenant, 'keys'), tenant };
}

const units: Readonly<Record<string, number>> = { m: 60e3, h: 3_600e3, d: 86_400e3, w: 604_800e3 };

/** A time as it is, or that long from now. */
function expiry(text: string): string {
  const [, number, unit] = /^(\d{1,6})([mhdw])$/.exec(text) ?? [];
  if (number !== undefined && unit !== undefined) return new Date(Date.now() + Number(number) * units[unit]!).toISOString();
  if (!/^\d{4}-\d\d-\d\d/.test(text) || Number.isNaN(Date.parse(text)))
    throw wrongUsage(`--expires ${text} is neither a time nor a duration`, 'Write 2027-01-01T00:00:00Z or 90d.');
  return text;
}

async function create(session: Session, options: CreateOptions, given?: string): Promise<void> {
  const name = given ?? options.name;
  if (name === undefined) throw wrongUsage('what is the key for?', 'Give it a name: meniscus key create NAME');
  const { path, tenant } = owner(session, options);
  const role = options.role ?? (tenant === undefined ? 'admin' : 'reader');
  const expires = options.expires === undefined ? {} : { expires_at: expiry(options.expires) };
  const text = await session.client.text(path, { json: { key: { name, role, ...expires } } });
  await session.out.answer<{ key: Key & { key: string } }>(text, { table: ({ key }) => key.key });
  const whose = tenant === undefined ? 'the operator' : `tenant ${JSON.stringify(tenant)}`;
  await session.out.hint(`A ${role} key of ${whose}. It is shown this once: keep it.`);
}

async function list(session: Session, options: OwnerOptions): Promise<void> {
  await session.out.answer<{ keys: readonly Key[] }>(await session.client.text(owner(session, options).path), {
    items: 'keys',
    table: ({ keys }) => {
      const rows = keys.map((key) => [key.id, key.name, key.role, time(key.created_at), time(key.expires_at), time(key.last_used)]);
      const head = ['id', 'name', 'role', 'created', 'expires', 'last used'];
      return rows.length === 0 ? 'No key yet: meniscus key create NAME' : session.out.table({ head, rows });
    },
  });
}

async function revoke(session: Session, options: OwnerOptions, id: string): Promise<void> {
  await session.client.text(`${owner(session, options).path}${pathOf(id)}`, { method: 'DELETE' });
  if (session.out.format === 'table') await session.out.line(`Revoked key ${id}.`);
}

async function recover(session: Session): Promise<void> {
  const { recoverAdminKey } = await serverParts.adminKey();
  const file = await recoverAdminKey(session.dataDir);
  await session.out.line(
    `Wrote a new operator's key to ${file}. The other keys stay valid: revoke one that leaked with \`meniscus key revoke\`.`,
  );
}

export function addKey(program: Command, io: Io): void {
  const key = program.command('key').description('API keys: of a tenant, or of the operator where no tenant is named');
  const operator = (): Option => new Option('--operator', "the operator's keys, also when a tenant is set elsewhere");
  key
    .command('create')
    .description('make a key; prints its text, which is shown this once')
    .argument('[name]', 'what it is for')
    .option('--name <name>', 'the same')
    .addOption(
      new Option('--role <role>', 'default: reader of a tenant, admin of the operator').choices(['reader', 'tenant_admin', 'admin']),
    )
    .option('--expires <when>', 'a time, or a duration from now like 90d')
    .addOption(operator())
    .action(action<CreateOptions, [string | undefined]>(io, create));
  key.command('list').description('the keys, without their texts').addOption(operator()).action(action<OwnerOptions>(io, list));
  key
    .command('revoke')
    .description('revoke a key: it works no more, and what it has open ends')
    .argument('<id>', 'as the list shows it')
    .addOption(operator())
    .action(action<OwnerOptions, [string]>(io, revoke));
  key
    .command('recover')
    .description("make a new operator's key in the data directory, while the service is stopped")
    .action(action(io, recover));
}
