/** What each parser looks for, in words. */
import type { Use } from '../v2/graph.ts';

const EXPECTATIONS: Readonly<Record<string, string>> = {
  number: 'one or more digits (within maxval, if set)',
  float: 'a number: optional "-", digits, at most one "."',
  hexnumber: '"0x", hexadecimal digits, and a blank behind them',
  'kernel-timestamp': '"[", 5 to 12 digits, ".", 6 digits, "]"',
  whitespace: 'one or more blanks',
  word: 'one or more bytes up to a space',
  'string-to': 'one or more bytes and then the given string',
  alpha: 'one or more letters',
  'char-to': 'one or more bytes and then one of the given ones',
  'char-sep': 'anything',
  rest: 'the rest of the line',
  'quoted-string': 'a text in double quotes',
  'op-quoted-string': 'a text in double quotes, or a word',
  string: 'a string as its parameters describe it, followed by a space or the end of the line unless lazy',
  'date-rfc3164': 'a date like "Oct 29 09:47:08"',
  'date-rfc5424': 'a date like "2003-10-11T22:14:15.003Z", followed by a space or the end of the line',
  'date-iso': 'a date like "2014-12-08"',
  'time-24hr': 'a time of day like "23:59:59"',
  'time-12hr': 'a time of day like "11:59:59", hours up to 12',
  duration: 'a duration like "0:00:42"',
  ipv4: 'an IPv4 address',
  ipv6: 'an IPv6 address, followed by a blank or the end of the line',
  mac48: 'a MAC address',
  'cisco-interface-spec': '[interface:]address/port',
  json: 'a JSON object',
  'cee-syslog': '"@cee:" and a JSON object up to the end of the line',
  'name-value-list': 'pairs name=value',
  cef: '"CEF:0|" and the rest of a CEF message',
  'checkpoint-lea': 'pairs "name: value;"',
  'v2-iptables': 'at least two items NAME or NAME=value up to the end of the line',
  iptables: 'at least one byte',
  regex: 'a match of the expression that begins here',
  recursive: 'a rest of the line that this rulebase matches',
  descent: 'a rest of the line that the other rulebase matches',
  tokenized: 'at least one element',
  interpret: 'a value of the inner type',
  suffixed: 'a value of the inner type followed by one of the suffixes',
  named_suffixed: 'a value of the inner type followed by one of the suffixes',
  repeat: 'one or more elements; after a separator another element',
};

export function expectationOf(type: string): string {
  if (type.startsWith('@')) return `what one of the type=${type} lines describes`;
  return Object.hasOwn(EXPECTATIONS, type) ? EXPECTATIONS[type]! : type;
}

/** A field as it is written in a rule, without parameters. */
export function fieldText(use: Pick<Use, 'name' | 'type'>): string {
  return `%${use.name ?? '-'}:${use.type}%`;
}
