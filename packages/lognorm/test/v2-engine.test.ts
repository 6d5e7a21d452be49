/** Specification sections 4, 5 and 7: the v2 engine, field names, alternatives, repeats and user types. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadRulebaseSync } from '../src/index.ts';
import { check, jsonOf, v2 } from './check.ts';

// 4.1 Structure
check(
  'equal configurations share an edge, other key orders and names do not',
  v2('rule=t1:%{"type":"word","name":"a"}% x', 'rule=t2:%{"name":"a","type":"word"}% x', 'rule=t3:%a:word% x'),
  [['q x', { a: 'q', 'event.tags': ['t1'] }]],
);
check(
  'an unnamed field and one called - are different edges',
  v2('rule=a:%-:word% x', 'rule=b:%{"type":"word"}% x', 'rule=c:%{"type":"word"}% y'),
  [
    ['q x', { 'event.tags': ['a'] }],
    ['q y', { 'event.tags': ['c'] }],
  ],
);
check('an empty line needs a rule that ends at the root', v2('rule=:%r:rest%'), [['', { r: '' }]]);
check('an empty line matches no other rule', v2('rule=:a'), [['', '']]);

// 4.2 Priorities: each type against the next lower class
const CLASSES: readonly (readonly [priority: number, types: readonly (readonly [definition: string, text: string])[]])[] = [
  [4, [['"type":"literal","text":"12"', '12'], ['"type":"ipv4"', '10.0.0.1'], ['"type":"ipv6"', '::1'], ['"type":"whitespace"', ' '], ['"type":"json"', '{"a":1}'], ['"type":"cisco-interface-spec"', '1.2.3.4/5'], ['"type":"v2-iptables"', 'A B'], ['"type":"checkpoint-lea"', 'a: b;'], ['"type":"cee-syslog"', '@cee:{}'], ['"type":"cef"', 'CEF:0|a|b|c|d|e|f|']]],
  [8, [['"type":"date-rfc3164"', 'Oct 29 09:47:08'], ['"type":"date-rfc5424"', '2003-10-11T22:14:15Z'], ['"type":"date-iso"', '2003-10-11'], ['"type":"time-24hr"', '23:00:00'], ['"type":"time-12hr"', '11:00:00'], ['"type":"name-value-list"', 'a=b']]],
  [16, [['"type":"number"', '12'], ['"type":"float"', '1.2'], ['"type":"kernel-timestamp"', '[12345.123456]'], ['"type":"duration"', '1:00:00'], ['"type":"mac48"', 'f0:f6:1c:5f:cc:a2'], ['"type":"@t"', 'user']]],
  [32, [['"type":"word"', 'ab'], ['"type":"alpha"', 'ab'], ['"type":"string"', 'ab'], ['"type":"char-sep","extradata":"\\u0001"', 'ab']]],
  [64, [['"type":"quoted-string"', '"a"'], ['"type":"op-quoted-string"', 'ab']]],
]; // prettier-ignore

for (const [priority, types] of CLASSES) {
  for (const [definition, text] of types) {
    test(`built-in priority ${priority} of ${definition}`, () => {
      const one = `%{"name":"one",${definition}}%`;
      // The other has the same length of match, and a priority just above or just below.
      const against = (delta: number): string[] => {
        const other = `%{"name":"other","type":"rest","priority":${delta < 0 ? 29999 : 30000}}%`;
        return Object.keys(loadRulebaseSync({ text: v2('type=@t:user', `rule=:${other}`, `rule=:${one}`) }).normalize(text));
      };
      assert.deepEqual(against(1), ['one']);
      assert.deepEqual(against(-1), ['other']);
      const rulebase = loadRulebaseSync({ text: v2('type=@t:user', `rule=:${one}`) });
      const engine = rulebase.engine;
      assert.equal(engine.version, 2);
      if (engine.version === 2) assert.equal(engine.program.main.root.edges[0]!.order, 30000 * 256 + priority);
    });
  }
}
check('equal priorities keep the order of the rulebase', v2('rule=:%b:word%', 'rule=:%a:word%'), [['x', { b: 'x' }]]);
check('a rest with a low number is tried first', v2('rule=:%w:word%', 'rule=:%{"type":"rest","name":"r","priority":0}%'), [
  ['x', { r: 'x' }],
]);

// 4.3 Matching
check(
  'backtracking over edges, but one answer per parser',
  v2('rule=:%a:number%-%b:number% x', 'rule=:%a:word% y', 'rule=:%c:char-to:-%-%d:word%'),
  [
    ['1-2 x', { b: '2', a: '1' }],
    ['1-2 y', { a: '1-2' }],
    ['1-2', { d: '2', c: '1' }],
    ['1-2 z', ' z'],
  ],
);
check('longer continuations come before a terminal', v2('type=@l:%a:number%', 'type=@l:%a:number%,%n:@l%', 'rule=:%x:@l%'), [
  ['1,2', { x: { n: { a: '2' }, a: '1' } }],
  ['1,', ','],
]);
check('fields that may be empty match at the end', v2('rule=:a%x:char-sep:,%%y:name-value-list%%z:rest%'), [
  ['a', { z: '', y: {}, x: '' }],
]);
check('the whole line must be matched', v2('rule=:%a:number%'), [['1 ', ' ']]);

// 4.4 unparsed-data
check('the farthest successful parser counts, literals as a whole', v2('rule=:start %a:number% middle %b:number%'), [
  ['start 1 middle', ' middle'],
  ['start 1 middle x', 'x'],
  ['sta', 'sta'],
  ['start x', 'x'],
]);
check('over all branches', v2('rule=:ab%x:number%!', 'rule=:abc', 'rule=:%y:word% %z:word%!'), [
  ['abc d', ''],
  ['ab1', ''],
]);
check(
  'not within types and repeats that fail',
  v2(
    'type=@t:a%-:number%b',
    'rule=:x %-:@t%',
    'rule=:y %{"type":"repeat","parser":{"type":"number"},"while":{"type":"literal","text":","}}%',
  ),
  [
    ['x a1c', 'a1c'],
    ['y 1,x', '1,x'],
  ],
);

// 5 Field names and results
check(
  'names',
  v2('rule=:a %{"type":"word"}% %-:word% %x:word%', 'rule=:b %.:json%%.:word%', 'rule=:c %..:word%', 'rule=:d %a.b/c!d:word%'),
  [
    ['a 1 2 3', { x: '3' }],
    ['b {"a":1,"b":2} x', { '.': 'x', a: 1, b: 2 }],
    ['c x', { '..': 'x' }],
    ['d x', { 'a.b/c!d': 'x' }],
  ],
);
check('merging overwrites in place', v2('rule=:%.:json%%.:json%%z:rest%'), [['{"a":1,"z":2}{"b":3,"z":4}x', { z: 2, b: 3, a: 1 }]]);
test('merging keeps positions', () => {
  assert.equal(jsonOf(loadRulebaseSync({ text: v2('rule=:%.:json%%z:rest%') }), '{"a":1,"z":2}x'), '{ "z": 2, "a": 1 }');
});
check(
  '.. replaces the object it is alone in',
  v2(
    'type=@one:%..:word%',
    'type=@two:%..:word% %b:word%',
    'type=@dot:%.:word%',
    'rule=:1 %x:@one%',
    'rule=:2 %x:@two%',
    'rule=:3 %x:@dot%',
    'rule=:4 %x:json%',
    'rule=:5 %.:@one%',
  ),
  [
    ['1 a', { x: 'a' }],
    ['2 a b', { x: { b: 'b', '..': 'a' } }],
    ['3 a', { x: { '.': 'a' } }],
    ['4 {"..":[1]}', { x: [1] }],
    ['5 a', { '..': 'a' }],
  ],
);
check(
  'of two fields with one name the first in the rule wins',
  v2('rule=:%a:word% %a:number% %b:word%', 'type=@t:%a:word%', 'rule=:t %.:@t% %a:number%'),
  [
    ['x 1 y', { b: 'y', a: 'x' }],
    ['t x 1', { a: 'x' }],
  ],
);
test('one key is written for them', () => {
  assert.equal(jsonOf(loadRulebaseSync({ text: v2('rule=:%a:word% %a:number% %b:word%') }), 'x 1 y'), '{ "b": "y", "a": "x" }');
});
test('keys of the prototype are plain fields', () => {
  const rulebase = loadRulebaseSync({ text: v2('rule=:%__proto__:word% %constructor:word% %toString:word%', 'rule=:j %.:json%') });
  const event = rulebase.normalize('a b c');
  assert.deepEqual(Object.entries(event), [['toString', 'c'], ['constructor', 'b'], ['__proto__', 'a']]); // prettier-ignore
  assert.equal(Object.getPrototypeOf(event), Object.prototype);
  const merged = rulebase.normalize('j {"__proto__":{"x":1}}');
  assert.ok(Object.hasOwn(merged, '__proto__'));
  assert.equal(Reflect.get(Object.prototype, 'x'), undefined);
});

// 7.1 Alternatives
const alternative = (...parsers: string[]): string => `%{"type":"alternative","parser":[${parsers.join(',')}]}%`;
const NUMBER = '{"type":"number","name":"n"}';
const WORD = '{"type":"word","name":"w"}';
const SEQUENCE = '[{"type":"alpha","name":"a"},{"type":"literal","text":"="},{"type":"number","name":"n"}]';
check(
  'alternatives are ordered by priority, then as listed',
  v2(`rule=:${alternative(WORD, NUMBER)} x`, `rule=:q ${alternative('{"type":"word","name":"v"}', WORD)}`),
  [
    ['1 x', { n: '1' }],
    ['a x', { w: 'a' }],
    ['q a', { v: 'a' }],
  ],
);
check(
  'sequences at any place, nested alternatives',
  v2(
    `rule=:${alternative(NUMBER, SEQUENCE, `{"type":"alternative","parser":[{"type":"mac48","name":"m"},${WORD}]}`)} x`,
    'rule=:%n:number% y',
  ),
  [
    ['1 x', { n: '1' }],
    ['a=1 x', { n: '1', a: 'a' }],
    ['f0:f6:1c:5f:cc:a2 x', { m: 'f0:f6:1c:5f:cc:a2' }],
    ['a=b x', { w: 'a=b' }],
    ['1 y', { n: '1' }],
  ],
);
check(
  'branches of one rule do not leak into another',
  v2(`rule=:${alternative(NUMBER, WORD)} x`, 'rule=:%{"type":"number","name":"n"}% z'),
  [
    ['1 z', { n: '1' }],
    ['a z', ' z'],
  ],
);
check(
  'an alternative in a sequence and in a prefix',
  v2(`prefix=%[{"type":"literal","text":"<"},{"type":"alternative","parser":[${NUMBER},${WORD}]}]% `, 'rule=:a', 'rule=:b'),
  [
    ['<1 a', { n: '1' }],
    ['<x b', { w: 'x' }],
  ],
);

// 7.2 Repeats
const repeat = (parser: string, separator: string, more = ''): string =>
  `%{"type":"repeat","name":"l","parser":${parser},"while":${separator}${more}}%`;
const COMMA = '{"type":"literal","text":","}';
const PERMIT = ',"option.permitMismatchInParser":true';
check(
  'elements are objects, or values of a field called .',
  v2(
    `rule=:o ${repeat(NUMBER, COMMA)}`,
    `rule=:v ${repeat('{"type":"number","name":".","format":"number"}', COMMA)}`,
    `rule=:u ${repeat('{"type":"number"}', COMMA)}`,
    `rule=:d ${repeat('{"type":"number","name":".."}', COMMA)}`,
    `rule=:s ${repeat(SEQUENCE, COMMA)}`,
  ),
  [
    ['o 1,2', { l: [{ n: '1' }, { n: '2' }] }],
    ['v 1,2', { l: [1, 2] }],
    ['u 1,2', { l: [{}, {}] }],
    ['d 1', { l: [{ '..': '1' }] }],
    ['s a=1,b=2', { l: [{ n: '1', a: 'a' }, { n: '2', a: 'b' }] }], // prettier-ignore
  ],
);
check(
  'a separator needs another element, unless mismatch is permitted',
  v2(
    `rule=:a ${repeat('{"type":"number","name":"."}', COMMA)}%r:rest%`,
    `rule=:b ${repeat('{"type":"number","name":"."}', COMMA, PERMIT)}%r:rest%`,
  ),
  [
    ['a 1;', { r: ';', l: ['1'] }],
    ['a 1,', '1,'],
    ['a x', 'x'],
    ['b 1,x', { r: ',x', l: ['1'] }],
    ['b x', { r: 'x', l: null }],
  ],
);
check(
  'branches run as listed, priorities are ignored',
  v2(
    `rule=:${repeat(`{"type":"alternative","parser":[{"type":"word","name":"w"},{"type":"number","name":"n","priority":0}]}`, '{"type":"whitespace"}')}`,
  ),
  [['1 x', { l: [{ w: '1' }, { w: 'x' }] }]],
);
check(
  'types as parser and separator; the separator stores nothing',
  v2(
    'type=@sep:,',
    'type=@sep:%-:whitespace%',
    'type=@e:%..:number%',
    'type=@e:%w:alpha%',
    `rule=:${repeat('{"type":"@e","name":"."}', '{"type":"@sep","name":"gone"}')}e`,
  ),
  [['1,x 3e', { l: [{ '..': '1' }, { w: 'x' }, { '..': '3' }].map((element) => ('..' in element ? element['..'] : element)) as never }]],
);
check(
  'an unnamed repeat matches and stores nothing',
  v2('rule=:%{"type":"repeat","parser":{"type":"number","name":"n"},"while":{"type":"literal","text":","}}%x'),
  [['1,2x', {}]],
);
check(
  'a repeat that consumes nothing ends',
  v2(`rule=:${repeat('{"type":"char-sep","name":".","extradata":","}', '{"type":"rest"}')}`, 'rule=:%a:word%,'),
  [['a', { l: ['a', ''] }]],
);
check(
  'repeats nest',
  v2(
    `rule=:${repeat(`{"type":"repeat","name":".","parser":{"type":"number","name":"."},"while":${COMMA}}`, '{"type":"literal","text":";"}')}`,
  ),
  [['1,2;3', { l: [['1', '2'], ['3']] }]],
);

// 7.3 User types
check(
  'a type takes exactly what its accepted path took',
  v2('type=@t:%a:number%', 'type=@t:%a:number%:%b:number%', 'rule=:%x:@t% b', 'rule=:foo %y:@t%:end'),
  [
    ['12:34 b', { x: { b: '34', a: '12' } }],
    ['12 b', { x: { a: '12' } }],
    ['foo 12:end', { y: { a: '12' } }],
  ],
);
check(
  'types never see the prefix, may be added to later, and must be known',
  v2('prefix=P ', 'type=@t:%..:number%', 'rule=:%a:@t%', 'type=@t:%..:alpha%', 'rule=:x%b:@u%', 'type=@u:%..:word%', 'rule=:y%b:@u%'),
  [
    ['P 1', { a: '1' }],
    ['P a', { a: 'a' }],
    ['P yq', { b: 'q' }],
    ['P x1', '1'],
  ],
);
check('a type that is only a literal gives an object', v2('type=@yn:yes', 'type=@yn:no', 'rule=:%a:@yn%'), [['yes', { a: {} }]]);
check('a type with an invalid description exists but never matches', v2('type=@t:%x:nope%', 'rule=:%a:@t%', 'rule=:%b:word%'), [
  ['q', { b: 'q' }],
]);
check('priority of a user type can be set', v2('type=@t:%..:rest%', 'rule=:%n:ipv4%', 'rule=:%{"type":"@t","name":"t","priority":1}%'), [
  ['1.2.3.4', { t: '1.2.3.4' }],
]);
check('left recursion fails instead of crashing', v2('type=@a:%x:@a%!', 'type=@a:%n:number%', 'rule=:%v:@a%'), [
  ['1', { v: { n: '1' } }],
  ['1!', { v: { x: { n: '1' } } }],
  ['!', '!'],
]);
check('deep recursion ends', v2('type=@a:x%-:@a%', 'type=@a:y', 'rule=:%v:@a%'), [
  [`${'x'.repeat(50)}y`, { v: {} }],
  ['x'.repeat(5000), 'x'.repeat(5000)],
]);
