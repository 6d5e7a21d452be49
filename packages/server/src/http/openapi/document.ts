import type { TSchema } from 'typebox';
import { statusOf, titleOf, type ErrorCode } from '../../errors.ts';
import type { Access } from '../access.ts';
import { PROBLEM_TYPE } from '../problem.ts';
import { ProblemSchema } from '../schemas/common.ts';
import type { Answer, RouteDocs } from './route-docs.ts';

/** A route as the document needs it. */
export interface DocumentedRoute {
  readonly method: string;
  /** With `:name` parameters. */
  readonly url: string;
  readonly access: Access;
  readonly docs: RouteDocs;
  readonly params?: TSchema | undefined;
  readonly body?: TSchema | undefined;
  readonly bodyOptional?: boolean | undefined;
}

const JSON_TYPE = 'application/json';
const PROBLEM_REF = { $ref: '#/components/schemas/Problem' };

function pathOf(url: string): string {
  return url.replace(/:(\w+)/g, '{$1}');
}

/** What every route of a kind may answer besides its own codes. */
function codesOf({ access, docs, url, params, body }: DocumentedRoute): ErrorCode[] {
  const codes: ErrorCode[] = [...(docs.errors ?? []), 'internal', 'shutting_down'];
  if (access !== 'open') codes.push('not_authenticated', 'forbidden');
  if (access !== 'open' && url.includes(':tenant_id')) codes.push('tenant_not_found');
  if (params !== undefined) codes.push('bad_request');
  if (body !== undefined) codes.push('bad_request', 'malformed_json', 'body_too_large', 'unsupported_media_type');
  return [...new Set(codes)];
}

function problemAnswers(codes: readonly ErrorCode[], method: string): Record<string, unknown> {
  const byStatus = new Map<number, ErrorCode[]>();
  for (const code of codes) byStatus.set(statusOf(code), [...(byStatus.get(statusOf(code)) ?? []), code]);
  return Object.fromEntries(
    Array.from(byStatus, ([status, of]) => {
      const examples = Object.fromEntries(of.map((code) => [code, { value: { title: titleOf(code, '...', '...'), status, code } }]));
      const content = { [PROBLEM_TYPE]: { schema: PROBLEM_REF, examples } };
      return [status, { description: of.join(', '), ...(method === 'HEAD' ? {} : { content }) }];
    }),
  );
}

function answerOf({ description, schema, example, types, headers }: Answer): unknown {
  const content =
    schema === undefined
      ? Object.entries(types ?? {}).map(([type, value]) => [type, { schema: { type: 'string' }, example: value }])
      : [[JSON_TYPE, { schema, ...(example === undefined ? {} : { example }) }]];
  const described = Object.entries(headers ?? {}).map(([name, what]) => [name, { description: what, schema: { type: 'string' } }]);
  return {
    description,
    ...(content.length === 0 ? {} : { content: Object.fromEntries(content) as unknown }),
    ...(described.length === 0 ? {} : { headers: Object.fromEntries(described) as unknown }),
  };
}

function parametersOf({ params, docs }: DocumentedRoute): unknown[] {
  const path = Object.entries((params as { properties?: Record<string, TSchema> } | undefined)?.properties ?? {});
  return [
    ...path.map(([name, schema]) => ({ name, in: 'path', required: true, schema })),
    ...Object.entries(docs.query ?? {}).map(([name, { schema, required = false }]) => ({ name, in: 'query', required, schema })),
    ...Object.entries(docs.headers ?? {}).map(([name, { description, required }]) => ({
      name,
      in: 'header',
      required,
      description,
      schema: { type: 'string' },
    })),
  ];
}

function bodyOf({ body, bodyOptional, docs }: DocumentedRoute): unknown {
  if (docs.bodies !== undefined) {
    const content = Object.entries(docs.bodies).map(([type, example]) => [
      type,
      { schema: typeof example === 'string' ? { type: 'string' } : {}, example },
    ]);
    return { required: true, content: Object.fromEntries(content) as unknown };
  }
  if (body === undefined) return undefined;
  const { bodyExample: example } = docs;
  return { required: bodyOptional !== true, content: { [JSON_TYPE]: { schema: body, ...(example === undefined ? {} : { example }) } } };
}

/** `GET /v1/tenant/:tenant_id/events` is `getTenantEvents`. */
function operationId(method: string, url: string): string {
  const words = url.split('/').flatMap((segment) => (segment === 'v1' ? [] : segment.replace(/^:(.+)$/, 'by_$1').split(/[^a-z0-9]+/i)));
  const named = words.filter((word) => word !== '').map((word) => word[0]!.toUpperCase() + word.slice(1));
  return method.toLowerCase() + (named.length === 0 ? 'Root' : named.join(''));
}

function operationOf(route: DocumentedRoute): unknown {
  const { method, url, access, docs } = route;
  const { tag, summary, description, answers } = docs;
  const parameters = parametersOf(route);
  const requestBody = bodyOf(route);
  return {
    operationId: operationId(method, url),
    tags: [tag],
    summary,
    description: [description, `Access: ${access}.`].filter((part) => part !== undefined).join(' '),
    ...(parameters.length === 0 ? {} : { parameters }),
    ...(requestBody === undefined ? {} : { requestBody }),
    responses: {
      ...problemAnswers(codesOf(route), method),
      ...Object.fromEntries(Object.entries(answers).map(([status, answer]) => [status, answerOf(answer)])),
    },
    security: access === 'open' ? [] : [{ apiKey: [] }],
  };
}

/** The OpenAPI 3.1 document of the routes. */
export function openApiDocument(routes: readonly DocumentedRoute[], version: string): object {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const route of routes) (paths[pathOf(route.url)] ??= {})[route.method.toLowerCase()] = operationOf(route);
  return {
    openapi: '3.1.0',
    info: {
      title: 'Meniscus',
      version,
      description: 'Logging as a service for many tenants.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/' }],
    paths,
    components: {
      schemas: { Problem: ProblemSchema },
      securitySchemes: {
        apiKey: { type: 'http', scheme: 'bearer', description: 'An API key (msk_...).' },
        messageToken: { type: 'apiKey', in: 'header', name: 'MESSAGE-TOKEN', description: 'A message token of the tenant.' },
      },
    },
  };
}
