import { sinkKind } from '../sinks/index.ts';
import type { Setting } from '../sinks/writer.ts';
import type { Config, SinkConfig } from './config.ts';
import { keys } from './keys.ts';
import type { Key } from './keys.ts';
import type { LoadedConfig, Origin } from './load.ts';

export interface ExplainedKey {
  readonly key: string;
  /** `***` for a secret that is set. */
  readonly value: unknown;
  readonly origin: Origin;
}

/** Each value in force with where it comes from, secrets masked: `meniscus config show`. */
export function explainConfig(loaded: LoadedConfig): readonly ExplainedKey[] {
  return (Object.keys(loaded.config) as (keyof Config)[]).map((key) => ({
    key,
    value: shown(key, loaded.config[key]),
    origin: loaded.origins[key],
  }));
}

function shown(key: keyof Config, value: unknown): unknown {
  if (key === 'sinks') return (value as Config['sinks']).map(shownSink);
  const definition: Key<unknown> | undefined = key === 'sources' || key === 'search' ? undefined : keys[key];
  return definition?.secret && value !== '' ? '***' : value;
}

function shownSink({ settings, ...common }: SinkConfig): unknown {
  const table = (sinkKind(common.type)?.settings ?? {}) as Readonly<Record<string, Setting<unknown>>>;
  const values = Object.entries(settings).map(([name, value]) => [name, table[name]?.secret === true ? '***' : withoutPasswords(value)]);
  return { ...common, settings: Object.fromEntries(values) as unknown };
}

/** The password of a URL is masked. */
function withoutPasswords(value: unknown): unknown {
  if (typeof value === 'string') return value.replace(/(:\/\/[^/@:]*):[^/@]*@/g, '$1:***@');
  return Array.isArray(value) ? value.map(withoutPasswords) : value;
}
