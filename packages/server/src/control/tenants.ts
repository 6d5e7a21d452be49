import { MeniscusError } from '../errors.ts';
import { checkName, checkSettings, checkTenantId } from './checks.ts';
import { changeTenant } from './context.ts';
import type { ControlContext } from './context.ts';
import type { TenantControl, TenantRecord } from './control.ts';
import { ownedPrefix, OWNED, parseOwned, tenantKey } from './names.ts';
import { TenantNumbers } from './numbers.ts';
import { addProducer, removeProducer, updateProducer } from './producers.ts';
import { settingsOf, timestamp, toRecord } from './record.ts';
import type { StoredTenant } from './record.ts';
import { firstToken, resetToken } from './tokens.ts';

export function createTenantControl(context: ControlContext): TenantControl {
  const numbers = new TenantNumbers(context.store);
  const { directory } = context;
  return {
    create: async (id, name) => await createTenant(context, numbers, id, name),
    get: (id) => directory.record(id),
    view: (id) => directory.view(id),
    list: () => directory.list(),
    delete: async (id) => await deleteTenant(context, id),
    updateSettings: async (id, settings) => {
      const changed = await changeTenant(context, id, (stored) => {
        checkSettings(settings);
        return { ...stored, settings: { ...stored.settings, ...settings } };
      });
      return settingsOf(changed);
    },
    addProducer: async (id, producer) => await addProducer(context, id, producer),
    updateProducer: async (id, producerId, producer) => await updateProducer(context, id, producerId, producer),
    removeProducer: async (id, producerId) => await removeProducer(context, id, producerId),
    resetToken: async (id, invalidateNow) => await resetToken(context, id, invalidateNow),
  };
}

async function createTenant(context: ControlContext, numbers: TenantNumbers, id: string, name: string | undefined): Promise<TenantRecord> {
  checkTenantId(id);
  if (name !== undefined) checkName('tenant_name', name);
  const exists = new MeniscusError('tenant_exists', undefined, { slots: [id] });
  if (context.directory.view(id)) throw exists;
  const now = context.now();
  const stored: StoredTenant = {
    number: await numbers.next(),
    id,
    name: name ?? id,
    created_at: timestamp(now),
    token: firstToken(now),
    producers: [],
    next_producer_id: 1,
    settings: {},
  };
  if ((await context.store.put(tenantKey(id), stored, null)) === undefined) throw exists;
  await context.directory.settled();
  return toRecord(stored, context.defaultSinks);
}

/** The record first: from then on nothing of the tenant can be reached, and what is left of it is removed at the next start when this one is cut off. */
async function deleteTenant(context: ControlContext, id: string): Promise<void> {
  const view = context.directory.view(id);
  if (!view) throw new MeniscusError('tenant_not_found');
  for (;;) {
    const held = context.store.get<StoredTenant>(tenantKey(id));
    if (held?.value.number !== view.number) throw new MeniscusError('tenant_not_found');
    if (await context.store.delete(tenantKey(id), held.version)) break;
  }
  await removeOwned(context, view.number);
  await context.directory.settled();
}

async function removeOwned(context: ControlContext, number: number): Promise<void> {
  const owned = [...context.store.list(ownedPrefix(number))];
  await Promise.all(owned.map(async ({ key }) => await context.store.delete(key)));
}

/** Removes what deletions of tenants left behind that were cut off. */
export async function removeOrphans(context: ControlContext): Promise<void> {
  const numbers = new Set([...context.store.list(OWNED)].map(({ key }) => parseOwned(key)?.number));
  const alive = context.directory.numbers();
  for (const number of numbers) if (number !== undefined && !alive.has(number)) await removeOwned(context, number);
}
