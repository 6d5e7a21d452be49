import type { FastifyRequest } from 'fastify';
import type { Principal } from '../../control/control.ts';
import { MeniscusError } from '../../errors.ts';
import type { Access } from '../access.ts';
import type { App } from '../app-types.ts';
import type { Services } from '../services.ts';

/** Who everybody is while `api_auth` is off. */
const OPERATOR: Principal = { keyId: '', role: 'admin', tenant: null };

/** The credential after `Bearer`, or undefined. RFC 9110 section 11.1: the scheme's case does not matter. */
export function bearerOf(authorization: string | undefined): string | undefined {
  if (authorization === undefined || authorization.length < 8 || authorization.slice(0, 7).toLowerCase() !== 'bearer ') return undefined;
  return authorization.slice(7).trim();
}

/** The caller of a request with an API key. Rejects with not_authenticated. */
export function authenticateKey(services: Services, request: FastifyRequest): Principal {
  if (services.config.api_auth === 'off') return OPERATOR;
  const key = bearerOf(request.headers.authorization);
  if (key === undefined) throw new MeniscusError('not_authenticated', 'send Authorization: Bearer and an API key');
  const principal = services.control.keys.authenticate(key);
  if (principal === undefined) throw new MeniscusError('not_authenticated', 'the API key is unknown, expired or revoked');
  return principal;
}

/**
 * Refuses what the principal may not do. Another tenant's resource is answered as one that does not exist, whether it does or not, and before the
 * request's body is looked at, so that nothing tells the two apart.
 */
export function authorize(principal: Principal, access: Access, tenantId: string | undefined): void {
  if (access === 'open' || principal.role === 'admin') return;
  if (tenantId !== undefined && principal.tenant !== tenantId) throw new MeniscusError('tenant_not_found');
  if (access === 'operator' || access === 'metrics') throw new MeniscusError('forbidden', 'this needs an operator key (role admin)');
  if (access === 'tenant_admin' && principal.role !== 'tenant_admin')
    throw new MeniscusError('forbidden', 'this needs the role tenant_admin');
}

/** Authenticates and authorizes before anything of the request is read. */
export function authPlugin(app: App, services: Services): void {
  app.addHook('onRequest', (request, reply, done) => {
    const access = request.routeOptions.config.access ?? 'open';
    if (access === 'open' || (access === 'metrics' && services.config.metrics_auth === 'off')) return done();
    const principal = authenticateKey(services, request);
    authorize(principal, access, (request.params as { readonly tenant_id?: string }).tenant_id);
    request.principal = principal;
    void reply.header('cache-control', 'no-store');
    return done();
  });
}
