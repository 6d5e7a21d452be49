import { Readable } from 'node:stream';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { MeniscusError } from '../../errors.ts';
import type { ExportRequest } from '../../search/search.ts';
import type { App } from '../app-types.ts';
import { parametersSchema, readParameters } from '../parameters/parameter.ts';
import { exportParameters } from '../parameters/search-parameters.ts';
import { TenantParams } from '../schemas/common.ts';
import { nowMicros, scopeOf, startSearch, tenantOf, type SearchRun } from '../search-context.ts';
import type { Services } from '../services.ts';
import { searchErrors, type SearchDeps } from './search.ts';

const MEDIA_TYPE = {
  ndjson: 'application/x-ndjson',
  csv: 'text/csv; charset=utf-8',
  raw: 'text/plain; charset=utf-8',
  parquet: 'application/vnd.apache.parquet',
} as const;
const EXTENSION = { ndjson: 'ndjson', csv: 'csv', raw: 'txt', parquet: 'parquet' } as const;

/** The request's search. It has no deadline: nothing but the client, or the loss of its key, cuts it off. */
function exportRequest(services: Services, request: FastifyRequest): { search: ExportRequest; query: string } {
  const now = nowMicros();
  const tenant = tenantOf(services, (request.params as { readonly tenant_id: string }).tenant_id);
  const values = readParameters(exportParameters, request, now);
  const scope = { ...scopeOf(services, tenant, values, now), deadlineMs: Number.POSITIVE_INFINITY };
  const fields = values.fields === undefined ? {} : { fields: values.fields };
  return { search: { kind: 'export', ...scope, format: values.format, ...fields }, query: values.q };
}

/** The pieces, the first of which was waited for; whatever way it ends, the search is over. */
async function* pieces(first: IteratorResult<Uint8Array>, rest: AsyncIterator<Uint8Array>, run: SearchRun): AsyncGenerator<Uint8Array> {
  try {
    for (let next = first; next.done !== true; next = await rest.next()) yield next.value;
  } finally {
    run.end();
    await rest.return?.();
  }
}

/** Ends an open answer when its key is revoked: the connection breaks, so that nobody takes a part for the whole. */
export function endWithKey(services: Services, request: FastifyRequest, reply: FastifyReply): void {
  const { principal } = request;
  if (principal === null || principal.keyId === '') return;
  const off = services.control.keys.onRevoked(principal.keyId, () => reply.raw.destroy());
  reply.raw.once('close', off);
}

async function answerExport({ services, running }: SearchDeps, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const { search, query } = exportRequest(services, request);
  void reply.type(MEDIA_TYPE[search.format]).header('content-disposition', `attachment; filename="events.${EXTENSION[search.format]}"`);
  if (request.method === 'HEAD') return reply.send();
  const run = startSearch(running, request, reply, { tenant: search.tenant.number, kind: 'export', query });
  try {
    const rest = services.search.export(search, run.signal)[Symbol.asyncIterator]();
    const first = await rest.next();
    endWithKey(services, request, reply);
    return await reply.send(Readable.from(pieces(first, rest, run), { objectMode: false, highWaterMark: 1 }));
  } catch (error) {
    run.end();
    void reply.removeHeader('content-disposition');
    throw run.signal.aborted ? (run.signal.reason as MeniscusError) : error;
  }
}

export function exportRoutes(app: App, deps: SearchDeps): void {
  const url = '/v1/tenant/:tenant_id/export';
  const docs = {
    tag: 'search',
    summary: 'Everything that matches, oldest first, as a stream',
    description: 'Never cut silently: when something ends it early the connection breaks.',
    answers: {
      200: {
        description: 'The events.',
        types: {
          'application/x-ndjson': '{"id":"019a0b5e-1f2a-7c3d-8e4f-5a6b7c8d9e0f","time":"2026-11-23T10:00:00.123456Z","msg":"..."}\n',
          'text/csv': 'id,time,msg\n019a0b5e-1f2a-7c3d-8e4f-5a6b7c8d9e0f,2026-11-23T10:00:00.123456Z,...\n',
          'text/plain': 'Accepted publickey for alice\n',
          'application/vnd.apache.parquet': 'PAR1...',
        },
      },
    },
    errors: searchErrors,
  } as const;
  app.get(url, { schema: { params: TenantParams }, config: { docs: { ...docs, query: exportParameters } } }, (request, reply) =>
    answerExport(deps, request, reply),
  );
  app.post(
    url,
    {
      schema: { params: TenantParams, body: parametersSchema(exportParameters) },
      validatorCompiler: () => () => true,
      config: { bodyOptional: true, docs: { ...docs, bodyExample: { q: 'sshd', format: 'csv', fields: ['time', 'host', 'msg'] } } },
    },
    (request, reply) => answerExport(deps, request, reply),
  );
}
