import { randomUUID } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import { MeniscusError } from '../../errors.ts';
import type { App } from '../app-types.ts';
import { frameworkError, problemOf, PROBLEM_TYPE } from '../problem.ts';

/** Answers with a problem document; HEAD answers have no body. */
export function sendProblem(request: FastifyRequest, reply: FastifyReply, error: MeniscusError): FastifyReply {
  void reply.code(error.status);
  if (error.status === 401) void reply.header('www-authenticate', 'Bearer');
  const retryAfter = error.extra.retryAfter ?? (error.status === 429 || error.status === 503 ? 1 : undefined);
  if (retryAfter !== undefined) void reply.header('retry-after', String(Math.max(1, Math.ceil(retryAfter))));
  if (request.method === 'HEAD') return reply.send();
  return reply.type(PROBLEM_TYPE).send(JSON.stringify(problemOf(error)));
}

/**
 * Every error leaves as a problem document. One that is not in the table is logged whole under an id, and only the id is told: its text may hold
 * anything.
 */
export function errorPlugin(app: App, log: Logger): void {
  app.setErrorHandler((error: Error & { code?: string; statusCode?: number }, request, reply) => {
    const known = error instanceof MeniscusError ? error : frameworkError(error);
    if (known !== undefined) return sendProblem(request, reply, known);
    if (reply.raw.destroyed) return reply.hijack();
    const id = randomUUID();
    log.error({ err: error, error_id: id, method: request.method, route: request.routeOptions.url }, 'request failed');
    return sendProblem(request, reply, new MeniscusError('internal', `the service's log has the cause under the id ${id}`));
  });
}
