import { resolveField } from '../ast/fields.ts';
import type { EventField, PathField } from '../ast/fields.ts';
import type { FieldQuery, Query } from '../ast/query.ts';
import { visitQuery } from '../ast/visit.ts';
import { compileTest } from './compile.ts';
import { collectLeaves } from './leaves.ts';
import type { Leaves } from './leaves.ts';
import type { ValueMatcher } from './matcher.ts';

/** An event as the predicate reads it. Times are microseconds since 1970; null and undefined are absent. */
export interface QueryEvent {
  readonly id?: string | null | undefined;
  readonly tenant?: string | null | undefined;
  /** The producer's name. */
  readonly producer?: string | null | undefined;
  readonly time?: number | null | undefined;
  readonly received?: number | null | undefined;
  readonly host?: string | null | undefined;
  readonly pname?: string | null | undefined;
  readonly pid?: string | null | undefined;
  readonly msgid?: string | null | undefined;
  readonly msg?: string | null | undefined;
  readonly pri?: number | null | undefined;
  readonly facility?: number | null | undefined;
  readonly severity?: number | null | undefined;
  readonly native?: object | null | undefined;
  readonly normalized?: object | null | undefined;
}

export type Predicate = (event: QueryEvent) => boolean;

/** The event while one predicate looks at it: its parts are flattened once, and only if something asks. */
class View {
  readonly event: QueryEvent;
  #native: Leaves | undefined;
  #normalized: Leaves | undefined;

  constructor(event: QueryEvent) {
    this.event = event;
  }

  get native(): Leaves {
    return (this.#native ??= collectLeaves(this.event.native));
  }

  get normalized(): Leaves {
    return (this.#normalized ??= collectLeaves(this.event.normalized));
  }
}

type Check = (view: View) => boolean;

/**
 * Compiles a query to a predicate over plain event objects. These are the reference semantics: every back end selects the events that this
 * selects.
 */
export function compilePredicate(query: Query): Predicate {
  const check = compile(query);
  return (event) => check(new View(event));
}

function compile(query: Query): Check {
  return visitQuery<Check>(query, {
    all: () => () => true,
    and: ({ items }) => {
      const checks = items.map(compile);
      return (view) => checks.every((check) => check(view));
    },
    or: ({ items }) => {
      const checks = items.map(compile);
      return (view) => checks.some((check) => check(view));
    },
    not: ({ item }) => {
      const check = compile(item);
      return (view) => !check(view);
    },
    any: ({ test }) => anyCheck(compileTest(test)),
    field: fieldCheck,
  });
}

/** Every string of the event that a term without a field looks at. */
function anyCheck(matcher: ValueMatcher): Check {
  return ({ event, native, normalized }) =>
    isText(event.msg, matcher) ||
    isText(event.host, matcher) ||
    isText(event.pname, matcher) ||
    isText(event.msgid, matcher) ||
    native.values.some((value) => isText(value, matcher)) ||
    normalized.values.some((value) => isText(value, matcher));
}

function isText(value: unknown, matcher: ValueMatcher): boolean {
  return typeof value === 'string' && matcher.text(value);
}

function fieldCheck(query: FieldQuery): Check {
  const field = resolveField(query.name);
  if (field.kind === 'path') return pathCheck(field, query);
  if (field.type === 'object') return objectCheck(field, query);
  const matcher = compileTest(query.test, field.type === 'header' ? 'header' : 'value');
  const name = field.name as keyof QueryEvent;
  return ({ event }) => matches(event[name], matcher);
}

/** An object has no text: only `native:*` and `normalized:*` can hold. */
function objectCheck(field: EventField, query: FieldQuery): Check {
  if (query.test.kind !== 'exists') return () => false;
  const matcher = compileTest(query.test);
  return (view) => (field.name === 'native' ? view.native : view.normalized).values.some((value) => matches(value, matcher));
}

function pathCheck(field: PathField, query: FieldQuery): Check {
  const matcher = compileTest(query.test);
  const below = query.test.kind === 'exists';
  const inNative = (path: string): boolean => path === field.native || (below && field.under(`native.${path}`));
  const inNormalized = (path: string): boolean => field.normalized(path) || (below && field.under(`normalized.${path}`));
  const { native, name } = field;
  const onlyNormalized = native === null;
  const onlyNative = name.startsWith('native.');
  return (view) =>
    (!onlyNormalized && anyLeaf(view.native, inNative, matcher)) || (!onlyNative && anyLeaf(view.normalized, inNormalized, matcher));
}

function anyLeaf(leaves: Leaves, isField: (path: string) => boolean, matcher: ValueMatcher): boolean {
  const { paths, values } = leaves;
  for (let index = 0; index < paths.length; index++) {
    if (isField(paths[index]!) && matches(values[index], matcher)) return true;
  }
  return false;
}

function matches(value: unknown, matcher: ValueMatcher): boolean {
  if (typeof value === 'string') return matcher.text(value);
  if (typeof value === 'number') return matcher.number(value, String(value));
  if (typeof value === 'boolean') return matcher.boolean(value);
  return typeof value === 'bigint' && matcher.number(Number(value), String(value));
}
