import type { BackupResult } from '../backup/backup.ts';
import type { Config } from '../config/config.ts';
import type { Control } from '../control/control.ts';
import type { TenantView } from '../control/tenant.ts';
import type { DeadLetter, DeadLetters } from '../dead-letters/dead-letters.ts';
import type { Jobs } from '../jobs.ts';
import type { Ingest } from '../pipeline/ingest.ts';
import type { Reloaded } from '../reload.ts';
import type { SearchBackend } from '../search/search.ts';
import type { Tail } from '../search/tail.ts';
import type { Telemetry } from '../telemetry/telemetry.ts';
import type { Usage } from '../usage/usage.ts';
import type { Rulebases } from './rulebases/rulebases.ts';
import type { SavedSearches } from './saved-searches.ts';

/** What a sink says of itself, for the operator's view; its position comes from the queue. */
export interface SinkState {
  readonly name: string;
  readonly type: string;
  /** Since the last success. */
  readonly retries: number;
  /** Stays after recovery. `time`: ISO 8601. */
  readonly lastError: { readonly time: string; readonly text: string } | null;
  /** ISO 8601: when it began to work without errors; null while it does not. */
  readonly sinceOk: string | null;
  /** Since the start of its thread; not of the store. */
  readonly counters?: {
    /** Events that it took, and their bytes in the queue. */
    readonly events: number;
    readonly bytes: number;
    /** Events that went to the dead letters: refused by the server, or not taken within retry_max_age. */
    readonly refused: number;
    readonly expired: number;
    /** Tries that failed. */
    readonly failures: number;
  };
  readonly queueMaxBytes?: number | null;
}

/** Everything that routes may use; the composition root builds it. */
export interface Services {
  readonly config: Config;
  readonly control: Control;
  readonly deadLetters: DeadLetters;
  readonly ingest: Ingest;
  readonly search: SearchBackend;
  /** Without it there is no route for it. */
  readonly tail?: Tail;
  readonly telemetry: Telemetry;
  readonly usage: Usage;
  /** Reasons why the service is not ready; empty when it is. */
  readonly unready: () => Promise<readonly string[]>;
  readonly version: string;
  /** Without it there are no routes of saved searches. */
  readonly savedSearches?: SavedSearches;
  /** Without it there are no routes of rulebases. */
  readonly rulebases?: Rulebases;
  /** Makes a backup in a directory inside the one of backups. Without it there is no route for it. */
  readonly backup?: (directory: string) => Promise<BackupResult>;
  /** Without it only the store's jobs are known. */
  readonly jobs?: Jobs;
  /** Reads the configuration anew. Without it there is no route for it. */
  readonly reload?: () => Promise<Reloaded>;
  /** The sinks' own states, for the pipeline's view. */
  readonly sinks?: () => readonly SinkState[];
  /**
   * Sends a tenant's dead letters again and removes each that was taken; one that is refused again stays, or comes back as a new one. Resolves with the number taken. Without it
   * there is no route for it.
   */
  readonly redrive?: (tenant: TenantView, letters: readonly DeadLetter[]) => Promise<number>;
}
