import type { Principal, Role } from '../control/control.ts';
import type { ErrorCode } from '../errors.ts';

/** Who may call a class of routes: API keys of these roles, and whether the tenant's message token alone is enough. */
interface Access {
  readonly roles: readonly Role[];
  readonly messageToken: boolean;
  /** The path names a tenant, and a tenant's key opens only its own. */
  readonly ofTenant: boolean;
}

/** The table of rights. Each route names its class; an admin may call every class but publish, for events come with a message token. */
export const accessTable = {
  /** The whole service: tenants, operator keys, status, workers, pipeline, operator's dead letters, metrics. */
  service: { roles: ['admin'], messageToken: false, ofTenant: false },
  /** Settings, tokens, keys, dead letters and usage of a tenant; everything that changes its producers and rulebases. */
  manage: { roles: ['admin', 'tenant_admin'], messageToken: false, ofTenant: true },
  /** Search, saved searches, and looking at producers and rulebases. */
  read: { roles: ['admin', 'tenant_admin', 'reader'], messageToken: false, ofTenant: true },
  publish: { roles: [], messageToken: true, ofTenant: true },
  /** `HEAD .../token` of 2013. */
  check_token: { roles: ['admin', 'tenant_admin'], messageToken: true, ofTenant: true },
  /** The status of a job that publish named. */
  job: { roles: ['admin', 'tenant_admin', 'reader'], messageToken: true, ofTenant: true },
} as const satisfies Record<string, Access>;

export type RouteClass = keyof typeof accessTable;

/**
 * What an API key's holder is refused with, or undefined when the call is allowed. `tenant` is the path's. Another tenant's resource is answered as one that does
 * not exist, before the role is looked at, so that no key can ask which tenants there are.
 */
export function refusal(route: RouteClass, principal: Principal | undefined, tenant: string | undefined): ErrorCode | undefined {
  const access: Access = accessTable[route];
  if (!principal) return access.messageToken ? 'message_not_authenticated' : 'not_authenticated';
  if (access.ofTenant && principal.tenant !== null && principal.tenant !== tenant) return 'tenant_not_found';
  return access.roles.includes(principal.role) ? undefined : 'forbidden';
}

/** Whether the tenant's message token opens the route without an API key. */
export function takesMessageToken(route: RouteClass): boolean {
  return accessTable[route].messageToken;
}
