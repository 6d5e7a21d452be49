import { Type, type Static } from 'typebox';
import { checkName } from '../../control/checks.ts';
import { MeniscusError } from '../../errors.ts';
import { limits } from '../../limits.ts';
import type { App } from '../app-types.ts';
import { bodyTooLarge } from '../problem.ts';
import { ExplanationSchema } from '../rulebases/explanation.ts';
import type { Rulebases } from '../rulebases/rulebases.ts';
import { TenantParams, tenantParams } from '../schemas/common.ts';
import { tenantOf } from '../search-context.ts';
import type { Services } from '../services.ts';

const strict = { additionalProperties: false };
const Params = tenantParams('name', '1-256 code points, percent-encoded.');
const Info = Type.Object({
  name: Type.String(),
  shipped: Type.Boolean({ description: "Comes with the service; false for the tenant's own." }),
  bytes: Type.Integer(),
});
const TestBody = Type.Object(
  {
    rulebase: Type.Optional(Type.String({ description: 'The text of a rulebase. This or `name`.' })),
    name: Type.Optional(Type.String({ description: 'A saved or shipped rulebase.' })),
    lines: Type.Array(Type.String(), {
      description: `At most ${limits.rulebaseTestLines}, of ${limits.rulebaseTestLineBytes} bytes each.`,
    }),
    explain: Type.Optional(Type.Boolean({ description: 'Say of each line how far the rules got with it, and why they failed.' })),
  },
  strict,
);

const example = 'version=2\nrule=login:%user:word% logged in from %ip:ipv4%\n';

interface Context {
  readonly services: Services;
  readonly rulebases: Rulebases;
}

export function rulebaseRoutes(app: App, services: Services, rulebases: Rulebases): void {
  const url = '/v1/tenant/:tenant_id/rulebases';
  const context = { services, rulebases };
  app.get(
    url,
    {
      schema: { params: TenantParams },
      config: {
        docs: {
          tag: 'rulebases',
          summary: "A tenant's rulebases and the shipped ones",
          answers: {
            200: {
              description: "By name, each name once: a tenant's own goes before a shipped one.",
              schema: Type.Object({ rulebases: Type.Array(Info) }),
              example: { rulebases: [{ name: 'sshd', shipped: true, bytes: 10_874 }] },
            },
          },
        },
      },
    },
    (request) => ({ rulebases: rulebases.list(tenantOf(services, request.params.tenant_id).number) }),
  );
  rulebaseGet(app, context, `${url}/:name`);
  rulebaseDelete(app, context, `${url}/:name`);
  rulebaseTest(app, context, `${url}/test`);
  void app.register(async (scope) => rulebasePut(scope as App, context, `${url}/:name`));
}

function rulebaseOf({ rulebases }: Context, tenant: number, name: string): string {
  const text = rulebases.get(tenant, name);
  if (text === undefined) throw new MeniscusError('not_found', 'there is no such rulebase');
  return text;
}

function rulebaseGet(app: App, context: Context, url: string): void {
  app.get(
    url,
    {
      schema: { params: Params },
      config: {
        docs: {
          tag: 'rulebases',
          summary: 'The text of a rulebase',
          answers: { 200: { description: 'As it was saved or shipped.', types: { 'text/plain': example } } },
          errors: ['not_found'],
        },
      },
    },
    (request, reply) => {
      const { tenant_id, name } = request.params;
      const text = rulebaseOf(context, tenantOf(context.services, tenant_id).number, name);
      // The text is a tenant's: no browser may take it for something else.
      return reply.type('text/plain; charset=utf-8').header('x-content-type-options', 'nosniff').send(text);
    },
  );
}

function rulebaseDelete(app: App, { services, rulebases }: Context, url: string): void {
  app.delete(
    url,
    {
      schema: { params: Params },
      config: {
        docs: {
          tag: 'rulebases',
          summary: 'Delete a rulebase',
          description: "Of the tenant's own; a shipped one of the same name is then used again.",
          answers: { 204: { description: 'Deleted.' } },
          errors: ['not_found'],
        },
      },
    },
    async (request, reply) => {
      const { tenant_id, name } = request.params;
      if (await rulebases.delete(tenantOf(services, tenant_id).number, name)) return reply.code(204).send();
      throw new MeniscusError(
        'not_found',
        rulebases.isShipped(name) ? 'a shipped rulebase cannot be deleted' : 'there is no such rulebase',
      );
    },
  );
}

/** Takes text alone. Bytes that are not UTF-8 are refused rather than kept changed; a byte order mark would hide the version line, so it goes. */
function textBodies(app: App): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('text/plain', { parseAs: 'buffer', bodyLimit: limits.requestBodyBytes }, (_request, body, done) => {
    if (body.length > limits.rulebaseBytes) return done(bodyTooLarge(limits.rulebaseBytes), undefined);
    try {
      return done(null, new TextDecoder('utf-8', { fatal: true }).decode(body as Buffer));
    } catch {
      return done(new MeniscusError('bad_request', 'a rulebase must be UTF-8'), undefined);
    }
  });
  app.addContentTypeParser('*', (_request, _payload, done) =>
    done(new MeniscusError('unsupported_media_type', 'send Content-Type: text/plain'), undefined),
  );
}

/** In a scope of its own: the only API route whose body is no JSON. */
function rulebasePut(app: App, { services, rulebases }: Context, url: string): void {
  textBodies(app);
  app.put(
    url,
    {
      schema: { params: Params },
      config: {
        docs: {
          tag: 'rulebases',
          summary: 'Save a rulebase',
          description:
            'Of liblognorm version 1 or 2, without `include=`, `descent` files and `regex` fields. `errors` of a bad one are by line.',
          bodies: { 'text/plain': example },
          answers: { 200: { description: 'Replaced.' }, 201: { description: 'Saved.', headers: { Location: 'Its path.' } } },
          errors: ['bad_rulebase', 'limit_exceeded', 'body_too_large', 'unsupported_media_type', 'too_many_requests'],
        },
      },
    },
    async (request, reply) => {
      const { tenant_id, name } = request.params;
      checkName('the name', name);
      const tenant = tenantOf(services, tenant_id);
      if (!(await rulebases.put(tenant.number, name, typeof request.body === 'string' ? request.body : ''))) return reply.code(200).send();
      return reply
        .code(201)
        .header('location', `/v1/tenant/${encodeURIComponent(tenant_id)}/rulebases/${encodeURIComponent(name)}`)
        .send();
    },
  );
}

/** Refuses lines above the limits. */
function checkLines(lines: readonly string[]): void {
  if (lines.length > limits.rulebaseTestLines) throw new MeniscusError('limit_exceeded', `at most ${limits.rulebaseTestLines} lines`);
  if (lines.some((line) => Buffer.byteLength(line) > limits.rulebaseTestLineBytes))
    throw new MeniscusError('limit_exceeded', `a line may have at most ${limits.rulebaseTestLineBytes} bytes`);
}

/** The text that is to be tested: the one sent, or the one of the name. */
function testedText(context: Context, tenant: number, { rulebase, name }: Static<typeof TestBody>): string {
  if ((rulebase === undefined) === (name === undefined)) throw new MeniscusError('bad_request', 'send either rulebase or name');
  if (rulebase === undefined) return rulebaseOf(context, tenant, name!);
  if (Buffer.byteLength(rulebase) > limits.rulebaseBytes)
    throw new MeniscusError('limit_exceeded', `a rulebase may have at most ${limits.rulebaseBytes} bytes`);
  return rulebase;
}

function rulebaseTest(app: App, context: Context, url: string): void {
  app.post(
    url,
    {
      schema: { params: TenantParams, body: TestBody },
      config: {
        docs: {
          tag: 'rulebases',
          summary: 'What a rulebase makes of lines',
          description: 'Of the rulebase in the body, or of a saved or shipped one by its name. Nothing is stored.',
          bodyExample: { rulebase: example, lines: ['alice logged in from 192.0.2.7'] },
          answers: {
            200: {
              description: 'An object for each line: its fields, or `originalmsg` and `unparsed-data` when no rule matches.',
              schema: Type.Object({
                results: Type.Array(Type.Object({}, { additionalProperties: true })),
                explanations: Type.Optional(Type.Array(ExplanationSchema, { description: 'With `explain`: one for each line.' })),
              }),
              example: { results: [{ ip: '192.0.2.7', user: 'alice', 'event.tags': ['login'] }] },
            },
          },
          errors: ['bad_rulebase', 'limit_exceeded', 'not_found', 'too_many_requests'],
        },
      },
    },
    async (request, reply) => {
      const tenant = tenantOf(context.services, request.params.tenant_id).number;
      const { lines, explain } = request.body;
      checkLines(lines);
      const answer = await context.rulebases.test(tenant, testedText(context, tenant, request.body), lines, explain === true);
      return reply.type('application/json').send(answer);
    },
  );
}
