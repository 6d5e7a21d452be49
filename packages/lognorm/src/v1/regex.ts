/**
 * `regex:<expression>[:consume group[:return group]]`: leftmost search from the current position; the consumed group must begin there. Uses
 * JavaScript's engine on bytes; the few notations of PCRE that can be carried over are.
 */
import { asBuffer } from '../bytes.ts';
import { RuleError } from '../errors.ts';
import { VALUE } from '../parsers/motif.ts';
import { decodeEscapes } from '../rulebase/escapes.ts';
import type { V1Context } from './context.ts';
import type { V1Parser } from './tree.ts';

const POSIX_CLASSES: Readonly<Record<string, string>> = {
  alnum: 'A-Za-z0-9',
  alpha: 'A-Za-z',
  blank: ' \\t',
  cntrl: '\\x00-\\x1f\\x7f',
  digit: '0-9',
  graph: '!-~',
  lower: 'a-z',
  print: ' -~',
  punct: '!-\\/:-@\\[-`{-~',
  space: '\\s',
  upper: 'A-Z',
  word: '\\w',
  xdigit: 'A-Fa-f0-9',
};

/** The JavaScript form of an expression. */
function translate(expression: string): RegExp {
  const options = /^\(\?([ims]+)\)/.exec(expression);
  const source = expression
    .slice(options?.[0].length ?? 0)
    .replace(/\[:(\^?)(\w+):\]/g, (whole: string, negated: string, name: string) =>
      negated === '' && Object.hasOwn(POSIX_CLASSES, name) ? POSIX_CLASSES[name]! : whole,
    )
    .replaceAll('(?P<', '(?<')
    .replace(/\\([AZzh])/g, (_whole, letter: string) => ({ A: '^', Z: '$', z: '$', h: '[ \\t]' })[letter]!);
  try {
    return new RegExp(source, `d${options?.[1] ?? ''}`);
  } catch (error) {
    throw new RuleError('invalid-parameter', `regex: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function group(text: string | undefined, fallback: number): number {
  if (text === undefined) return fallback;
  if (!/^\d{1,3}$/.test(text)) throw new RuleError('invalid-parameter', `regex: invalid group number '${text}'`);
  return Number(text);
}

export function regexParser(extra: string, context: V1Context): V1Parser {
  if (!context.allowRegex) throw new RuleError('regex-disabled', 'regex fields need the option allowRegex');
  const [expression = '', consume, value, ...more] = extra.split(':');
  if (expression === '' || more.length > 0) throw new RuleError('invalid-parameter', 'regex needs an expression and at most two groups');
  const pattern = translate(decodeEscapes(expression));
  const consumed = group(consume, 0);
  const returned = group(value, consumed);
  /** Start and end of the consumed and the returned group. */
  const find = (line: Uint8Array, from: number, end: number): [number, number, number, number] | undefined => {
    const found = pattern.exec(asBuffer(line).toString('latin1', from, end));
    const span = found?.indices?.[consumed];
    const result = found?.indices?.[returned];
    return span === undefined || result === undefined || span[0] !== 0 ? undefined : [span[0], span[1], result[0], result[1]];
  };
  return {
    kind: VALUE,
    scans: true,
    match(line, from, end) {
      const found = find(line, from, end);
      return found === undefined ? -1 : from + found[1];
    },
    value(line, from, _to, end) {
      const [, , start, stop] = find(line, from, end)!;
      return asBuffer(line).toString('latin1', from + start, from + stop);
    },
  };
}
