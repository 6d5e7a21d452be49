import type { FastifyRequest } from 'fastify';
import { Type, type Static } from 'typebox';
import type { TenantRecord } from '../../control/control.ts';
import { MeniscusError } from '../../errors.ts';
import type { App } from '../app-types.ts';
import { TenantParams } from '../schemas/common.ts';
import { exampleTenant, exampleTenantSummary, NewTenant, Settings, SettingsBody, Tenant, TenantSummary } from '../schemas/tenant.ts';
import type { Services } from '../services.ts';

const DAY_MS = 86_400_000;

/** The path of a tenant, or of something in it. */
export function tenantPath(id: string, ...rest: readonly (string | number)[]): string {
  return ['/v1/tenant', encodeURIComponent(id), ...rest].join('/');
}

/** A tenant's record. Throws tenant_not_found. */
export function recordOf(services: Services, id: string): TenantRecord {
  const tenant = services.control.tenants.get(id);
  if (tenant === undefined) throw new MeniscusError('tenant_not_found');
  return tenant;
}

/** 2013 makes an unknown tenant when somebody asks for it; here the configuration decides. */
async function recordOrNew(services: Services, id: string, method: string): Promise<TenantRecord> {
  const { tenants } = services.control;
  const found = tenants.get(id);
  if (found !== undefined) return found;
  if (!services.config.create_tenant_on_get || method !== 'GET') throw new MeniscusError('tenant_not_found');
  try {
    return await tenants.create(id);
  } catch (error) {
    if (error instanceof MeniscusError && error.code === 'tenant_exists') return recordOf(services, id);
    throw error;
  }
}

/** A reader sees no message token and no settings. */
async function tenantAnswer(services: Services, request: FastifyRequest, id: string) {
  const { token, settings, ...rest } = await recordOrNew(services, id, request.method);
  return { tenant: request.principal?.role === 'reader' ? rest : { ...rest, settings, token } };
}

async function changeSettings(services: Services, id: string, { retention_days }: Static<typeof SettingsBody>['settings']) {
  const change = retention_days === undefined ? {} : { retention_days };
  return { settings: await services.control.tenants.updateSettings(id, change) };
}

function summary(services: Services, { tenant_id, tenant_name, created_at, event_producers }: TenantRecord) {
  const { control, usage } = services;
  const number = control.tenants.view(tenant_id)?.number;
  const now = Date.now();
  const sums = { events_last_24h: 0, bytes_last_24h: 0, rejected_last_24h: 0 };
  for (const hour of number === undefined ? [] : usage.list(number, now - DAY_MS, now + 1)) {
    sums.events_last_24h += hour.events_in;
    sums.bytes_last_24h += hour.bytes_in;
    sums.rejected_last_24h += hour.rejected;
  }
  return { tenant_id, tenant_name, created_at, producers: event_producers.length, keys: control.keys.list(tenant_id).length, ...sums };
}

function listRoute(app: App, services: Services): void {
  const { tenants } = services.control;
  app.get(
    '/v1/tenants',
    {
      config: {
        docs: {
          tag: 'tenants',
          summary: 'Every tenant with its counts',
          answers: {
            200: {
              description: 'The tenants.',
              schema: Type.Object({ tenants: Type.Array(TenantSummary) }),
              example: { tenants: [exampleTenantSummary] },
            },
          },
        },
      },
    },
    async () => {
      await services.ingest.stats();
      return { tenants: Array.from(tenants.list(), (tenant) => summary(services, tenant)) };
    },
  );
}

export function tenantRoutes(app: App, services: Services): void {
  const { tenants } = services.control;
  listRoute(app, services);

  app.post(
    '/v1/tenant',
    {
      schema: { body: NewTenant },
      config: {
        docs: {
          tag: 'tenants',
          summary: 'Create a tenant',
          bodyExample: { tenant: { tenant_id: 'acme', tenant_name: 'Acme' } },
          answers: { 201: { description: 'Created.', headers: { Location: 'The path of the tenant.' } } },
          errors: ['tenant_exists'],
        },
      },
    },
    async (request, reply) => {
      const { tenant_id, tenant_name } = request.body.tenant;
      await tenants.create(tenant_id, tenant_name);
      return reply.code(201).header('location', tenantPath(tenant_id)).send();
    },
  );

  app.get(
    '/v1/tenant/:tenant_id',
    {
      schema: { params: TenantParams },
      config: {
        docs: {
          tag: 'tenants',
          summary: 'A tenant with its producers and token',
          description: 'A reader sees no token and no settings.',
          answers: { 200: { description: 'The tenant.', schema: Type.Object({ tenant: Tenant }), example: { tenant: exampleTenant } } },
        },
      },
    },
    (request) => tenantAnswer(services, request, request.params.tenant_id),
  );

  app.delete(
    '/v1/tenant/:tenant_id',
    {
      schema: { params: TenantParams },
      config: {
        docs: {
          tag: 'tenants',
          summary: 'Delete a tenant',
          description: 'No event of it can be found from then on; its data is removed in the background.',
          answers: { 200: { description: 'Deleted.' } },
        },
      },
    },
    async (request, reply) => {
      await tenants.delete(request.params.tenant_id);
      return reply.code(200).send();
    },
  );

  settingsRoutes(app, services);
}

const settingsAnswer = {
  description: 'The settings in force.',
  schema: Type.Object({ settings: Settings }),
  example: { settings: { retention_days: 90 } },
};

function settingsRoutes(app: App, services: Services): void {
  const url = '/v1/tenant/:tenant_id/settings';
  app.get(
    url,
    {
      schema: { params: TenantParams },
      config: { docs: { tag: 'tenants', summary: "A tenant's settings", answers: { 200: settingsAnswer } } },
    },
    (request) => ({ settings: recordOf(services, request.params.tenant_id).settings }),
  );

  app.put(
    url,
    {
      schema: { params: TenantParams, body: SettingsBody },
      config: {
        docs: {
          tag: 'tenants',
          summary: "Change a tenant's settings",
          description: 'What is not given keeps its value.',
          bodyExample: { settings: { retention_days: 30 } },
          answers: { 200: settingsAnswer },
          errors: ['conflict'],
        },
      },
    },
    (request) => changeSettings(services, request.params.tenant_id, request.body.settings),
  );
}
