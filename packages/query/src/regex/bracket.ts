import type { CodeSet } from './ast.ts';
import { codeSet, negate } from './code-set.ts';
import { readClassEscape, readEscape } from './escape.ts';
import { foldCase, namedClass, signed } from './properties.ts';
import type { Reader } from './reader.ts';

/** Reads `[...]`, the opening bracket being here. A `]` that comes first is literal; `-` is wherever it makes no range. */
export function readBracket(reader: Reader, ignoreCase: boolean): CodeSet {
  reader.position++;
  const negated = reader.take('^');
  const pairs: number[] = [];
  for (let first = true; first || reader.peek() !== ']'; first = false) {
    if (reader.atEnd) reader.fail('the class [...] is not closed');
    const named = readPosix(reader, ignoreCase) ?? readClassEscape(reader, ignoreCase);
    const set = named ?? readSpan(reader, ignoreCase);
    reader.spend(set.length / 2);
    pairs.push(...set);
  }
  reader.position++;
  const set = codeSet(pairs);
  return negated ? negate(set) : set;
}

/** Reads `[:alpha:]` or `[:^alpha:]`; without `:]` the bracket is a character. */
function readPosix(reader: Reader, ignoreCase: boolean): CodeSet | undefined {
  if (reader.peek() !== '[' || reader.peek(1) !== ':') return undefined;
  const { position } = reader;
  reader.position += 2;
  const negated = reader.take('^');
  const name = reader.until(':');
  if (name === undefined || !reader.take(']')) {
    // RE2 looks for `:]` anywhere later, and what stands before it is the name.
    return hasEnd(reader) ? reader.fail('there is no such class [:...:]') : back(reader, position);
  }
  const set = namedClass(name);
  if (set === undefined || name.length === 1) return reader.fail(`there is no class [:${name}:]`);
  return signed(ignoreCase && name !== 'word' ? foldCase(set) : set, negated);
}

function hasEnd(reader: Reader): boolean {
  for (let ahead = 0; reader.peek(ahead) !== ''; ahead++) {
    if (reader.peek(ahead) === ':' && reader.peek(ahead + 1) === ']') return true;
  }
  return false;
}

function back(reader: Reader, position: number): undefined {
  reader.position = position;
  return undefined;
}

/** Reads `a` or `a-z`. */
function readSpan(reader: Reader, ignoreCase: boolean): CodeSet {
  const low = readMember(reader);
  let high = low;
  if (reader.peek() === '-' && reader.peek(1) !== ']' && reader.peek(1) !== '') {
    reader.position++;
    high = readMember(reader);
    if (high < low) reader.fail('a range in a class runs backwards');
  }
  return ignoreCase ? foldCase([low, high]) : [low, high];
}

function readMember(reader: Reader): number {
  if (reader.atEnd) reader.fail('the class [...] is not closed');
  return reader.peek() === '\\' ? readEscape(reader) : reader.next().codePointAt(0)!;
}
