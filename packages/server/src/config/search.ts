import type { Faults } from './faults.ts';
import type { SearchConfig, SinkConfig } from './config.ts';

const BACKENDS = ['store', 'elasticsearch'] as const;

/** The mapping under `search`: which back end answers searches, and by which sink it is filled. */
export function parseSearch(
  value: unknown,
  sinks: readonly SinkConfig[],
  where: (path: readonly (string | number)[]) => string,
  faults: Faults,
): SearchConfig {
  const fallback: SearchConfig = { backend: 'store' };
  if (value === null || value === undefined) return fallback;
  const fault = (text: string, ...path: string[]): SearchConfig => {
    faults.add(['search', ...path].join('.'), where(['search', ...path]), text);
    return fallback;
  };
  if (typeof value !== 'object' || Array.isArray(value)) return fault('must hold backend, and sink for another one than store');
  const { backend = 'store', sink, ...others } = value as Readonly<Record<string, unknown>>;
  for (const key of Object.keys(others)) fault('is not known here', key);
  if (!BACKENDS.some((one) => one === backend)) return fault(`must be one of ${BACKENDS.join(', ')}`, 'backend');
  if (backend === 'store') return sink === undefined ? fallback : fault('is not needed by the back end store', 'sink');
  const name = sink ?? 'elasticsearch';
  const found = sinks.find((one) => one.name === name);
  if (found?.type !== 'elasticsearch')
    return fault(`must name a configured sink of type elasticsearch, not ${JSON.stringify(name)}`, 'sink');
  return { backend: 'elasticsearch', sink: found.name };
}
