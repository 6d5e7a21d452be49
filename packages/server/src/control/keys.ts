import { MeniscusError } from '../errors.ts';
import { limits } from '../limits.ts';
import { ensureAdminKey } from './admin-key.ts';
import { checkName } from './checks.ts';
import type { ControlContext } from './context.ts';
import type { KeyControl, KeyRecord, Principal } from './control.ts';
import { KeyRing } from './key-ring.ts';
import { isKeyText, keyHash, newKeyText } from './key-text.ts';
import { KeyUse } from './key-use.ts';
import { apiKeyKey } from './names.ts';
import { newStoredKey, toKeyRecord } from './stored-key.ts';

type NewKey = Parameters<KeyControl['create']>[1];

const DATE_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$/i;

export class Keys implements KeyControl {
  readonly #context: ControlContext;
  readonly #ring: KeyRing;
  readonly #use: KeyUse;

  constructor(context: ControlContext) {
    this.#context = context;
    this.#ring = new KeyRing(context.store, context.now);
    this.#use = new KeyUse(context.store, context.now, context.onError);
  }

  async create(tenant: string | null, key: NewKey): Promise<KeyRecord & { readonly key: string }> {
    const number = this.#number(tenant);
    this.#check(number, key);
    const text = newKeyText();
    const { name, role, expires_at = null } = key;
    const stored = newStoredKey({ name, role, expires_at, hash: keyHash(text), tenant, number }, this.#context.now());
    const storeKey = apiKeyKey(number, stored.id);
    await this.#context.store.put(storeKey, stored, null);
    if (tenant !== null && this.#context.directory.view(tenant)?.number !== number) {
      // Deleted meanwhile: the deletion may have looked for keys before this one was there.
      await this.#context.store.delete(storeKey);
      throw new MeniscusError('tenant_not_found');
    }
    return { ...toKeyRecord(stored), key: text };
  }

  list(tenant: string | null): readonly KeyRecord[] {
    return this.#ring.list(this.#number(tenant)).map((key) => toKeyRecord(this.#use.withUse(key)));
  }

  async revoke(tenant: string | null, keyId: string): Promise<void> {
    const number = this.#number(tenant);
    if (this.#ring.get(keyId)?.number !== number) throw new MeniscusError('key_not_found');
    if (!(await this.#context.store.delete(apiKeyKey(number, keyId)))) throw new MeniscusError('key_not_found');
  }

  authenticate(text: string): Principal | undefined {
    if (!isKeyText(text)) return undefined;
    const key = this.#ring.find(text);
    if (!key) return undefined;
    // A tenant made anew under the same id has another number: its predecessor's keys are void even before they are removed.
    if (key.tenant !== null && this.#context.directory.view(key.tenant)?.number !== key.number) return undefined;
    this.#use.note(key);
    return { keyId: key.id, role: key.role, tenant: key.tenant };
  }

  onRevoked(keyId: string, listener: () => void): () => void {
    return this.#ring.onEnd(keyId, listener);
  }

  async ensureAdmin(dataDir: string): Promise<void> {
    await ensureAdminKey(this.#context.store, dataDir, this.#context.now());
  }

  async close(): Promise<void> {
    await this.#use.close();
    this.#ring.close();
  }

  #number(tenant: string | null): number | null {
    if (tenant === null) return null;
    const view = this.#context.directory.view(tenant);
    if (!view) throw new MeniscusError('tenant_not_found');
    return view.number;
  }

  #check(number: number | null, key: NewKey): void {
    checkName('name', key.name);
    const roles = number === null ? ['admin'] : ['tenant_admin', 'reader'];
    if (!roles.includes(key.role)) throw new MeniscusError('bad_request', `role must be ${roles.join(' or ')}`);
    if (key.expires_at !== undefined) checkExpiry(key.expires_at, this.#context.now());
    if (this.#ring.list(number).length >= limits.keysPerTenant) {
      throw new MeniscusError('limit_exceeded', `at most ${limits.keysPerTenant} API keys: revoke those that are no longer used`);
    }
  }
}

function checkExpiry(text: unknown, nowMs: number): void {
  const at = typeof text === 'string' && DATE_TIME.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(at)) throw new MeniscusError('bad_request', 'expires_at must be a time like 2027-01-31T00:00:00Z');
  if (at <= nowMs) throw new MeniscusError('bad_request', 'expires_at must be in the future');
}
