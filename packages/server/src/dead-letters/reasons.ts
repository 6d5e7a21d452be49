/** Why something is kept as a dead letter: the list that the API and the reference rely on. A new reason gets a line here. */
export interface DeadLetterReason {
  readonly reason: string;
  readonly whose: 'tenant' | 'operator';
  readonly text: string;
  /** What redriving it does. */
  readonly redrive: string;
}

export const deadLetterReasons: readonly DeadLetterReason[] = [
  {
    reason: 'event_malformed',
    whose: 'tenant',
    text: 'A line of NDJSON or an element of a large array is not valid JSON.',
    redrive: 'refused again',
  },
  { reason: 'event_not_object', whose: 'tenant', text: 'An element is null, a number, a boolean or an array.', redrive: 'refused again' },
  { reason: 'event_too_deep', whose: 'tenant', text: 'The event is nested too deeply.', redrive: 'refused again' },
  {
    reason: 'event_too_large',
    whose: 'tenant',
    text: 'The event is above the limit; the beginning is kept.',
    redrive: 'never: what is kept is not the event any more',
  },
  {
    reason: 'event_field_type',
    whose: 'tenant',
    text: 'A required field of a `log_message` of 2013 is missing or no string.',
    redrive: 'refused again',
  },
  {
    reason: 'malformed_json',
    whose: 'tenant',
    text: 'A body with a good token is no JSON at all, or does not decompress.',
    redrive: 'refused again',
  },
  {
    reason: 'refused',
    whose: 'tenant',
    text: "A sink's server will not take the event: `sink` names it, `text` is what the server said, `raw` is the document.",
    redrive: 'sent to that sink only, with the same id; refused again it comes back as a new letter',
  },
  {
    reason: 'expired',
    whose: 'tenant',
    text: 'A sink did not take the event within its `retry_max_age`. `raw` is the document.',
    redrive: 'sent to that sink only, with the same id',
  },
  {
    reason: 'unauthenticated',
    whose: 'operator',
    text: 'A syslog message has no credentials, or those of no tenant, or the tenant of its bound listener does not exist. Credentials are masked.',
    redrive: 'not possible: it belongs to nobody',
  },
];

/** Refusals that leave no letter: there is nothing to keep, or keeping it would help an attacker. */
export const refusedOnlyCounted: readonly { readonly reason: string; readonly where: string; readonly text: string }[] = [
  {
    reason: 'not_allowed',
    where: 'syslog, bound listeners',
    text: "The sender's address is not in `allow`: the connection is closed, a datagram dropped.",
  },
  { reason: 'too_many_connections', where: 'syslog TCP', text: 'The listener has as many connections as it may have.' },
  { reason: 'message_not_authenticated', where: 'HTTP publish', text: 'Tenant or token is wrong: 401.' },
  { reason: 'missing_header', where: 'HTTP publish', text: 'No token: 400.' },
  { reason: 'body_too_large', where: 'HTTP publish', text: 'The body is above the limit: 413.' },
  { reason: 'unsupported_media_type', where: 'HTTP publish', text: 'Unknown Content-Type or Content-Encoding: 415.' },
  { reason: 'queue_full', where: 'HTTP publish', text: 'The queue or the disk has no room: 503; send again.' },
  { reason: 'shutting_down', where: 'HTTP publish', text: 'The service is stopping: 503; send again.' },
];
