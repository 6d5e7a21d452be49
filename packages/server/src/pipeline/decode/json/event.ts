import type { BatchBuilder } from '../../../event/batch-builder.ts';
import { NumberText } from '../../../event/leaf.ts';
import { JsonRow, TAKERS } from './fields.ts';
import { gelfName, isGelf } from './gelf.ts';
import { CONTAINERS, FIELD_NAMES, ROLES, SPELLINGS } from './spellings.ts';

type JsonObject = Record<string, unknown>;

const NO_RANK = 1_000;
const FIELDS = FIELD_NAMES.length;

/**
 * Turns one JSON object into the row under construction: well-known spellings become the event's fields, everything else goes into native as it was.
 * One per thread: it keeps scratch space, so that an event costs no allocation of its own.
 */
export class JsonEventDecoder {
  private readonly row: JsonRow;
  private readonly ranks = new Uint16Array(FIELDS);
  private readonly keys: string[] = Array.from({ length: FIELDS }, () => '');

  constructor(builder: BatchBuilder) {
    this.row = new JsonRow(builder);
  }

  /**
   * `builder.begin` was called. Gives the pname, for the correlation. Throws TooDeep (then the row is to be abandoned).
   * `parseError`: why the bytes were not quite right, kept as `native.parse_error`.
   */
  decode(builder: BatchBuilder, event: JsonObject, parseError?: string): string {
    const row = this.row;
    row.reset(builder);
    const flat = this.find(event) ? flattenContainers(event) : event;
    if (flat !== event) this.find(flat);
    this.takeFields(flat);
    this.native(builder, flat, parseError);
    row.finish();
    return row.pname;
  }

  /** Finds the best spelling of each field. True when an object may hold ECS fields, which are to be flattened first. */
  private find(event: JsonObject): boolean {
    this.ranks.fill(NO_RANK);
    for (const key in event) {
      const value = event[key];
      if (typeof value === 'object' && value !== null && !(value instanceof NumberText)) {
        if (CONTAINERS.has(key) && holdsField(key, value as JsonObject)) return true;
        continue;
      }
      const role = ROLES.get(key);
      if (role !== undefined && role.rank < this.ranks[role.field]!) {
        this.ranks[role.field] = role.rank;
        this.keys[role.field] = key;
      }
    }
    this.considerName(event);
    return false;
  }

  /** Pino and bunyan call the program `name`; so common a word counts only beside their numeric level. */
  private considerName(event: JsonObject): void {
    if (this.ranks[PNAME]! !== NO_RANK || typeof event['name'] !== 'string' || !Object.hasOwn(event, 'name')) return;
    if (typeof event['level'] !== 'number' || event['level'] < 10) return;
    this.ranks[PNAME] = 0;
    this.keys[PNAME] = 'name';
  }

  private takeFields(event: JsonObject): void {
    for (let field = 0; field < FIELDS; field++) {
      if (this.ranks[field] === NO_RANK) continue;
      const key = this.keys[field]!;
      if (!TAKERS[field]!(this.row, event[key], key)) this.takeOther(event, field);
    }
  }

  /** The best spelling's value was unusable: the next one that is usable wins. */
  private takeOther(event: JsonObject, field: number): void {
    for (const key of SPELLINGS[FIELD_NAMES[field]!].slice(this.ranks[field]! + 1)) {
      if (!Object.hasOwn(event, key) || !TAKERS[field]!(this.row, event[key], key)) continue;
      this.keys[field] = key;
      return;
    }
    this.ranks[field] = NO_RANK;
  }

  private taken(key: string): boolean {
    const role = ROLES.get(key);
    if (role !== undefined) return this.ranks[role.field] !== NO_RANK && this.keys[role.field] === key;
    return key === 'name' && this.ranks[PNAME] !== NO_RANK && this.keys[PNAME] === 'name';
  }

  private native(builder: BatchBuilder, event: JsonObject, parseError: string | undefined): void {
    const nested = ownObject(event, 'native');
    if (nested !== undefined || isGelf(event)) {
      this.nativeMerged(builder, event, nested ?? {}, parseError);
      return;
    }
    for (const key in event) if (!this.taken(key)) builder.nativeMember(key, event[key]);
    if (parseError !== undefined) builder.nativeMember('parse_error', parseError);
    builder.nativeEnd();
  }

  /** `native` given as an object holds what it holds; other members join it, and two of one name become an array. */
  private nativeMerged(builder: BatchBuilder, event: JsonObject, nested: JsonObject, parseError: string | undefined): void {
    const rename = isGelf(event) ? gelfName : (key: string) => key;
    const members = new Map<string, unknown>(Object.entries(nested));
    const add = (key: string, value: unknown): void => void members.set(key, members.has(key) ? [members.get(key), value].flat() : value);
    for (const key in event) if (!this.taken(key) && !(key === 'native' && event[key] === nested)) add(rename(key), event[key]);
    if (parseError !== undefined) add('parse_error', parseError);
    for (const [key, value] of members) builder.nativeMember(key, value);
    builder.nativeEnd();
  }
}

const PNAME = FIELD_NAMES.indexOf('pname');

function ownObject(event: JsonObject, key: string): JsonObject | undefined {
  const value = Object.hasOwn(event, key) ? event[key] : undefined;
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : undefined;
}

/** Dotted names that ROLES knows, found under a container. */
function holdsField(container: string, value: JsonObject): boolean {
  for (const key in value) {
    const inner = value[key];
    if (ROLES.has(`${container}.${key}`)) return true;
    if (
      typeof inner === 'object' &&
      inner !== null &&
      !Array.isArray(inner) &&
      container === 'log' &&
      holdsField(`${container}.${key}`, inner as JsonObject)
    )
      return true;
  }
  return false;
}

/** A copy in which fields nested in containers stand at the top under their dotted name; emptied objects go. */
function flattenContainers(event: JsonObject): JsonObject {
  const flat = new Map<string, unknown>();
  for (const [key, value] of Object.entries(event)) {
    const object = CONTAINERS.has(key) ? ownObject(event, key) : undefined;
    if (object === undefined) {
      flat.set(key, value);
      continue;
    }
    const rest = lift(key, object, flat);
    if (rest !== undefined) flat.set(key, rest);
  }
  return Object.fromEntries(flat);
}

/** Moves the fields of a container to `flat`; gives what is left of it, undefined when nothing is. */
function lift(path: string, object: JsonObject, flat: Map<string, unknown>): JsonObject | undefined {
  const rest = new Map<string, unknown>();
  for (const [key, value] of Object.entries(object)) {
    const dotted = `${path}.${key}`;
    const inner = path.startsWith('log') ? ownObject(object, key) : undefined;
    if (ROLES.has(dotted) && (typeof value !== 'object' || value === null) && !flat.has(dotted)) flat.set(dotted, value);
    else if (inner !== undefined) {
      const left = lift(dotted, inner, flat);
      if (left !== undefined) rest.set(key, left);
    } else rest.set(key, value);
  }
  return rest.size > 0 ? Object.fromEntries(rest) : undefined;
}
