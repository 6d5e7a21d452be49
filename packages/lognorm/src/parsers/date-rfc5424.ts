/**
 * `date-rfc5424`: `2003-10-11T22:14:15.003Z` or with an offset `+02:00`; runs of digits may have any length, even none. A space or the end
 * of the line must follow.
 */
import { smallNumber } from './date-rfc3164.ts';
import type { Motif, Parser } from './motif.ts';
import { TEXT, VALUE } from './motif.ts';
import { skipDigits } from './number.ts';
import { DATE_FORMATS, timestampValue } from './timestamp.ts';
import type { DateParts } from './timestamp.ts';

/** The groups before the zone: the byte that ends each, and its bounds. */
const GROUPS: readonly (readonly [stop: number, least: number, greatest: number])[] = [
  [45, 0, Infinity], // year -
  [45, 1, 12], // month -
  [84, 1, 31], // day T
  [58, 0, 23], // hour :
  [58, 0, 59], // minute :
];

/** The offset after the zone, or -1. */
function zoneEnd(line: Uint8Array, at: number, end: number): number {
  if (at >= end) return -1;
  const sign = line[at];
  if (sign === 90) return at + 1;
  if (sign !== 43 && sign !== 45) return -1;
  const afterHour = skipDigits(line, at + 1, end);
  if (afterHour >= end || line[afterHour] !== 58 || smallNumber(line, at + 1, afterHour) > 23) return -1;
  const afterMinute = skipDigits(line, afterHour + 1, end);
  return smallNumber(line, afterHour + 1, afterMinute) > 59 ? -1 : afterMinute;
}

const matchDate: Parser['match'] = (line, from, end) => {
  let at = from;
  for (const [stop, least, greatest] of GROUPS) {
    const to = skipDigits(line, at, end);
    if (to >= end || line[to] !== stop) return -1;
    const value = smallNumber(line, at, to);
    if (value < least || value > greatest) return -1;
    at = to + 1;
  }
  let to = skipDigits(line, at, end);
  if (smallNumber(line, at, to) > 60) return -1;
  if (to < end && line[to] === 46) to = skipDigits(line, to + 1, end);
  to = zoneEnd(line, to, end);
  return to >= 0 && (to === end || line[to] === 32) ? to : -1;
};

function milliseconds(line: Uint8Array, from: number, to: number): number {
  let value = 0;
  for (let i = 0; i < 3; i += 1) value = value * 10 + (from + i < to ? line[from + i]! - 48 : 0);
  return value;
}

function partsOf(line: Uint8Array, from: number, to: number): DateParts {
  let at = from;
  const [year, month, day, hour, minute] = GROUPS.map(() => {
    const stop = skipDigits(line, at, to);
    const value = smallNumber(line, at, stop);
    at = stop + 1;
    return value;
  }) as [number, number, number, number, number];
  const afterSecond = skipDigits(line, at, to);
  const fraction = line[afterSecond] === 46;
  const zone = fraction ? skipDigits(line, afterSecond + 1, to) : afterSecond;
  return {
    year,
    month,
    day,
    hour,
    minute,
    second: smallNumber(line, at, afterSecond),
    millisecond: fraction ? milliseconds(line, afterSecond + 1, zone) : 0,
    offset: zoneOffset(line, zone, to),
  };
}

function zoneOffset(line: Uint8Array, at: number, to: number): number {
  if (line[at] === 90) return 0;
  const afterHour = skipDigits(line, at + 1, to);
  const seconds = smallNumber(line, at + 1, afterHour) * 3600 + smallNumber(line, afterHour + 1, to) * 60;
  return line[at] === 45 ? -seconds : seconds;
}

export const dateRfc5424: Motif = {
  type: 'date-rfc5424',
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
