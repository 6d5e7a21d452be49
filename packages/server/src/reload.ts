import type { Logger } from 'pino';
import type { Config, SinkConfig } from './config/config.ts';
import { configuredSinks } from './config/sinks.ts';
import type { Control } from './control/control.ts';
import type { Dispatch, SinkChanges } from './sinks/dispatch/dispatch.ts';
import type { IngestPool } from './threads/ingest-pool.ts';

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
  readonly records: { readonly sinkNames: Set<string>; readonly control: Pick<Control, 'setDefaultSinks' | 'tenants'> };
  readonly dispatch: Pick<Dispatch, 'reload'>;
  readonly ingest: Pick<IngestPool, 'setDefaultSinks'>;
  readonly log: Pick<Logger, 'info' | 'warn' | 'error'>;
}

/** In force at once; all else waits for a restart. */
const LIVE: ReadonlySet<keyof Config> = new Set(['sinks', 'default_sinks']);

/** Makes the function that reads the configuration anew. Throws bad_configuration, and everything stays as it was. */
export function createReload(parts: ReloadParts): () => Promise<Reloaded> {
  const { config, load, log } = parts;
  let last: Promise<unknown> = Promise.resolve();
  return async () => {
    const reloaded = last.then(async () => {
      const { config: next } = load();
      return { sinks: await apply(parts, next), needsRestart: changedKeys(config, next) };
    });
    last = reloaded.catch(() => {});
    try {
      const { sinks, needsRestart } = await reloaded;
      log.info({ ...sinks, needs_restart: needsRestart }, 'the configuration was read anew');
      warnOfUnknownSinks(parts);
      return { sinks, needsRestart };
    } catch (error) {
      log.error({ err: error }, 'the configuration was not read anew: everything stays as it was');
      throw error;
    }
  };
}

/** No event is sent to a sink that is not there yet or not any more. */
async function apply({ records, dispatch, ingest }: ReloadParts, next: Config): Promise<SinkChanges> {
  const setDefaults = async (sinks: readonly string[]): Promise<void> => {
    ingest.setDefaultSinks(sinks);
    await records.control.setDefaultSinks(sinks);
  };
  const already = next.default_sinks.filter((name) => records.sinkNames.has(name));
  if (already.length > 0) await setDefaults(already);
  const sinks = await dispatch.reload(next.sinks);
  records.sinkNames.clear();
  for (const name of configuredSinks(next)) records.sinkNames.add(name);
  await setDefaults(next.default_sinks);
  return sinks;
}

/** Searches go on with the sink's settings of the start. */
function changedKeys(before: Config, after: Config): string[] {
  const keys = (Object.keys(after) as (keyof Config)[]).filter((key) => !LIVE.has(key));
  const differ = (key: keyof Config): boolean =>
    JSON.stringify(before[key]) !== JSON.stringify(after[key]) ||
    (key === 'search' && JSON.stringify(searchedSink(before)) !== JSON.stringify(searchedSink(after)));
  return keys.filter(differ);
}

function searchedSink({ search, sinks }: Config): SinkConfig['settings'] | undefined {
  return search.backend === 'store' ? undefined : sinks.find(({ name }) => name === search.sink)?.settings;
}

/** A producer keeps the name of a sink that is no longer configured: its events are accepted, and do not go there. */
export function warnOfUnknownSinks({ records, log }: Pick<ReloadParts, 'records' | 'log'>): void {
  for (const { tenant_id, event_producers } of records.control.tenants.list())
    for (const { name, sinks } of event_producers) {
      const unknown = sinks.filter((sink) => !records.sinkNames.has(sink));
      const found = { tenant: tenant_id, producer: name, sinks: unknown };
      if (unknown.length > 0) log.warn(found, 'a producer names sinks that are not configured: its events do not go there');
    }
}
