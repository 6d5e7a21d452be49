import { destination, pino } from 'pino';
import type { DestinationStream } from 'pino';
import { collectDefaultMetrics, Registry } from 'prom-client';
import type { Config } from '../config/config.ts';
import type { Telemetry } from './telemetry.ts';

/** Keys whose values never reach a log, wherever they stand. */
const SECRET = /^(?:authorization|proxy-authorization|cookie|message-token|token|key|api_key)$/i;
/** Deeper values are cut off by the walk: what is logged is flat, and what is not must not get by. */
const DEPTH = 8;
const MASK = '[redacted]';

/** The service's own log and metrics. Log lines go to standard error unless a stream is given, written at once so that a crash takes none along. */
export function createTelemetry(options: { readonly level: Config['log_level']; readonly stream?: DestinationStream }): Telemetry {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const log = pino(
    {
      level: options.level,
      base: { pid: process.pid },
      timestamp: () => `,"time":"${new Date().toISOString()}"`,
      formatters: { level: (label) => ({ level: label }), log: masked },
      redact: { paths: BINDINGS, censor: MASK },
    },
    options.stream ?? destination({ dest: 2, sync: true }),
  );
  return { log, registry };
}

/** What `log.child` binds takes another way through pino, which its own paths cover. */
const BINDINGS = ['authorization', 'proxy-authorization', 'cookie', 'message-token', 'token', 'key', 'api_key'].flatMap((name) => [
  `["${name}"]`,
  `*["${name}"]`,
]);

function masked(object: object): Record<string, unknown> {
  return redact(object, 0) as Record<string, unknown>;
}

/**
 * A copy without secrets. Not pino's `redact`, which takes exact paths: a header in an object in an error would get by. Errors stay as they are for pino's
 * serializer; our messages hold no secrets.
 */
function redact(value: unknown, depth: number): unknown {
  if (typeof value !== 'object' || value === null || value instanceof Error || value instanceof Date || ArrayBuffer.isView(value))
    return value;
  if (depth === DEPTH) return '[deep]';
  if (Array.isArray(value)) return value.map((one) => redact(one, depth + 1));
  const entries = Object.entries(value).map(([key, one]) => [key, SECRET.test(key) ? MASK : redact(one, depth + 1)] as const);
  return Object.fromEntries(entries);
}
