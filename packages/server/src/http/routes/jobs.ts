import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import type { TenantView } from '../../control/tenant.ts';
import { MeniscusError } from '../../errors.ts';
import type { App } from '../app-types.ts';
import { messageTokenOf, tenantOfToken } from '../message-token.ts';
import { authenticateKey, authorize } from '../plugins/auth.ts';
import { tenantParams } from '../schemas/common.ts';
import { tenantOf } from '../search-context.ts';
import type { Services } from '../services.ts';
import { eventSearch, runSearch, type SearchDeps } from './search.ts';

/** A client of 2013 has a message token only; others ask with an API key. */
function tenantFor(services: Services, request: FastifyRequest, tenantId: string): TenantView {
  const token = messageTokenOf(request.headers);
  if (token !== undefined && !token.startsWith('msk_')) {
    const tenant = tenantOfToken(services.control, tenantId, token);
    if (tenant === undefined) throw new MeniscusError('message_not_authenticated');
    return tenant;
  }
  request.principal = authenticateKey(services, request);
  authorize(request.principal, 'reader', tenantId);
  return tenantOf(services, tenantId);
}

export function jobRoutes(app: App, deps: SearchDeps): void {
  const { services } = deps;
  app.get(
    '/v1/tenant/:tenant_id/job/:job_id/status',
    {
      schema: { params: tenantParams('job_id', 'What publish answered.') },
      config: {
        docs: {
          tag: 'publish',
          summary: "The state of a durable producer's event",
          description:
            'With an API key, or with a message token as publish takes it. Of an event with other sinks than the store it can be asked for a week. A failed one is a dead letter.',
          headers: { 'MESSAGE-TOKEN': { description: 'A message token of the tenant, instead of an API key.', required: false } },
          answers: {
            200: {
              description: 'The state, over all and by sink.',
              schema: Type.Object({
                status: Type.String({ enum: ['stored', 'pending', 'failed'] }),
                sinks: Type.Record(Type.String(), Type.String()),
              }),
              example: { status: 'pending', sinks: { store: 'stored', elasticsearch: 'pending' } },
            },
          },
          errors: [
            'not_authenticated',
            'message_not_authenticated',
            'job_not_found',
            'tenant_not_found',
            'too_many_requests',
            'unavailable',
            'cancelled',
          ],
        },
      },
    },
    async (request, reply) => {
      const tenant = tenantFor(services, request, request.params.tenant_id);
      const known = await services.jobs?.status(request.params.job_id.toLowerCase(), tenant.number);
      if (known !== undefined) return known;
      try {
        await runSearch(deps, request, reply, eventSearch(services, tenant, request.params.job_id), '');
      } catch (error) {
        if (error instanceof MeniscusError && error.code === 'event_not_found') throw new MeniscusError('job_not_found');
        throw error;
      }
      return { status: 'stored', sinks: { store: 'stored' } };
    },
  );
}
