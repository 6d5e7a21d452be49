/** Severity words as people and libraries write them, to RFC 5424 numbers (query-language.md rule 39, and a few more that loggers send). */
const WORDS = new Map<string, number>([
  ['emerg', 0],
  ['emergency', 0],
  ['panic', 0],
  ['alert', 1],
  ['crit', 2],
  ['critical', 2],
  ['fatal', 2],
  ['err', 3],
  ['error', 3],
  ['severe', 3],
  ['warn', 4],
  ['warning', 4],
  ['notice', 5],
  ['info', 6],
  ['informational', 6],
  ['information', 6],
  ['debug', 7],
  ['trace', 7],
  ['verbose', 7],
  ['fine', 7],
]);

/** RFC 5424 table 1, by the keywords that syslog.conf uses. */
const FACILITIES = new Map<string, number>(
  [
    'kern user mail daemon auth syslog lpr news uucp cron authpriv ftp ntp audit console clock'.split(' '),
    'local0 local1 local2 local3 local4 local5 local6 local7'.split(' '),
  ]
    .flat()
    .map((name, number) => [name, number]),
);

/** 0-7, or -1 when the word is no severity. Case does not count. */
export function severityOfWord(word: string): number {
  const known = WORDS.get(word);
  if (known !== undefined) return known;
  return word.length > 20 ? -1 : (WORDS.get(word.trim().toLowerCase()) ?? -1);
}

/** 0-23, or -1. */
export function facilityOfWord(word: string): number {
  return word.length > 20 ? -1 : (FACILITIES.get(word.toLowerCase()) ?? -1);
}

/** Pino's and bunyan's levels (10 trace, 20 debug, 30 info, 40 warn, 50 error, 60 fatal, any between) as severities. `level` is 10 or more. */
export function severityOfPino(level: number): number {
  if (level >= 60) return 2;
  if (level >= 50) return 3;
  if (level >= 40) return 4;
  return level >= 30 ? 6 : 7;
}
