/** The event's own fields by the type of their value. `native` and `normalized` hold objects: only `:*` says something of them. */
const KINDS: ReadonlyMap<string, EventField['type']> = new Map([
  ['id', 'string'],
  ['tenant', 'string'],
  ['producer', 'string'],
  ['msg', 'string'],
  ['host', 'header'],
  ['pname', 'header'],
  ['pid', 'header'],
  ['msgid', 'header'],
  ['pri', 'number'],
  ['facility', 'number'],
  ['severity', 'number'],
  ['time', 'time'],
  ['received', 'time'],
  ['native', 'object'],
  ['normalized', 'object'],
]);

const ALIASES: ReadonlyMap<string, string> = new Map([
  ['app', 'pname'],
  ['message', 'msg'],
  ['level', 'severity'],
]);

/** One of the event's own fields. `header`: a string whose nil value `-` counts as absent to `:*`. */
export interface EventField {
  readonly kind: 'event';
  readonly name: string;
  readonly type: 'string' | 'header' | 'number' | 'time' | 'object';
}

/**
 * Leaves inside native and normalized. A store names them by *column*: `native.<leaf path>` or `normalized.<pattern>.<leaf path>`, a leaf's
 * path being its keys joined by `.`, with arrays adding nothing.
 */
export interface PathField {
  readonly kind: 'path';
  readonly name: string;
  /** The leaf's path in native, or null if native is not meant. */
  readonly native: string | null;
  /** True if this path inside normalized (pattern included) is the leaf that is meant. */
  normalized(path: string): boolean;
  /** True if the column is the field. */
  matches(column: string): boolean;
  /** True if the column lies below the field's name as a part of an object: it makes `NAME:*` hold, and nothing else. */
  under(column: string): boolean;
}

export type ResolvedField = EventField | PathField;

/** The name without alias: `pname` for `app`, `msg` for `message`, `severity` for `level`. Case-sensitive, like all names. */
export function canonicalName(name: string): string {
  return ALIASES.get(name) ?? name;
}

/** What a name means. An event field's name means only that; `native.host` reaches the other one. */
export function resolveField(name: string): ResolvedField {
  const canonical = canonicalName(name);
  const type = KINDS.get(canonical);
  if (type !== undefined) return { kind: 'event', name: canonical, type };
  if (name.startsWith('native.')) return pathField(name, name.slice(7), null, false);
  if (name.startsWith('normalized.')) return pathField(name, null, name.slice(11), false);
  return pathField(name, name, name, true);
}

/** @param shortened whether normalized's leaves may also be named without their pattern */
function pathField(name: string, native: string | null, inNormalized: string | null, shortened: boolean): PathField {
  const nativeColumn = native === null ? null : `native.${native}`;
  const normalized = (path: string): boolean =>
    inNormalized !== null && (path === inNormalized || (shortened && withoutPattern(path) === inNormalized));
  const belowNative = native === null ? null : `native.${native}.`;
  const below = inNormalized === null ? null : `${inNormalized}.`;
  return {
    kind: 'path',
    name,
    native,
    normalized,
    matches: (column) => column === nativeColumn || (column.startsWith('normalized.') && normalized(column.slice(11))),
    under: (column) => {
      if (belowNative !== null && column.startsWith(belowNative)) return true;
      if (below === null || !column.startsWith('normalized.')) return false;
      const path = column.slice(11);
      return path.startsWith(below) || (shortened && (withoutPattern(path)?.startsWith(below) ?? false));
    },
  };
}

/** A path below a pattern's name, or undefined where there is none. */
function withoutPattern(path: string): string | undefined {
  const dot = path.indexOf('.');
  return dot === -1 ? undefined : path.slice(dot + 1);
}
