import { DAY, dayNumber, isDay, SECOND, timeOfDay, TIME_MAX, TIME_MIN } from './civil.ts';
import type { TimestampReader } from './timestamp.ts';
import type { Zone } from './zone.ts';

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const CLOCK = String.raw`(\d\d):(\d\d):(\d\d)(?:[.,](\d{1,9}))?`;
/** `Nov 24 10:00:00`, RFC 3164 section 4.1.2, with a year before, within or after it, and a weekday before it. */
const BSD = new RegExp(
  String.raw`(?:(\d{4}) )?(?:(?:mon|tue|wed|thu|fri|sat|sun),? )?(${MONTHS.join('|')}) {1,2}(\d{1,2}),?(?: (\d{4}))? ${CLOCK}`,
  'iy',
);
/** `11/24/2026:10:00:00`, as NetScaler writes it. */
const SLASHED = new RegExp(String.raw`(\d\d)/(\d\d)/(\d{4}):${CLOCK}`, 'y');
const ZONE_WORD = / ?([A-Z]{1,5})?([+-]\d{1,2}(?::?\d\d)?)?(?= |: |$)/y;
const YEAR_AFTER = / ((?:19|20)\d\d)(?= |: |$)/y;
/** How long a device has been up, where others have a time: `1w2d: %SYS`, `00:00:46: %LINK`. */
const UPTIME = /(?:\d+[ywdh]\d+[wdhm]|\d{1,3}:\d\d:\d\d)(?=: ?%)/y;

const hours = (count: number): number => count * 3600 * SECOND;
/** Zone words that mean one offset to nearly everybody, in hours; NaN: a zone word, but of several zones, so that the listener's zone counts. */
const ZONES: ReadonlyMap<string, number> = new Map([
  ...Object.entries({ UTC: 0, GMT: 0, Z: 0, WET: 0, WEST: 1, BST: 1, CET: 1, CEST: 2, MET: 1, MEST: 2, EET: 2, EEST: 3, MSK: 3 }),
  ...Object.entries({ EST: -5, EDT: -4, CST: -6, CDT: -5, MST: -7, MDT: -6, PST: -8, PDT: -7, AKST: -9, AKDT: -8, HST: -10 }),
  ...Object.entries({ JST: 9, KST: 9, HKT: 8, SGT: 8, AWST: 8, ACST: 9.5, AEST: 10, AEDT: 11, NZST: 12, NZDT: 13 }),
  ...Object.entries({ IST: NaN, AST: NaN, ADT: NaN, TZ: NaN }),
]);
/** How far in the future a message may be before it is taken to be of a year earlier: clocks and zones are wrong now and then. */
const AHEAD = DAY;
/** A 29th of February may be so many years back. */
const YEARS_BACK = 8;
const MEMO_MAX = 500;

const micros = (fraction: string | undefined): number => (fraction === undefined ? 0 : Number(fraction.padEnd(6, '0').slice(0, 6)));

/**
 * Reads the times that devices put where RFC 3164 has its timestamp: with and without year, zone and fraction, and ISO 8601. What says no zone is in the
 * listener's; what says no year is of the year that puts it closest to now, but hardly in the future.
 */
export class DeviceTimeReader {
  /** After `read`: where the time ends in the text. */
  end = 0;
  private readonly zone: Zone;
  private readonly timestamps: TimestampReader;
  /** Times by their text: the messages of a second share one. Valid within an hour, since `now` chooses the year. */
  private readonly memo = new Map<string, number>();
  private memoHour = 0;
  private readonly iso = Buffer.alloc(64);

  constructor(zone: Zone, timestamps: TimestampReader) {
    this.zone = zone;
    this.timestamps = timestamps;
  }

  /**
   * Microseconds since the epoch of the time at `at` in `text` (Latin-1). NaN: there is one that cannot be used (the 31st of November, an uptime) and
   * `end` says where it ends. undefined: there is none.
   */
  read(text: string, at: number, now: number): number | undefined {
    const common = text.slice(at, at + 15);
    const hour = Math.floor(now / hours(1));
    if (hour !== this.memoHour || this.memo.size > MEMO_MAX) this.memo.clear();
    this.memoHour = hour;
    // A small letter follows: the host, neither a fraction nor a year nor a zone.
    const plain = text.charCodeAt(at + 15) === 32 && text.charCodeAt(at + 16) > 96;
    const known = plain ? this.memo.get(common) : undefined;
    this.end = at + 15;
    if (known !== undefined) return known;
    const time = this.fresh(text, at, now);
    if (plain && this.end === at + 15 && time !== undefined) this.memo.set(common, time);
    return time;
  }

  private fresh(text: string, at: number, now: number): number | undefined {
    const first = text.charCodeAt(at);
    if (first >= 48 && first <= 57)
      return this.isoTime(text, at, now) ?? this.slashed(text, at, now) ?? this.bsd(text, at, now) ?? this.uptime(text, at);
    return this.bsd(text, at, now);
  }

  private bsd(text: string, at: number, now: number): number | undefined {
    BSD.lastIndex = at;
    const parts = BSD.exec(text);
    if (parts === null) return undefined;
    this.end = BSD.lastIndex;
    const [, before, month, day, within, hour, minute, second, fraction] = parts;
    const time = timeOfDay(Number(hour), Number(minute), Number(second), micros(fraction));
    const offset = this.zoneWord(text);
    const after = this.yearAfter(text);
    const year = before ?? within ?? after;
    const monthNumber = MONTHS.indexOf(month!.toLowerCase()) + 1;
    if (year !== undefined) return this.at(Number(year), monthNumber, Number(day), time, offset, now);
    return this.closest(monthNumber, Number(day), time, offset, now);
  }

  private slashed(text: string, at: number, now: number): number | undefined {
    SLASHED.lastIndex = at;
    const parts = SLASHED.exec(text);
    if (parts === null) return undefined;
    this.end = SLASHED.lastIndex;
    const [, month, day, year, hour, minute, second, fraction] = parts;
    const time = timeOfDay(Number(hour), Number(minute), Number(second), micros(fraction));
    return this.at(Number(year), Number(month), Number(day), time, this.zoneWord(text), now);
  }

  private isoTime(text: string, at: number, now: number): number | undefined {
    const length = this.iso.latin1Write(text.slice(at, at + 64), 0, 64);
    const time = this.timestamps.read(this.iso, 0, length);
    if (time !== time) return undefined;
    this.end = at + this.timestamps.end;
    if (this.timestamps.zoned) return time;
    const offset = this.zoneWord(text);
    return offset === offset ? time - offset : this.zone.toUtc(time, now);
  }

  private uptime(text: string, at: number): number | undefined {
    UPTIME.lastIndex = at;
    if (!UPTIME.test(text)) return undefined;
    this.end = UPTIME.lastIndex;
    return NaN;
  }

  /** The offset that a zone word at `end` says, in microseconds; NaN when there is none or it is of several zones. */
  private zoneWord(text: string): number {
    ZONE_WORD.lastIndex = this.end;
    const [all, word, shift] = ZONE_WORD.exec(text) ?? [''];
    const named = word === undefined ? 0 : ZONES.get(word);
    if (all!.trim() === '' || named === undefined) return NaN;
    this.end += all!.length;
    if (shift === undefined) return hours(named);
    const [, sign, hour, minute] = /([+-])(\d{1,2}):?(\d\d)?/.exec(shift)!;
    const offset = hours(Number(hour) + Number(minute ?? 0) / 60);
    return sign === '-' ? -offset : offset;
  }

  private yearAfter(text: string): string | undefined {
    YEAR_AFTER.lastIndex = this.end;
    const year = YEAR_AFTER.exec(text)?.[1];
    if (year !== undefined) this.end = YEAR_AFTER.lastIndex;
    return year;
  }

  private at(year: number, month: number, day: number, time: number, offset: number, now: number): number {
    if (!isDay(year, month, day)) return NaN;
    const local = dayNumber(year, month, day) * DAY + time;
    const utc = offset === offset ? local - offset : this.zone.toUtc(local, now);
    return utc >= TIME_MIN && utc <= TIME_MAX ? utc : NaN;
  }

  private closest(month: number, day: number, time: number, offset: number, now: number): number {
    const year = new Date(now / 1000).getUTCFullYear();
    for (let candidate = year + 1; candidate >= year - YEARS_BACK; candidate--) {
      const utc = this.at(candidate, month, day, time, offset, now);
      if (utc <= now + AHEAD) return utc;
    }
    return NaN;
  }
}
