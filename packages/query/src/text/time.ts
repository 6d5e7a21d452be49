/** A span of time, [from, to), in microseconds since 1970. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

const SECOND = 1_000_000;
/** The first microsecond that a literal can name: 0000-01-01. */
export const FIRST_MICROS = -62_167_219_200 * SECOND;
/** The first microsecond that no literal can name: 10000-01-01. */
export const END_MICROS = 253_402_300_800 * SECOND;

const DATE = /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d)(?::(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?)?(Z|[+-]\d\d(?::?\d\d)?)?)?$/;
const RELATIVE = /^(?:now)?([+-])(\d+)([smhdw])$/;
const EPOCH = /^\d+$/;
const UNITS: ReadonlyMap<string, number> = new Map([
  ['s', SECOND],
  ['m', 60 * SECOND],
  ['h', 3600 * SECOND],
  ['d', 86_400 * SECOND],
  ['w', 604_800 * SECOND],
]);

/**
 * Reads a time literal. It stands for its whole unit, so that `2026-11-20` is that day and `05:10` that minute; forms of `now` are one
 * microsecond. Undefined for anything else, and for times that no event can have (before year 0 or after 9999).
 *
 * @param now microseconds since 1970, for the relative forms
 */
export function parseTime(text: string, now: number): Span | undefined {
  if (text === 'now') return instant(now);
  if (EPOCH.test(text)) return epoch(text);
  const relative = RELATIVE.exec(text);
  if (relative !== null) return instant(now + (relative[1] === '-' ? -1 : 1) * Number(relative[2]) * UNITS.get(relative[3]!)!);
  const date = DATE.exec(text);
  return date === null ? undefined : calendar(date);
}

function instant(micros: number): Span {
  const from = Math.min(Math.max(Math.floor(micros), FIRST_MICROS), END_MICROS);
  return { from, to: from + 1 };
}

function epoch(text: string): Span | undefined {
  const value = Number(text);
  const unit = value < 1e11 ? SECOND : value < 1e14 ? 1000 : 1;
  const from = value * unit;
  return from < END_MICROS ? { from, to: from + unit } : undefined;
}

function calendar(match: RegExpExecArray): Span | undefined {
  const [, year, month, day, hour, minute, second, fraction, zone] = match;
  const days = daysFromCivil(Number(year), Number(month), Number(day));
  const offset = zoneMinutes(zone);
  if (days === undefined || offset === undefined) return undefined;
  const clock = [hour ?? '0', minute ?? '0', second ?? '0'].map(Number);
  if (clock[0]! > 23 || clock[1]! > 59 || clock[2]! > 59) return undefined;
  const seconds = days * 86_400 + clock[0]! * 3600 + clock[1]! * 60 + clock[2]! - offset * 60;
  // Past the year 2255 microseconds need more than 53 bits: add exactly, then round once.
  const from = BigInt(seconds) * 1_000_000n + BigInt((fraction ?? '').padEnd(6, '0').slice(0, 6));
  const to = from + BigInt(unitOf(hour, minute, second, fraction));
  return to > FIRST_MICROS && from < END_MICROS ? { from: Number(from), to: Number(to) } : undefined;
}

function unitOf(hour?: string, minute?: string, second?: string, fraction?: string): number {
  if (hour === undefined) return 86_400 * SECOND;
  if (minute === undefined) return 3600 * SECOND;
  if (second === undefined) return 60 * SECOND;
  if (fraction === undefined) return SECOND;
  return fraction.length <= 3 ? 1000 : 1;
}

function zoneMinutes(zone: string | undefined): number | undefined {
  if (zone === undefined || zone === 'Z') return 0;
  const hours = Number(zone.slice(1, 3));
  const minutes = Number(zone.slice(3).replace(':', ''));
  if (hours > 23 || minutes > 59) return undefined;
  return (zone.startsWith('-') ? -1 : 1) * (hours * 60 + minutes);
}

/** Days since 1970-01-01 of a date of the Gregorian calendar; undefined if there is no such day. */
function daysFromCivil(year: number, month: number, day: number): number | undefined {
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return undefined;
  return date.getTime() / 86_400_000;
}

/** Writes an instant as a literal of exactly one microsecond. Only for FIRST_MICROS <= micros < END_MICROS. */
export function printTime(micros: number): string {
  const exact = BigInt(micros);
  const fraction = ((exact % 1_000_000n) + 1_000_000n) % 1_000_000n;
  const seconds = new Date(Number((exact - fraction) / 1000n)).toISOString().slice(0, 19);
  return `${seconds}.${String(fraction).padStart(6, '0')}Z`;
}
