import type { BatchLimits } from '../sinks/writer.ts';

/** The configuration in force: flag, environment, file, default, in this order. Every key is validated at start, unknown ones refused. */
export interface Config {
  /** Absolute. */
  readonly data_dir: string;
  /** Absolute. */
  readonly backup_dir: string;
  readonly listen: string;
  readonly http_port: number;
  readonly syslog_port: number;
  /** Listeners besides the default ones. */
  readonly sources: readonly SourceConfig[];
  /** Sinks besides the store. */
  readonly sinks: readonly SinkConfig[];
  readonly search: SearchConfig;
  /** `off` is refused unless the HTTP listener is a loopback address. */
  readonly api_auth: 'on' | 'off';
  readonly metrics_auth: 'on' | 'off';
  readonly create_tenant_on_get: boolean;
  /** Milliseconds; 2013's three hours. */
  readonly token_reset_minimum: number;
  readonly default_sinks: readonly string[];
  readonly log_level: 'trace' | 'debug' | 'info' | 'warn' | 'error';
  /** Ingest threads; 0 = half of the cores, at least 1. */
  readonly ingest_threads: number;
  /** Query threads; 0 = cores - 1, at least 1. */
  readonly query_threads: number;
  /** Bytes of the queue on disk. */
  readonly queue_max_bytes: number;
  /** Bytes of free disk below which appends are refused. */
  readonly disk_reserve_bytes: number;
  /** Longest syslog message in bytes; a longer one is cut. */
  readonly syslog_message_max_bytes: number;
  /** Milliseconds that a search may take. */
  readonly search_deadline: number;
  /** Zstandard level of segments. */
  readonly compression_level: number;
}

/** One sink; plain values, so that a thread can be given it. */
export interface SinkConfig {
  /** In producers' `sinks` and in `default_sinks`. */
  readonly name: string;
  /** A kind of sinks/index.ts. */
  readonly type: string;
  /** Of the kind. Secrets are in files that these name, or came from the environment. */
  readonly settings: object;
  readonly batch: BatchLimits;
  /** Milliseconds for one request. */
  readonly timeout_ms: number;
  /** Milliseconds from a batch's first try; null: no end. */
  readonly retry_max_age_ms: number | null;
  readonly queue_max_bytes: number | null;
}

/** Who answers searches. */
export type SearchConfig = { readonly backend: 'store' } | { readonly backend: 'elasticsearch'; readonly sink: string };

export interface SyslogSourceConfig {
  readonly type: 'syslog';
  readonly name?: string;
  readonly listen?: string;
  readonly port: number;
  /** Bound listeners: the tenant that every message is for. */
  readonly tenant?: string;
  /** Required with `tenant`: addresses and networks that may speak for it. */
  readonly allow?: readonly string[];
  /** IANA name for the times of RFC 3164, which have no zone. Default: UTC. */
  readonly time_zone?: string;
}

export type SourceConfig = SyslogSourceConfig;
