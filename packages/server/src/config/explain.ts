import type { Config } from './config.ts';
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
  const definition: Key<unknown> | undefined = key === 'sources' ? undefined : keys[key];
  return definition?.secret && value !== '' ? '***' : value;
}
