/** One method for every operation that is answered with JSON or nothing. */
import type { Answer } from './answer.ts';
import type { CallOptions, Parameters } from './call.ts';
import type { Connection } from './connection.ts';
import type { OperationName } from './operations.ts';

export type Caller = (operation: OperationName, path: string, parameters?: Parameters, options?: CallOptions) => Promise<Answer>;

export function callerOf(connection: Connection): Caller {
  return (operation, path, parameters, options) => connection.json(operation, path, parameters ?? {}, options);
}
