import { randomUUID } from 'node:crypto';
import type { TenantView } from '../control/tenant.ts';
import { tokenMatches } from './token.ts';

/** Compared where there is no tenant: nobody knows it. */
const nobody = { valid: randomUUID(), previous: null };

/** Whether a message may come in as this tenant. Takes as long for a tenant that does not exist, so that nobody can ask which ones do. */
export function authenticateMessage(tenant: TenantView | undefined, token: string): tenant is TenantView {
  const matches = tokenMatches(tenant?.token ?? nobody, token);
  return matches && tenant !== undefined;
}
