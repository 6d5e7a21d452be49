import { range, timeSpan } from '../ast/build.ts';
import type { RangeTest, TimeTest } from '../ast/query.ts';
import { QueryError } from '../error.ts';
import type { Text } from '../lexer/text.ts';
import { readNumber } from '../text/number.ts';
import { severityOf } from '../text/severity.ts';
import type { Span } from '../text/time.ts';
import { parseTime } from '../text/time.ts';
import type { Field } from './field.ts';

/** One end of a range as typed. */
export interface Bound {
  readonly text: Text;
  readonly inclusive: boolean;
}

/** The condition that a value lies between two ends; null is an open one. */
export function boundedTest(field: Field, min: Bound | null, max: Bound | null, now: number): RangeTest | TimeTest {
  if (field.values === 'time') {
    const from = min === null ? null : timeOf(min.text, now);
    const to = max === null ? null : timeOf(max.text, now);
    // A literal is its whole unit: an inclusive end takes it in, an exclusive one leaves all of it out.
    return timeSpan(from && (min!.inclusive ? from.from : from.to), to && (max!.inclusive ? to.to : to.from));
  }
  const read = field.values === 'severity' ? severityNumber : numberBound;
  const low = min === null ? null : read(min.text);
  const high = max === null ? null : read(max.text);
  return range(low, min?.inclusive ?? true, high, max?.inclusive ?? true);
}

/** The number of a severity's number or name, quoted or not. */
export function severityNumber(text: Text): number {
  const number = readNumber(text.text);
  const severity = text.wild ? undefined : (severityOf(text.text) ?? (Number.isNaN(number) ? undefined : number));
  if (severity !== undefined) return severity;
  throw new QueryError('value', text.position, 'no such severity', 'it is 0 to 7, or emerg alert crit error warning notice info debug');
}

/** The span a time literal stands for. */
export function timeOf(text: Text, now: number): Span {
  const span = text.wild ? undefined : parseTime(text.text, now);
  if (span !== undefined) return span;
  throw new QueryError('value', text.position, 'no such time', 'write 2026-11-20, 2026-11-20T10:15Z, now-5m, or seconds since 1970');
}

function numberBound(text: Text): number {
  const value = text.quoted ? NaN : readNumber(text.text);
  if (!Number.isNaN(value)) return value;
  throw new QueryError('value', text.position, 'the bound is not a number', 'only time and severity have other bounds');
}
