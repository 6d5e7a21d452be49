import { createHash, randomBytes, randomUUID } from 'node:crypto';
import type { Control, KeyRecord, Principal, ProducerRecord, TenantRecord, WorkerStatus } from '../../control/control.ts';
import type { TenantView } from '../../control/tenant.ts';
import { MeniscusError } from '../../errors.ts';

type Mutable<T> = { -readonly [K in keyof T]: T[K] };
interface Entry {
  number: number;
  record: Mutable<TenantRecord>;
  nextProducer: number;
}

/** The control's contract in memory, for tests of routes alone; the service's own tests use the real one. */
export function memoryControl(): Control & { adminKey: string } {
  const entries = new Map<string, Entry>();
  const keys = new Map<string, { tenant: string | null; record: KeyRecord; hash: string }>();
  const revoked = new Map<string, Set<() => void>>();
  const workers = new Map<string, WorkerStatus>();
  let numbers = 0;

  const entryOf = (id: string): Entry => {
    const entry = entries.get(id);
    if (entry === undefined) throw new MeniscusError('tenant_not_found');
    return entry;
  };
  const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex');
  const viewOf = ({ number, record }: Entry): TenantView => ({
    number,
    id: record.tenant_id,
    name: record.tenant_name,
    token: record.token,
    producers: record.event_producers,
    settings: record.settings,
  });
  const newKey = (tenant: string | null, name: string, role: KeyRecord['role'], expires_at: string | null) => {
    const key = `msk_${randomBytes(32).toString('base64url')}`;
    const record = { id: randomUUID(), name, role, expires_at, created_at: new Date().toISOString(), last_used: null };
    keys.set(record.id, { tenant, record, hash: hashOf(key) });
    return { ...record, key };
  };

  return {
    adminKey: newKey(null, 'admin', 'admin', null).key,
    tenants: {
      create: async (id, name) => {
        if (entries.has(id)) throw new MeniscusError('tenant_exists', undefined, { slots: [id] });
        if (id === '.' || id === '..' || !id.isWellFormed() || Array.from(id).length > 256) throw new MeniscusError('bad_request');
        const time = new Date().toISOString();
        const record = {
          tenant_id: id,
          tenant_name: name ?? id,
          created_at: time,
          event_producers: [],
          token: { valid: randomUUID(), previous: null, last_changed: time },
          settings: { retention_days: 90 },
        };
        entries.set(id, { number: ++numbers, record, nextProducer: 1 });
        return record;
      },
      get: (id) => entries.get(id)?.record,
      view: (id) => (entries.has(id) ? viewOf(entryOf(id)) : undefined),
      list: () => Array.from(entries.values(), ({ record }) => record),
      delete: async (id) => {
        entryOf(id);
        entries.delete(id);
        for (const [keyId, key] of keys) if (key.tenant === id) keys.delete(keyId);
      },
      updateSettings: async (id, settings) => {
        const { record } = entryOf(id);
        record.settings = { ...record.settings, ...settings };
        return record.settings;
      },
      addProducer: async (id, producer) => {
        const entry = entryOf(id);
        const same = entry.record.event_producers.find(({ name }) => name === producer.name);
        if (same !== undefined) throw new MeniscusError('producer_exists', undefined, { slots: [same.name, same.id] });
        const record: ProducerRecord = { durable: false, encrypted: false, sinks: ['store'], ...producer, id: entry.nextProducer++ };
        entry.record.event_producers = [...entry.record.event_producers, record];
        return record;
      },
      updateProducer: async (id, producerId, producer) => {
        const { record } = entryOf(id);
        const old = record.event_producers.find((one) => one.id === producerId);
        if (old === undefined) throw new MeniscusError('producer_not_found');
        const changed = { ...old, ...producer };
        record.event_producers = record.event_producers.map((one) => (one === old ? changed : one));
        return changed;
      },
      removeProducer: async (id, producerId) => {
        const { record } = entryOf(id);
        if (!record.event_producers.some((one) => one.id === producerId)) throw new MeniscusError('producer_not_found');
        record.event_producers = record.event_producers.filter((one) => one.id !== producerId);
      },
      resetToken: async (id, invalidateNow) => {
        const { record } = entryOf(id);
        if (!invalidateNow) throw new MeniscusError('token_too_young');
        record.token = { valid: randomUUID(), previous: null, last_changed: new Date().toISOString() };
        return record.token;
      },
    },
    keys: {
      create: async (tenant, { name, role, expires_at }) => newKey(tenant, name, role, expires_at ?? null),
      list: (tenant) => [...keys.values()].filter((key) => key.tenant === tenant).map(({ record }) => record),
      revoke: async (tenant, keyId) => {
        if (keys.get(keyId)?.tenant !== tenant) throw new MeniscusError('key_not_found');
        keys.delete(keyId);
        for (const listener of revoked.get(keyId) ?? []) listener();
      },
      authenticate: (text): Principal | undefined => {
        const hash = hashOf(text);
        for (const { tenant, record, hash: expected } of keys.values()) {
          if (hash === expected) return { keyId: record.id, role: record.role, tenant };
        }
        return undefined;
      },
      onRevoked: (keyId, listener) => {
        const listeners = revoked.get(keyId) ?? new Set();
        revoked.set(keyId, listeners.add(listener));
        return () => listeners.delete(listener);
      },
      ensureAdmin: async () => {},
    },
    workers: {
      report: async (status) => {
        const isNew = !workers.has(status.hostname);
        workers.set(status.hostname, status);
        return isNew;
      },
      get: (hostname) => workers.get(hostname),
      list: () => [...workers.values()],
    },
    subscribe: () => () => {},
    close: async () => {},
  };
}
