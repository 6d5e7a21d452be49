import type { TenantView } from '../control/tenant.ts';
import type { NormalizeTotals, UnparsedReport } from './normalize/rulebase-change.ts';
import type { ListenerInfo, SourceCounters } from '../sources/source.ts';
import type { QueueStats } from '../queue/queue.ts';

/** The `remote` of dead letters that are sent again. */
export const REDRIVE = 'redrive';

/** One body sent to `POST /v1/tenant/{id}/publish`, its sender authenticated already. */
export interface PublishRequest {
  readonly tenant: TenantView;
  /** The body as it came, at most limits.publishBodyBytes; it becomes the ingest's. */
  readonly body: Uint8Array;
  /** Media type in lower case without parameters; '' when absent. */
  readonly contentType: string;
  /** Content-Encoding in lower case: '' or identity, gzip, deflate, br, zstd. Several, separated by commas, in the order they were applied. */
  readonly contentEncoding: string;
  /** The sender's address, for dead letters. */
  readonly remote: string;
}

export interface PublishResult {
  readonly accepted: number;
  readonly rejected: number;
  /** The first limits.publishErrorsListed. */
  readonly errors: readonly { readonly index: number; readonly code: string; readonly title: string }[];
  /** Set when the body was 2013's lone `log_message`: the answer is empty, or a job. */
  readonly logMessage: boolean;
  /** The event's id of a lone `log_message` whose producer is durable: the job. */
  readonly jobId?: string;
  /** With jobId: where the event goes. */
  readonly jobSinks?: readonly string[];
}

export interface IngestStats {
  readonly shard: number;
  readonly queue: QueueStats;
  readonly sources: readonly { readonly info: ListenerInfo; readonly counters: SourceCounters }[];
  readonly http: SourceCounters;
  readonly normalized: NormalizeTotals;
  /** How long the oldest event that a sink took waits to be safe there, in seconds, by the sink's name. */
  readonly lagSeconds: ReadonlyMap<string, number>;
  /** The sink whose own limit of the queue is reached, for which sources are held back; null: none. */
  readonly heldBackBy: string | null;
}

/** The ingest threads as the rest of the service sees them. */
export interface Ingest {
  /** Listeners that are open, of all threads. */
  readonly listeners: readonly ListenerInfo[];
  /**
   * Resolves when the accepted events are on disk. Rejects with MeniscusError: malformed_json, event_malformed, unsupported_media_type, body_too_large, queue_full,
   * shutting_down, bad_request. Events that are refused alone are in the result's errors and in dead letters.
   */
  publish(request: PublishRequest, signal: AbortSignal): Promise<PublishResult>;
  /** When it resolves, usage holds what was acknowledged before the call. */
  stats(): Promise<readonly IngestStats[]>;
  /** What became of a producer's lines, by its rulebase; the default producer's number is null. */
  unparsed(tenant: number, producer: number | null, pattern: string): Promise<UnparsedReport>;
  /** Why it takes nothing now, or null. */
  readonly unready: string | null;
}
