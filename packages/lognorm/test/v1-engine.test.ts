/** Specification sections 9 and 10: the v1 engine and the types that only v1 has. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadRulebaseSync } from '../src/index.ts';
import { check, checkDiagnostics, jsonOf, v1 } from './check.ts';

// 9.1 Structure: literals that split each other
check('literals split where they differ', v1('rule=:abc def', 'rule=:abc dxx', 'rule=:abq', 'rule=:ab', 'rule=:abc def ghi'), [
  ['abc def', {}],
  ['abc dxx', {}],
  ['abq', {}],
  ['ab', {}],
  ['abc def ghi', {}],
  ['abc dzz', 'zz'],
  ['abc', ''],
  ['x', 'x'],
]);
check(
  'fields at a place where other rules have text',
  v1('rule=:=%a:number%', 'rule=:%d:date-iso%', 'rule=:%d:date-iso%=%n:number%', 'rule=:%d:date-iso%=x'),
  [
    ['=1', { a: '1' }],
    ['2014-12-08', { d: '2014-12-08' }],
    ['2014-12-08=5', { n: '5', d: '2014-12-08' }],
    ['2014-12-08=x', { d: '2014-12-08' }],
  ],
);
check(
  'fields are shared by name, type and undecoded extra data',
  v1('rule=:%a:word% x', 'rule=:%a:word% y', 'rule=:%b:word% z', 'rule=:%c:char-to:\\x3a%:1', 'rule=:%c:char-to:\x3a%:2'),
  [
    ['q x', { a: 'q' }],
    ['q y', { a: 'q' }],
    ['q z', { b: 'q' }],
    ['q w', 'w'],
    ['q:1', { c: 'q' }],
    ['q:2', { c: 'q' }],
  ],
);
check('literals of bytes from 0x80', v1('rule=:gr\u00fc\u00dfe %a:word%', 'rule=:gr\u00fcn'), [
  ['gr\u00fc\u00dfe x', { a: 'x' }],
  ['gr\u00fcn', {}],
]);

// 9.2 Matching
check('fields come before literals, in the order of definition', v1('rule=:%w:word% end', 'rule=:foo end', 'rule=:%n:number% end'), [
  ['foo end', { w: 'foo' }],
  ['12 end', { w: '12' }],
]);
check('backtracking', v1('rule=:%a:word% x', 'rule=:%n:number%%b:word%', 'rule=:12 %c:word%'), [
  ['12 x', { a: '12' }],
  ['12a', { b: 'a', n: '12' }],
  ['12 y', { c: 'y' }],
]);
check('no field directly after a field at the end of the line', v1('rule=:%a:alpha%%b:char-sep:,%'), [
  ['ab', 'ab'],
  ['ab1', { b: '1', a: 'ab' }],
]);
check(
  'a field after a literal is tried at the end, whatever the layout',
  v1('rule=:a%k:char-sep:,%', 'rule=:b%k:char-sep:,%', 'rule=:bc'),
  [
    ['a', { k: '' }],
    ['b', { k: '' }],
  ],
);
check(
  'rest is the last resort, never empty, the last one defined',
  v1('rule=:a%x:rest%', 'rule=:a%y:rest%', 'rule=:a%n:number%', 'rule=:abc'),
  [
    ['a', ''],
    ['axy', { y: 'xy' }],
    ['a12', { n: '12' }],
    ['abc', {}],
    ['abd', { y: 'bd' }],
  ],
);
check(
  'rest in the middle takes all; its field stays when more fields were to follow',
  v1('rule=t:a %r:rest% foo', 'rule=:b %r:rest%%x:word%'),
  [
    ['a x', { r: 'x', 'event.tags': ['t'] }],
    ['b x y', { r: 'x y', originalmsg: 'b x y', 'unparsed-data': '' }],
  ],
);
check('an empty line matches nothing', v1('rule=:%a:char-sep:,%'), [['', '']]);

// 9.3 unparsed-data
check('unparsed-data is exact within literals', v1('rule=:start %a:number% middle section %b:number% end', 'rule=:abcdef'), [
  ['start 1 middle sectXon 2', 'Xon 2'],
  ['start 1 middle sect', '1 middle sect'],
  ['start x', 'x'],
  ['sta', ''],
  ['abc', ''],
  ['abx', 'x'],
]);

// 9.4 Results
test('last field first, duplicates overwrite in place, dots mean nothing', () => {
  const rulebase = loadRulebaseSync({ text: v1('rule=:%a:word% %.:word% %a:word% %..:word% %-:word%') });
  assert.equal(jsonOf(rulebase, '1 2 3 4 5'), '{ "..": "4", "a": "1", ".": "2" }');
});

// 10 Types
check('iptables sets top-level fields, whatever the result', v1('rule=t:a %x:iptables%', 'rule=:b %-:iptables%!'), [
  ['a K=v FOO B=', { K: 'v', FOO: '[*PRESENT*]', B: '', 'event.tags': ['t'] }],
  ['b K=v', { K: 'v', originalmsg: 'b K=v', 'unparsed-data': '' }],
  ['c', 'c'],
]);
check(
  'recursive, with tags and tail',
  v1(
    'rule=t:%word:word% %next:recursive%',
    'rule=u:%word:word%',
    'rule=:in %r:recursive:t% end',
    'rule=:%n:number%%t:rest%',
    'annotate=u:+k="v"',
  ),
  [['a b', { next: { word: 'b', 'event.tags': ['u'], k: 'v' }, word: 'a', 'event.tags': ['t'] }]],
);
check(
  'recursive gives the tail back',
  v1('rule=:x %a:recursive:t% end', 'rule=:y %a:recursive%;', 'rule=:%b:number%%t:rest%', 'rule=:=%c:alpha%%tail:rest%'),
  [
    ['x 5 end', { a: { b: '5' } }],
    ['y =q;', { a: { c: 'q' } }],
    ['x ?', '?'],
  ],
);
check('left recursion ends', v1('rule=:%a:recursive%x', 'rule=:%b:number%'), [['1', { b: '1' }], ['1x', 'x']]); // prettier-ignore

test('descent reads another v1 rulebase', () => {
  const files: Record<string, string> = {
    'child.rb': v1('rule=:%ip:ipv4% %tail:rest%', 'rule=:%net:ipv4%/%mask:number% %tail:rest%'),
    'loop.rb': v1('rule=:%n:number% %more:descent:loop.rb%', 'rule=:%n:number%'),
    'v2.rb': 'version=2\nrule=:x\n',
  };
  const rulebase = loadRulebaseSync(
    {
      text: v1(
        'rule=:on %d:descent:child.rb%at %t:word%',
        'rule=:loop %d:descent:loop\\x2erb%',
        'rule=:bad %d:descent:none.rb%',
        'rule=:two %d:descent:v2.rb%',
      ),
    },
    { readFile: (name) => files[name] },
  );
  assert.deepEqual(rulebase.diagnostics.map(({ line, code }) => [line, code]), [[3, 'include-failed'], [4, 'include-failed']]); // prettier-ignore
  assert.deepEqual(rulebase.normalize('on 10.0.0.1 at now'), { t: 'now', d: { ip: '10.0.0.1' } });
  assert.deepEqual(rulebase.normalize('on 10.0.0.0/8 at now'), { t: 'now', d: { net: '10.0.0.0', mask: '8' } });
  assert.deepEqual(rulebase.normalize('loop 1 2 3'), { d: { n: '1', more: { n: '2', more: { n: '3' } } } });
});

check(
  'tokenized',
  v1(
    'rule=:x %a:tokenized:, :number%z',
    'rule=:y %a:tokenized:;:char-sep:\\x3b%',
    'rule=:n %a:tokenized:, :tokenized: \\x3a :tokenized:#:number%',
    'rule=:e %a:tokenized::number%',
    'rule=:i %a:tokenized:,:ipv4% z',
  ),
  [
    ['x 1, 2z', { a: ['1', '2'] }],
    ['x 1z', { a: ['1'] }],
    ['x z', 'z'],
    ['x 1, z', ', z'],
    ['y a;;b', { a: ['a', '', 'b'] }],
    ['y a;', { a: ['a'] }],
    ['n 10, 20 : 30#40', { a: [[['10']], [['20'], ['30', '40']]] }],
    ['e 12', { a: ['12'] }],
    ['i 1.2.3.4,5.6.7.8 z', { a: ['1.2.3.4', '5.6.7.8'] }],
  ],
);
check(
  'tokenized with recursive elements',
  v1('rule=:%n:ipv4%/%m:number%%r:rest%', 'rule=:%i:ipv4%%r:rest%', 'rule=:from %a:tokenized:, :recursive:r% to %s:word%'),
  [['from 1.2.3.4, 5.6.0.0/16 to x', { s: 'x', a: [{ i: '1.2.3.4' }, { n: '5.6.0.0', m: '16' }] }]],
);
check('interpret', v1(...['int', 'base10int', 'base16int', 'float', 'bool'].map((kind) => `rule=:${kind} %v:interpret:${kind}:word%`)), [
  ['int 007', { v: 7 }],
  ['int -12x', { v: -12 }],
  ['int x', { v: 0 }],
  ['base10int 0x1f', { v: 0 }],
  ['base16int ff', { v: 255 }],
  ['base16int 0xFF', { v: 255 }],
  ['base16int -10', { v: -16 }],
  ['float 99.99', { v: 99.99 }],
  ['float 1e3', { v: 1000 }],
  ['float x', { v: 0 }],
  ['bool false', { v: false }],
  ['bool NO', { v: false }],
  ['bool 0', { v: true }],
  ['bool yes', { v: true }],
]);
test('doubles have 17 significant digits', () => {
  const rulebase = loadRulebaseSync({ text: v1('rule=:%v:interpret:float:float%') });
  const textOf = (line: string): string => /: (.*) }/.exec(jsonOf(rulebase, line))![1]!;
  assert.equal(textOf('99.99'), '99.989999999999995');
  assert.equal(textOf('100'), '100.0');
  assert.equal(textOf('-0.5'), '-0.5');
  assert.equal(textOf('123456789.123456789'), '123456789.12345679');
  assert.equal(textOf('.0000001'), '9.9999999999999995e-08');
  assert.equal(textOf('10000000000000000000000'), '1e+22');
});
test('64-bit integers are clamped', () => {
  const rulebase = loadRulebaseSync({ text: v1('rule=:%v:interpret:int:word%') });
  assert.equal(jsonOf(rulebase, '9'.repeat(30)), '{ "v": 9223372036854775807 }');
  assert.equal(jsonOf(rulebase, `-${'9'.repeat(30)}`), '{ "v": -9223372036854775808 }');
});
check(
  'suffixed and named_suffixed',
  v1(
    'rule=:s %v:suffixed:,:b,kb,k:number%',
    'rule=:n %v:named_suffixed:size:unit:\\x3a:gb\\x3a\\x25:interpret:int:number%',
    'rule=:m %v:suffixed:,;:k,kb;b:number% x',
  ),
  [
    ['s 5kb', { v: { value: '5', suffix: 'kb' } }],
    ['s 5k', { v: { value: '5', suffix: 'k' } }],
    ['s 5b', { v: { value: '5', suffix: 'b' } }],
    ['s 5', '5'],
    ['n 12%', { v: { size: 12, unit: '%' } }],
    ['n 130gb', { v: { size: 130, unit: 'gb' } }],
    ['m 5b x', { v: { value: '5', suffix: 'b' } }],
    ['m 5kb x', 'b x'],
  ],
);
check(
  'a complex field that does not fit matches nothing, with an empty value',
  v1(
    'rule=:i %v:interpret:int:number%%r:rest%',
    'rule=:s %v:suffixed:,:kb,mb:number%%r:rest%',
    'rule=:n %v:named_suffixed:a:b:,:kb,mb:number%%r:rest%',
    'rule=:r %v:recursive%%r:rest%',
    'rule=:- %-:interpret:int:number%%r:rest%',
    'rule=:e %v:interpret:int:number%',
    'rule=:end%v:interpret:int:number%',
  ),
  [
    ['i x', { r: 'x', v: '' }],
    ['i 5x', { r: 'x', v: 5 }],
    ['s x', { r: 'x', v: '' }],
    ['s 5gb', { r: '5gb', v: '' }],
    ['s 5mbx', { r: 'x', v: { value: '5', suffix: 'mb' } }],
    ['n 5gb', { r: '5gb', v: '' }],
    ['r x y', { r: 'x y', v: '' }],
    ['- x', { r: 'x' }],
    ['e x', 'x'],
    ['e ', { v: '' }],
    ['end', { v: '' }],
  ],
);
check(
  'what does not fit within other complex fields is an empty value too',
  v1(
    'rule=:i %v:interpret:int:interpret:int:number%%r:rest%',
    'rule=:b %v:interpret:bool:suffixed:,:kb:number%%r:rest%',
    'rule=:s %v:suffixed:,:kb,mb:interpret:int:number%%r:rest%',
    'rule=:t %v:tokenized:,:interpret:int:number%%r:rest%',
    'rule=:n %v:tokenized:,:number%%r:rest%',
    'rule=:tt %v:tokenized:,:tokenized:;:interpret:int:number%%r:rest%',
    'rule=:e %v:tokenized::interpret:int:number%%r:rest%',
  ),
  [
    ['i x', { r: 'x', v: 0 }],
    ['b x', { r: 'x', v: true }],
    ['s kbx', { r: 'x', v: { value: '', suffix: 'kb' } }],
    ['s x', { r: 'x', v: '' }],
    ['t x', { r: 'x', v: [''] }],
    ['t 5,x', { r: 'x', v: [5, ''] }],
    ['t ,,x', { r: 'x', v: ['', '', ''] }],
    ['n x', 'x'],
    [
      'tt 1;2;,;;3.',
      {
        r: '.',
        v: [
          [1, 2, ''],
          ['', '', 3],
        ],
      },
    ],
    ['e 5x', { r: 'x', v: [5, ''] }],
  ],
);
check('it is tried in the order of definition and hides rules behind it', v1('rule=:%a:interpret:int:number%%r:rest%', 'rule=:%c:word%'), [
  ['x', { r: 'x', a: '' }],
]);
test('elements that match nothing after a look at the whole line are charged for it', () => {
  const rulebase = loadRulebaseSync({ text: v1('rule=:%v:tokenized:,:interpret:int:char-to:x%') });
  assert.equal(rulebase.matches(','.repeat(20_000)), false);
  assert.equal(rulebase.limitedLines, 1);
  assert.deepEqual(rulebase.normalize(',,'), { v: ['', ''] });
});
test('values are read whole, however little work is left after the match', () => {
  const text = v1('rule=:%v:tokenized:,:tokenized:;:interpret:int:char-to:x%y!');
  const line = `${';'.repeat(30)},y!`;
  const full = [Array(31).fill(''), ['']];
  const left = -200 * line.length;
  let whole = 0;
  for (let work = 0; work < 2000; work += 20) {
    const rulebase = loadRulebaseSync({ text }, { workPerLine: left + work });
    const event = rulebase.normalize(line);
    if (rulebase.limitedLines > 0) continue;
    whole += 1;
    assert.deepEqual(event, { v: full });
  }
  assert.ok(whole > 0);
});
check('regex', v1('rule=:w %a:regex:[a-z]+%%r:rest%', 'rule=:g %a:regex:(\\w+)=(\\d+);:0:2%%r:rest%', 'rule=:c %a:regex:(([a-z]{2})([a-f0-9]+,)+):2%%r:rest%', 'rule=:i %a:regex:(?i)[[\\x3aalpha\\x3a]]+\\x25%'), [
  ['w abc1', { r: '1', a: 'abc' }],
  ['w 1abc', { r: '1abc', a: '' }],
  ['g k=x;z', { r: 'k=x;z', a: '' }],
  ['g k=12;z', { r: 'z', a: '12' }],
  ['c ad1234abcd,4567ef12,8901abef', { r: '1234abcd,4567ef12,8901abef', a: 'ad' }],
  ['i aB%', { a: 'aB%' }],
], { allowRegex: true }); // prettier-ignore
checkDiagnostics('regex needs the option', v1('rule=:%a:regex:x%'), ['1 regex-disabled']);
checkDiagnostics(
  'unusable complex fields',
  v1(
    'rule=:%a:regex:[a-z]+:%',
    'rule=:%a:regex:(%',
    'rule=:%a:interpret:int:wd%',
    'rule=:%a:interpret:int:%',
    'rule=:%a:interpret:it:number%',
    'rule=:%a:interpret:int%',
    'rule=:%a:suffixed:,:kb,mb%',
    'rule=:%a:suffixed:,:kb,mb:%',
    'rule=:%a:suffixed::kb:number%',
    'rule=:%a:named_suffixed:v:s:,:kb%',
    'rule=:%a:tokenized:,%',
    'rule=:%a:tokenized:,:iptables%',
    'rule=:%a:descent%',
    'rule=:%a:suffixe:,:kb:number%',
  ),
  [
    'invalid-parameter',
    'invalid-parameter',
    'unknown-type',
    'unknown-type',
    'invalid-parameter',
    'invalid-parameter',
    'invalid-parameter',
    'unknown-type',
    'invalid-parameter',
    'invalid-parameter',
    'invalid-parameter',
    'unknown-type',
    'invalid-parameter',
    'unknown-type',
  ].map((code, i) => `${i + 1} ${code}`),
  { allowRegex: true },
);
