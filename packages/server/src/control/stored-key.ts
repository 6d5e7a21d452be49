import { randomUUID } from 'node:crypto';
import type { KeyRecord, Role } from './control.ts';
import { OPERATOR_KEYS, parseOwned } from './names.ts';
import { timestamp } from './record.ts';

/** An API key as the control store holds it. */
export interface StoredKey {
  readonly id: string;
  readonly name: string;
  readonly role: Role;
  /** Of the key's text. */
  readonly hash: string;
  /** The tenant's id and number; both null: the operator's. */
  readonly tenant: string | null;
  readonly number: number | null;
  readonly expires_at: string | null;
  readonly created_at: string;
  readonly last_used: string | null;
}

export function newStoredKey(key: Omit<StoredKey, 'id' | 'created_at' | 'last_used'>, nowMs: number): StoredKey {
  return { ...key, id: randomUUID(), created_at: timestamp(nowMs), last_used: null };
}

/** Without what must not leave the service. */
export function toKeyRecord(stored: StoredKey): KeyRecord {
  const { id, name, role, expires_at, created_at, last_used } = stored;
  return { id, name, role, expires_at, created_at, last_used };
}

/** The key's id when a key of the control store holds an API key. */
export function apiKeyId(storeKey: string): string | undefined {
  if (storeKey.startsWith(OPERATOR_KEYS)) return storeKey.slice(OPERATOR_KEYS.length);
  const owned = parseOwned(storeKey);
  return owned?.kind === 'key' ? owned.name : undefined;
}
