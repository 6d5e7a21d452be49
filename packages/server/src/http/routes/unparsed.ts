import { Type, type Static } from 'typebox';
import { MeniscusError } from '../../errors.ts';
import { formatTime } from '../../event/event.ts';
import { limits } from '../../limits.ts';
import type { App } from '../app-types.ts';
import { tenantParams, Time } from '../schemas/common.ts';
import type { Services } from '../services.ts';
import { recordOf } from './tenants.ts';

const Params = tenantParams('producer_id', 'The number that its creation answered, or `default` for events of no producer.');
/** The pattern of the default producer, and its name in paths. */
const DEFAULT = 'default';

const Unparsed = Type.Object({
  pattern: Type.String(),
  rulebase: Type.Union([Type.String({ enum: ['own', 'shipped'] }), Type.Null()], {
    description: 'Whose rulebase the pattern names; null when there is none of the name.',
  }),
  matched: Type.Integer({ description: 'Events that a rule matched.' }),
  unparsed: Type.Integer({ description: 'Events that no rule matched.' }),
  limited: Type.Integer({ description: 'Of `unparsed`: stopped by the work limit, or the result was too large.' }),
  skipped: Type.Integer({ description: "Events that were not tried: too long, or the tenant's rulebases cost too much." }),
  samples: Type.Array(Type.Object({ time: Time, msg: Type.String() }), {
    description: `The newest unparsed messages, at most ${limits.unparsedSamples}, newest first, each cut at ${limits.unparsedSampleBytes} bytes. \`time\` is when they were received.`,
  }),
});

const example: Static<typeof Unparsed> = {
  pattern: 'apache',
  rulebase: 'shipped',
  matched: 1_204,
  unparsed: 1,
  limited: 0,
  skipped: 0,
  samples: [{ time: '2026-11-23T10:00:00.123456Z', msg: 'caught SIGTERM, shutting down' }],
};

/** Number and pattern of the producer that a path names. */
function producerOf(services: Services, tenant: string, id: string): { readonly id: number | null; readonly pattern: string } {
  const { event_producers } = recordOf(services, tenant);
  if (id === DEFAULT) return { id: null, pattern: DEFAULT };
  const producer = event_producers.find((one) => String(one.id) === id);
  if (producer === undefined) throw new MeniscusError('producer_not_found');
  return producer;
}

function ownerOf({ rulebases }: Services, tenant: number, pattern: string): 'own' | 'shipped' | null {
  const info = rulebases?.list(tenant).find(({ name }) => name === pattern);
  if (info === undefined) return null;
  return info.shipped ? 'shipped' : 'own';
}

export function unparsedRoute(app: App, services: Services, url: string): void {
  app.get(
    url,
    {
      schema: { params: Params },
      config: {
        docs: {
          tag: 'producers',
          summary: 'What the rulebase of an event producer makes of its events',
          description:
            'Since the rulebase was changed, or the service started. An event that no rule matches is stored as it is, without `normalized`: `NOT normalized:*` finds it.',
          answers: { 200: { description: 'Counts, and the newest messages that no rule matched.', schema: Unparsed, example } },
          errors: ['producer_not_found'],
        },
      },
    },
    async (request, reply) => {
      const { tenant_id, producer_id } = request.params;
      const { id, pattern } = producerOf(services, tenant_id, producer_id);
      const { number } = services.control.tenants.view(tenant_id)!;
      const report = await services.ingest.unparsed(number, id, pattern);
      const samples = report.samples.map(({ time, msg }) => ({ time: formatTime(time), msg }));
      return reply.send({ pattern, rulebase: ownerOf(services, number, pattern), ...report, samples });
    },
  );
}
