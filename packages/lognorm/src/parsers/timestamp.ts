/** Calendar arithmetic of the date parsers: no validation (February 31 counts on), years 1970 to 2100 only. */
import type { JsonValue } from '../json-dialect/value.ts';
import { JsonNumber } from '../json-dialect/value.ts';

export interface DateParts {
  year: number;
  month: number;
  day: number;
  hour: number;
  minute: number;
  second: number;
  /** Thousandths of a second, truncated. */
  millisecond: number;
  /** Seconds east of UTC. */
  offset: number;
}

const DAYS_BEFORE_MONTH = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334];

function isLeap(year: number): boolean {
  return (year % 4 === 0 && year % 100 !== 0) || year === 2000;
}

function daysBeforeYear(year: number): number {
  let days = 0;
  for (let y = 1970; y < year; y += 1) days += isLeap(y) ? 366 : 365;
  return days;
}

/** Seconds since the epoch in UTC; 0 when the year is out of range. */
export function unixSeconds(parts: DateParts): number {
  if (parts.year < 1970 || parts.year > 2100) return 0;
  const leapDay = parts.month > 2 && isLeap(parts.year) ? 1 : 0;
  const days = daysBeforeYear(parts.year) + DAYS_BEFORE_MONTH[parts.month - 1]! + leapDay + parts.day - 1;
  return ((days * 24 + parts.hour) * 60 + parts.minute) * 60 + parts.second - parts.offset;
}

export const DATE_FORMATS = ['string', 'timestamp-unix', 'timestamp-unix-ms'] as const;
export type DateFormat = (typeof DATE_FORMATS)[number];

/** The value of a date in one of the numeric formats. */
export function timestampValue(parts: DateParts, format: DateFormat): JsonValue {
  const seconds = unixSeconds(parts);
  return new JsonNumber(String(format === 'timestamp-unix' ? seconds : seconds * 1000 + parts.millisecond), true);
}
