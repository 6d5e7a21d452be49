import { Type, type Static } from 'typebox';
import type { NewProducer as NewProducerRecord } from '../../control/control.ts';
import { MeniscusError } from '../../errors.ts';
import type { App } from '../app-types.ts';
import { TenantParams, tenantParams } from '../schemas/common.ts';
import { exampleProducer, NewProducer, Producer, type ProducerBody } from '../schemas/tenant.ts';
import type { Services } from '../services.ts';
import { recordOf, tenantPath } from './tenants.ts';
import { unparsedRoute } from './unparsed.ts';

const ProducerParams = tenantParams('producer_id', 'The number that its creation answered.');
const bodyExample = { event_producer: { name: 'apache', pattern: 'apache', durable: true, sinks: ['store'] } };

/** A path's number. Anything else names no producer (2013 failed with 500). */
function idOf(text: string): number {
  if (!/^[1-9]\d{0,14}$/.test(text)) throw new MeniscusError('producer_not_found');
  return Number(text);
}

/** What the control takes of a body: without 2013's ignored id. */
function producerOf({ name, pattern, durable, encrypted, sinks }: Static<typeof ProducerBody>): NewProducerRecord {
  return {
    name,
    pattern,
    ...(durable === undefined ? {} : { durable }),
    ...(encrypted === undefined ? {} : { encrypted }),
    ...(sinks === undefined ? {} : { sinks }),
  };
}

export function producerRoutes(app: App, services: Services): void {
  const url = '/v1/tenant/:tenant_id/producers';
  app.get(
    url,
    {
      schema: { params: TenantParams },
      config: {
        docs: {
          tag: 'producers',
          summary: "A tenant's event producers",
          answers: {
            200: {
              description: 'The producers.',
              schema: Type.Object({ event_producers: Type.Array(Producer) }),
              example: { event_producers: [exampleProducer] },
            },
          },
        },
      },
    },
    (request) => ({ event_producers: recordOf(services, request.params.tenant_id).event_producers }),
  );

  app.post(
    url,
    {
      schema: { params: TenantParams, body: NewProducer },
      config: {
        docs: {
          tag: 'producers',
          summary: 'Add an event producer',
          bodyExample,
          answers: { 201: { description: 'Created.', headers: { Location: 'The path of the producer.' } } },
          errors: ['producer_exists', 'unknown_sink', 'conflict'],
        },
      },
    },
    async (request, reply) => {
      const { tenant_id } = request.params;
      const { id } = await services.control.tenants.addProducer(tenant_id, producerOf(request.body.event_producer));
      return reply
        .code(201)
        .header('location', tenantPath(tenant_id, 'producers', id))
        .send();
    },
  );

  producerItemRoutes(app, services, `${url}/:producer_id`);
  unparsedRoute(app, services, `${url}/:producer_id/unparsed`);
}

function producerItemRoutes(app: App, services: Services, url: string): void {
  const { tenants } = services.control;
  app.get(
    url,
    {
      schema: { params: ProducerParams },
      config: {
        docs: {
          tag: 'producers',
          summary: 'An event producer',
          answers: {
            200: {
              description: 'The producer.',
              schema: Type.Object({ event_producer: Producer }),
              example: { event_producer: exampleProducer },
            },
          },
          errors: ['producer_not_found'],
        },
      },
    },
    (request) => {
      const tenant = recordOf(services, request.params.tenant_id);
      const id = idOf(request.params.producer_id);
      const producer = tenant.event_producers.find((one) => one.id === id);
      if (producer === undefined) throw new MeniscusError('producer_not_found');
      return { event_producer: producer };
    },
  );

  app.put(
    url,
    {
      schema: { params: ProducerParams, body: NewProducer },
      config: {
        docs: {
          tag: 'producers',
          summary: 'Change an event producer',
          description: 'Optional members that are not given keep their value.',
          bodyExample,
          answers: { 200: { description: 'Changed.' } },
          errors: ['producer_not_found', 'producer_exists', 'unknown_sink', 'conflict'],
        },
      },
    },
    async (request, reply) => {
      const { tenant_id } = recordOf(services, request.params.tenant_id);
      await tenants.updateProducer(tenant_id, idOf(request.params.producer_id), producerOf(request.body.event_producer));
      return reply.code(200).send();
    },
  );

  app.delete(
    url,
    {
      schema: { params: ProducerParams },
      config: {
        docs: {
          tag: 'producers',
          summary: 'Remove an event producer',
          answers: { 200: { description: 'Removed.' } },
          errors: ['producer_not_found', 'conflict'],
        },
      },
    },
    async (request, reply) => {
      const { tenant_id } = recordOf(services, request.params.tenant_id);
      await tenants.removeProducer(tenant_id, idOf(request.params.producer_id));
      return reply.code(200).send();
    },
  );
}
