import type { IncomingHttpHeaders } from 'node:http';
import type { Control } from '../control/control.ts';
import type { TenantView } from '../control/tenant.ts';
import { MeniscusError } from '../errors.ts';
import { bearerOf } from './plugins/auth.ts';

/** Stands in for a tenant that does not exist, so that the comparison costs the same. */
const NOBODY = '00000000-0000-0000-0000-000000000000';

/** Compares in a time that depends on `given` only. */
function equal(given: string, expected: string): boolean {
  let difference = given.length ^ expected.length;
  for (let i = 0; i < given.length; i++) difference |= given.charCodeAt(i) ^ expected.charCodeAt(i % expected.length);
  return difference === 0;
}

/** The message token that a request carries: the 2013 header counts before `Authorization: Bearer`. undefined when there is neither. */
export function messageTokenOf(headers: IncomingHttpHeaders): string | undefined {
  const header = headers['message-token'];
  return (typeof header === 'string' ? header : undefined) ?? bearerOf(headers.authorization);
}

/** As messageTokenOf, but a request without one is 2013's 400. */
export function requireMessageToken(headers: IncomingHttpHeaders): string {
  const token = messageTokenOf(headers);
  if (token === undefined) throw new MeniscusError('missing_header', 'The "MESSAGE-TOKEN" header is required.');
  return token;
}

/** The tenant that a token speaks for; undefined for an unknown tenant and for a wrong token alike, after the same work. */
export function tenantOfToken(control: Control, tenantId: string, token: string): TenantView | undefined {
  const tenant = control.tenants.view(tenantId);
  const valid = equal(token, tenant?.token.valid ?? NOBODY);
  const previous = equal(token, tenant?.token.previous ?? NOBODY);
  return (valid || previous) && token !== NOBODY ? tenant : undefined;
}
