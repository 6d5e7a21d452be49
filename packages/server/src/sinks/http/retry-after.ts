const MAX_MS = 30_000;

/** Milliseconds to wait by a `Retry-After` (RFC 9110 section 10.2.3: seconds or a date), at most 30 s; 0 when there is none that can be read. */
export function retryAfterMs(header: string | readonly string[] | undefined, now: number): number {
  const text = typeof header === 'string' ? header.trim() : '';
  const ms = /^\d{1,9}$/.test(text) ? Number(text) * 1000 : Date.parse(text) - now;
  return ms > 0 ? Math.min(ms, MAX_MS) : 0;
}
