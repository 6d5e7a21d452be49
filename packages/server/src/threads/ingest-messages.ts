import type { MessagePort } from 'node:worker_threads';
import type { SourceConfig } from '../config/config.ts';
import type { TenantView } from '../control/tenant.ts';
import type { ErrorCode } from '../errors.ts';
import type { RulebaseChange, UnparsedReport } from '../pipeline/normalize/rulebase-change.ts';
import type { IngestStats, PublishResult } from '../pipeline/ingest.ts';
import type { Letter } from '../pipeline/intake/refusals.ts';
import type { UsageCounts } from '../pipeline/intake/tenant-usage.ts';
import type { FeedOptions } from '../sinks/dispatch/dispatch.ts';
import type { ListenerInfo } from '../sources/source.ts';
import type { DirectoryUpdate } from './messages.ts';

/** What an ingest thread is started with (`workerData`). */
export interface IngestStart {
  readonly shard: number;
  readonly node: number;
  readonly queue: { readonly directory: string; readonly maxBytes: number; readonly diskReserveBytes: number };
  readonly defaultSinks: readonly string[];
  /** Names of the configured sinks besides the store. */
  readonly sinks: readonly string[];
  readonly syslogMessageBytes: number;
  readonly tenants: readonly TenantView[];
  /** All there are. */
  readonly rulebases: readonly RulebaseChange[];
  /** To the build thread, whose first message says what is covered. */
  readonly build: MessagePort;
  readonly queries: readonly MessagePort[];
}

/** An error between threads: a MeniscusError's parts. */
export interface PlainError {
  readonly code: ErrorCode;
  readonly detail: string | undefined;
  readonly retryAfter: number | undefined;
}

export type ToIngest =
  | {
      readonly type: 'publish';
      readonly id: number;
      readonly tenant: number;
      readonly body: Uint8Array;
      readonly contentType: string;
      readonly contentEncoding: string;
      readonly remote: string;
    }
  /** Opens the listeners, once everything else is ready. Answered with `listening`. */
  | { readonly type: 'listen'; readonly sources: readonly SourceConfig[]; readonly reusePort: boolean }
  | { readonly type: 'stats'; readonly id: number }
  /** For a backup: put a copy of the queue there. Answered with `snapshot-done`. */
  | { readonly type: 'snapshot'; readonly id: number; readonly directory: string }
  /** A query thread was replaced: give the new one what is not in segments yet. */
  | { readonly type: 'attach'; readonly port: MessagePort }
  /** A sink's thread was started: it is fed through the port, from where it was. */
  | { readonly type: 'feed'; readonly options: FeedOptions; readonly port: MessagePort }
  /** A sink is no longer configured: nothing is kept for it. */
  | { readonly type: 'unfeed'; readonly name: string }
  | { readonly type: 'default-sinks'; readonly sinks: readonly string[] }
  /** Answered with `rulebases-done` once they are in force. */
  | { readonly type: 'rulebases'; readonly id: number; readonly changes: readonly RulebaseChange[] }
  /** What became of a producer's lines, by its rulebase; the default producer's number is null. */
  | { readonly type: 'unparsed'; readonly id: number; readonly tenant: number; readonly producer: number | null; readonly pattern: string }
  | { readonly type: 'stop' }
  | DirectoryUpdate;

export type FromIngest =
  | { readonly type: 'ready' }
  | { readonly type: 'listening'; readonly listeners: readonly ListenerInfo[] }
  | { readonly type: 'listen-failed'; readonly error: PlainError }
  | {
      readonly type: 'published';
      readonly id: number;
      readonly result: PublishResult | undefined;
      readonly error: PlainError | undefined;
      /** To be kept before the sender is answered. */
      readonly letters: readonly Letter[];
    }
  | { readonly type: 'stats'; readonly id: number; readonly stats: IngestStats }
  | { readonly type: 'snapshot-done'; readonly id: number; readonly error: PlainError | undefined }
  | { readonly type: 'letters'; readonly letters: readonly Letter[] }
  /** For the service's log. */
  | { readonly type: 'warning'; readonly text: string }
  | { readonly type: 'usage'; readonly counts: ReadonlyMap<number, UsageCounts> }
  | { readonly type: 'rulebases-done'; readonly id: number }
  | { readonly type: 'unparsed'; readonly id: number; readonly report: UnparsedReport | undefined }
  | { readonly type: 'directory-done'; readonly sequence: number }
  | { readonly type: 'stopped' };
