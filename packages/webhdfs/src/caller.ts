/** One method for every operation that is answered with JSON or nothing. */
import { Answer } from './answer.ts';
import type { CallOptions, Parameters } from './call.ts';
import type { Connection } from './connection.ts';
import type { OperationName } from './operations.ts';

export type Caller = (operation: OperationName, path: string, parameters?: Parameters, options?: CallOptions) => Promise<Answer>;

export function callerOf(connection: Connection): Caller {
  return async (operation, path, parameters, options) =>
    new Answer(operation, path, await connection.json(operation, path, parameters ?? {}, options));
}
