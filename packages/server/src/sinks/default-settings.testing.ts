import type { SinkKind } from './writer.ts';

/** Settings of a kind of sink, with what the configuration gives for those that are left out. */
export function withDefaults<S extends object>(kind: SinkKind<S>, settings: Partial<S>): S {
  const table = Object.entries<{ readonly default?: unknown }>(kind.settings);
  const defaults = table.flatMap(([name, setting]) => (setting.default === undefined ? [] : [[name, setting.default]]));
  return { ...Object.fromEntries(defaults), ...settings } as S;
}
