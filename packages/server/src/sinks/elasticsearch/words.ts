import { shown } from '../error-text.ts';
import type { Answer } from './client.ts';

/** How Elasticsearch and OpenSearch tell of an error. */
export interface ServerError {
  readonly type?: string;
  readonly reason?: string;
  readonly caused_by?: ServerError;
}

/** The server's words: what, why, and the causes of it. */
export function errorWords(error: ServerError): string {
  const words: string[] = [];
  for (let each: ServerError | undefined = error, depth = 0; each !== undefined && depth < 5; each = each.caused_by, depth++)
    words.push(`${each.type ?? 'error'}: ${each.reason ?? 'no reason given'}`);
  return shown(words.join('; caused by '));
}

/** The error in an answer: its type where it has one. */
export function errorOf(answer: Answer): ServerError {
  try {
    const body = JSON.parse(answer.text) as { error?: ServerError | string | null };
    if (typeof body.error === 'object' && body.error !== null) return body.error;
    if (typeof body.error === 'string') return { type: `status ${answer.status}`, reason: shown(body.error) };
  } catch {
    // A proxy's page.
  }
  return { type: `status ${answer.status}`, reason: shown(answer.text) || 'an empty answer' };
}

/** For an answer that should have been a success. */
export function failure(action: string, answer: Answer): Error {
  return new Error(`${action}: ${answer.url} answers ${answer.status} ${errorWords(errorOf(answer))}`);
}

/** The JSON object of an answer with a status below 300; throws `failure` for any other, and when it is none. */
export function jsonOf(action: string, answer: Answer): unknown {
  if (answer.status >= 300) throw failure(action, answer);
  let cause: unknown;
  try {
    const value: unknown = JSON.parse(answer.text);
    if (typeof value === 'object' && value !== null) return value;
  } catch (error) {
    cause = error;
  }
  throw new Error(`${action}: ${answer.url} answers what is no JSON object: ${shown(answer.text)}`, { cause });
}
