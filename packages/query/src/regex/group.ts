import type { Reader } from './reader.ts';

export interface Flags {
  readonly ignoreCase: boolean;
  readonly multiline: boolean;
  readonly dotAll: boolean;
  readonly ungreedy: boolean;
}

const FLAG_NAMES: ReadonlyMap<string, keyof Flags> = new Map<string, keyof Flags>([
  ['i', 'ignoreCase'],
  ['m', 'multiline'],
  ['s', 'dotAll'],
  ['U', 'ungreedy'],
]);
const NAME = /^[\p{L}\p{Mn}\p{Mc}\p{Nd}\p{Pc}]+$/u;

/** A group has begun, or flags have changed for the rest of the surrounding group. */
export interface GroupStart {
  readonly kind: 'group' | 'flags';
  readonly flags: Flags;
}

/** Reads `(`, `(?:`, `(?i:`, `(?i)`, `(?P<name>` or `(?<name>`; the parenthesis is here. Everything else that begins with `(?` is refused. */
export function readGroupStart(reader: Reader, flags: Flags, names: Set<string>): GroupStart {
  reader.position++;
  if (!reader.take('?')) return { kind: 'group', flags };
  if (reader.peek() === '<' && (reader.peek(1) === '=' || reader.peek(1) === '!')) return reader.fail('RE2 does not have look-around');
  if (reader.take('P<') || reader.take('<')) {
    readName(reader, names);
    return { kind: 'group', flags };
  }
  if (reader.peek() === '=' || reader.peek() === '!') return reader.fail('RE2 does not have look-around');
  return readFlags(reader, flags);
}

function readName(reader: Reader, names: Set<string>): void {
  const name = reader.until('>');
  if (name === undefined || !NAME.test(name)) return reader.fail('the name of a group is not complete');
  if (names.has(name)) return reader.fail(`two groups are named ${name}`);
  names.add(name);
}

function readFlags(reader: Reader, flags: Flags): GroupStart {
  const changed: Record<keyof Flags, boolean> = { ...flags };
  let value = true;
  // After a minus at least one flag must follow.
  let complete = true;
  for (;;) {
    const char = reader.next();
    const flag = FLAG_NAMES.get(char);
    if (flag !== undefined) {
      changed[flag] = value;
      complete = true;
    } else if (char === '-' && value) {
      value = false;
      complete = false;
    } else if ((char === ':' || char === ')') && complete) {
      return { kind: char === ':' ? 'group' : 'flags', flags: changed };
    } else return reader.fail('RE2 does not have this kind of group');
  }
}
