import type { FastifyRequest } from 'fastify';
import { Type, type TSchema } from 'typebox';
import { MeniscusError } from '../../errors.ts';
import { parseDuration, parseInstant } from './time.ts';

/** One parameter of a route: in the query string, or a member of a JSON body. */
export interface Parameter<T> {
  /** For the documentation; `read` decides. */
  readonly schema: TSchema;
  /** Of the member of a body, where that is another. */
  readonly bodySchema?: TSchema;
  /** May be repeated in a query string: the values are joined by commas. */
  readonly list?: boolean;
  /** Must be given: for the documentation, too. */
  readonly required?: boolean;
  /** `now` in microseconds, read once for each request. Throws MeniscusError naming the parameter. */
  read(raw: unknown, name: string, now: number): T;
  /** The value when it is not given. Throws when it is required. */
  absent(name: string, now: number): T;
}

export type Parameters = Readonly<Record<string, Parameter<unknown>>>;
export type Values<P extends Parameters> = { readonly [K in keyof P]: P[K] extends Parameter<infer T> ? T : never };

function refuse(name: string, what: string): never {
  throw new MeniscusError('bad_request', `${name} must be ${what}`);
}

/** Splits at commas that are not inside parentheses or brackets, and trims. */
function split(text: string): string[] {
  return text
    .split(/,(?![^(]*\))/)
    .map((item) => item.trim())
    .filter((item) => item !== '');
}

export function text<D extends string | undefined>(absent: D, description: string, example?: string): Parameter<string | D> {
  return {
    schema: Type.String({
      description,
      ...(absent === undefined ? {} : { default: absent }),
      ...(example === undefined ? {} : { examples: [example] }),
    }),
    read: (raw, name) => (typeof raw === 'string' ? raw : refuse(name, 'a string')),
    absent: () => absent,
  };
}

/** A text that must be given, and not be empty. */
export function requiredText(description: string, example: string): Parameter<string> {
  return {
    required: true,
    schema: Type.String({ description, minLength: 1, examples: [example] }),
    read: (raw, name) => (typeof raw === 'string' && raw !== '' ? raw : refuse(name, 'a string that is not empty')),
    absent: (name) => refuse(name, 'given'),
  };
}

export function integer(options: { min: number; max: number; absent: number; description: string }): Parameter<number>;
export function integer(options: { min: number; max: number; description: string }): Parameter<number | undefined>;
export function integer(options: { min: number; max: number; absent?: number; description: string }): Parameter<number | undefined> {
  const { min, max, absent, description } = options;
  return {
    schema: Type.Integer({ minimum: min, maximum: max, description, ...(absent === undefined ? {} : { default: absent }) }),
    read: (raw, name) => {
      const value = typeof raw === 'string' && /^-?\d{1,15}$/.test(raw) ? Number(raw) : raw;
      if (typeof value !== 'number' || !Number.isSafeInteger(value)) refuse(name, 'an integer');
      if (value > max) throw new MeniscusError('limit_exceeded', `${name} may be at most ${max}`);
      return value < min ? refuse(name, `at least ${min}`) : value;
    },
    absent: () => absent,
  };
}

export function choice<const T extends string>(values: readonly T[], absent: T, description: string): Parameter<T> {
  return {
    schema: Type.Unsafe<T>({ type: 'string', enum: values, default: absent, description }),
    read: (raw, name) => values.find((value) => value === raw) ?? refuse(name, `one of ${values.join(', ')}`),
    absent: () => absent,
  };
}

/** Names: separated by commas, or a JSON array. */
export function list<D extends readonly string[] | undefined>(
  absent: (name: string) => D,
  options: { max: number; description: string; example: string },
): Parameter<readonly string[] | D> {
  const { max, description, example } = options;
  const item = Type.String({ minLength: 1 });
  return {
    list: true,
    bodySchema: Type.Union([Type.String(), Type.Array(item, { maxItems: max })], { description: `${description} At most ${max}.` }),
    required: absent === required,
    schema: Type.String({
      description: `${description} Separated by commas, or an array in a JSON body. At most ${max}.`,
      examples: [example],
    }),
    read: (raw, name) => {
      const items: unknown = typeof raw === 'string' ? split(raw) : raw;
      if (!Array.isArray(items) || !items.every((item) => typeof item === 'string' && item !== '')) return refuse(name, 'a list of names');
      if (items.length > max) throw new MeniscusError('limit_exceeded', `${name} may list at most ${max}`);
      return items.length === 0 ? absent(name) : (items as string[]);
    },
    absent,
  };
}

export const required = (name: string): never => refuse(name, 'given');

/** An instant in microseconds. */
export function time(absent: (now: number) => number, description: string, example: string): Parameter<number> {
  return {
    schema: Type.Union([Type.String(), Type.Integer()], { description, examples: [example] }),
    read: parseInstant,
    absent: (_name, now) => absent(now),
  };
}

/** An instant in microseconds, undefined when it is not given. */
export function optionalTime(description: string, example: string): Parameter<number | undefined> {
  return { ...time(() => 0, description, example), absent: () => undefined };
}

/** Milliseconds. */
export function duration(description: string, example: string): Parameter<number | undefined> {
  return { schema: Type.String({ description, examples: [example] }), read: parseDuration, absent: () => undefined };
}

/** The parameters of a query string, each with all its values. Throws bad_request for broken percent-encoding. */
export function queryOf(url: string): Map<string, string[]> {
  const query = new Map<string, string[]>();
  const start = url.indexOf('?');
  if (start < 0) return query;
  for (const pair of url.slice(start + 1).split('&')) {
    if (pair === '') continue;
    const equals = pair.indexOf('=');
    const name = decode(equals < 0 ? pair : pair.slice(0, equals));
    const value = equals < 0 ? '' : decode(pair.slice(equals + 1));
    const values = query.get(name);
    if (values === undefined) query.set(name, [value]);
    else values.push(value);
  }
  return query;
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part.replaceAll('+', ' '));
  } catch {
    throw new MeniscusError('bad_request', 'the query string is not valid percent-encoded UTF-8');
  }
}

/** What a request gives by name: the query string, and the members of a JSON body over it. An empty value in a query string and null count as not given. */
function given(parameters: Parameters, request: FastifyRequest): Map<string, unknown> {
  const raw = new Map<string, unknown>();
  for (const [name, values] of queryOf(request.url)) {
    if (values.length > 1 && parameters[name]?.list !== true) throw new MeniscusError('bad_request', `${name} is given more than once`);
    const value = values.join(',');
    if (value !== '' || !Object.hasOwn(parameters, name)) raw.set(name, value);
  }
  const { body } = request;
  if (body === undefined || body === null) return raw;
  if (typeof body !== 'object' || Array.isArray(body)) throw new MeniscusError('bad_request', 'the body must be a JSON object');
  for (const [name, value] of Object.entries(body)) if (value !== null) raw.set(name, value);
  return raw;
}

/** The range as it was asked for, before it was made absolute: what a cursor belongs to. */
export function rangeText(parameters: Parameters, request: FastifyRequest): string {
  const raw = given(parameters, request);
  return JSON.stringify(['from', 'to'].map((name) => String((raw.get(name) as string | number | undefined) ?? '')));
}

/** Reads a route's parameters. Unknown ones are refused: a misspelt one would silently widen the answer. */
export function readParameters<P extends Parameters>(parameters: P, request: FastifyRequest, now: number): Values<P> {
  const raw = given(parameters, request);
  for (const name of raw.keys()) {
    if (Object.hasOwn(parameters, name)) continue;
    throw new MeniscusError(
      'bad_request',
      `there is no parameter ${JSON.stringify(name.slice(0, 100))}; there are ${Object.keys(parameters).join(', ')}`,
    );
  }
  const values: Record<string, unknown> = {};
  for (const [name, parameter] of Object.entries(parameters)) {
    values[name] = raw.has(name) ? parameter.read(raw.get(name), name, now) : parameter.absent(name, now);
  }
  return values as Values<P>;
}

/** The schema of the parameters together as a JSON body. */
export function parametersSchema(parameters: Parameters): TSchema {
  const members = Object.entries(parameters).map(([name, { schema, bodySchema = schema, required }]) => [
    name,
    required === true ? bodySchema : Type.Optional(bodySchema),
  ]);
  return Type.Object(Object.fromEntries(members) as Record<string, TSchema>, { additionalProperties: false });
}
