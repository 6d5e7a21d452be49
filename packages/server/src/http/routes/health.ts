import { Type } from 'typebox';
import { MeniscusError } from '../../errors.ts';
import type { App } from '../app-types.ts';
import type { Services } from '../services.ts';

/** Whether the client asks for a page (a weight of 0 is a refusal, RFC 9110 section 12.4.2). Programs of 2013 send no Accept, or any. */
function wantsHtml(accept: string | undefined): boolean {
  return (
    accept !== undefined && accept.split(',').some((range) => /^\s*text\/html\b/i.test(range) && !/;\s*q=0(\.0*)?\s*(;|$)/i.test(range))
  );
}

export function healthRoutes(app: App, services: Services): void {
  app.get(
    '/',
    {
      config: {
        docs: {
          tag: 'service',
          summary: 'The versions of the API',
          answers: {
            200: { description: 'The versions.', schema: Type.Object({ v1: Type.String() }), example: { v1: 'current' } },
            302: { description: 'To the web interface, when the client asks for text/html.', headers: { Location: '/ui/' } },
          },
        },
      },
    },
    (request, reply) => {
      void reply.header('vary', 'accept');
      return wantsHtml(request.headers.accept) ? reply.redirect('/ui/', 302) : { v1: 'current' };
    },
  );

  const Status = Type.Object({ status: Type.String() });
  app.get(
    '/livez',
    {
      config: {
        docs: {
          tag: 'service',
          summary: 'Whether the process is alive',
          answers: { 200: { description: 'It is.', schema: Status, example: { status: 'alive' } } },
        },
      },
    },
    () => ({ status: 'alive' }),
  );

  app.get(
    '/readyz',
    {
      config: {
        docs: {
          tag: 'service',
          summary: 'Whether the service takes events',
          answers: { 200: { description: 'It does.', schema: Status, example: { status: 'ready' } } },
          errors: ['unavailable'],
        },
      },
    },
    async () => {
      const reasons = await services.unready();
      if (reasons.length > 0) throw new MeniscusError('unavailable', reasons.join('; '), { errors: reasons.map((title) => ({ title })) });
      return { status: 'ready' };
    },
  );

  app.get(
    '/metrics',
    {
      config: {
        docs: {
          tag: 'service',
          summary: 'Metrics for Prometheus',
          description: 'Needs an operator key unless `metrics_auth` is off.',
          answers: { 200: { description: 'The metrics.', types: { 'text/plain': 'meniscus_events_total 1\n' } } },
        },
      },
    },
    async (_request, reply) => {
      const { registry } = services.telemetry;
      return reply.type(registry.contentType).send(await registry.metrics());
    },
  );
}
