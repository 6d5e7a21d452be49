import type { Wanted } from './event-shape.ts';

/** The parts of an event in the order they are written (interface of the API). */
export const EVENT_FIELDS = [
  'id',
  'tenant',
  'time',
  'time_source',
  'received',
  'host',
  'pname',
  'pid',
  'msgid',
  'pri',
  'facility',
  'severity',
  'level',
  'ver',
  'msg',
  'native',
  'normalized',
  'producer',
] as const;

export type EventField = (typeof EVENT_FIELDS)[number];

const NAMES: ReadonlySet<string> = new Set(EVENT_FIELDS);
const ALIASES: ReadonlyMap<string, EventField> = new Map([
  ['app', 'pname'],
  ['message', 'msg'],
]);

/** Which parts of an event are written. */
export interface FieldSelection {
  readonly has: (field: EventField) => boolean;
  /** Which leaves of native and normalized. */
  readonly wanted: Wanted;
  /** True when no leaf can be wanted, so that shapes need not be looked at. */
  readonly noLeaves: boolean;
}

const EVERYTHING: FieldSelection = { has: () => true, wanted: () => true, noLeaves: false };

/** `a` selects the leaf `a` and everything below an object `a`. */
function isUnder(column: string, name: string): boolean {
  return column === name || (column.startsWith(name) && column[name.length] === '.');
}

/** The name without `native.`, or without `normalized.` and the pattern's name. */
function bareNames(column: string): string[] {
  const rest = column.slice(column.indexOf('.') + 1);
  const pattern = rest.indexOf('.');
  return column.startsWith('normalized.') && pattern > 0 ? [rest, rest.slice(pattern + 1)] : [rest];
}

/**
 * A selection of top-level names, their aliases (`app`, `message`), and names of leaves or objects of native and normalized: with the part's name before
 * them (`native.http.status`) or without, then in either part and, of normalized, also without the pattern's name. `id` and `time` are always there.
 */
export function selectFields(fields?: readonly string[]): FieldSelection {
  if (fields === undefined) return EVERYTHING;
  const top = new Set<string>(['id', 'time']);
  const full: string[] = [];
  const bare: string[] = [];
  for (const field of fields) {
    const name = ALIASES.get(field) ?? field;
    if (name === 'native' || name === 'normalized' || name.startsWith('native.') || name.startsWith('normalized.')) full.push(name);
    else if (NAMES.has(name)) top.add(name);
    else bare.push(name);
  }
  const wanted = (column: string): boolean =>
    full.some((name) => isUnder(column, name)) ||
    (bare.length > 0 && bareNames(column).some((short) => bare.some((name) => isUnder(short, name))));
  return { has: (field) => top.has(field), wanted, noLeaves: full.length + bare.length === 0 };
}
