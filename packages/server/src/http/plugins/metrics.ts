import { Counter, Histogram, type Registry } from 'prom-client';
import type { App } from '../app-types.ts';

/** Counts and times requests by route, never by path: ids are no labels. Publish has counters of its own. */
export function metricsPlugin(app: App, registry: Registry): void {
  const requests = new Counter({
    name: 'meniscus_http_requests_total',
    help: 'Requests answered, publish left out.',
    labelNames: ['method', 'route', 'status'],
    registers: [registry],
  });
  const seconds = new Histogram({
    name: 'meniscus_http_request_duration_seconds',
    help: 'Time to answer a request, publish left out.',
    labelNames: ['method', 'route'],
    buckets: [0.005, 0.02, 0.1, 0.5, 2, 10, 60],
    registers: [registry],
  });
  app.addHook('onResponse', (request, reply, done) => {
    const { method } = request;
    const route = request.routeOptions.url ?? '';
    requests.inc({ method, route, status: reply.statusCode });
    seconds.observe({ method, route }, reply.elapsedTime / 1e3);
    done();
  });
}

/** Publish requests that were refused whole, by code: they leave no dead letters, so they are counted. */
export class PublishRefusals {
  readonly counts = new Map<string, number>();
  private readonly counter: Counter;

  constructor(registry: Registry) {
    this.counter = new Counter({
      name: 'meniscus_http_publish_refused_total',
      help: 'Publish requests refused whole, by code.',
      labelNames: ['code'],
      registers: [registry],
    });
  }

  add(code: string): void {
    this.counts.set(code, (this.counts.get(code) ?? 0) + 1);
    this.counter.inc({ code });
  }
}
