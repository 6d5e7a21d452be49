import { dayNumber, SECOND } from './civil.ts';

/** Zones change at quarters of an hour at the finest. */
const SLOT = 900 * SECOND;
const SLOTS_MAX = 10_000;
/** Further back or ahead than any zone is from UTC. */
const REACH = 86_400 * SECOND;

/** A time zone by its IANA name: turns local times into UTC. Offsets are asked once for each quarter of an hour. */
export class Zone {
  readonly name: string;
  private readonly format: Intl.DateTimeFormat | undefined;
  private readonly offsets = new Map<number, number>();

  /** Throws RangeError when there is no such zone. */
  constructor(name = 'UTC') {
    this.name = name;
    if (name === 'UTC') return;
    this.format = new Intl.DateTimeFormat('en-US', {
      timeZone: name,
      calendar: 'gregory',
      numberingSystem: 'latn',
      era: 'short',
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
  }

  /**
   * UTC of a local time, both in microseconds. A time that happened twice (clocks set back) is the one closer to `near`; one that never
   * happened (clocks set forward) is as far after the change as it says.
   */
  toUtc(local: number, near: number): number {
    if (this.format === undefined) return local;
    const before = this.offset(local - REACH);
    const after = this.offset(local + REACH);
    const early = local - Math.max(before, after);
    const late = local - Math.min(before, after);
    const earlyFits = early + this.offset(early) === local;
    const lateFits = late + this.offset(late) === local;
    if (earlyFits && lateFits) return Math.abs(early - near) <= Math.abs(late - near) ? early : late;
    if (earlyFits || lateFits) return earlyFits ? early : late;
    return local - before;
  }

  /** Local time minus UTC at a time in UTC. */
  private offset(utc: number): number {
    const slot = Math.floor(utc / SLOT);
    let offset = this.offsets.get(slot);
    if (offset === undefined) {
      if (this.offsets.size >= SLOTS_MAX) this.offsets.clear();
      offset = this.ask((slot * SLOT) / 1000);
      this.offsets.set(slot, offset);
    }
    return offset;
  }

  private ask(milliseconds: number): number {
    const at = new Map(this.format!.formatToParts(milliseconds).map(({ type, value }) => [type, value]));
    const number = (part: Intl.DateTimeFormatPartTypes): number => Number(at.get(part));
    const year = at.get('era') === 'BC' ? 1 - number('year') : number('year');
    const day = dayNumber(year, number('month'), number('day'));
    const seconds = ((day * 24 + number('hour')) * 60 + number('minute')) * 60 + number('second');
    return seconds * SECOND - milliseconds * 1000;
  }
}
