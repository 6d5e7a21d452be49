import type { IncomingHttpHeaders } from 'node:http';
import { authenticateMessage } from '../auth/message.ts';
import type { Control } from '../control/control.ts';
import type { TenantView } from '../control/tenant.ts';
import { MeniscusError } from '../errors.ts';
import { bearerOf } from './plugins/auth.ts';

/** The message token that a request carries: the 2013 header counts before `Authorization: Bearer`. undefined when there is neither. */
export function messageTokenOf(headers: IncomingHttpHeaders): string | undefined {
  const header = headers['message-token'];
  return (typeof header === 'string' ? header : undefined) ?? bearerOf(headers.authorization);
}

export function missingMessageToken(): MeniscusError {
  return new MeniscusError('missing_header', 'The "MESSAGE-TOKEN" header is required.');
}

/** As messageTokenOf, but a request without one is 2013's 400. */
export function requireMessageToken(headers: IncomingHttpHeaders): string {
  const token = messageTokenOf(headers);
  if (token === undefined) throw missingMessageToken();
  return token;
}

/** The tenant that a token speaks for; undefined for an unknown tenant and for a wrong token alike, after the same work. */
export function tenantOfToken(control: Control, tenantId: string, token: string): TenantView | undefined {
  const tenant = control.tenants.view(tenantId);
  return authenticateMessage(tenant, token) ? tenant : undefined;
}
