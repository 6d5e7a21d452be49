/** `date-iso`, `time-24hr`, `time-12hr`, `duration`: fixed forms of two-digit groups, without a look at the calendar. */
import { isDigit } from '../bytes.ts';
import { plainMotif, textParser } from './motif.ts';

/** The two digits at `at`, or -1. */
function pair(line: Uint8Array, at: number): number {
  const tens = line[at]!;
  const ones = line[at + 1]!;
  return isDigit(tens) && isDigit(ones) ? (tens - 48) * 10 + ones - 48 : -1;
}

/** `:MM:SS` at `at`, where at least six bytes are left. */
function minutesAndSeconds(line: Uint8Array, at: number): boolean {
  if (line[at] !== 58 || line[at + 3] !== 58) return false;
  const minutes = pair(line, at + 1);
  const seconds = pair(line, at + 4);
  return minutes >= 0 && minutes <= 59 && seconds >= 0 && seconds <= 59;
}

function clock(type: string, greatestHour: number) {
  return plainMotif(
    type,
    8,
    textParser((line, from, end) => {
      if (end - from < 8) return -1;
      const hour = pair(line, from);
      return hour >= 0 && hour <= greatestHour && minutesAndSeconds(line, from + 2) ? from + 8 : -1;
    }),
  );
}

export const time24 = clock('time-24hr', 23);
export const time12 = clock('time-12hr', 12);

export const duration = plainMotif(
  'duration',
  16,
  textParser((line, from, end) => {
    let at = from;
    while (at < end && at - from < 2 && isDigit(line[at]!)) at += 1;
    if (at === from || end - at < 6) return -1;
    return minutesAndSeconds(line, at) ? at + 6 : -1;
  }),
);

export const dateIso = plainMotif(
  'date-iso',
  8,
  textParser((line, from, end) => {
    if (end - from < 10 || pair(line, from) < 0 || pair(line, from + 2) < 0 || line[from + 4] !== 45 || line[from + 7] !== 45) return -1;
    const month = pair(line, from + 5);
    const day = pair(line, from + 8);
    return month >= 1 && month <= 12 && day >= 1 && day <= 31 ? from + 10 : -1;
  }),
);
