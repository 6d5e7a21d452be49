import type { FastifyReply, FastifyRequest } from 'fastify';
import { MeniscusError, type ErrorCode } from '../../errors.ts';
import { limits } from '../../limits.ts';
import type { SearchRequest, SearchScope } from '../../search/search.ts';
import type { App } from '../app-types.ts';
import type { Answer } from '../openapi/route-docs.ts';
import { parametersSchema, rangeText, readParameters, type Parameters, type Values } from '../parameters/parameter.ts';
import * as take from '../parameters/search-parameters.ts';
import type { RunningSearches } from '../running-searches.ts';
import * as schema from '../schemas/search.ts';
import { TenantParams, tenantParams } from '../schemas/common.ts';
import { nowMicros, scopeOf, startSearch, tenantOf } from '../search-context.ts';
import type { Services } from '../services.ts';

/** Codes that every search may answer. */
export const searchErrors: readonly ErrorCode[] = [
  'query_syntax',
  'limit_exceeded',
  'bad_request',
  'too_many_requests',
  'unavailable',
  'cancelled',
];

const EVENT_ID = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i;

/** An event's id in a path; what is none is an event that is not there. */
export function eventIdOf(id: string): string {
  if (!EVENT_ID.test(id)) throw new MeniscusError('event_not_found');
  return id.toLowerCase();
}

export interface SearchDeps {
  readonly services: Services;
  readonly running: RunningSearches;
}

interface SearchRoute<P extends Parameters> {
  /** After the tenant's path. */
  readonly path: string;
  readonly summary: string;
  readonly parameters: P;
  readonly answer: Answer;
  readonly errors?: readonly ErrorCode[];
  /** `now` in microseconds. */
  build(values: Values<P>, scope: SearchScope, request: FastifyRequest, now: number): SearchRequest;
}

type RangeValues = { readonly q: string; readonly from: number; readonly to: number };

/** Runs one search and answers the back end's JSON as it is. */
export async function runSearch(
  { services, running }: SearchDeps,
  request: FastifyRequest,
  reply: FastifyReply,
  search: SearchRequest,
  query: string,
): Promise<string> {
  const run = startSearch(running, request, reply, { tenant: search.tenant.number, kind: search.kind, query });
  try {
    return await services.search.search(search, run.signal);
  } catch (error) {
    // Back ends reject with errors of their own when the signal ends them.
    throw run.signal.aborted ? run.signal.reason : error;
  } finally {
    run.end();
  }
}

/** A body with the query, the range and whatever must be given. */
function exampleOf(parameters: Parameters): object {
  const given = Object.entries(parameters).filter(([name, { required }]) => required === true || name === 'q' || name === 'from');
  return Object.fromEntries(given.map(([name, { schema }]) => [name, (schema as { examples?: unknown[] }).examples?.[0]]));
}

/** GET with a query string, and POST with the same parameters as a JSON body. */
function searchRoute<P extends Parameters>(app: App, deps: SearchDeps, route: SearchRoute<P>): void {
  const { parameters, summary, answer, errors = [] } = route;
  const handler = async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    const now = nowMicros();
    const tenant = tenantOf(deps.services, (request.params as { readonly tenant_id: string }).tenant_id);
    const values = readParameters(parameters, request, now);
    const range = values as unknown as RangeValues;
    const asked = { ...range, range: rangeText(parameters, request) };
    const search = route.build(values, scopeOf(deps.services, tenant, asked, now), request, now);
    const json = await runSearch(deps, request, reply, search, range.q);
    return reply.type('application/json').send(json);
  };
  const url = `/v1/tenant/:tenant_id/${route.path}`;
  const params = route.path.includes(':event_id') ? tenantParams('event_id', 'The id of an event.') : TenantParams;
  const docs = { tag: 'search', summary, answers: { 200: answer }, errors: [...searchErrors, ...errors] } as const;
  app.get(url, { schema: { params }, config: { docs: { ...docs, query: parameters } } }, handler);
  app.post(
    url,
    {
      schema: { params, body: parametersSchema(parameters) },
      validatorCompiler: () => () => true,
      config: { bodyOptional: true, docs: { ...docs, bodyExample: exampleOf(parameters) } },
    },
    handler,
  );
}

/** How many buckets an interval makes of a range; the end of an open one is now. One from 1970 is everything: the back end knows where that begins. */
function checkBuckets(interval: number | undefined, { from, to }: SearchScope, now: number): void {
  if (interval === undefined || from <= 0) return;
  const buckets = (Math.min(to, Math.max(now, from)) - from) / 1e3 / interval;
  if (buckets <= limits.histogramBuckets) return;
  throw new MeniscusError(
    'limit_exceeded',
    `interval makes ${Math.ceil(buckets)} buckets of this range; there may be at most ${limits.histogramBuckets}`,
  );
}

/** Leaves out what is undefined. */
function present<T extends object>(object: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]: Exclude<T[K], undefined>;
  };
}

export function searchRoutes(app: App, deps: SearchDeps): void {
  searchRoute(app, deps, {
    path: 'events',
    summary: 'Events that match, a page at a time',
    parameters: take.eventsParameters,
    answer: {
      description: 'A page of events; `next` is the cursor of the following one.',
      schema: schema.EventsAnswer,
      example: schema.examples.events,
    },
    errors: ['bad_cursor'],
    build: ({ limit, order, cursor, fields }, scope) =>
      ({ kind: 'events', ...scope, limit, order, ...present({ cursor, fields }) }) as SearchRequest,
  });
  searchRoute(app, deps, {
    path: 'events/:event_id/context',
    summary: 'Neighbours of an event, from the same origin',
    parameters: take.contextParameters,
    answer: { description: 'Each side oldest first.', schema: schema.ContextAnswer, example: schema.examples.context },
    errors: ['event_not_found'],
    build: ({ before, after, by }, scope, request) => {
      const id = eventIdOf((request.params as { readonly event_id: string }).event_id);
      return { kind: 'context', ...scope, id, before, after, by };
    },
  });
  searchRoute(app, deps, {
    path: 'count',
    summary: 'How many events match',
    parameters: take.countParameters,
    answer: { description: 'The number.', schema: schema.CountAnswer, example: schema.examples.count },
    build: (_values, scope) => ({ kind: 'count', ...scope }),
  });
  searchRoute(app, deps, {
    path: 'histogram',
    summary: 'Events that match, by time',
    parameters: take.histogramParameters,
    answer: {
      description: 'Every bucket of the range, empty ones too.',
      schema: schema.HistogramAnswer,
      example: schema.examples.histogram,
    },
    build: ({ buckets, interval, by }, scope, _request, now) => {
      if (buckets !== undefined && interval !== undefined) throw new MeniscusError('bad_request', 'give buckets or interval, not both');
      checkBuckets(interval, scope, now);
      const size = interval === undefined ? { buckets: buckets ?? 60 } : { intervalMs: interval };
      return { kind: 'histogram', ...scope, ...size, ...present({ by }) } as SearchRequest;
    },
  });
  aggregateRoutes(app, deps);
  eventRoute(app, deps);
}

function aggregateRoutes(app: App, deps: SearchDeps): void {
  searchRoute(app, deps, {
    path: 'facets',
    summary: 'The most frequent values of fields',
    parameters: take.facetsParameters,
    answer: { description: 'Values by field.', schema: schema.FacetsAnswer, example: schema.examples.facets },
    build: ({ fields, limit }, scope) => ({ kind: 'facets', ...scope, fields, limit }),
  });
  searchRoute(app, deps, {
    path: 'fields',
    summary: 'The fields seen in the range',
    parameters: take.fieldsParameters,
    answer: { description: 'The fields.', schema: schema.FieldsAnswer, example: schema.examples.fields },
    build: (_values, scope) => ({ kind: 'fields', ...scope }),
  });
  searchRoute(app, deps, {
    path: 'values',
    summary: 'Values of a field that begin with a prefix, for completion',
    parameters: take.valuesParameters,
    answer: { description: 'The values.', schema: schema.ValuesAnswer, example: schema.examples.values },
    build: ({ field, prefix, limit }, scope) => ({ kind: 'values', ...scope, field, prefix, limit }),
  });
  searchRoute(app, deps, {
    path: 'stats',
    summary: 'Metrics of groups of events',
    parameters: take.statsParameters,
    answer: {
      description: 'The groups with most events, each with its metrics by name, like `sum(bytes)`; `other` is all the rest.',
      schema: schema.StatsAnswer,
      example: schema.examples.stats,
    },
    build: ({ by, metrics, interval, limit }, scope, _request, now) => {
      checkBuckets(interval, scope, now);
      return { kind: 'stats', ...scope, by, metrics, limit, ...present({ intervalMs: interval }) } as SearchRequest;
    },
  });
}

function eventRoute(app: App, deps: SearchDeps): void {
  app.get(
    '/v1/tenant/:tenant_id/events/:event_id',
    {
      schema: { params: tenantParams('event_id', 'The id of an event.') },
      config: {
        docs: {
          tag: 'search',
          summary: 'An event',
          answers: { 200: { description: 'The event.', schema: schema.EventAnswer, example: schema.examples.event } },
          errors: ['event_not_found', 'bad_request', 'too_many_requests', 'unavailable', 'cancelled'],
        },
      },
    },
    async (request, reply) => {
      const tenant = tenantOf(deps.services, request.params.tenant_id);
      readParameters({}, request, 0);
      const json = await runSearch(deps, request, reply, eventSearch(deps.services, tenant, request.params.event_id), '');
      return reply.type('application/json').send(json);
    },
  );

  app.get(
    '/v1/tenant/:tenant_id/searches',
    {
      schema: { params: TenantParams },
      config: {
        docs: {
          tag: 'search',
          summary: 'Searches of the tenant that run now',
          answers: {
            200: { description: 'The searches, exports among them.', schema: schema.SearchesAnswer, example: schema.examples.searches },
          },
        },
      },
    },
    (request) => ({ searches: deps.running.list(tenantOf(deps.services, request.params.tenant_id).number) }),
  );

  app.delete(
    '/v1/tenant/:tenant_id/searches/:search_id',
    {
      schema: { params: tenantParams('search_id', 'The id that the list shows.') },
      config: {
        docs: { tag: 'search', summary: 'End a running search', answers: { 204: { description: 'Ended.' } }, errors: ['not_found'] },
      },
    },
    (request, reply) => {
      const { number } = tenantOf(deps.services, request.params.tenant_id);
      const { principal } = request;
      deps.running.cancel(number, request.params.search_id, principal?.role === 'reader' ? principal.keyId : undefined);
      return reply.code(204).send();
    },
  );
}

/** The search for one event by its id, whenever it was. Throws event_not_found when the id cannot be one. */
export function eventSearch(services: Services, tenant: ReturnType<typeof tenantOf>, id: string): SearchRequest {
  const scope = scopeOf(services, tenant, { q: '', from: 0, to: Number.POSITIVE_INFINITY }, nowMicros());
  return { kind: 'event', ...scope, id: eventIdOf(id) };
}
