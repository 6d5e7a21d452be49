/** Specification section 11: reading and writing the JSON dialect. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseJson } from '../src/json-dialect/parse.ts';
import { writeJson } from '../src/json-dialect/write.ts';

/** What a text is written as after reading; undefined when it does not parse as a whole. */
function rewritten(text: string): string | undefined {
  const bytes = Buffer.from(text);
  const parsed = parseJson(bytes);
  return parsed === undefined || parsed.end !== bytes.length ? undefined : Buffer.from(writeJson(parsed.value), 'latin1').toString();
}

const READS: readonly (readonly [text: string, written: string])[] = [
  ['{}', '{ }'],
  ['[]', '[ ]'],
  ['{"a":1,"b":[1,"x",{"y":null}]}', '{ "a": 1, "b": [ 1, "x", { "y": null } ] }'],
  [`{'a':'b"c'}`, '{ "a": "b\\"c" }'],
  ['{"a":1,}', '{ "a": 1 }'],
  ['[1,2,]', '[ 1, 2 ]'],
  ['/* c */ { // d\n "a" /**/ : 1 }', '{ "a": 1 }'],
  ['[TRUE,False,NULL,nan,INFINITY,-infinity]', '[ true, false, null, NaN, Infinity, -Infinity ]'],
  ['"a\u0001\tb"', '"a\\u0001\\tb"'],
  ['[007,-007,00,-0,0]', '[ 7, -7, 0, 0, 0 ]'],
  ['[12345678901234567890123,-12345678901234567890123]', '[ 9223372036854775807, -9223372036854775808 ]'],
  ['[9223372036854775807,9007199254740993]', '[ 9223372036854775807, 9007199254740993 ]'],
  ['[1.50,1.,1e5,1E+3,-0.0,-.5]', '[ 1.50, 1., 1e5, 1E+3, -0.0, -.5 ]'],
  ['"\\u00e9\\u20ac\\ud83d\\ude00"', '"\u00e9\u20ac\u{1f600}"'],
  ['"\\ud800x\\udc00"', '"\ufffdx\ufffd"'],
  ['"\\ud800\\u0041"', '"\ufffdA"'],
  ['"\\"\\\\\\/\\b\\f\\n\\r\\t"', '"\\"\\\\\\/\\b\\f\\n\\r\\t"'],
  ['"/\u007f\u00fc\u001f"', '"\\/\u007f\u00fc\\u001f"'],
  ['{"a":1,"b":2,"a":3}', '{ "a": 3, "b": 2 }'],
  ['{"":1}', '{ "": 1 }'],
  ['{"__proto__":{"a":1},"1":2,"0":3}', '{ "__proto__": { "a": 1 }, "1": 2, "0": 3 }'],
];

for (const [text, written] of READS) test(`reads ${text}`, () => assert.equal(rewritten(text), written));

const REJECTS = [
  '',
  '{',
  '{"a"}',
  '{"a":}',
  '{a:1}',
  '{\'a":1}',
  '[1,,2]',
  '[,]',
  '{,}',
  '"\\q"',
  "'\\''",
  '"\\u12"',
  '"abc',
  '+1',
  '.5',
  '-',
  '--1',
  '1-2',
  '1.5.5',
  '{"a":1}x',
  '1 2',
  '/* x',
  'nul',
  '[1 2]',
  '{"a":1 "b":2}',
  'True1',
  '5abc',
];
for (const text of REJECTS) test(`rejects ${JSON.stringify(text)}`, () => assert.equal(rewritten(text), undefined));

test('depth 32 is read, 33 is not', () => {
  const nested = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth);
  assert.notEqual(rewritten(nested(32)), undefined);
  assert.equal(rewritten(nested(33)), undefined);
  assert.equal(rewritten('['.repeat(1_000_000)), undefined);
});

test('invalid UTF-8 passes through', () => {
  const parsed = parseJson(Buffer.from([34, 0xff, 0xc3, 34]));
  assert.deepEqual(Buffer.from(writeJson(parsed!.value), 'latin1'), Buffer.from([34, 0xff, 0xc3, 34]));
});
