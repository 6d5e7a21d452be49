import { canonicalName } from '../ast/fields.ts';

/** A field as the query names it. `values` says which values it can be asked for; the name is canonical. */
export interface Field {
  readonly name: string;
  readonly values: 'text' | 'words' | 'severity' | 'level' | 'time';
}

const VALUES: ReadonlyMap<string, Field['values']> = new Map([
  ['msg', 'words'],
  ['message', 'words'],
  ['severity', 'severity'],
  ['level', 'level'],
  ['time', 'time'],
  ['received', 'time'],
]);

/** @param typed the name as written, aliases included: only `level` may not be compared */
export function fieldOf(typed: string): Field {
  return { name: canonicalName(typed), values: VALUES.get(typed) ?? 'text' };
}
