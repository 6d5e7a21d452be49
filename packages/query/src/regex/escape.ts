import type { CodeSet } from './ast.ts';
import { MAX_CODE } from './code-set.ts';
import { foldCase, namedClass, property, signed } from './properties.ts';
import type { Reader } from './reader.ts';

const CONTROLS: ReadonlyMap<string, number> = new Map([
  ['a', 7],
  ['f', 12],
  ['n', 10],
  ['r', 13],
  ['t', 9],
  ['v', 11],
]);
const OCTAL = /^[0-7]$/;
const HEX = /^[0-9a-fA-F]$/;
const LETTER = /^[A-Za-z]$/;

/** Reads `\d`, `\S`, `\pL`, `\P{Greek}`, `\p{^L}` and the like, or nothing without moving. */
export function readClassEscape(reader: Reader, ignoreCase: boolean): CodeSet | undefined {
  if (reader.peek() !== '\\') return undefined;
  const letter = reader.peek(1);
  const lower = letter.toLowerCase();
  if (lower === 'p' && LETTER.test(letter)) return readProperty(reader, ignoreCase);
  // Perl's classes stay ASCII even where case is ignored.
  const set = /^[dsw]$/.test(lower) && LETTER.test(letter) ? namedClass(lower) : undefined;
  if (set === undefined) return undefined;
  reader.position += 2;
  return signed(set, letter !== lower);
}

function readProperty(reader: Reader, ignoreCase: boolean): CodeSet {
  reader.position++;
  let negated = reader.next() === 'P';
  let name = reader.next();
  if (name === '{') name = reader.until('}') ?? reader.fail('the class \\p{...} is not closed');
  if (name.startsWith('^')) {
    negated = !negated;
    name = name.slice(1);
  }
  const set = property(name);
  return signed(ignoreCase ? foldCase(set) : set, negated);
}

/** Reads an escape that is one character; the backslash is here. */
export function readEscape(reader: Reader): number {
  reader.position++;
  if (reader.atEnd) reader.fail('there is a backslash at the end');
  const char = reader.next();
  const control = CONTROLS.get(char);
  if (control !== undefined) return control;
  if (char === 'x') return readHex(reader);
  if (OCTAL.test(char)) return readOctal(reader, char);
  // RE2 knows punctuation only: any other letter may mean something one day.
  if (char.charCodeAt(0) < 128 && !/^[A-Za-z0-9]$/.test(char)) return char.charCodeAt(0);
  return reader.fail(`RE2 does not have \\${char}`);
}

function readOctal(reader: Reader, first: string): number {
  if (first !== '0' && !OCTAL.test(reader.peek())) reader.fail(`RE2 does not have back references like \\${first}`);
  return parseInt(first + reader.run(OCTAL, 2), 8);
}

function readHex(reader: Reader): number {
  const braced = reader.take('{');
  const digits = reader.run(HEX, braced ? Infinity : 2);
  const code = parseInt(digits, 16);
  const complete = braced ? digits !== '' && reader.take('}') : digits.length === 2;
  if (!complete || code > MAX_CODE) reader.fail('\\x needs two digits, or one to six in braces, up to 10FFFF');
  return code;
}
