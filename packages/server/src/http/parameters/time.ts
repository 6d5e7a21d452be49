import { parseTime } from '@meniscus/query';
import { MeniscusError } from '../../errors.ts';

/** Milliseconds of a unit of durations. */
const UNIT: Readonly<Record<string, number>> = { ms: 1, s: 1e3, m: 60e3, h: 3_600e3, d: 86_400e3, w: 604_800e3 };
const DURATION = /^(\d{1,9})(ms|[smhdw])$/;
/** A form makes a space of a `+` that is not percent-encoded: in ` 5m` and `2026-11-23T10:00 01:00` it can have been nothing else. */
const LOST_PLUS = /^ (?=\d+[smhdw]$)|(?<=^\d.*T.*\d) (?=\d{2}:?\d{2}$)/i;

/**
 * The instant that a time parameter names, in microseconds: ISO 8601 with any offset (none is UTC), epoch seconds, milliseconds or microseconds, or `now`, `-15m`, `now-2h`.
 * A date without a time is its first instant. Throws bad_request naming the parameter.
 */
export function parseInstant(value: unknown, name: string, now: number): number {
  const raw = typeof value === 'number' ? String(value) : value;
  if (typeof raw === 'string') {
    const text = raw.replace(LOST_PLUS, '+');
    const span = parseTime(/^\d/.test(text) ? text.toUpperCase() : text, now);
    if (span !== undefined) return span.from;
  }
  throw new MeniscusError(
    'bad_request',
    `${name} must be an ISO 8601 time, epoch seconds, milliseconds or microseconds, or relative like now-15m`,
  );
}

/** A duration such as `30s` or `5m` in milliseconds. Throws bad_request naming the parameter. */
export function parseDuration(value: unknown, name: string): number {
  const parts = typeof value === 'string' ? DURATION.exec(value) : null;
  const ms = parts === null ? 0 : Number(parts[1]) * UNIT[parts[2]!]!;
  if (ms < 1) throw new MeniscusError('bad_request', `${name} must be a duration like 30s, 5m or 1h`);
  return ms;
}
