import type { Config } from '../config/config.ts';
import type { Control } from '../control/control.ts';
import type { DeadLetters } from '../dead-letters.ts';
import type { Ingest } from '../pipeline/ingest.ts';
import type { SearchBackend } from '../search/search.ts';
import type { Telemetry } from '../telemetry/telemetry.ts';
import type { Usage } from '../usage.ts';

/** Everything that routes may use; the composition root builds it. */
export interface Services {
  readonly config: Config;
  readonly control: Control;
  readonly deadLetters: DeadLetters;
  readonly ingest: Ingest;
  readonly search: SearchBackend;
  readonly telemetry: Telemetry;
  readonly usage: Usage;
  /** Reasons why the service is not ready; empty when it is. */
  readonly unready: () => readonly string[];
  readonly version: string;
}
