import type { FastifyReply, FastifyRequest } from 'fastify';
import type { TenantView } from '../../control/tenant.ts';
import { MeniscusError, titleOf } from '../../errors.ts';
import { limits } from '../../limits.ts';
import type { PublishRequest, PublishResult } from '../../pipeline/ingest.ts';
import { Type } from 'typebox';
import type { App } from '../app-types.ts';
import { BodyBudget } from '../body-budget.ts';
import type { PublishRefusals } from '../plugins/metrics.ts';
import { requireMessageToken, tenantOfToken } from '../message-token.ts';
import { PROBLEM_TYPE } from '../problem.ts';
import { BodyReader } from '../read-body.ts';
import { TenantParams } from '../schemas/common.ts';
import type { Services } from '../services.ts';
import { tenantPath } from './tenants.ts';

/** Authenticated before the body is read: strangers cost no memory. */
function senderOf(services: Services, request: FastifyRequest): TenantView {
  const { tenant_id } = request.params as { readonly tenant_id: string };
  const tenant = tenantOfToken(services.control, tenant_id, requireMessageToken(request.headers));
  if (tenant === undefined) throw new MeniscusError('message_not_authenticated');
  return tenant;
}

/** A media type or encodings in lower case, without parameters. */
function mediaTypeOf(contentType: string | undefined): string {
  if (contentType === undefined) return '';
  const end = contentType.indexOf(';');
  return (end < 0 ? contentType : contentType.slice(0, end)).trim().toLowerCase();
}

function publishRequest(request: FastifyRequest, tenant: TenantView, body: Uint8Array): PublishRequest {
  const { 'content-type': contentType, 'content-encoding': contentEncoding = '' } = request.headers;
  return {
    tenant,
    body,
    contentType: mediaTypeOf(contentType),
    contentEncoding: contentEncoding.trim().toLowerCase(),
    remote: request.raw.socket.remoteAddress ?? '',
  };
}

/** The absolute address of a job's status, by the Host that the client used. */
function jobUri(request: FastifyRequest, tenant: TenantView, jobId: string): string {
  const { localAddress = '127.0.0.1', localPort = 80 } = request.raw.socket;
  const host = request.headers.host ?? `${localAddress.includes(':') ? `[${localAddress}]` : localAddress}:${localPort}`;
  return `${request.protocol}://${host}${tenantPath(tenant.id, 'job', jobId, 'status')}`;
}

/** 2013's answers to a lone `log_message`; counts for everything else, as a problem when nothing was accepted. */
function answer(request: FastifyRequest, reply: FastifyReply, tenant: TenantView, result: PublishResult): FastifyReply {
  const { accepted, rejected, errors, logMessage, jobId } = result;
  if (logMessage) {
    if (jobId === undefined) return reply.code(202).send();
    return reply.code(202).send({ job_id: jobId, job_status_uri: jobUri(request, tenant, jobId) });
  }
  if (accepted > 0) return reply.code(202).send({ accepted, rejected, errors });
  const code = 'no_event_accepted';
  const problem = { title: titleOf(code), status: 400, code, accepted, rejected, errors };
  return reply.code(400).type(PROBLEM_TYPE).send(JSON.stringify(problem));
}

async function publish(services: Services, budget: BodyBudget, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const tenant = senderOf(services, request);
  const reader = new BodyReader(request.raw, limits.publishBodyBytes, budget, tenant.number);
  const gone = new AbortController();
  const close = (): void => gone.abort();
  reply.raw.once('close', close);
  try {
    const body = await reader.read();
    const result = await services.ingest.publish(publishRequest(request, tenant, body), gone.signal);
    if (result.jobId !== undefined) await services.jobs?.add(result.jobId, tenant.number, result.jobSinks ?? []);
    return answer(request, reply, tenant, result);
  } finally {
    reply.raw.off('close', close);
    reader.release();
  }
}

const Published = Type.Object({
  accepted: Type.Integer(),
  rejected: Type.Integer(),
  errors: Type.Array(Type.Object({ index: Type.Integer(), code: Type.String(), title: Type.String() }), {
    description: `The first ${limits.publishErrorsListed}.`,
  }),
});
const Job = Type.Object({ job_id: Type.String(), job_status_uri: Type.String() });

const docs = {
  tag: 'publish',
  summary: 'Send events',
  description:
    '2013\'s `{"log_message": {...}}`, any JSON object, an array of them, NDJSON, or text with one event a line; compressed with gzip, deflate, br or zstd if you like. ' +
    'Answered when the accepted events are on disk. A lone log_message is answered without a body, or with a job when its producer is durable.',
  headers: {
    'MESSAGE-TOKEN': { description: 'A message token of the tenant; `Authorization: Bearer` carries it as well.', required: false },
    'Content-Encoding': { description: 'gzip, deflate, br or zstd.', required: false },
  },
  bodies: {
    'application/json': {
      log_message: {
        host: 'web-01',
        pname: 'sshd',
        time: '2026-11-23T10:00:00.123456Z',
        msg: 'Accepted publickey for alice',
        native: { user: 'alice' },
      },
    },
    'application/x-ndjson': '{"msg":"one"}\n{"msg":"two"}\n',
    'text/plain': 'one\ntwo\n',
  },
  answers: {
    202: {
      description: 'At least one event is on disk.',
      schema: Type.Union([Published, Job]),
      example: { accepted: 2, rejected: 0, errors: [] },
    },
  },
  errors: [
    'no_event_accepted',
    'malformed_json',
    'missing_header',
    'bad_request',
    'event_malformed',
    'event_field_type',
    'event_too_deep',
    'message_not_authenticated',
    'body_too_large',
    'event_too_large',
    'unsupported_media_type',
    'too_many_requests',
    'queue_full',
    'shutting_down',
    'unavailable',
  ],
} as const;

/** In a scope of its own: no hooks, and bodies go to the ingest threads as the bytes that came. */
export function publishRoutes(app: App, services: Services, refusals: PublishRefusals): void {
  const budget = new BodyBudget(limits.publishBytesInFlight, limits.publishWaitMs);
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', (_request, _payload, done) => done(null));
  // An empty Content-Type says as much as none, and Fastify would refuse it.
  app.addHook('onRequest', (request, _reply, done) => {
    if (request.headers['content-type']?.trim() === '') delete request.raw.headers['content-type'];
    done();
  });
  app.post('/v1/tenant/:tenant_id/publish', { schema: { params: TenantParams }, config: { docs } }, async (request, reply) => {
    try {
      return await publish(services, budget, request, reply);
    } catch (error) {
      refusals.add(error instanceof MeniscusError ? error.code : 'internal');
      throw error;
    }
  });
}
