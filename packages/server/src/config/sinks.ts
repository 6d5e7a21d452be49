import { sinkNames } from '../sinks/index.ts';
import type { Config } from './config.ts';

/** Names of all sinks that this configuration has: those that need no configuration. */
export function configuredSinks(_config: Config): readonly string[] {
  return sinkNames;
}
