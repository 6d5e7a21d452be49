import type { Logger } from 'pino';
import type { Registry } from 'prom-client';

/** Own logs (pino, JSON lines on standard error, no secrets) and Prometheus metrics of the whole process. */
export interface Telemetry {
  readonly log: Logger;
  readonly registry: Registry;
}
