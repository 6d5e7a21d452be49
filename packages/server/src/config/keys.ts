import { limits } from '../limits.ts';
import type { Config } from './config.ts';
import { address, choice, duration, flag, integer, names, path, port, size } from './kinds.ts';
import type { Kind } from './kinds.ts';

export interface Key<T> {
  readonly kind: Kind<T>;
  readonly default: T;
  /** One sentence for the help and the reference. */
  readonly text: string;
  /** The default is relative to this directory. */
  readonly below?: 'data_dir';
  /** Never shown: `config show` masks it. */
  readonly secret?: true;
}

/** Every key that is one value; each is also a flag and an environment variable. */
export type ScalarKey = Exclude<keyof Config, 'sources' | 'sinks' | 'search'>;

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const TIB = 2 ** 40;

/** The table of the configuration. A default that is a path is relative to the working directory. */
export const keys: { readonly [K in ScalarKey]: Key<Config[K]> } = {
  data_dir: { kind: path, default: './data', text: 'Directory of all state; made with mode 0700.' },
  backup_dir: { kind: path, default: 'backups', below: 'data_dir', text: 'Directory in which backups are made, each in one of its own.' },
  listen: { kind: address, default: '127.0.0.1', text: 'Address of every listener that has none of its own.' },
  http_port: { kind: port, default: 8080, text: 'Port of the HTTP API and the web UI; 0 is any free port.' },
  syslog_port: { kind: port, default: 5140, text: 'Port of syslog, TCP and UDP; 0 is any free port.' },
  api_auth: { kind: choice('on', 'off'), default: 'on', text: 'Whether the API asks for keys; off needs a loopback address.' },
  metrics_auth: { kind: choice('on', 'off'), default: 'on', text: 'Whether GET /metrics asks for an operator key.' },
  create_tenant_on_get: { kind: flag, default: false, text: 'Whether GET of an unknown tenant creates it, as in 2013.' },
  token_reset_minimum: {
    kind: duration(0, 365 * DAY_MS),
    default: 3 * HOUR_MS,
    text: 'Least time between two changes of a message token.',
  },
  default_sinks: { kind: names, default: ['store'], text: 'Sinks of producers that name none.' },
  log_level: { kind: choice('trace', 'debug', 'info', 'warn', 'error'), default: 'info', text: "Least level of the service's own log." },
  ingest_threads: { kind: integer('COUNT', 0, 64), default: 0, text: 'Ingest threads; 0 is half of the cores.' },
  query_threads: { kind: integer('COUNT', 0, 64), default: 0, text: 'Query threads; 0 is one less than the cores.' },
  queue_max_bytes: {
    kind: size(1 << 20, 64 * TIB),
    default: limits.queueBytes,
    text: 'Size of the queue of each ingest thread on disk, above which nothing is accepted.',
  },
  disk_reserve_bytes: { kind: size(0, 64 * TIB), default: limits.diskReserveBytes, text: 'Free disk below which nothing is accepted.' },
  syslog_message_max_bytes: {
    kind: size(480, limits.eventBytes),
    default: limits.syslogMessageBytes,
    text: 'Longest syslog message; a longer one is cut and marked.',
  },
  search_deadline: {
    kind: duration(10, HOUR_MS),
    default: limits.searchDeadlineMs,
    text: 'Time of a search, after which it answers what it has.',
  },
  compression_level: { kind: integer('LEVEL', 1, 19), default: 3, text: 'Zstandard level of stored segments.' },
};

export const scalarKeys = Object.keys(keys) as ScalarKey[];

export function flagOf(key: string): string {
  return `--${key.replaceAll('_', '-')}`;
}

export function variableOf(key: string): string {
  return `MENISCUS_${key.toUpperCase()}`;
}
