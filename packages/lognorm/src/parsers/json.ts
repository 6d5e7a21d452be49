/** `json`: a JSON object and all whitespace after it. `cee-syslog`: `@cee:`, blanks, and a JSON object that reaches the end of the line. */
import { isSpace, toBytes } from '../bytes.ts';
import { parseJson } from '../json-dialect/parse.ts';
import { plainMotif, VALUE } from './motif.ts';

function skipSpace(line: Uint8Array, from: number, end: number): number {
  let at = from;
  while (at < end && isSpace(line[at]!)) at += 1;
  return at;
}

function matchObject(line: Uint8Array, from: number, end: number): number {
  if (from >= end || line[from] !== 123) return -1;
  const parsed = parseJson(line, from, end);
  return parsed === undefined ? -1 : skipSpace(line, parsed.end, end);
}

export const json = plainMotif('json', 4, {
  kind: VALUE,
  scans: true,
  match: matchObject,
  value: (line, from, _to, end) => parseJson(line, from, end)!.value,
});

const COOKIE = toBytes('@cee:');

/** The offset of the object, or -1. */
function ceeObject(line: Uint8Array, from: number, end: number): number {
  for (let i = 0; i < COOKIE.length; i += 1) if (from + i >= end || line[from + i] !== COOKIE[i]) return -1;
  return skipSpace(line, from + COOKIE.length, end);
}

export const ceeSyslog = plainMotif('cee-syslog', 4, {
  kind: VALUE,
  scans: true,
  match(line, from, end) {
    const object = ceeObject(line, from, end);
    return object >= 0 && matchObject(line, object, end) === end ? end : -1;
  },
  value: (line, from, _to, end) => parseJson(line, ceeObject(line, from, end), end)!.value,
});
