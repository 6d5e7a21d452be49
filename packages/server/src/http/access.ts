/**
 * Who may call a route, as data: every route has its line, and one without is refused at start.
 *
 * - `open`: anybody, or the route itself checks a message token
 * - `reader`: any key of the tenant in the path, and the operator's
 * - `tenant_admin`: the tenant's administrators, and the operator's keys
 * - `operator`: the operator's keys
 * - `metrics`: the operator's keys, or anybody when `metrics_auth` is off
 */
export type Access = 'open' | 'reader' | 'tenant_admin' | 'operator' | 'metrics';

export const accessTable: Readonly<Record<string, Access>> = {
  'GET /': 'open',
  'GET /livez': 'open',
  'GET /readyz': 'open',
  'GET /metrics': 'metrics',
  'GET /openapi.json': 'open',

  'GET /v1/tenants': 'operator',
  'POST /v1/tenant': 'operator',
  'GET /v1/tenant/:tenant_id': 'reader',
  'DELETE /v1/tenant/:tenant_id': 'operator',
  'GET /v1/tenant/:tenant_id/settings': 'tenant_admin',
  'PUT /v1/tenant/:tenant_id/settings': 'tenant_admin',

  'GET /v1/tenant/:tenant_id/producers': 'reader',
  'POST /v1/tenant/:tenant_id/producers': 'tenant_admin',
  'GET /v1/tenant/:tenant_id/producers/:producer_id': 'reader',
  'PUT /v1/tenant/:tenant_id/producers/:producer_id': 'tenant_admin',
  'DELETE /v1/tenant/:tenant_id/producers/:producer_id': 'tenant_admin',
  'GET /v1/tenant/:tenant_id/producers/:producer_id/unparsed': 'reader',

  'HEAD /v1/tenant/:tenant_id/token': 'open',
  'GET /v1/tenant/:tenant_id/token': 'tenant_admin',
  'POST /v1/tenant/:tenant_id/token': 'tenant_admin',

  'GET /v1/tenant/:tenant_id/keys': 'tenant_admin',
  'POST /v1/tenant/:tenant_id/keys': 'tenant_admin',
  'DELETE /v1/tenant/:tenant_id/keys/:key_id': 'tenant_admin',
  'GET /v1/keys': 'operator',
  'POST /v1/keys': 'operator',
  'DELETE /v1/keys/:key_id': 'operator',

  'POST /v1/tenant/:tenant_id/publish': 'open',
  'GET /v1/tenant/:tenant_id/job/:job_id/status': 'open',

  'GET /v1/tenant/:tenant_id/events': 'reader',
  'POST /v1/tenant/:tenant_id/events': 'reader',
  'GET /v1/tenant/:tenant_id/events/:event_id': 'reader',
  'GET /v1/tenant/:tenant_id/events/:event_id/context': 'reader',
  'POST /v1/tenant/:tenant_id/events/:event_id/context': 'reader',
  'GET /v1/tenant/:tenant_id/count': 'reader',
  'POST /v1/tenant/:tenant_id/count': 'reader',
  'GET /v1/tenant/:tenant_id/histogram': 'reader',
  'POST /v1/tenant/:tenant_id/histogram': 'reader',
  'GET /v1/tenant/:tenant_id/facets': 'reader',
  'POST /v1/tenant/:tenant_id/facets': 'reader',
  'GET /v1/tenant/:tenant_id/fields': 'reader',
  'POST /v1/tenant/:tenant_id/fields': 'reader',
  'GET /v1/tenant/:tenant_id/values': 'reader',
  'POST /v1/tenant/:tenant_id/values': 'reader',
  'GET /v1/tenant/:tenant_id/stats': 'reader',
  'POST /v1/tenant/:tenant_id/stats': 'reader',
  'GET /v1/tenant/:tenant_id/export': 'reader',
  'POST /v1/tenant/:tenant_id/export': 'reader',
  'GET /v1/tenant/:tenant_id/tail': 'reader',
  'GET /v1/tenant/:tenant_id/searches': 'reader',
  'DELETE /v1/tenant/:tenant_id/searches/:search_id': 'reader',

  'GET /v1/tenant/:tenant_id/saved-searches': 'reader',
  'GET /v1/tenant/:tenant_id/saved-searches/:name': 'reader',
  'PUT /v1/tenant/:tenant_id/saved-searches/:name': 'tenant_admin',
  'DELETE /v1/tenant/:tenant_id/saved-searches/:name': 'tenant_admin',

  'GET /v1/tenant/:tenant_id/rulebases': 'reader',
  'GET /v1/tenant/:tenant_id/rulebases/:name': 'reader',
  'PUT /v1/tenant/:tenant_id/rulebases/:name': 'tenant_admin',
  'DELETE /v1/tenant/:tenant_id/rulebases/:name': 'tenant_admin',
  'POST /v1/tenant/:tenant_id/rulebases/test': 'reader',

  'GET /v1/tenant/:tenant_id/dead-letters': 'tenant_admin',
  'DELETE /v1/tenant/:tenant_id/dead-letters': 'tenant_admin',
  'POST /v1/tenant/:tenant_id/dead-letters/redrive': 'tenant_admin',
  'GET /v1/dead-letters': 'operator',
  'DELETE /v1/dead-letters': 'operator',
  'GET /v1/tenant/:tenant_id/usage': 'tenant_admin',

  'GET /v1/status': 'operator',
  'GET /v1/worker/:hostname/status': 'operator',
  'PUT /v1/worker/:hostname/status': 'operator',
  'GET /v1/pipeline': 'operator',
  'POST /v1/config/reload': 'operator',
  'POST /v1/backup': 'operator',
};

/** The access of a route; a HEAD that Fastify derives from a GET has the GET's. Throws when the table has no line for it. */
export function accessOf(method: string, url: string): Access {
  const access = accessTable[`${method} ${url}`] ?? (method === 'HEAD' ? accessTable[`GET ${url}`] : undefined);
  if (access === undefined) throw new Error(`access.ts has no line for ${method} ${url}`);
  return access;
}
