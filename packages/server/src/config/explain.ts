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

/** In the words of the file. */
function shownSink({ name: sink, type, settings, batch, timeout_ms, retry_max_age_ms, queue_max_bytes }: SinkConfig): unknown {
  const table = (sinkKind(type)?.settings ?? {}) as Readonly<Record<string, Setting<unknown>>>;
  const values = Object.entries(settings).map(([name, value]) => [name, table[name]?.secret === true ? '***' : withoutPasswords(value)]);
  return {
    name: sink,
    type,
    ...(Object.fromEntries(values) as Record<string, unknown>),
    batch_max_events: batch.maxEvents,
    batch_max_bytes: batch.maxBytes,
    batch_max_age: `${batch.maxAgeMs}ms`,
    timeout: `${timeout_ms}ms`,
    ...(retry_max_age_ms === null ? {} : { retry_max_age: `${retry_max_age_ms}ms` }),
    ...(queue_max_bytes === null ? {} : { queue_max_bytes }),
  };
}

/** The password of a URL is masked, and so are the values in the query of a web address: many a webhook has its token there. */
function withoutPasswords(value: unknown): unknown {
  if (typeof value === 'string') {
    const masked = value.replace(/(:\/\/[^/@:]*):[^/@]*@/g, '$1:***@');
    return /^https?:/.test(masked) ? masked.replace(/([?&][^=&]*)=[^&]*/g, '$1=***') : masked;
  }
  return Array.isArray(value) ? value.map(withoutPasswords) : value;
}
