import { DAY, dayNumber, isDay, SECOND, timeOfDay, TIME_MAX, TIME_MIN } from './civil.ts';

const SHORTEST = '2026-11-23T10:00:00'.length;

/** Two digits as a number, -1 when they are not digits. */
function two(buffer: Buffer, at: number): number {
  const tens = buffer[at]! - 48;
  const ones = buffer[at + 1]! - 48;
  return tens >>> 0 <= 9 && ones >>> 0 <= 9 ? tens * 10 + ones : -1;
}

const isDigit = (byte: number): boolean => (byte - 48) >>> 0 <= 9;

/**
 * Reads the timestamps of RFC 5424 section 6.2.3 (RFC 3339), and what is near them: a space or a small `t` between date and time, slashes in the date,
 * a comma before the fraction, an offset without a colon or none. Digits beyond microseconds are cut. The day is remembered: messages come in
 * order.
 */
export class TimestampReader {
  /** After `read`: where the timestamp ends. */
  end = 0;
  /** After `read`: whether it said its offset. If not, the result is local time. */
  zoned = false;
  private dayKey = -1;
  private day = 0;

  /** Microseconds since the epoch, or NaN when there is no timestamp, or none that the calendar knows, at `at`. */
  read(buffer: Buffer, at: number, to: number): number {
    if (to - at < SHORTEST) return NaN;
    const date = this.date(buffer, at);
    const joint = buffer[at + 10]!;
    if (joint !== 0x54 && joint !== 0x20 && joint !== 0x74) return NaN;
    if (buffer[at + 13] !== 0x3a || buffer[at + 16] !== 0x3a) return NaN;
    this.end = at + SHORTEST;
    const time = timeOfDay(two(buffer, at + 11), two(buffer, at + 14), two(buffer, at + 17), this.fraction(buffer, to));
    const micros = date + time - this.offset(buffer, to);
    return micros >= TIME_MIN && micros <= TIME_MAX ? micros : NaN;
  }

  private date(buffer: Buffer, at: number): number {
    const century = two(buffer, at);
    const years = two(buffer, at + 2);
    const month = two(buffer, at + 5);
    const day = two(buffer, at + 8);
    const mark = buffer[at + 4]!;
    if (century < 0 || years < 0 || (mark !== 0x2d && mark !== 0x2f) || buffer[at + 7] !== mark) return NaN;
    const year = century * 100 + years;
    const key = (year * 16 + month) * 32 + day;
    if (key === this.dayKey) return this.day;
    if (!isDay(year, month, day)) return NaN;
    this.dayKey = key;
    this.day = dayNumber(year, month, day) * DAY;
    return this.day;
  }

  private fraction(buffer: Buffer, to: number): number {
    let at = this.end;
    const mark = buffer[at]!;
    if (at + 1 >= to || (mark !== 0x2e && mark !== 0x2c) || !isDigit(buffer[at + 1]!)) return 0;
    let micros = 0;
    let unit = 100_000;
    for (at++; at < to && isDigit(buffer[at]!); at++) {
      if (unit < 1) continue;
      micros += (buffer[at]! - 48) * unit;
      unit = unit === 1 ? 0 : unit / 10;
    }
    this.end = at;
    return micros;
  }

  /** The offset in microseconds; NaN when it is no offset. */
  private offset(buffer: Buffer, to: number): number {
    const at = this.end;
    const mark = at < to ? buffer[at]! : 0;
    this.zoned = mark === 0x5a || mark === 0x7a || mark === 0x2b || mark === 0x2d;
    if (!this.zoned) return 0;
    if (mark === 0x5a || mark === 0x7a) {
      this.end = at + 1;
      return 0;
    }
    const minutesAt = at + (buffer[at + 3] === 0x3a ? 4 : 3);
    if (minutesAt + 2 > to) return NaN;
    const hours = two(buffer, at + 1);
    const minutes = two(buffer, minutesAt);
    if (hours < 0 || hours > 23 || minutes < 0 || minutes > 59) return NaN;
    this.end = minutesAt + 2;
    return (mark === 0x2d ? -1 : 1) * (hours * 60 + minutes) * 60 * SECOND;
  }
}
