import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { suite, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { RegexSyntaxError } from './ast.ts';
import { compileRegex } from './compile.ts';
import { innerWords, requiredLiteral } from './literal.ts';
import { parseRegex } from './parse.ts';

/** [source, texts it matches, texts it does not]; results of RE2 where it and JavaScript differ. */
const MATCHES: readonly (readonly [source: string, matching: readonly string[], other: readonly string[]])[] = [
  ['', ['', 'x'], []],
  ['a|', ['', 'b'], []],
  ['^(|a)+$', ['', 'a', 'aaa'], ['b']],
  ['(a*)*b', ['b', 'aab'], ['aa']],
  ['^a??b$', ['b', 'ab'], ['aab']],
  ['x{0}y', ['y'], ['x']],
  ['^x{2,}$', ['xx', 'xxxxx'], ['x']],
  ['^x{17,}$', ['x'.repeat(17), 'x'.repeat(40)], ['x'.repeat(16)]],
  ['^(?:ab){3,18}$', ['ab'.repeat(18)], ['ab'.repeat(19), 'abab']],
  ['^a{01}$', ['a{01}'], ['a']],
  ['a{1,2,3}', ['a{1,2,3}'], ['aa']],
  ['{', ['{'], ['']],
  ['}', ['}'], ['']],
  [']', [']'], ['']],
  ['a\\{2}', ['a{2}'], ['aa']],
  ['(?i)a|B', ['A', 'b'], ['c']],
  ['(?i:a|b)C', ['AC'], ['Ac']],
  ['(a(?i)b)c', ['aBc'], ['aBC', 'ABc']],
  ['(?s).', ['\n'], ['']],
  ['(?s:.)\\n.', ['\n\nx'], ['\n\n\n']],
  ['(?-s).', ['\r', '\u2028'], ['\n']],
  ['(?m)a$', ['a\nb', 'a'], ['a\rb', 'a\u2028b', 'ab']],
  ['(?m)^b', ['a\nb', 'b'], ['a\rb', 'a\u2029b']],
  ['(?m)^$', ['', 'a\n', '\n\n', 'a\n\nb'], ['a', 'a\r']],
  ['(?m)\\r$', ['a\r\nb'], ['a\n']],
  ['(?m:^)[^\\r]\\z', ['\na', '\r\na'], ['\r', '\ra']],
  ['(?m)\\z', ['a\n'], []],
  ['(?m)$\\P{Greek}', ['a\nb'], ['a\ufdd0b']],
  ['a\\z', ['ba'], ['a\n']],
  ['\\Aa', ['a'], ['\na']],
  ['\\ba\\b', ['a', 'éaé', ' a '], ['_a', 'a1']],
  ['a\\Bb', ['ab'], ['a b']],
  ['\\B', ['', '  '], []],
  ['(?:\\B){20}', [''], []],
  ['(?:\\b){18,}a', ['a'], ['']],
  ['^(?:^){20}a$', ['a'], ['b']],
  ['\\Qa.*b', ['a.*b'], ['axb']],
  ['\\Qa+\\E+', ['a++'], ['aa']],
  ['\\Q\\E', ['', 'x'], []],
  ['(?i)\\Qk\\E', ['\u212a'], ['x']],
  ['\\x41\\x{42}\\103\\0', ['ABC\0'], ['ABC0']],
  ['\\a\\f\\n\\r\\t\\v', ['\x07\f\n\r\t\v'], ['afnrtv']],
  ['\\_\\-\\/\\"\\ ', ['_-/" '], ['x']],
  ['[\\]\\[^-]', [']', '[', '^', '-'], ['\\']],
  ['[a-c-e]', ['b', '-', 'e'], ['d']],
  ['[-a]', ['-', 'a'], ['b']],
  ['[^-a]', ['b'], ['-', 'a']],
  ['[^\\n]', ['\r', '😀'], ['\n', '']],
  ['[^a]', ['\n'], ['a', '']],
  ['[\\x00-\\x{10FFFF}]', ['\0', '😀'], ['']],
  ['[^\\x00-\\x{10FFFF}]', [], ['', 'a', '😀']],
  ['^[[:word:]]+$', ['a_1'], ['é']],
  ['^[[:^digit:][:digit:]]$', ['a', '1'], ['ab']],
  ['[[:]', ['[', ':'], ['a']],
  ['[[a]]', ['[]', 'a]'], ['a']],
  ['^\\pN$', ['1', '²', '٤'], ['a']],
  ['^\\p{Lu}$', ['A', 'É'], ['a']],
  ['(?i)^\\p{Lu}$', ['a', 'é'], ['1']],
  ['(?i)^\\P{Lu}$', ['1'], ['a', 'A']],
  ['^\\p{^Lu}$', ['a', '1'], ['A']],
  ['^\\P{^Lu}$', ['A'], ['a']],
  ['^[\\p{Han}\\d]$', ['中', '5'], ['a']],
  ['^\\p{Any}$', ['a', '😀', '\n'], ['']],
  ['^\\p{Co}$', ['\ue000', '\u{f0000}', '\u{10fffd}'], ['a']],
  ['^\\p{Old_Italic}$', ['𐌀'], ['a']],
  ['^\\p{Nko}$', ['ߊ'], ['a']],
  ['^\\p{Thai}$', ['ก'], ['a']],
  ['(?i)^[k-l]$', ['K', '\u212a', 'l', 'L'], ['m']],
  ['(?i)^µ$', ['μ', 'Μ', 'µ'], ['u']],
  ['(?i)^𐐀$', ['𐐨', '𐐀'], ['x']],
  ['(?i)^ǆ$', ['ǅ', 'Ǆ'], ['x']],
  ['(?i)^Ꭰ$', ['ꭰ'], ['x']],
  ['(?i)^ı$', ['ı'], ['i', 'I']],
  ['^[😀-😎]{2}.$', ['😀😎🚀'], ['😀😎', '🚀🚀😀']],
  ['^[^😀]$', ['a', '🚀'], ['😀']],
  ['^a.b$', ['a😀b'], ['a😀😀b']],
  ['\ud83d', [], ['😀']],
  ['^\\x{FFFD}$', ['\ufffd', '\ud800'], ['x']],
  ['(?P<a>x)(?P<b>y)', ['xy'], ['x']],
  ['(?<größe>x)', ['x'], ['y']],
  ['(?)a', ['a'], ['b']],
  ['(?U)a*?', [''], []],
  ['/', ['/'], ['x']],
];

const REFUSED: readonly string[] = [
  '(',
  ')',
  '(?',
  '(?i',
  '(?P',
  '(?P<',
  '(?P<>a)',
  '(?P<a',
  '(?P<a>b)(?P<a>c)',
  '(?P<a b>c)',
  '(?P=a)',
  '(?P>a)',
  "(?'a'b)",
  '(?-)',
  '(?i-)',
  '(?ii',
  '(?x)',
  '(?a)',
  '(?i-s-)',
  '(?=a)',
  '(?!a)',
  '(?<=a)',
  '(?<!a)',
  '(?>a)',
  '(?|a)',
  '(?#a)',
  '(?R)',
  '(?1)',
  '(?&a)',
  '(?(1)a)',
  '*',
  '+',
  '?',
  '(*)',
  '(+a)',
  'a|*',
  '|+',
  '^|?',
  'a**',
  'a+*',
  'a?+',
  'a*+',
  'a++',
  'a???',
  'a*??',
  'a{2}{3}',
  'a{2}*',
  'a*{2}',
  '(?i)*',
  '(?:*)',
  'a{1001}',
  'a{1001,}',
  'a{0,1001}',
  'a{2,1}',
  'a{99999999999}',
  '(a{100}){11}',
  '((a{10}){10}){11}',
  '(a{2}b){501}',
  '(a{1000}){2}',
  '(a{501,}){2}',
  '[',
  '[]',
  '[^]',
  '[a',
  '[a-',
  '[z-a]',
  '[a-\\d]',
  '[[:foo:]]',
  '[[:alpha:]',
  '[[:d:]]',
  '[\\b]',
  '[\\Q]',
  '[\\A]',
  '[\\z]',
  '\\',
  'a\\',
  '\\1',
  '\\9',
  '\\8',
  '(a)\\1',
  '\\C',
  '\\Z',
  '\\G',
  '\\K',
  '\\R',
  '\\X',
  '\\h',
  '\\H',
  '\\N',
  '\\e',
  '\\cA',
  '\\u0041',
  '\\U',
  '\\E',
  '\\k<a>',
  '\\g1',
  '\\é',
  '\\y',
  '\\x',
  '\\x1',
  '\\xg0',
  '\\x{',
  '\\x{}',
  '\\x{12',
  '\\x{110000}',
  '\\x{g}',
  '\\p',
  '\\p{',
  '\\p{L',
  '\\pX',
  '\\p{Nope}',
  '\\p{greek}',
  '\\p{Grek}',
  '\\p{Script=Greek}',
  '\\p{}',
  '\\p{^}',
  '\\p{Cn}',
  '\\p{Lx}',
  '('.repeat(1001) + ')'.repeat(1001),
  '\\pL{1000}',
  '(?i)\\PL'.repeat(1000),
  '[\\pL\\pN]'.repeat(1000),
];

suite('expressions', () => {
  for (const [source, matching, other] of MATCHES) {
    test(JSON.stringify(source), () => {
      const { test: matches } = compileRegex(source, false);
      for (const text of matching) assert.equal(matches(text), true, `must match ${JSON.stringify(text)}`);
      for (const text of other) assert.equal(matches(text), false, `must not match ${JSON.stringify(text)}`);
    });
  }

  test('the outer flag', () => {
    assert.equal(compileRegex('stra.e', true).test('STRAßE'), true);
    assert.equal(compileRegex('(?-i)a', true).test('A'), false);
  });
});

suite('what RE2 refuses', () => {
  for (const source of REFUSED) {
    test(JSON.stringify(source.slice(0, 40)), () => {
      assert.throws(() => compileRegex(source, false).test('\u2028'), RegexSyntaxError);
    });
  }
});

test('many boundaries in one place do not bring V8 down', () => {
  for (const source of [
    '(?:\\B)'.repeat(200),
    '(?:^\\B)'.repeat(100),
    '\\B(?:)'.repeat(100),
    '\\B(?:\\b)'.repeat(100),
    '(?:\\Ba{0}){40}',
    '(?:(?:\\B)+|x){30}',
  ]) {
    const { test: matches } = compileRegex(source, false);
    for (const text of ['', 'x', 'é', '\u2028', '  ']) matches(text);
  }
});

test('literals that every match contains', () => {
  const literal = (source: string, ignoreCase = false): readonly [string, boolean] => {
    const found = requiredLiteral(parseRegex(source, ignoreCase));
    return [found.text, found.ignoreCase];
  };
  assert.deepEqual(literal('timeout after \\d+ms'), ['timeout after ', false]);
  assert.deepEqual(literal('(abc)+de'), ['abc', false]);
  assert.deepEqual(literal('a?bc(x|yyyy)z'), ['bc', false]);
  assert.deepEqual(literal('^(foo)(bar)$'), ['foobar', false]);
  assert.deepEqual(literal('a|b'), ['', false]);
  assert.deepEqual(literal('[ab]c'), ['c', false]);
  assert.deepEqual(literal('Kelvin', true), ['kelvin', true]);
  assert.deepEqual(literal('(?:abc){0,2}d'), ['d', false]);
});

test('words of a literal, only where they are whole and fold as they match', () => {
  const words = (source: string, ignoreCase = false): string[] => innerWords(requiredLiteral(parseRegex(source, ignoreCase)));
  assert.deepEqual(words(' Failed password '), ['failed', 'password']);
  assert.deepEqual(words('timeout after \\d+'), ['after']);
  assert.deepEqual(words('abc'), []);
  assert.deepEqual(words(' cold ', true), ['cold']);
  // RE2 takes a long s for an s, folding does not.
  assert.deepEqual(words(' secret ', true), []);
});

test('hostile expressions run in linear time', () => {
  const script = fileURLToPath(new URL('linear.testing.ts', import.meta.url));
  const options = ['--enable-experimental-regexp-engine', '--enable-experimental-regexp-engine-on-excessive-backtracks'];
  assert.equal(execFileSync(process.execPath, [...options, script], { encoding: 'utf8', timeout: 60_000 }).trim(), 'all linear');
});
