import { MeniscusError } from '../errors.ts';
import type { ControlStore } from './control-store.ts';
import type { Directory } from './directory.ts';
import { tenantKey } from './names.ts';
import type { StoredTenant } from './record.ts';

/** What the parts of the control service share. */
export interface ControlContext {
  readonly store: ControlStore;
  readonly directory: Directory;
  /** Names that a producer may list. */
  readonly sinks: ReadonlySet<string>;
  /** As they are now: a reload changes them. */
  readonly defaultSinks: string[];
  /** Milliseconds. */
  readonly tokenResetMinimum: number;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Faults nobody waits for. */
  readonly onError: (error: unknown) => void;
}

/** Writers of one record that may be ahead of one before it gives up. */
const ATTEMPTS = 200;

/**
 * Changes a tenant's record by compare-and-set. `change` makes the new record of the stored one and runs again whenever somebody was faster: it may compare with
 * `first`, what there was when the caller came, and throw `conflict` where both changes cannot stand. Resolves when the change is in force in all threads.
 */
export async function changeTenant(
  context: ControlContext,
  id: string,
  change: (stored: StoredTenant, first: StoredTenant) => StoredTenant,
): Promise<StoredTenant> {
  let first: StoredTenant | undefined;
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const held = context.store.get<StoredTenant>(checkedKey(id));
    if (!held) throw new MeniscusError('tenant_not_found');
    first ??= held.value;
    if (held.value.number !== first.number) throw new MeniscusError('conflict', 'the tenant was deleted and made anew');
    const next = change(held.value, first);
    if (next !== held.value && (await context.store.put(tenantKey(id), next, held.version)) === undefined) continue;
    await context.directory.settled();
    return next;
  }
  throw new MeniscusError('conflict');
}

/** The key of a tenant that may exist: ids that no tenant can have are not found, and never reach the store. */
function checkedKey(id: string): string {
  if (id === '' || id.length > 512 || !id.isWellFormed()) throw new MeniscusError('tenant_not_found');
  return tenantKey(id);
}
