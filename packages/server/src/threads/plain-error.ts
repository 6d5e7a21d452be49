import { MeniscusError } from '../errors.ts';
import type { PlainError } from './ingest-messages.ts';

/** An error's parts for another thread. What is no MeniscusError is `internal`, with its text as the detail, which is for the log. */
export function toPlainError(error: unknown): PlainError {
  if (error instanceof MeniscusError) return { code: error.code, detail: error.detail, retryAfter: error.extra.retryAfter };
  return { code: 'internal', detail: error instanceof Error ? (error.stack ?? error.message) : String(error), retryAfter: undefined };
}

export function fromPlainError(error: PlainError): MeniscusError {
  return new MeniscusError(error.code, error.detail, error.retryAfter === undefined ? {} : { retryAfter: error.retryAfter });
}
