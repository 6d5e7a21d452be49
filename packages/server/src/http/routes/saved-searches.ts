import { Type, type Static } from 'typebox';
import { checkName } from '../../control/checks.ts';
import { MeniscusError } from '../../errors.ts';
import type { App } from '../app-types.ts';
import { parseInstant } from '../parameters/time.ts';
import type { SavedSearch, SavedSearches } from '../saved-searches.ts';
import { TenantParams, tenantParams } from '../schemas/common.ts';
import { nowMicros, parseQuery, tenantOf } from '../search-context.ts';
import type { Services } from '../services.ts';

const strict = { additionalProperties: false };
const time = Type.Union([Type.String({ minLength: 1, maxLength: 100 }), Type.Integer()]);
const members = {
  query: Type.String(),
  from: Type.Optional(time),
  to: Type.Optional(time),
  columns: Type.Optional(Type.Array(Type.String({ minLength: 1, maxLength: 1_024 }), { maxItems: 100 })),
};
const Body = Type.Object({ saved_search: Type.Object(members, strict) }, strict);
const Params = tenantParams('name', '1-256 code points, percent-encoded.');
const Named = Type.Object({ name: Type.String(), ...members });

const example = { query: 'sshd severity<=4', from: '-1d', columns: ['time', 'host', 'msg'] };

/** Refuses what could not be searched. */
function checked({ query, from, to, columns }: Static<typeof Body>['saved_search']): SavedSearch {
  const now = nowMicros();
  parseQuery(query, now);
  if (from !== undefined) parseInstant(from, 'from', now);
  if (to !== undefined) parseInstant(to, 'to', now);
  return {
    query,
    ...(from === undefined ? {} : { from }),
    ...(to === undefined ? {} : { to }),
    ...(columns === undefined ? {} : { columns }),
  };
}

export function savedSearchRoutes(app: App, services: Services, saved: SavedSearches): void {
  const url = '/v1/tenant/:tenant_id/saved-searches';
  app.get(
    url,
    {
      schema: { params: TenantParams },
      config: {
        docs: {
          tag: 'saved searches',
          summary: "A tenant's saved searches",
          answers: {
            200: {
              description: 'By name.',
              schema: Type.Object({ saved_searches: Type.Array(Named) }),
              example: { saved_searches: [{ name: 'ssh trouble', ...example }] },
            },
          },
        },
      },
    },
    (request) => ({ saved_searches: saved.list(tenantOf(services, request.params.tenant_id).number) }),
  );

  savedSearchItemRoutes(app, services, saved, `${url}/:name`);
}

function savedSearchItemRoutes(app: App, services: Services, saved: SavedSearches, url: string): void {
  app.get(
    url,
    {
      schema: { params: Params },
      config: {
        docs: {
          tag: 'saved searches',
          summary: 'A saved search',
          answers: {
            200: {
              description: 'The search.',
              schema: Type.Object({ saved_search: Named }),
              example: { saved_search: { name: 'ssh trouble', ...example } },
            },
          },
          errors: ['not_found'],
        },
      },
    },
    (request) => {
      const { tenant_id, name } = request.params;
      const search = saved.get(tenantOf(services, tenant_id).number, name);
      if (search === undefined) throw new MeniscusError('not_found', 'there is no such saved search');
      return { saved_search: { name, ...search } };
    },
  );

  savedSearchPut(app, services, saved, url);

  app.delete(
    url,
    {
      schema: { params: Params },
      config: {
        docs: {
          tag: 'saved searches',
          summary: 'Delete a saved search',
          answers: { 204: { description: 'Deleted.' } },
          errors: ['not_found'],
        },
      },
    },
    async (request, reply) => {
      const { tenant_id, name } = request.params;
      if (await saved.delete(tenantOf(services, tenant_id).number, name)) return reply.code(204).send();
      throw new MeniscusError('not_found', 'there is no such saved search');
    },
  );
}

function savedSearchPut(app: App, services: Services, saved: SavedSearches, url: string): void {
  app.put(
    url,
    {
      schema: { params: Params, body: Body },
      config: {
        docs: {
          tag: 'saved searches',
          summary: 'Save a search',
          bodyExample: { saved_search: example },
          answers: { 200: { description: 'Replaced.' }, 201: { description: 'Saved.', headers: { Location: 'Its path.' } } },
          errors: ['query_syntax', 'limit_exceeded'],
        },
      },
    },
    async (request, reply) => {
      const { tenant_id, name } = request.params;
      checkName('the name', name);
      const search = checked(request.body.saved_search);
      if (!(await saved.put(tenantOf(services, tenant_id).number, name, search))) return reply.code(200).send();
      return reply
        .code(201)
        .header('location', `/v1/tenant/${encodeURIComponent(tenant_id)}/saved-searches/${encodeURIComponent(name)}`)
        .send();
    },
  );
}
