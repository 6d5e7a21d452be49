import type { BatchBuilder } from '../../../event/batch-builder.ts';
import { ROW_TIME_RECEIVED } from '../../../event/batch.ts';
import { NIL } from '../../../event/event.ts';
import { NumberText } from '../../../event/leaf.ts';
import { facilityOfWord, severityOfPino, severityOfWord } from '../../../event/severity.ts';
import { timeOfNumber, timeOfText } from '../../../event/time.ts';
import { FIELD_NAMES, type FieldName } from './spellings.ts';

/**
 * Takes a value for one field of the row under construction; false when the value is not one of that field, which then stays in native as it was.
 * `pname` is read back by the caller for the correlation.
 */
type Take = (row: JsonRow, value: unknown, key: string) => boolean;

/** The row's texts that the caller needs after the fields were taken. */
export class JsonRow {
  builder: BatchBuilder;
  host = NIL;
  pname = NIL;
  msgid = NIL;
  timeTaken = false;

  constructor(builder: BatchBuilder) {
    this.builder = builder;
  }

  reset(builder: BatchBuilder): void {
    this.builder = builder;
    this.host = NIL;
    this.pname = NIL;
    this.msgid = NIL;
    this.timeTaken = false;
  }

  /** Writes what was collected into the builder's row. */
  finish(): void {
    const builder = this.builder;
    builder.host = builder.stringIndex(this.host);
    builder.pname = builder.stringIndex(this.pname);
    builder.msgid = builder.stringIndex(this.msgid);
    if (!this.timeTaken) builder.flags |= ROW_TIME_RECEIVED;
  }
}

const SMALL_INTEGER = /^\d{1,3}$/;

/** A whole number within 0 and `max`, also as a string of digits; -1 when it is neither. */
function small(value: unknown, max: number): number {
  const number = typeof value === 'string' && SMALL_INTEGER.test(value) ? Number(value) : value;
  return typeof number === 'number' && Number.isInteger(number) && number >= 0 && number <= max ? number : -1;
}

function severityOf(value: unknown, key: string): number {
  const number = typeof value === 'string' && SMALL_INTEGER.test(value) ? Number(value) : value;
  if (typeof number === 'string') return severityOfWord(number);
  if (typeof number !== 'number') return -1;
  if (number >= 10) return key === 'severity' ? -1 : severityOfPino(number);
  return small(number, 7);
}

function timeOf(value: unknown): number | undefined {
  if (typeof value === 'string') return timeOfText(value);
  if (typeof value === 'number') return timeOfNumber(value);
  return value instanceof NumberText ? timeOfText(value.text) : undefined;
}

const take: Record<FieldName, Take> = {
  time: (row, value) => {
    const time = timeOf(value);
    if (time === undefined) return false;
    row.builder.time = time;
    // Nanoseconds have more digits than a double.
    if (typeof value === 'number' && value > Number.MAX_SAFE_INTEGER) row.builder.largeNumber = true;
    row.timeTaken = true;
    return true;
  },
  host: (row, value) => {
    if (typeof value !== 'string') return false;
    row.host = value.toWellFormed();
    return true;
  },
  pname: (row, value) => {
    if (typeof value !== 'string') return false;
    row.pname = value.toWellFormed();
    return true;
  },
  pid: (row, value) => {
    if (typeof value !== 'string' && !(typeof value === 'number' && Number.isSafeInteger(value))) return false;
    row.builder.pid = row.builder.pidValue(String(value).toWellFormed());
    return true;
  },
  msgid: (row, value) => {
    if (typeof value !== 'string') return false;
    row.msgid = value.toWellFormed();
    return true;
  },
  severity: (row, value, key) => {
    const severity = severityOf(value, key);
    if (severity < 0) return false;
    row.builder.severity = severity;
    return true;
  },
  facility: (row, value) => {
    const facility = typeof value === 'string' && !SMALL_INTEGER.test(value) ? facilityOfWord(value) : small(value, 23);
    if (facility < 0) return false;
    row.builder.facility = facility;
    return true;
  },
  pri: (row, value) => {
    const pri = small(value, 191);
    const severity = pri >= 0 ? pri & 7 : typeof value === 'string' ? severityOfWord(value) : -1;
    if (severity < 0) return false;
    // An explicit severity or facility was taken before and counts more.
    if (row.builder.severity > 7) row.builder.severity = severity;
    if (pri >= 0 && row.builder.facility > 23) row.builder.facility = pri >> 3;
    return true;
  },
  msg: (row, value, key) => {
    if (typeof value !== 'string') return false;
    // Docker's files keep the end of each line that a program wrote.
    row.builder.msgText(key === 'log' && value.endsWith('\n') ? value.slice(0, -1) : value);
    return true;
  },
};

/** By index in FIELD_NAMES. */
export const TAKERS: readonly Take[] = FIELD_NAMES.map((name) => take[name]);
