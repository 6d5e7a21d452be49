/** Every parser of the language that stands alone. Alternatives, repeats and user types belong to the v2 engine; complex v1 types to v1. */
import { alpha } from './alpha.ts';
import { cef } from './cef.ts';
import { charSep, charTo } from './char-to.ts';
import { checkpointLea } from './checkpoint-lea.ts';
import { ciscoInterfaceSpec } from './cisco-interface-spec.ts';
import { dateRfc3164 } from './date-rfc3164.ts';
import { dateRfc5424 } from './date-rfc5424.ts';
import { float } from './float.ts';
import { hexnumber } from './hexnumber.ts';
import { ipv4, ipv6, mac48 } from './ip.ts';
import { ceeSyslog, json } from './json.ts';
import { kernelTimestamp } from './kernel-timestamp.ts';
import { literal } from './literal.ts';
import type { Motif } from './motif.ts';
import { nameValueList } from './name-value-list.ts';
import { number } from './number.ts';
import { opQuotedString, quotedString } from './quoted-string.ts';
import { rest } from './rest.ts';
import { string } from './string.ts';
import { stringTo } from './string-to.ts';
import { dateIso, duration, time12, time24 } from './time.ts';
import { v2Iptables } from './v2-iptables.ts';
import { whitespace } from './whitespace.ts';
import { word } from './word.ts';

const ALL: readonly Motif[] = [
  literal,
  number,
  float,
  hexnumber,
  kernelTimestamp,
  whitespace,
  word,
  stringTo,
  alpha,
  charTo,
  charSep,
  rest,
  quotedString,
  opQuotedString,
  string,
  dateRfc3164,
  dateRfc5424,
  dateIso,
  time24,
  time12,
  duration,
  ipv4,
  ipv6,
  mac48,
  ciscoInterfaceSpec,
  json,
  ceeSyslog,
  nameValueList,
  cef,
  checkpointLea,
  v2Iptables,
];

const BY_TYPE: ReadonlyMap<string, Motif> = new Map(ALL.map((motif) => [motif.type, motif]));

/** The motif of a type in an engine, if there is one. */
export function findMotif(type: string, version: 1 | 2): Motif | undefined {
  const motif = BY_TYPE.get(type);
  return motif?.versions.includes(version) ? motif : undefined;
}

/** All types of an engine, for messages. */
export function motifTypes(version: 1 | 2): string[] {
  return ALL.filter((motif) => motif.versions.includes(version)).map((motif) => motif.type);
}
