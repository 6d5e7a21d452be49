/** One call, checked and ready to be sent; and the small parts of what comes back. */
import type { IncomingMessage } from 'node:http';
import { ResponseError, type Failure } from './errors.ts';
import type { Upload } from './http/upload.ts';
import { OPERATIONS, type OperationName } from './operations.ts';
import { absolute } from './path.ts';

/** Options that every call has. */
export interface CallOptions {
  /** Ends the call: it rejects with the signal's reason. */
  signal?: AbortSignal | undefined;
}

export type ParameterValue = string | number | bigint | boolean | undefined | readonly string[];
export type Parameters = Readonly<Record<string, ParameterValue>>;

/** One call, as every attempt sends it. */
export interface Call {
  operation: OperationName;
  path: string;
  query: string;
  idempotent: boolean;
  upload: Upload | undefined;
  signal: AbortSignal | undefined;
  /** DataNodes that could not be reached in an earlier attempt: the name node is asked for others. */
  excluded: Set<string>;
  /** A token that the call is about: no error says it. */
  secret: string | undefined;
}

export function prepare(operation: OperationName, path: string, parameters: Parameters, options: CallOptions | undefined): Call {
  const { idempotent } = OPERATIONS[operation];
  const signal = options?.signal;
  const token = parameters['token'];
  const secret = typeof token === 'string' && token !== '' ? token : undefined;
  const common = { operation, path: absolute(path), query: queryOf(parameters), idempotent, signal, secret };
  return { ...common, upload: undefined, excluded: new Set() };
}

function queryOf(parameters: Parameters): string {
  let query = '';
  for (const [name, value] of Object.entries(parameters)) {
    if (value === undefined) continue;
    const values: readonly unknown[] = Array.isArray(value) ? value : [value];
    for (const one of values) query += `&${name}=${encodeURIComponent(String(one))}`;
  }
  return query;
}

export function failureOf(call: Call): Failure {
  return { operation: call.operation, path: call.path, retriable: false, mayHaveActed: true };
}

export function isRedirect(answer: IncomingMessage): boolean {
  const status = answer.statusCode ?? 0;
  return status >= 300 && status < 400 && status !== 304;
}

/** Node decodes headers as Latin-1; a NameNode writes paths in a Location as UTF-8. */
export function headerText(value: string | undefined): string | undefined {
  return value === undefined ? undefined : Buffer.from(value, 'latin1').toString('utf8');
}

export function tryParse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

export function stringField(value: unknown, name: string): string | undefined {
  const field = (value as Record<string, unknown> | null | undefined)?.[name];
  return typeof field === 'string' ? field : undefined;
}

/** Many operations are answered with nothing. */
export function parse(call: Call, text: string): unknown {
  if (text.trim() === '') return undefined;
  const value = tryParse(text);
  if (value !== undefined) return value;
  throw new ResponseError('the answer is not JSON', { ...failureOf(call), retriable: false, status: 200 });
}
