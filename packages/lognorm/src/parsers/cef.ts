/** `cef`: ArcSight's Common Event Format, from `CEF:0|` to the end of the line. */
import { byteString, CLASS, NAME, toBytes } from '../bytes.ts';
import type { JsonObject } from '../json-dialect/value.ts';
import type { Motif } from './motif.ts';
import { VALUE } from './motif.ts';

const COOKIE = toBytes('CEF:0|');
const HEADER = ['DeviceVendor', 'DeviceProduct', 'DeviceVersion', 'SignatureID', 'Name', 'Severity'];
const LEAST_BYTES = 17;

type Visit = (header: boolean, name: string, from: number, to: number) => void;

/** The offset of the `|` that ends a header field, or -1 when there is none or an escape is illegal. */
function headerEnd(line: Uint8Array, from: number, end: number): number {
  for (let at = from; at < end; at += 1) {
    const byte = line[at];
    if (byte === 124) return at;
    if (byte !== 92) continue;
    at += 1;
    if (at >= end || (line[at] !== 92 && line[at] !== 124)) return -1;
  }
  return -1;
}

function header(line: Uint8Array, from: number, end: number, visit: Visit): number {
  if (end - from < LEAST_BYTES) return -1;
  for (let i = 0; i < COOKIE.length; i += 1) if (line[from + i] !== COOKIE[i]) return -1;
  let at = from + COOKIE.length;
  for (const name of HEADER) {
    const bar = headerEnd(line, at, end);
    if (bar < 0) return -1;
    visit(true, name, at, bar);
    at = bar + 1;
  }
  return at;
}

/** `= \ n r`, and `/` in v2. */
function isValueEscape(byte: number, version: 1 | 2): boolean {
  return byte === 61 || byte === 92 || byte === 110 || byte === 114 || (byte === 47 && version === 2);
}

/**
 * Where the value that starts at `from` ends. It runs to the end of the line or, when another unescaped `=` follows, to the space before the
 * word that precedes it: that word is the next name. -1 for an illegal escape.
 */
function valueEnd(line: Uint8Array, from: number, end: number, version: 1 | 2): number {
  let wordStart = -1;
  let afterSpace = true;
  for (let at = from; at < end; at += 1) {
    const byte = line[at]!;
    if (byte === 61) return wordStart > from ? wordStart - 1 : at;
    if (byte === 32) {
      afterSpace = true;
      continue;
    }
    if (afterSpace && at > from) wordStart = at;
    afterSpace = false;
    if (byte !== 92) continue;
    at += 1;
    if (at >= end || !isValueEscape(line[at]!, version)) return -1;
  }
  return end;
}

function extensions(line: Uint8Array, from: number, end: number, version: 1 | 2, visit: Visit): boolean {
  let at = from;
  if (version === 1) at += 1;
  else while (at < end && line[at] === 32) at += 1;
  while (at < end) {
    let equals = at;
    while (equals < end && isExtensionName(line[equals]!)) equals += 1;
    if (equals >= end || line[equals] !== 61) return false;
    if (version === 1 && equals + 1 >= end) return false;
    const to = valueEnd(line, equals + 1, end, version);
    if (to < 0) return false;
    visit(false, byteString(line, at, equals), equals + 1, to);
    at = to + 1;
  }
  return true;
}

function isExtensionName(byte: number): boolean {
  return byte !== 45 && (CLASS[byte]! & NAME) !== 0;
}

function walk(line: Uint8Array, from: number, end: number, version: 1 | 2, visit: Visit): boolean {
  const at = header(line, from, end, visit);
  return at >= 0 && extensions(line, at, end, version, visit);
}

const DECODED: Readonly<Record<string, string>> = { n: '\n', r: '\r' };

function decode(text: string): string {
  return text.replace(/\\([^])/g, (_escape, char: string) => DECODED[char] ?? char);
}

export const cef: Motif = {
  type: 'cef',
  priority: 4,
  versions: [1, 2],
  create: (_parameters, version) => ({
    kind: VALUE,
    scans: true,
    match: (line, from, end) => (walk(line, from, end, version, () => undefined) ? end : -1),
    value(line, from, _to, end) {
      const object: JsonObject = new Map();
      const extension: JsonObject = new Map();
      walk(line, from, end, version, (isHeader, name, start, stop) => {
        (isHeader ? object : extension).set(name, decode(byteString(line, start, stop)));
      });
      return object.set('Extensions', extension);
    },
  }),
};
