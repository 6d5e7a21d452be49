/**
 * The keys of the control store. What belongs to a tenant lies under its internal number and not its id: a tenant made anew under an old id has another
 * number and so owns nothing of its predecessor, even when a deletion was cut off half-way.
 */
export const TENANTS = 'tenant/';
export const OWNED = 'of/';
export const OPERATOR_KEYS = 'operator/key/';
/** Exists once the first operator key was made. */
export const OPERATOR_READY = 'operator/ready';
export const WORKERS = 'worker/';
export const TENANT_NUMBERS = 'counter/tenant';

export function tenantKey(id: string): string {
  return TENANTS + id;
}

/** Everything that goes with the tenant of this number. */
export function ownedPrefix(number: number): string {
  return `${OWNED}${number}/`;
}

/** One thing of a tenant: its API keys are of kind `key`. */
export function ownedKey(number: number, kind: string, name: string): string {
  return `${OWNED}${number}/${kind}/${name}`;
}

/** The kind of rulebases. */
export const RULEBASE = 'rulebase';

/** The parts of a key that `ownedKey` made. */
export function parseOwned(key: string): { readonly number: number; readonly kind: string; readonly name: string } | undefined {
  const match = /^of\/(\d+)\/([^/]+)\/(.*)$/s.exec(key);
  return match ? { number: Number(match[1]), kind: match[2]!, name: match[3]! } : undefined;
}

/** `number` null: a key of the operator. */
export function apiKeyKey(number: number | null, id: string): string {
  return number === null ? OPERATOR_KEYS + id : ownedKey(number, 'key', id);
}

export function workerKey(hostname: string): string {
  return WORKERS + hostname;
}
