import { createHash } from 'node:crypto';

const SAFE = /^[a-z0-9_]{1,64}$/;
const HASH_DIGITS = 40;

/**
 * A tenant's id as part of an index's, a directory's or a file's name: an id of 1 to 64 characters a-z, 0-9 and `_` as it is, any other as `.` and 40 hex digits of
 * its SHA-256. No id of the first form has a `.`, so no two tenants share a name, and no name can leave its directory or hold what a server forbids.
 */
export function tenantName(id: string): string {
  if (SAFE.test(id)) return id;
  return `.${createHash('sha256').update(id).digest('hex').slice(0, HASH_DIGITS)}`;
}
