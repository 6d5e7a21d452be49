import { randomUUID } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { IncomingMessage } from 'node:http';
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

/** How long the rest of a refused body is read before the connection is closed. */
const LINGER_MS = 5_000;

/**
 * Reads and drops the rest of a refused body where the connection is to be closed after the answer: closing with unread bytes resets it, and a sender that is
 * still writing would see that instead of the answer (RFC 9112 section 9.6).
 */
function linger(request: IncomingMessage, then: () => void): void {
  const done = (): void => {
    clearTimeout(timer);
    for (const event of ['end', 'error', 'close']) request.off(event, done);
    then();
  };
  const timer = setTimeout(done, LINGER_MS);
  request.once('end', done).once('error', done).once('close', done).resume();
}

function hasUnreadBody({ complete, destroyed, headers }: IncomingMessage): boolean {
  return !complete && !destroyed && (headers['content-length'] !== undefined || headers['transfer-encoding'] !== undefined);
}

/**
 * Every error leaves as a problem document. One that is not in the table is logged whole under an id, and only the id is told: its text may hold
 * anything.
 */
export function errorPlugin(app: App, log: Logger): void {
  app.addHook('onSend', (request, reply, payload, done) => {
    if (reply.statusCode < 400 || !hasUnreadBody(request.raw)) return done(null, payload);
    // Node reads on by itself, and keeps the connection, unless the client wants it closed.
    void reply.removeHeader('connection');
    if (!/\bclose\b/i.test(request.headers.connection ?? '') && request.raw.httpVersion !== '1.0') return done(null, payload);
    return linger(request.raw, () => done(null, payload));
  });
  app.setErrorHandler((error: Error & { code?: string; statusCode?: number }, request, reply) => {
    const known = error instanceof MeniscusError ? error : frameworkError(error);
    if (known !== undefined) return sendProblem(request, reply, known);
    if (reply.raw.destroyed) return reply.hijack();
    const id = randomUUID();
    log.error({ err: error, error_id: id, method: request.method, route: request.routeOptions.url }, 'request failed');
    return sendProblem(request, reply, new MeniscusError('internal', `the service's log has the cause under the id ${id}`));
  });
}
