/** The types that only v1 knows. Most of them are built from other types and nest. */
import { byteString, toBytes } from '../bytes.ts';
import { RuleError } from '../errors.ts';
import type { JsonObject, JsonValue } from '../json-dialect/value.ts';
import { leafValue } from '../encode/tree.ts';
import { findMotif } from '../parsers/index.ts';
import { VALUE } from '../parsers/motif.ts';
import { Parameters } from '../parsers/parameters.ts';
import { decodeEscapes } from '../rulebase/escapes.ts';
import { makeField } from '../match/fields.ts';
import type { V1Context } from './context.ts';
import { interpretValue, isInterpretation } from './interpret-value.ts';
import { lenient } from './lenient.ts';
import { descentParser, recursiveParser } from './nested.ts';
import { regexParser } from './regex.ts';
import type { V1Parser } from './tree.ts';

/** The parser of a field type; undefined when there is no such type. Throws a `RuleError` for unusable parameters. */
export function createV1Parser(type: string, extra: string | undefined, context: V1Context): V1Parser | undefined {
  switch (type) {
    case 'iptables':
      return iptablesParser();
    case 'regex':
      return lenient(regexParser(extra ?? '', context), context);
    case 'recursive':
      return lenient(recursiveParser(extra, context), context);
    case 'descent':
      return lenient(descentParser(extra, context), context);
    case 'tokenized':
      return tokenizedParser(extra ?? '', context);
    case 'interpret':
      return lenient(interpretParser(extra ?? '', context), context);
    case 'suffixed':
      return lenient(suffixedParser('value', 'suffix', extra ?? '', context), context);
    case 'named_suffixed':
      return lenient(namedSuffixedParser(extra ?? '', context), context);
    default:
      return simpleParser(type, extra, context);
  }
}

function simpleParser(type: string, extra: string | undefined, context: V1Context): V1Parser | undefined {
  const motif = findMotif(type, 1);
  if (motif === undefined) return undefined;
  const members: JsonObject = new Map();
  if (extra !== undefined) members.set('extradata', decodeEscapes(extra));
  return motif.create(new Parameters(type, members, (message) => context.reporter.report('unknown-parameter', message)), 1);
}

/** Splits off the first `count` arguments; the last element is what remains. Undefined when there are fewer. */
function splitArguments(text: string, count: number): string[] | undefined {
  const parts: string[] = [];
  let rest = text;
  for (let i = 0; i < count; i += 1) {
    const colon = rest.indexOf(':');
    if (colon < 0) return undefined;
    parts.push(rest.slice(0, colon));
    rest = rest.slice(colon + 1);
  }
  return [...parts, rest];
}

function badArguments(type: string, wanted: string): RuleError {
  return new RuleError('invalid-parameter', `${type} needs ${wanted}`);
}

/** The parser of an inner type such as `interpret:int:number`. */
function innerParser(outer: string, text: string, context: V1Context): V1Parser {
  const colon = text.indexOf(':');
  const type = colon < 0 ? text : text.slice(0, colon);
  const parser = createV1Parser(type, colon < 0 ? undefined : text.slice(colon + 1), context);
  if (parser === undefined || parser.sticky === true) throw new RuleError('unknown-type', `${outer}: invalid field type '${type}'`);
  return parser;
}

/** Reads the value of any parser's match. */
function valueReader(parser: V1Parser): (line: Uint8Array, from: number, to: number, end: number) => JsonValue {
  const field = makeField('', parser.kind, parser);
  return (line, from, to, end) => leafValue(field, { fields: [], captures: new Int32Array(0), line, end }, from, to);
}

/** `iptables`: blank-separated words to the end of the line; `k=v` or a bare word, set at the top level of the event. */
function iptablesParser(): V1Parser {
  return {
    kind: VALUE,
    scans: true,
    sticky: true,
    match: (_line, from, end) => (from < end ? end : -1),
    value(line, from, to) {
      const object: JsonObject = new Map();
      for (const word of byteString(line, from, to).split(' ')) {
        const equals = word.indexOf('=');
        if (equals < 0) object.set(word, '[*PRESENT*]');
        else object.set(word.slice(0, equals), word.slice(equals + 1));
      }
      return object;
    },
  };
}

/**
 * `tokenized:<separator>:<type>`: elements of a type, at least one. A separator that no element follows is not consumed, unless it ends the
 * line.
 */
function tokenizedParser(extra: string, context: V1Context): V1Parser {
  const [separator, type] = splitArguments(extra, 1) ?? [];
  if (separator === undefined || type === undefined) throw badArguments('tokenized', 'a separator and a type');
  const bytes = toBytes(decodeEscapes(separator));
  const inner = innerParser('tokenized', type, context);
  const read = valueReader(inner);
  const walk = (line: Uint8Array, from: number, end: number, visit: (from: number, to: number) => boolean): number => {
    let at = from;
    let good = -1;
    while (at < end) {
      const to = inner.match(line, at, end);
      if (to < 0 || !visit(at, to)) return good;
      if (to === at && bytes.length === 0) return to;
      good = to;
      for (let i = 0; i < bytes.length; i += 1) if (to + i >= end || line[to + i] !== bytes[i]) return good;
      at = to + bytes.length;
    }
    return good < 0 ? -1 : at;
  };
  return {
    kind: VALUE,
    scans: true,
    // Elements may match nothing after a look at the whole line, as many as there are separators.
    match: (line, from, end) => walk(line, from, end, () => context.budget.work >= 0),
    value(line, from, _to, end) {
      const elements: JsonValue[] = [];
      walk(line, from, end, (start, stop) => elements.push(read(line, start, stop, end)) > 0);
      return elements;
    },
  };
}

/** `interpret:<kind>:<type>`: the value of a type, converted. */
function interpretParser(extra: string, context: V1Context): V1Parser {
  const [kind, type] = splitArguments(extra, 1) ?? [];
  if (kind === undefined || type === undefined || !isInterpretation(kind)) {
    throw badArguments('interpret', 'one of int, base10int, base16int, float, bool, and a type');
  }
  const inner = innerParser('interpret', type, context);
  const read = valueReader(inner);
  return {
    kind: VALUE,
    scans: inner.scans,
    match: (line, from, end) => inner.match(line, from, end),
    value: (line, from, to, end) => interpretValue(kind, read(line, from, to, end)),
  };
}

function namedSuffixedParser(extra: string, context: V1Context): V1Parser {
  const [valueName, suffixName, rest] = splitArguments(extra, 2) ?? [];
  if (!valueName || !suffixName || rest === undefined) throw badArguments('named_suffixed', 'two names, delimiters, suffixes and a type');
  return suffixedParser(decodeEscapes(valueName), decodeEscapes(suffixName), rest, context);
}

/** `suffixed:<delimiters>:<suffixes>:<type>`: a value and the first listed suffix that follows it. */
function suffixedParser(valueName: string, suffixName: string, extra: string, context: V1Context): V1Parser {
  const [delimiters, list, type] = splitArguments(extra, 2) ?? [];
  if (!delimiters || !list || type === undefined) throw badArguments('suffixed', 'delimiters, suffixes and a type');
  const suffixes = splitAtAny(decodeEscapes(list), decodeEscapes(delimiters)).map(toBytes);
  const inner = innerParser('suffixed', type, context);
  const read = valueReader(inner);
  const suffixAt = (line: Uint8Array, at: number, end: number): Uint8Array | undefined =>
    suffixes.find((suffix) => at + suffix.length <= end && suffix.every((byte, i) => line[at + i] === byte));
  return {
    kind: VALUE,
    scans: true,
    match(line, from, end) {
      const to = inner.match(line, from, end);
      const suffix = to < 0 ? undefined : suffixAt(line, to, end);
      return suffix === undefined ? -1 : to + suffix.length;
    },
    value(line, from, _to, end) {
      const to = inner.match(line, from, end);
      const object: JsonObject = new Map();
      object.set(valueName, read(line, from, to, end));
      return object.set(suffixName, byteString(suffixAt(line, to, end)!));
    },
  };
}

function splitAtAny(text: string, delimiters: string): string[] {
  const parts = [''];
  for (const byte of text) {
    if (delimiters.includes(byte)) parts.push('');
    else parts[parts.length - 1] += byte;
  }
  return parts.filter((part) => part !== '');
}
