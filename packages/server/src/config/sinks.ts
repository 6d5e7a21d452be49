import type { Config } from './config.ts';

/** Names of all sinks that this configuration has: `store` is built in. */
export function configuredSinks(_config: Config): readonly string[] {
  return ['store'];
}
