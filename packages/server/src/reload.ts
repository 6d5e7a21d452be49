import type { Logger } from 'pino';
import type { Config } from './config/config.ts';
import { configuredSinks } from './config/sinks.ts';
import type { Dispatch, SinkChanges } from './sinks/dispatch/dispatch.ts';

/** What a reload did, and what it could not do. */
export interface Reloaded {
  /** By name. An added sink begins with what the queue still holds; a changed one goes on where it was; for a removed one nothing is kept any more. */
  readonly sinks: SinkChanges;
  /** Keys that are different in the file and take effect at the next start. */
  readonly needsRestart: readonly string[];
}

export interface ReloadParts {
  /** In force since the start. */
  readonly config: Config;
  readonly load: () => { readonly config: Config };
  readonly records: { readonly sinkNames: Set<string> };
  readonly dispatch: Dispatch;
  readonly log: Pick<Logger, 'info' | 'error'>;
}

/** Makes the function that reads the configuration anew. Throws bad_configuration, and everything stays as it was. */
export function createReload({ config, load, records, dispatch, log }: ReloadParts): () => Promise<Reloaded> {
  return async () => {
    try {
      const { config: next } = load();
      const sinks = await dispatch.reload(next.sinks);
      records.sinkNames.clear();
      for (const name of configuredSinks(next)) records.sinkNames.add(name);
      const needsRestart = changedKeys(config, next);
      log.info({ ...sinks, needs_restart: needsRestart }, 'the configuration was read anew');
      return { sinks, needsRestart };
    } catch (error) {
      log.error({ err: error }, 'the configuration was not read anew: everything stays as it was');
      throw error;
    }
  };
}

function changedKeys(before: Config, after: Config): string[] {
  const keys = (Object.keys(after) as (keyof Config)[]).filter((key) => key !== 'sinks');
  return keys.filter((key) => JSON.stringify(before[key]) !== JSON.stringify(after[key]));
}
