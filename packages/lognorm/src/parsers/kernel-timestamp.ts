/** `kernel-timestamp`: `[` 5 to 12 digits `.` 6 digits `]`. */
import { skipDigits } from './number.ts';
import { plainMotif, textParser } from './motif.ts';

export const kernelTimestamp = plainMotif(
  'kernel-timestamp',
  16,
  textParser((line, from, end) => {
    if (from >= end || line[from] !== 91) return -1;
    const seconds = skipDigits(line, from + 1, Math.min(end, from + 14));
    if (seconds - from - 1 < 5 || seconds - from - 1 > 12) return -1;
    if (end - seconds < 8 || line[seconds] !== 46 || skipDigits(line, seconds + 1, seconds + 7) !== seconds + 7) return -1;
    return line[seconds + 7] === 93 ? seconds + 8 : -1;
  }),
);
