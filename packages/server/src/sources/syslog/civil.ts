/** Days of a month of the proleptic Gregorian calendar. */
export function daysInMonth(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

/** Days since 1970-01-01. `Date.UTC` takes the years 0-99 for 1900-1999, so it is not used. */
export function dayNumber(year: number, month: number, day: number): number {
  const shifted = month <= 2 ? year - 1 : year;
  const era = Math.floor(shifted / 400);
  const yearOfEra = shifted - era * 400;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * 146_097 + dayOfEra - 719_468;
}

export const SECOND = 1_000_000;
export const DAY = 86_400 * SECOND;

/** The times that events may have: years 0 to 9999, UTC, in microseconds. */
export const TIME_MIN = dayNumber(0, 1, 1) * DAY;
export const TIME_MAX = dayNumber(10_000, 1, 1) * DAY - 1;

/** Whether a day exists in the calendar. */
export function isDay(year: number, month: number, day: number): boolean {
  return month >= 1 && month <= 12 && day >= 1 && day <= daysInMonth(year, month);
}

/**
 * Microseconds of a time of day, NaN when there is no such time. A leap second (`:60`) is the last microsecond before it, since the time
 * scale of events has none.
 */
export function timeOfDay(hour: number, minute: number, second: number, fraction: number): number {
  if (!(hour >= 0 && hour <= 23 && minute >= 0 && minute <= 59 && second >= 0 && second <= 60)) return NaN;
  const minutes = (hour * 60 + minute) * 60;
  return second === 60 ? (minutes + 59) * SECOND + 999_999 : (minutes + second) * SECOND + fraction;
}
