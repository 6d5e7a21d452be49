import fastify from 'fastify';
import { Type } from 'typebox';
import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { MeniscusError } from '../errors.ts';
import { limits } from '../limits.ts';
import type { App } from './app-types.ts';
import { openApiDocument, type DocumentedRoute } from './openapi/document.ts';
import { authPlugin } from './plugins/auth.ts';
import { errorPlugin, sendProblem } from './plugins/errors.ts';
import { jsonBodyPlugin } from './plugins/json-body.ts';
import { methodsPlugin } from './plugins/methods.ts';
import { metricsPlugin, PublishRefusals } from './plugins/metrics.ts';
import { registryPlugin } from './plugins/registry.ts';
import { stopPlugin } from './plugins/stop.ts';
import { frameworkError, problemOf, PROBLEM_TYPE } from './problem.ts';
import { backupRoutes } from './routes/backup.ts';
import { reloadRoutes } from './routes/reload.ts';
import { deadLetterRoutes } from './routes/dead-letters.ts';
import { exportRoutes } from './routes/export.ts';
import { healthRoutes } from './routes/health.ts';
import { jobRoutes } from './routes/jobs.ts';
import { keyRoutes } from './routes/keys.ts';
import { pipelineRoutes } from './routes/pipeline.ts';
import { producerRoutes } from './routes/producers.ts';
import { publishRoutes } from './routes/publish.ts';
import { rulebaseRoutes } from './routes/rulebases.ts';
import { savedSearchRoutes } from './routes/saved-searches.ts';
import { searchRoutes } from './routes/search.ts';
import { tailRoutes } from './routes/tail.ts';
import { tenantRoutes } from './routes/tenants.ts';
import { tokenRoutes } from './routes/token.ts';
import { usageRoutes } from './routes/usage.ts';
import { workerRoutes } from './routes/workers.ts';
import { RunningSearches } from './running-searches.ts';
import type { Services } from './services.ts';

/** Request line and headers together: a query of 8,192 characters fits, percent-encoded. */
const HEADER_BYTES = 128 << 10;

/** Status and detail of errors that Node finds before there is a request. */
const CLIENT_ERRORS = new Map<string, readonly [number, string]>([
  ['HPE_HEADER_OVERFLOW', [431, 'the headers are too long']],
  ['ERR_HTTP_REQUEST_TIMEOUT', [408, 'the request took too long']],
]);

/** Answers what is not HTTP, or too slow or long for it, on the bare socket. */
function onClientError(error: Error & { code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const [status, detail] = CLIENT_ERRORS.get(error.code ?? '') ?? [400, 'this is not valid HTTP/1.1'];
  const body = JSON.stringify({ ...problemOf(new MeniscusError('bad_request', detail)), status });
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    `Content-Type: ${PROBLEM_TYPE}`,
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Connection: close',
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
}

/** Routes whose callers have API keys, with JSON bodies. */
function apiRoutes(app: App, services: Services, running: RunningSearches, refusals: PublishRefusals): void {
  metricsPlugin(app, services.telemetry.registry);
  jsonBodyPlugin(app);
  authPlugin(app, services);
  const deps = { services, running };
  healthRoutes(app, services);
  tenantRoutes(app, services);
  producerRoutes(app, services);
  tokenRoutes(app, services);
  keyRoutes(app, services);
  workerRoutes(app, services);
  jobRoutes(app, deps);
  searchRoutes(app, deps);
  exportRoutes(app, deps);
  if (services.tail !== undefined) tailRoutes(app, { ...deps, tail: services.tail });
  if (services.savedSearches !== undefined) savedSearchRoutes(app, services, services.savedSearches);
  if (services.rulebases !== undefined) rulebaseRoutes(app, services, services.rulebases);
  deadLetterRoutes(app, services);
  usageRoutes(app, services);
  pipelineRoutes(app, services, refusals);
  if (services.backup !== undefined) backupRoutes(app, services.backup);
  if (services.reload !== undefined) reloadRoutes(app, services.reload);
}

/** The document is made when first asked for. */
function openApiRoute(app: App, services: Services, routes: readonly DocumentedRoute[]): void {
  let document: string | undefined;
  const example = { openapi: '3.1.0', info: { title: 'Meniscus', version: services.version }, paths: {} };
  const answers = { 200: { description: 'An OpenAPI 3.1 document.', schema: Type.Object({}), example } };
  app.get('/openapi.json', { config: { docs: { tag: 'service', summary: 'This document', answers } } }, (_request, reply) => {
    document ??= JSON.stringify(openApiDocument(routes, services.version));
    return reply.type('application/json').send(document);
  });
}

/**
 * The HTTP application, ready to listen. Nothing is logged per request; errors that are not the client's are logged once, under the id that the
 * answer names.
 */
export function buildApp(services: Services): App {
  const app: App = fastify({
    logger: false,
    bodyLimit: limits.requestBodyBytes,
    // Slow senders: headers within 15 s, a whole request within five minutes.
    requestTimeout: 300_000,
    http: { headersTimeout: 15_000, connectionsCheckingInterval: 5_000, maxHeaderSize: HEADER_BYTES },
    forceCloseConnections: 'idle',
    // What comes on open connections while the service stops is answered, with Connection: close.
    return503OnClosing: false,
    clientErrorHandler: onClientError,
    frameworkErrors: (error, request, reply) => void sendProblem(request, reply, frameworkError(error) ?? new MeniscusError('bad_request')),
    // Ids have up to 256 code points, and reserved characters stay percent-encoded until the router has cut the path.
    routerOptions: { maxParamLength: HEADER_BYTES, querystringParser: () => ({}) },
  });
  app.decorateRequest('principal', null);
  errorPlugin(app, services.telemetry.log);
  methodsPlugin(app);
  const routes = registryPlugin(app);
  const running = new RunningSearches();
  const refusals = new PublishRefusals(services.telemetry.registry);
  stopPlugin(app, running);
  void app.register(async (scope) => apiRoutes(scope as App, services, running, refusals));
  void app.register(async (scope) => publishRoutes(scope as App, services, refusals));
  openApiRoute(app, services, routes);
  return app;
}
