import { MeniscusError, type ErrorCode } from '../errors.ts';
import { limits } from '../limits.ts';

/** RFC 9457, with the table's `code` and 2013's `title`. */
export interface Problem {
  readonly title: string;
  readonly status: number;
  readonly code: ErrorCode;
  readonly detail?: string;
  readonly errors?: readonly unknown[];
  readonly position?: number;
}

export const PROBLEM_TYPE = 'application/problem+json';

export function problemOf(error: MeniscusError): Problem {
  const { position, errors } = error.extra;
  return {
    title: error.title,
    status: error.status,
    code: error.code,
    ...(error.detail === undefined ? {} : { detail: error.detail }),
    ...(errors === undefined ? {} : { errors }),
    ...(position === undefined ? {} : { position }),
  };
}

/** What a limit is called when a body breaks it. */
export function bodyTooLarge(limit: number): MeniscusError {
  return new MeniscusError('body_too_large', `a body may have at most ${limit} bytes`);
}

/** Errors of the framework that are the client's fault, in our words; undefined for everything else. */
export function frameworkError(error: { readonly code?: string; readonly statusCode?: number }): MeniscusError | undefined {
  switch (error.code ?? '') {
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
      return new MeniscusError('unsupported_media_type', 'send Content-Type: application/json');
    case 'FST_ERR_CTP_BODY_TOO_LARGE':
      return bodyTooLarge(limits.requestBodyBytes);
    case 'FST_ERR_BAD_URL':
      return new MeniscusError('bad_request', 'the path is not valid percent-encoded UTF-8');
    case 'FST_ERR_MAX_PARAM_LENGTH':
      return new MeniscusError('not_found');
    default: {
      const status = error.statusCode ?? 500;
      return status >= 400 && status < 500 ? new MeniscusError('bad_request') : undefined;
    }
  }
}
