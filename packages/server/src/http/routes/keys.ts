import { Type, type Static } from 'typebox';
import { timestamp } from '../../control/record.ts';
import { MeniscusError } from '../../errors.ts';
import type { App } from '../app-types.ts';
import { parseInstant } from '../parameters/time.ts';
import { TenantParams, tenantParams } from '../schemas/common.ts';
import { CreatedKey, exampleKey, Key, newKey } from '../schemas/key.ts';
import { nowMicros } from '../search-context.ts';
import type { Services } from '../services.ts';
import { recordOf } from './tenants.ts';

const TenantKey = newKey(['tenant_admin', 'reader']);
const OperatorKey = newKey(['admin']);
const TenantKeyParams = tenantParams('key_id', 'The id that the list shows.');
const OperatorKeyParams = Type.Object({ key_id: Type.String() });

type NewKey = Static<typeof TenantKey>['key'] | Static<typeof OperatorKey>['key'];

const listAnswer = {
  description: 'The keys, without their texts.',
  schema: Type.Object({ keys: Type.Array(Key) }),
  example: { keys: [exampleKey] },
};
const createdAnswer = {
  description: 'Created. The text of the key is answered this once.',
  schema: CreatedKey,
  example: { key: { ...exampleKey, key: 'msk_...' } },
};

/** A time to come, in the form of all times. */
function expiryOf(text: string): string {
  if (!/^\d{4}-/.test(text) || parseInstant(text, 'expires_at', 0) <= nowMicros()) {
    throw new MeniscusError('bad_request', 'expires_at must be an ISO 8601 time in the future');
  }
  return timestamp(parseInstant(text, 'expires_at', 0) / 1e3);
}

/** Makes a key; the answer holds its text, so nobody may keep it. */
async function create(services: Services, tenant: string | null, { name, role, expires_at }: NewKey) {
  const expiry = expires_at === undefined || expires_at === null ? {} : { expires_at: expiryOf(expires_at) };
  return { key: await services.control.keys.create(tenant, { name, role, ...expiry }) };
}

export function keyRoutes(app: App, services: Services): void {
  const { keys } = services.control;
  const url = '/v1/tenant/:tenant_id/keys';
  app.get(
    url,
    { schema: { params: TenantParams }, config: { docs: { tag: 'keys', summary: "A tenant's API keys", answers: { 200: listAnswer } } } },
    (request) => ({ keys: keys.list(recordOf(services, request.params.tenant_id).tenant_id) }),
  );

  app.post(
    url,
    {
      schema: { params: TenantParams, body: TenantKey },
      config: {
        docs: {
          tag: 'keys',
          summary: 'Make an API key of a tenant',
          bodyExample: { key: { name: 'grafana', role: 'reader' } },
          answers: { 201: createdAnswer },
        },
      },
    },
    async (request, reply) => {
      const { tenant_id } = recordOf(services, request.params.tenant_id);
      return reply.code(201).send(await create(services, tenant_id, request.body.key));
    },
  );

  app.delete(
    `${url}/:key_id`,
    {
      schema: { params: TenantKeyParams },
      config: {
        docs: {
          tag: 'keys',
          summary: 'Revoke an API key',
          answers: { 204: { description: 'Revoked; its open streams end.' } },
          errors: ['key_not_found'],
        },
      },
    },
    async (request, reply) => {
      const { tenant_id } = recordOf(services, request.params.tenant_id);
      await keys.revoke(tenant_id, request.params.key_id);
      return reply.code(204).send();
    },
  );

  operatorKeyRoutes(app, services);
}

function operatorKeyRoutes(app: App, services: Services): void {
  const { keys } = services.control;
  app.get('/v1/keys', { config: { docs: { tag: 'keys', summary: "The operator's API keys", answers: { 200: listAnswer } } } }, () => ({
    keys: keys.list(null),
  }));

  app.post(
    '/v1/keys',
    {
      schema: { body: OperatorKey },
      config: {
        docs: {
          tag: 'keys',
          summary: "Make an operator's API key",
          bodyExample: { key: { name: 'ansible', role: 'admin' } },
          answers: { 201: createdAnswer },
        },
      },
    },
    async (request, reply) => reply.code(201).send(await create(services, null, request.body.key)),
  );

  app.delete(
    '/v1/keys/:key_id',
    {
      schema: { params: OperatorKeyParams },
      config: {
        docs: {
          tag: 'keys',
          summary: "Revoke an operator's API key",
          answers: { 204: { description: 'Revoked; its open streams end.' } },
          errors: ['key_not_found'],
        },
      },
    },
    async (request, reply) => {
      await keys.revoke(null, request.params.key_id);
      return reply.code(204).send();
    },
  );
}
