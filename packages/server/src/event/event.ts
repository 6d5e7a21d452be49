/** The event as programs see it (search answers, live tail, export): the names of CEE and of Project Meniscus, times as ISO 8601 with microseconds. */
export interface Event {
  id: string;
  tenant: string;
  time: string;
  /** `received` when the sender gave no usable time. */
  time_source?: 'received';
  received: string;
  host: string;
  pname: string;
  pid: string;
  msgid: string;
  /** `facility * 8 + severity`; absent when either was not sent, like the three below. */
  pri?: number;
  facility?: number;
  severity?: number;
  level?: string;
  /** The version of the syslog protocol; absent for other senders. */
  ver?: string;
  msg?: string;
  native?: Record<string, unknown>;
  normalized?: Record<string, unknown>;
  producer: Producer;
}

/** What an event was matched to by its `pname`, as it was when the event came in. */
export interface Producer {
  /** null for the default producer. */
  readonly id: number | null;
  readonly name: string | null;
  readonly pattern: string;
  readonly durable: boolean;
  readonly encrypted: boolean;
  readonly sinks: readonly string[];
}

/** RFC 5424 table 2, as words. */
export const LEVELS = ['emergency', 'alert', 'critical', 'error', 'warning', 'notice', 'info', 'debug'] as const;

/** The nil value of RFC 5424 section 6: what host, pname, pid and msgid are when absent. */
export const NIL = '-';

/** Microseconds since the epoch as `2026-11-23T10:00:00.123456Z`. Whole microseconds within the years 0-9999. */
export function formatTime(micros: number): string {
  const ms = Math.floor(micros / 1000);
  const iso = new Date(ms).toISOString();
  const sub = micros - ms * 1000;
  return `${iso.slice(0, -1)}${sub < 10 ? '00' : sub < 100 ? '0' : ''}${sub}Z`;
}
