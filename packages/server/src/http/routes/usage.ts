import { Type } from 'typebox';
import { MeniscusError } from '../../errors.ts';
import type { App } from '../app-types.ts';
import { readParameters, time } from '../parameters/parameter.ts';
import { TenantParams, Time } from '../schemas/common.ts';
import { nowMicros, tenantOf } from '../search-context.ts';
import type { Services } from '../services.ts';

const DAY_MICROS = 86_400e6;

const parameters = {
  from: time((now) => now - DAY_MICROS, 'The begin, inclusive; one day ago when not given.', '-7d'),
  to: time((now) => now + 1, 'The end, exclusive; now when not given.', 'now'),
};

const Hour = Type.Object({
  hour: Time,
  events_in: Type.Integer({ description: 'Events that came: those stored and those rejected.' }),
  bytes_in: Type.Integer({ description: 'Bytes of the events stored, as they came.' }),
  stored: Type.Integer({ description: 'Events accepted, dead letters that were sent again with success among them.' }),
  rejected: Type.Integer({ description: 'Events refused; a body that cannot be parsed is one.' }),
});

export function usageRoutes(app: App, services: Services): void {
  app.get(
    '/v1/tenant/:tenant_id/usage',
    {
      schema: { params: TenantParams },
      config: {
        docs: {
          tag: 'tenants',
          summary: 'What a tenant sent, by hour',
          query: parameters,
          answers: {
            200: {
              description: 'The hours that overlap the range, oldest first; those without events are left out.',
              schema: Type.Object({ usage: Type.Array(Hour) }),
              example: { usage: [{ hour: '2026-11-23T10:00:00.000Z', events_in: 1000, bytes_in: 250_000, stored: 998, rejected: 2 }] },
            },
          },
          errors: ['bad_request'],
        },
      },
    },
    async (request, reply) => {
      const tenant = tenantOf(services, request.params.tenant_id);
      const { from, to } = readParameters(parameters, request, nowMicros());
      if (from >= to) throw new MeniscusError('bad_request', 'from must be before to');
      await services.ingest.stats();
      return reply.send({ usage: services.usage.list(tenant.number, from / 1e3, to / 1e3) });
    },
  );
}
