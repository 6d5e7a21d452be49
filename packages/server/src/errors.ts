/**
 * The one table of errors that users meet: code, HTTP status, title. Sites throw `new MeniscusError(code, detail)`. A title says what failed;
 * the detail says on what and what to do. Titles of 2013 are kept to the letter.
 */
const table = {
  bad_request: [400, 'The request is not valid'],
  malformed_json: [400, 'Malformed JSON body'],
  missing_header: [400, 'Missing header'],
  no_event_accepted: [400, 'No event was accepted'],
  tenant_exists: [400, 'Tenant with tenant_id %s already exists'],
  producer_exists: [400, 'Event producer with name %s already exists with id=%s.'],
  producer_name_taken: [400, 'EventProducer with name %s already exists with id=%s.'],
  unknown_sink: [400, 'Unknown sink %s'],
  query_syntax: [400, 'Cannot parse the query'],
  bad_rulebase: [400, 'The rulebase is not valid'],
  limit_exceeded: [400, 'A limit is exceeded'],
  bad_cursor: [400, 'The cursor does not belong to this query'],
  not_authenticated: [401, 'An API key is required'],
  message_not_authenticated: [401, 'Message not authenticated, check your tenant id and or message token for validity'],
  forbidden: [403, 'The API key may not do this'],
  not_found: [404, 'Not found'],
  tenant_not_found: [404, 'Unable to locate tenant.'],
  producer_not_found: [404, 'Unable to locate event producer.'],
  worker_not_found: [404, 'Unable to locate worker.'],
  event_not_found: [404, 'Unable to locate event.'],
  job_not_found: [404, 'Unable to locate job.'],
  key_not_found: [404, 'Unable to locate API key.'],
  method_not_allowed: [405, 'Method not allowed'],
  token_too_young: [409, 'Message tokens can only be changed once every 3 hours'],
  backup_running: [409, 'A backup is being made already'],
  backup_refused: [409, 'The backup cannot be made there'],
  conflict: [409, 'Changed by somebody else at the same time'],
  cancelled: [409, 'The search was ended'],
  body_too_large: [413, 'The body is too large'],
  unsupported_media_type: [415, 'Unsupported Media Type'],
  too_many_requests: [429, 'Too many requests'],
  internal: [500, 'Internal failure - please contact site administrator'],
  queue_full: [503, 'The queue is full'],
  shutting_down: [503, 'The service is stopping'],
  unavailable: [503, 'Not available right now'],
  // Of one event within a request or stream; the status is that of a request with only such events.
  event_too_large: [413, 'The event is too large'],
  event_not_object: [400, 'An event must be a JSON object or a string'],
  event_malformed: [400, 'The event is not valid JSON'],
  event_too_deep: [400, 'The event is nested too deeply'],
  event_field_type: [400, 'A field of the event has the wrong type'],
  // Of the command line and the start.
  wrong_usage: [400, 'The command line is not valid'],
  bad_configuration: [400, 'The configuration is not valid'],
  bad_backup: [400, 'The backup cannot be read'],
  restore_refused: [409, 'The backup cannot be restored there'],
  disk_full: [507, 'The disk is full'],
  data_dir_in_use: [409, 'Another process uses the data directory'],
  listen_failed: [500, 'Cannot listen'],
} as const satisfies Record<string, readonly [number, string]>;

export type ErrorCode = keyof typeof table;

export const errorCodes = Object.keys(table) as ErrorCode[];

/** The HTTP status of a code. */
export function statusOf(code: ErrorCode): number {
  return table[code][0];
}

/** The title of a code; `%s` slots are filled in order. */
export function titleOf(code: ErrorCode, ...slots: readonly (string | number)[]): string {
  let i = 0;
  return table[code][1].replace(/%s/g, () => String(slots[i++]));
}

export interface ErrorExtra {
  /** What fills the title's slots. */
  readonly slots?: readonly (string | number)[];
  /** 0-based offset in a query, in UTF-16 units. */
  readonly position?: number;
  /** Details by field or line. */
  readonly errors?: readonly unknown[];
  /** Seconds, for Retry-After. */
  readonly retryAfter?: number;
  readonly cause?: unknown;
}

/** An error that a user may see whole. Anything else becomes `internal`, with its text in the log only. */
export class MeniscusError extends Error {
  readonly code: ErrorCode;
  readonly title: string;
  readonly detail: string | undefined;
  readonly extra: ErrorExtra;

  constructor(code: ErrorCode, detail?: string, extra: ErrorExtra = {}) {
    const title = titleOf(code, ...(extra.slots ?? []));
    super(detail === undefined ? title : `${title}: ${detail}`, { cause: extra.cause });
    this.name = 'MeniscusError';
    this.code = code;
    this.title = title;
    this.detail = detail;
    this.extra = extra;
  }

  get status(): number {
    return statusOf(this.code);
  }
}

/** What was thrown, in words: for a sentence or the log. */
export function messageOf(error: unknown): string {
  return error instanceof Error && error.message !== '' ? error.message : String(error);
}
