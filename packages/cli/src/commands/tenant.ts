import type { Command } from 'commander';
import { connectionAddresses } from '../settings/addresses.ts';
import { settingsText } from '../settings/settings.ts';
import { action, wholeNumber } from '../command.ts';
import { confirm } from '../confirm.ts';
import { wrongUsage } from '../errors/failure.ts';
import type { Io } from '../io.ts';
import { bytes, count, time } from '../output/human.ts';
import { tenantPath, type Session } from '../session.ts';

interface Producer {
  readonly id: number;
  readonly name: string;
  readonly pattern: string;
}

export interface TenantAnswer {
  readonly tenant: {
    readonly tenant_id: string;
    readonly tenant_name: string;
    readonly created_at?: string;
    readonly event_producers: readonly Producer[];
    readonly token?: { readonly valid: string; readonly previous: string | null; readonly last_changed: string };
    readonly settings?: Readonly<Record<string, unknown>>;
  };
}

interface TenantsAnswer {
  readonly tenants: readonly {
    readonly tenant_id: string;
    readonly tenant_name: string;
    readonly producers?: number;
    readonly keys?: number;
    readonly events_last_24h?: number;
    readonly bytes_last_24h?: number;
    readonly rejected_last_24h?: number;
  }[];
}

/** What to type to run this command again: npx sets the variable. */
function commandName({ env }: Pick<Io, 'env'>): string {
  return env['npm_command'] === 'exec' ? 'npx meniscus' : 'meniscus';
}

async function create(session: Session, options: { readonly name?: string }, id: string): Promise<void> {
  const { client, out } = session;
  await client.text('/v1/tenant', { json: { tenant: { tenant_id: id, tenant_name: options.name } } });
  const text = await client.text(tenantPath(id));
  const addresses = out.format === 'table' ? await connectionAddresses(session) : undefined;
  await out.answer<TenantAnswer>(text, {
    table: ({ tenant }) => {
      const token = tenant.token?.valid;
      const made = `Created tenant ${JSON.stringify(id)}.`;
      return token === undefined || addresses === undefined
        ? made
        : `${made}\n\n${settingsText({ tenant: id, token, addresses, command: commandName(session.io) })}`;
    },
  });
}

async function settings(session: Session, _options: unknown, id: string | undefined): Promise<void> {
  const tenant = session.tenant(id);
  const { token } = await session.client.json<{ token: { valid: string } }>(tenantPath(tenant, 'token'));
  await session.out.line(
    settingsText({ tenant, token: token.valid, addresses: await connectionAddresses(session), command: commandName(session.io) }),
  );
}

async function list(session: Session): Promise<void> {
  await session.out.answer<TenantsAnswer>(await session.client.text('/v1/tenants'), {
    items: 'tenants',
    table: ({ tenants }) => {
      const rows = tenants.map((tenant) => [
        tenant.tenant_id,
        tenant.tenant_name,
        count(tenant.producers ?? 0),
        count(tenant.keys ?? 0),
        count(tenant.events_last_24h ?? 0),
        bytes(tenant.bytes_last_24h ?? 0),
        count(tenant.rejected_last_24h ?? 0),
      ]);
      const head = ['id', 'name', 'producers', 'keys', 'events (24 h)', 'size (24 h)', 'rejected (24 h)'];
      return rows.length === 0 ? 'No tenant yet: meniscus tenant create ID' : session.out.table({ head, rows, right: [2, 3, 4, 5, 6] });
    },
  });
}

async function show(session: Session, _options: unknown, id: string | undefined): Promise<void> {
  await session.out.answer<TenantAnswer>(await session.client.text(tenantPath(session.tenant(id))), {
    table: ({ tenant }) =>
      session.out.list([
        ['id', tenant.tenant_id],
        ['name', tenant.tenant_name],
        ['created', time(tenant.created_at)],
        ['token changed', time(tenant.token?.last_changed)],
        ['producers', tenant.event_producers.map((producer) => producer.name).join(', ')],
        ...Object.entries(tenant.settings ?? {}).map(([name, value]) => [name, JSON.stringify(value)] as const),
      ]),
  });
}

async function set(session: Session, options: { readonly retentionDays?: number }, id: string | undefined): Promise<void> {
  if (options.retentionDays === undefined) throw wrongUsage('nothing to set', 'Give a setting, like --retention-days 30.');
  const path = tenantPath(session.tenant(id), 'settings');
  const text = await session.client.text(path, { method: 'PUT', json: { settings: { retention_days: options.retentionDays } } });
  await session.out.answer<{ settings: Record<string, unknown> }>(text, {
    table: (answer) => session.out.list(Object.entries(answer.settings).map(([name, value]) => [name, JSON.stringify(value)] as const)),
  });
}

async function remove(session: Session, options: { readonly yes?: true }, id: string): Promise<void> {
  await confirm(session.io, options.yes, `Delete tenant ${JSON.stringify(id)} with all its events?`);
  await session.client.text(tenantPath(id), { method: 'DELETE' });
  if (session.out.format === 'table') await session.out.line(`Deleted tenant ${JSON.stringify(id)}.`);
}

export function addTenant(program: Command, io: Io): void {
  const tenant = program.command('tenant').description('tenants: who sends and owns events');
  tenant
    .command('create')
    .description('make a tenant; prints settings for senders, ready to paste')
    .argument('<id>', '1 to 256 characters')
    .option('--name <name>', 'a name for people')
    .action(action<{ name?: string }, [string]>(io, create));
  tenant.command('list').description('every tenant, with what it sent in the last 24 hours').action(action(io, list));
  tenant
    .command('show')
    .description('one tenant')
    .argument('[id]', 'its id, else the tenant as usual')
    .action(action<unknown, [string | undefined]>(io, show));
  tenant
    .command('settings')
    .description('the settings for its senders again, ready to paste; they hold its message token')
    .argument('[id]', 'its id, else the tenant as usual')
    .action(action<unknown, [string | undefined]>(io, settings));
  tenant
    .command('set')
    .description("change a tenant's settings")
    .argument('[id]', 'its id, else the tenant as usual')
    .option('--retention-days <n>', 'days that events are kept', wholeNumber)
    .action(action<{ retentionDays?: number }, [string | undefined]>(io, set));
  tenant
    .command('delete')
    .description('delete a tenant and its events')
    .argument('<id>', 'its id')
    .option('-y, --yes', 'does not ask')
    .action(action<{ yes?: true }, [string]>(io, remove));
}
