const DIGITS = Array.from({ length: 1000 }, (_, i) => String(i).padStart(3, '0'));

/** Microseconds since the epoch as `2026-11-23T10:00:00.123456Z`, quickly for many times of the same second. */
export class TimeText {
  private second = NaN;
  private prefix = '';
  private date = '';

  format(micros: number): string {
    const second = this.see(micros);
    const rest = micros - second * 1e6;
    const ms = Math.floor(rest / 1000);
    return `${this.prefix}${DIGITS[ms]!}${DIGITS[Math.floor(rest - ms * 1000)]!}Z`;
  }

  /** `2026-11-23`; of the years 0 to 9999, like all times that events have. */
  day(micros: number): string {
    this.see(micros);
    return this.date;
  }

  /** The second of a time, whose texts are at hand then. */
  private see(micros: number): number {
    const second = Math.floor(micros / 1e6);
    if (second === this.second) return second;
    this.second = second;
    this.prefix = new Date(second * 1000).toISOString().slice(0, -4);
    this.date = this.prefix.slice(0, 10);
    return second;
  }
}
