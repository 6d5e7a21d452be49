import type { FastifyRequest } from 'fastify';
import { Type, type Static } from 'typebox';
import type { DeadLetter } from '../../dead-letters/dead-letters.ts';
import { MeniscusError } from '../../errors.ts';
import type { App } from '../app-types.ts';
import { integer, readParameters, text } from '../parameters/parameter.ts';
import { NullableString, TenantParams, Time } from '../schemas/common.ts';
import { tenantOf } from '../search-context.ts';
import type { Services } from '../services.ts';

const parameters = {
  reason: text(undefined, 'Only those with this reason.', 'refused'),
  sink: text(undefined, 'Only those of this sink.', 'elasticsearch'),
  cursor: text(undefined, '`next` of the page before.'),
  limit: integer({ min: 1, max: 1_000, absent: 100, description: 'Dead letters on a page.' }),
};

const DeadLetterSchema = Type.Object({
  id: Type.String(),
  time: Time,
  reason: Type.String(),
  text: Type.String({ description: 'What was wrong.' }),
  source: Type.String(),
  sink: NullableString,
  raw: Type.String(),
  encoding: Type.String({ enum: ['utf8', 'base64'] }),
});

const Which = Type.Object(
  {
    ids: Type.Optional(Type.Array(Type.String(), { maxItems: 10_000 })),
    reason: Type.Optional(Type.String({ minLength: 1 })),
    sink: Type.Optional(Type.String({ minLength: 1 })),
  },
  { additionalProperties: false, description: 'Without members: all.' },
);

const listAnswer = {
  description: 'The newest first; `next` is the cursor of the following page.',
  schema: Type.Object({ dead_letters: Type.Array(DeadLetterSchema), next: NullableString }),
  example: {
    dead_letters: [
      {
        id: '019a0b5e-1f2a-7c3d-8e4f-5a6b7c8d9e0f',
        time: '2026-11-23T10:00:00.123Z',
        reason: 'event_too_large',
        text: 'The event is too large',
        source: 'http 10.0.0.5',
        sink: null,
        raw: '{"msg":"..."}',
        encoding: 'utf8',
      },
    ],
    next: null,
  },
};
const deletedAnswer = { description: 'How many.', schema: Type.Object({ deleted: Type.Integer() }), example: { deleted: 3 } };

/** What the body names, without members that are not given. */
function whichOf({ ids, ...of }: Static<typeof Which>): { ids?: readonly string[] } & ReturnType<typeof filterOf> {
  return { ...(ids === undefined ? {} : { ids }), ...filterOf(of) };
}

/** Without members that are not given. */
function filterOf({ reason, sink }: { readonly reason?: string | undefined; readonly sink?: string | undefined }): {
  reason?: string;
  sink?: string;
} {
  return { ...(reason === undefined ? {} : { reason }), ...(sink === undefined ? {} : { sink }) };
}

function list(services: Services, tenant: number | null, request: FastifyRequest) {
  const { cursor, limit, ...of } = readParameters(parameters, request, 0);
  const page = services.deadLetters.list(tenant, {
    limit,
    ...filterOf(of),
    ...(cursor === undefined ? {} : { cursor }),
  });
  return { dead_letters: page.deadLetters, next: page.next };
}

async function remove(services: Services, tenant: number | null, which: Static<typeof Which>): Promise<{ deleted: number }> {
  return { deleted: await services.deadLetters.delete(tenant, whichOf(which)) };
}

export function deadLetterRoutes(app: App, services: Services): void {
  const url = '/v1/tenant/:tenant_id/dead-letters';
  app.get(
    url,
    {
      schema: { params: TenantParams },
      config: {
        docs: {
          tag: 'dead letters',
          summary: "A tenant's dead letters",
          query: parameters,
          answers: { 200: listAnswer },
          errors: ['bad_request', 'limit_exceeded', 'bad_cursor'],
        },
      },
    },
    (request) => list(services, tenantOf(services, request.params.tenant_id).number, request),
  );

  app.delete(
    url,
    {
      schema: { params: TenantParams, body: Which },
      config: {
        bodyOptional: true,
        docs: {
          tag: 'dead letters',
          summary: 'Delete dead letters',
          bodyExample: { reason: 'refused' },
          answers: { 200: deletedAnswer },
        },
      },
    },
    (request) => remove(services, tenantOf(services, request.params.tenant_id).number, request.body),
  );

  app.get(
    '/v1/dead-letters',
    {
      config: {
        docs: {
          tag: 'dead letters',
          summary: 'Dead letters that belong to no tenant',
          query: parameters,
          answers: { 200: listAnswer },
          errors: ['bad_request', 'limit_exceeded', 'bad_cursor'],
        },
      },
    },
    (request) => list(services, null, request),
  );

  app.delete(
    '/v1/dead-letters',
    {
      schema: { body: Which },
      config: {
        bodyOptional: true,
        docs: {
          tag: 'dead letters',
          summary: 'Delete dead letters that belong to no tenant',
          bodyExample: {},
          answers: { 200: deletedAnswer },
        },
      },
    },
    (request) => remove(services, null, request.body),
  );

  if (services.redrive !== undefined) redriveRoute(app, services, `${url}/redrive`, services.redrive);
}

/** The dead letters that a body names, read page by page. */
function chosen(services: Services, tenant: number, { ids, ...of }: Static<typeof Which>): DeadLetter[] {
  if (ids !== undefined) {
    const found = [...new Set(ids)].map((id) => services.deadLetters.get(tenant, id)).filter((letter) => letter !== undefined);
    return found.filter(({ reason, sink }) => (of.reason ?? reason) === reason && (of.sink ?? sink) === sink);
  }
  const letters: DeadLetter[] = [];
  let cursor: string | null = '';
  while (cursor !== null) {
    const options = { limit: 1_000, ...filterOf(of), ...(cursor === '' ? {} : { cursor }) };
    const page = services.deadLetters.list(tenant, options);
    letters.push(...page.deadLetters);
    cursor = page.next;
  }
  return letters;
}

function redriveRoute(app: App, services: Services, url: string, redrive: NonNullable<Services['redrive']>): void {
  app.post(
    url,
    {
      schema: { params: TenantParams, body: Which },
      config: {
        bodyOptional: true,
        docs: {
          tag: 'dead letters',
          summary: 'Send dead letters again',
          bodyExample: { ids: ['019a0b5e-1f2a-7c3d-8e4f-5a6b7c8d9e0f'] },
          answers: { 202: { description: 'How many.', schema: Type.Object({ redriven: Type.Integer() }), example: { redriven: 3 } } },
          errors: ['queue_full', 'shutting_down', 'unavailable'],
        },
      },
    },
    async (request, reply) => {
      const tenant = tenantOf(services, request.params.tenant_id);
      const letters = chosen(services, tenant.number, request.body);
      if (request.body.ids !== undefined && letters.length === 0) throw new MeniscusError('not_found', 'there is no such dead letter');
      return reply.code(202).send({ redriven: await redrive(tenant, letters) });
    },
  );
}
