import type { FastifyReply, FastifyRequest } from 'fastify';
import { parseEventId } from '../../event/event-id.ts';
import { MeniscusError } from '../../errors.ts';
import type { Tail, TailRequest, TailStart } from '../../search/tail.ts';
import type { App } from '../app-types.ts';
import { readParameters } from '../parameters/parameter.ts';
import { tailParameters } from '../parameters/search-parameters.ts';
import { TenantParams } from '../schemas/common.ts';
import { exampleEvent } from '../schemas/search.ts';
import { nowMicros, parseQuery, retainedFrom, startSearch, tenantOf } from '../search-context.ts';
import { TailMetrics } from '../tail-metrics.ts';
import { TailStream } from '../tail-stream.ts';
import { endWithKey } from './export.ts';
import { searchErrors, type SearchDeps } from './search.ts';

export interface TailDeps extends SearchDeps {
  readonly tail: Tail;
}

const HEAD = {
  'content-type': 'text/event-stream',
  'cache-control': 'no-store',
  // Proxies that collect answers before they pass them on are asked not to (nginx).
  'x-accel-buffering': 'no',
} as const;

/** The header is what a browser sends when it comes back: newer than what stands in the address. */
function startOf(header: string | undefined, parameter: string | undefined, from: number | undefined): TailStart {
  const id = header || parameter;
  if (id !== undefined) {
    if (parseEventId(id) === undefined) throw new MeniscusError('bad_request', 'Last-Event-ID must be the id of an event');
    return { kind: 'after', id };
  }
  return from === undefined ? { kind: 'now' } : { kind: 'received', from };
}

function tailRequest({ services }: TailDeps, request: FastifyRequest): TailRequest {
  const now = nowMicros();
  const tenant = tenantOf(services, (request.params as { readonly tenant_id: string }).tenant_id);
  const { q, from, fields, last_event_id } = readParameters(tailParameters, request, now);
  const header = request.headers['last-event-id'];
  return {
    tenant: { number: tenant.number, id: tenant.id, receivedFrom: retainedFrom(tenant, now) },
    query: parseQuery(q, now),
    text: q,
    ...(fields === undefined ? {} : { fields }),
    start: startOf(Array.isArray(header) ? header[0] : header, last_event_id, from),
  };
}

/** Answers once the tail has begun, and leaves the connection open. Rejects with why it cannot begin. */
async function answerTail(deps: TailDeps, metrics: TailMetrics, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const wanted = tailRequest(deps, request);
  if (request.method === 'HEAD') return reply.headers(HEAD).send();
  const run = startSearch(deps.running, request, reply, { tenant: wanted.tenant.number, kind: 'tail', query: wanted.text });
  const begun = Promise.withResolvers<void>();
  const { raw } = reply;
  const stream = new TailStream(
    raw,
    metrics,
    () => deps.tail.tails,
    () => {
      reply.hijack();
      raw.writeHead(200, HEAD);
      endWithKey(deps.services, request, reply);
      begun.resolve();
    },
    (error) => {
      begun.reject(error);
      end();
    },
  );
  let leave = (): void => {};
  /** Idempotent. What was begun ends without a word: a client comes back and is told why. */
  const end = (): void => {
    leave();
    stream.close();
    run.end();
    if (reply.sent) raw.end();
  };
  run.signal.addEventListener('abort', () => {
    begun.reject(run.signal.reason);
    end();
  });
  try {
    leave = deps.tail.tail(wanted, stream);
    await begun.promise;
  } catch (error) {
    end();
    throw error;
  }
  return reply;
}

export function tailRoutes(app: App, deps: TailDeps): void {
  const metrics = new TailMetrics(deps.services.telemetry.registry);
  app.get(
    '/v1/tenant/:tenant_id/tail',
    {
      schema: { params: TenantParams },
      config: {
        docs: {
          tag: 'search',
          summary: 'Events as they come, as server-sent events',
          description:
            'Events in the order of their receipt: `event: log`, the id of the event as `id`, the event as `data`. `event: status` every two seconds, ' +
            'and whenever events were lost, with `rate` (matching events a second) and `dropped` (events that this connection lost since it began, ' +
            'because it takes them too slowly). With `Last-Event-ID` a tail goes on behind that event, as far back as events are kept.',
          answers: {
            200: {
              description: 'The stream; it ends only with the connection, the key or the service.',
              types: {
                'text/event-stream': `event: log\nid: ${exampleEvent.id}\ndata: ${JSON.stringify(exampleEvent)}\n\nevent: status\ndata: {"rate":1,"dropped":0}\n\n`,
              },
            },
          },
          errors: searchErrors,
          query: tailParameters,
          headers: { 'last-event-id': { description: 'Goes on behind the event with this id; counts more than `from`.', required: false } },
        },
      },
    },
    async (request, reply) => answerTail(deps, metrics, request, reply),
  );
}
