import type { MetricObject, Registry } from 'prom-client';
import { buildApp } from '../../packages/server/src/http/app.ts';
import type { Services } from '../../packages/server/src/http/services.ts';
import { createTelemetry } from '../../packages/server/src/telemetry/index.ts';
import { registerPipelineMetrics, type PipelineReadings } from '../../packages/server/src/pipeline/metrics.ts';
import { version } from '../../packages/server/src/version.ts';

/** A part of an OpenAPI document, as far as these pages read it. */
export interface OpenApi {
  readonly info: { readonly version: string };
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
}

export interface Operation {
  readonly operationId: string;
  readonly tags: readonly string[];
  readonly summary: string;
  readonly description: string;
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly required: boolean; readonly content: Readonly<Record<string, Content>> };
  readonly responses: Readonly<Record<string, Answer>>;
  readonly security: readonly unknown[];
}

export interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header';
  readonly required: boolean;
  readonly description?: string;
  readonly schema: Schema;
}

export interface Schema {
  readonly type?: string;
  readonly anyOf?: readonly Schema[];
  readonly description?: string;
  readonly default?: string | number;
  readonly enum?: readonly string[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly examples?: readonly (string | number)[];
}

export interface Content {
  readonly schema?: unknown;
  readonly example?: unknown;
  readonly examples?: Readonly<Record<string, { readonly value: unknown }>>;
}

export interface Answer {
  readonly description: string;
  readonly content?: Readonly<Record<string, Content>>;
  readonly headers?: Readonly<Record<string, { readonly description: string }>>;
}

export interface Metric {
  readonly name: string;
  readonly type: string;
  readonly help: string;
  readonly labels: readonly string[];
}

/** Stands for parts of the service that routes hold but that nothing calls before a request comes. */
const inert: unknown = new Proxy(() => {}, {
  get: (_target, name) => (typeof name === 'symbol' || name === 'then' ? undefined : inert),
  apply: () => inert,
});

function servicesWithoutService(registry: ReturnType<typeof createTelemetry>): Services {
  const known: Readonly<Record<string, unknown>> = { telemetry: registry, version };
  return new Proxy(
    {},
    { get: (_target, name) => (typeof name === 'string' && Object.hasOwn(known, name) ? known[name] : inert) },
  ) as Services;
}

/** prom-client's metrics know their labels, but its types do not say so. */
function metricsOf(registry: Registry): Metric[] {
  const all = registry.getMetricsAsArray() as unknown as readonly (MetricObject & { readonly labelNames?: readonly string[] })[];
  const types = registry.getMetricsAsArray().map((metric) => metric.constructor.name.toLowerCase());
  return all
    .map(({ name, help, labelNames = [] }, i) => ({ name, help, type: types[i]!, labels: labelNames }))
    .filter(({ name }) => name.startsWith('meniscus_'));
}

/** What the HTTP application says of itself: its document and the service's metrics. It is built but does not listen. */
export async function describeApplication(): Promise<{ readonly openapi: OpenApi; readonly metrics: readonly Metric[] }> {
  const telemetry = createTelemetry({ level: 'error' });
  registerPipelineMetrics(telemetry.registry, inert as PipelineReadings);
  const app = buildApp(servicesWithoutService(telemetry));
  const answer = await app.inject('/openapi.json');
  await app.close();
  return { openapi: JSON.parse(answer.body) as OpenApi, metrics: metricsOf(telemetry.registry) };
}
