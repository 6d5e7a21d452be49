import type { TSchema } from 'typebox';
import type { ErrorCode } from '../../errors.ts';
import type { Parameters } from '../parameters/parameter.ts';

/** What the OpenAPI document says of a route beyond its path, parameters of the path and validated body. */
export interface RouteDocs {
  readonly tag:
    | 'service'
    | 'tenants'
    | 'producers'
    | 'tokens'
    | 'keys'
    | 'publish'
    | 'search'
    | 'saved searches'
    | 'rulebases'
    | 'dead letters'
    | 'workers';
  readonly summary: string;
  readonly description?: string;
  /** Successful answers; the problems come from `errors`, the access and the kind of body. */
  readonly answers: Readonly<Record<number, Answer>>;
  /** Codes that this route answers besides those that all routes of its kind do. */
  readonly errors?: readonly ErrorCode[];
  readonly query?: Parameters;
  readonly headers?: Readonly<Record<string, { readonly description: string; readonly required: boolean }>>;
  /** Examples of the JSON body. */
  readonly bodyExample?: unknown;
  /** Bodies that are not validated JSON: media types with an example of each. */
  readonly bodies?: Readonly<Record<string, unknown>>;
}

export interface Answer {
  readonly description: string;
  /** JSON. None: no body. */
  readonly schema?: TSchema;
  readonly example?: unknown;
  /** Other media types than JSON, with an example of each. */
  readonly types?: Readonly<Record<string, unknown>>;
  readonly headers?: Readonly<Record<string, string>>;
}
