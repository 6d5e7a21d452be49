import type { SourceConfig } from '../config/config.ts';
import type { Intake, Source } from './source.ts';
import { SyslogSource } from './syslog/syslog-source.ts';

/** What an ingest thread tells every source besides its configuration. */
export interface SourceOptions {
  /** Longest message in bytes; a longer one is cut. */
  readonly messageBytesMax: number;
  /** Several threads have this source, on one port. */
  readonly reusePort: boolean;
}

type SourceMaker = (config: SourceConfig, intake: Intake, options: SourceOptions) => Source;

/** Every type of source there is, by its name in the configuration. */
export const sourceTypes: Readonly<Record<SourceConfig['type'], SourceMaker>> = {
  syslog: (config, intake, options) => new SyslogSource(config, intake, options),
};

/** Makes the source that a configuration asks for. Throws MeniscusError(bad_configuration). */
export function createSource(config: SourceConfig, intake: Intake, options: SourceOptions): Source {
  return sourceTypes[config.type](config, intake, options);
}
