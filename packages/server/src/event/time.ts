/** Times as senders write them, to microseconds since the epoch. */

const ISO = /^(\d{4})-(\d\d)-(\d\d)(?:[Tt ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,12}))?)?\s?(?:([Zz]|UTC|GMT)|([+-])(\d\d):?(\d\d)?)?)?$/;
const DIGITS = /^-?\d{1,19}(?:\.\d{1,12})?$/;
const NANOSECONDS = /^\d{18,19}$/;
const DAY_MICROS = 86_400e6;
/** Years 0 to 9999: what ISO 8601 prints with four digits. */
const MIN_MICROS = Date.UTC(1970, 0, 1) * 1000 - 62_167_219_200e6;
const MAX_MICROS = Date.UTC(9999, 11, 31, 23, 59, 59) * 1000 + 999_999;

function inRange(micros: number): number | undefined {
  return micros >= MIN_MICROS && micros <= MAX_MICROS ? micros : undefined;
}

/** Days since the epoch of a date, or undefined when there is no such day. Years below 100 are what they say. */
function dayNumber(year: number, month: number, day: number): number | undefined {
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day ? date.getTime() / 86_400_000 : undefined;
}

function fraction(digits: string | undefined): number {
  return digits === undefined ? 0 : Number(digits.slice(0, 6).padEnd(6, '0'));
}

function offsetMinutes(match: RegExpExecArray): number | undefined {
  if (match[9] === undefined) return 0;
  const hours = Number(match[10]);
  const minutes = Number(match[11] ?? 0);
  if (hours > 23 || minutes > 59) return undefined;
  return (match[9] === '-' ? -1 : 1) * (hours * 60 + minutes);
}

function parseIso(match: RegExpExecArray): number | undefined {
  const day = dayNumber(Number(match[1]), Number(match[2]), Number(match[3]));
  const offset = offsetMinutes(match);
  const hour = Number(match[4] ?? 0);
  const minute = Number(match[5] ?? 0);
  const second = Number(match[6] ?? 0);
  if (day === undefined || offset === undefined || hour > 23 || minute > 59 || second > 60) return undefined;
  // A leap second has no number of its own: the last microsecond before it.
  const micros = second === 60 ? 59_999_999 : second * 1e6 + fraction(match[7]);
  return inRange(day * DAY_MICROS + (hour * 60 + minute - offset) * 60e6 + micros);
}

/** A number of seconds, milliseconds, microseconds or nanoseconds since the epoch, told apart by magnitude; undefined when it is no time. */
export function timeOfNumber(value: number): number | undefined {
  const size = Math.abs(value);
  if (!Number.isFinite(value)) return undefined;
  if (size < 1e11) return inRange(Math.round(value * 1e6));
  if (size < 1e14) return inRange(Math.round(value * 1e3));
  if (size < 1e17) return inRange(Math.round(value));
  return inRange(Math.round(value / 1e3));
}

/** ISO 8601 (no offset is UTC; a comma or point before the fraction; a space or T), or digits as `timeOfNumber`. undefined when it is neither. */
export function timeOfText(text: string): number | undefined {
  const fast = fastIso(text);
  if (fast !== undefined) return fast;
  const match = ISO.exec(text);
  if (match) return parseIso(match);
  if (!DIGITS.test(text)) return undefined;
  // Nanoseconds have more digits than a double: cut them to microseconds as text.
  return NANOSECONDS.test(text) ? inRange(Number(text.slice(0, -3))) : timeOfNumber(Number(text));
}

/** The day parsed last: logs are of today. A memo only, so that sharing it changes nothing. */
const memo = { date: '', day: 0 };

/** `2026-11-23T10:00:00.123Z` and the like, the form that nearly every sender uses, without a regular expression; undefined for any other. */
function fastIso(text: string): number | undefined {
  const length = text.length;
  if (length < 20 || length > 27 || text.charCodeAt(length - 1) !== 90 || text.charCodeAt(10) !== 84) return undefined;
  const date = text.slice(0, 10);
  if (date !== memo.date) {
    const match = ISO.exec(date);
    const day = match && dayNumber(Number(match[1]), Number(match[2]), Number(match[3]));
    if (day === undefined || day === null) return undefined;
    memo.date = date;
    memo.day = day;
  }
  const hour = twoDigits(text, 11);
  const minute = twoDigits(text, 14);
  const second = twoDigits(text, 17);
  if (!(hour < 24 && minute < 60 && second < 60) || text.charCodeAt(13) !== 58 || text.charCodeAt(16) !== 58) return undefined;
  let micros = 0;
  if (length > 20) {
    if (text.charCodeAt(19) !== 46) return undefined;
    let unit = 100_000;
    for (let i = 20; i < length - 1; i++, unit /= 10) {
      const digit = text.charCodeAt(i) - 48;
      if (!(digit >= 0 && digit <= 9)) return undefined;
      micros += digit * unit;
    }
    if (length === 21) return undefined;
  }
  return memo.day * DAY_MICROS + ((hour * 60 + minute) * 60 + second) * 1e6 + micros;
}

/** NaN unless both characters are digits. */
function twoDigits(text: string, at: number): number {
  const tens = text.charCodeAt(at) - 48;
  const ones = text.charCodeAt(at + 1) - 48;
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : Number.NaN;
}
