/**
 * `date-rfc3164`: `Oct 29 09:47:08`, month in any case, one or two spaces before the day, an optional year 1971-2099, groups of one or more
 * digits, and an optional `:` that belongs to the match. The numeric formats use the current year in UTC.
 */
import type { Motif, Parser } from './motif.ts';
import { TEXT, VALUE } from './motif.ts';
import { DATE_FORMATS, timestampValue } from './timestamp.ts';
import type { DateParts } from './timestamp.ts';
import { skipDigits } from './number.ts';

/** Months by their three letters in lower case, packed into an integer. */
const MONTHS: ReadonlyMap<number, number> = new Map(
  ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'].map((name, index) => [
    pack(name.charCodeAt(0), name.charCodeAt(1), name.charCodeAt(2)),
    index + 1,
  ]),
);

function pack(a: number, b: number, c: number): number {
  return (a << 16) | (b << 8) | c;
}

/** The month at `at`, where at least three bytes are left, or 0. Setting bit 5 makes letters lower case; no other byte becomes one. */
function monthAt(line: Uint8Array, at: number): number {
  return MONTHS.get(pack(line[at]! | 32, line[at + 1]! | 32, line[at + 2]! | 32)) ?? 0;
}

/** The number `from`..`to`; long runs of digits stay out of every range that is asked for. */
export function smallNumber(line: Uint8Array, from: number, to: number): number {
  let value = 0;
  for (let at = from; at < to; at += 1) value = value > 100_000 ? value : value * 10 + line[at]! - 48;
  return value;
}

/** The offset after a number of at least one digit within bounds, or -1. */
function numberWithin(line: Uint8Array, from: number, end: number, least: number, greatest: number): number {
  const to = skipDigits(line, from, end);
  if (to === from) return -1;
  const value = smallNumber(line, from, to);
  return value >= least && value <= greatest ? to : -1;
}

/** The offset of the hour, that is, after month, day and perhaps year; or -1. */
function hourOffset(line: Uint8Array, from: number, end: number): number {
  if (end - from < 6 || line[from + 3] !== 32 || monthAt(line, from) === 0) return -1;
  const day = line[from + 4] === 32 ? from + 5 : from + 4;
  const afterDay = numberWithin(line, day, end, 1, 31);
  if (afterDay < 0 || afterDay >= end || line[afterDay] !== 32) return -1;
  const afterYear = numberWithin(line, afterDay + 1, end, 1971, 2099);
  if (afterYear < 0) return afterDay + 1;
  return afterYear < end && line[afterYear] === 32 ? afterYear + 1 : -1;
}

const matchDate: Parser['match'] = (line, from, end) => {
  const hour = hourOffset(line, from, end);
  if (hour < 0) return -1;
  const afterHour = numberWithin(line, hour, end, 0, 23);
  if (afterHour < 0 || afterHour >= end || line[afterHour] !== 58) return -1;
  const afterMinute = numberWithin(line, afterHour + 1, end, 0, 59);
  if (afterMinute < 0 || afterMinute >= end || line[afterMinute] !== 58) return -1;
  const afterSecond = numberWithin(line, afterMinute + 1, end, 0, 60);
  if (afterSecond < 0) return -1;
  return afterSecond < end && line[afterSecond] === 58 ? afterSecond + 1 : afterSecond;
};

function partsOf(line: Uint8Array, from: number, to: number): DateParts {
  const day = line[from + 4] === 32 ? from + 5 : from + 4;
  const hour = hourOffset(line, from, to);
  const afterHour = skipDigits(line, hour, to);
  const afterMinute = skipDigits(line, afterHour + 1, to);
  return {
    year: new Date().getUTCFullYear(),
    month: monthAt(line, from),
    day: smallNumber(line, day, skipDigits(line, day, to)),
    hour: smallNumber(line, hour, afterHour),
    minute: smallNumber(line, afterHour + 1, afterMinute),
    second: smallNumber(line, afterMinute + 1, skipDigits(line, afterMinute + 1, to)),
    millisecond: 0,
    offset: 0,
  };
}

export const dateRfc3164: Motif = {
  type: 'date-rfc3164',
  priority: 8,
  versions: [1, 2],
  create(parameters, version) {
    const plain: Parser = { kind: TEXT, scans: false, match: matchDate };
    if (version === 1) return plain;
    parameters.allowOnly(['format']);
    const format = parameters.choice('format', DATE_FORMATS);
    if (format === 'string') return plain;
    return { ...plain, kind: VALUE, value: (line, from, to) => timestampValue(partsOf(line, from, to), format) };
  },
};
