/** Specification sections 6 and 10: every parser, what it takes and what it leaves, in both versions. */
import { check, checkDiagnostics, v1, v2 } from './check.ts';
import type { Row } from './check.ts';

/** Texts that a parser takes up to a `|`, and texts that it does not take. */
interface Table {
  takes?: readonly string[];
  fails?: readonly string[];
}

/** Rows for the rules `<%f:...%%r:rest%` and `<%f:...%` of a parser whose value is the matched text. */
function rows({ takes = [], fails = [] }: Table): Row[] {
  const matched = takes.map((text): Row => {
    const bar = text.indexOf('|');
    const value = bar < 0 ? text : text.slice(0, bar);
    const rest = bar < 0 ? '' : text.slice(bar + 1);
    return [`<${value}${rest}`, rest === '' ? { f: value } : { r: rest, f: value }];
  });
  return [...matched, ...fails.map((text): Row => [`<${text}`, text])];
}

/** The same table for v1 and v2; in both a rule without `rest` comes first, so that an empty remainder needs none. */
function both(field: string, table: Table): void {
  check(
    `v2 ${field}`,
    v2(`rule=:<%f:${field}%%{"type":"rest","name":"r","priority":1}%`, `rule=:<%f:${field}%`),
    rows(table).map(([line, expected]) => [line, typeof expected === 'string' || 'r' in expected ? expected : { r: '', ...expected }]),
  );
  check(`v1 ${field}`, v1(`rule=:<%f:${field}%`, `rule=:<%f:${field}%%r:rest%`), rows(table));
}

both('number', { takes: ['0', '00123', '12|a', '9'.repeat(40)], fails: ['', '-1', 'x', ' 1'] });
both('float', { takes: ['1', '-1.5', '1.5|.5', '.5', '5.', '-', '.', '-.', '1|e5', '-|-1', '007'], fails: ['', '+1', 'x'] });
both('hexnumber', { takes: ['0x1F| ', '0x| ', '0xabcDEF0123456789abc|\tx'], fails: ['0x1f', '0X1f ', '0x1g ', '1f ', '', '0x'] });
both('kernel-timestamp', {
  takes: ['[12345.123456]', '[123456789012.123456]|x'],
  fails: [
    '[1234.123456]',
    '[1234567890123.123456]',
    '[12345.12345]',
    '[12345.1234567]',
    '[12345.123456',
    '12345.123456]',
    '[12345,123456]',
    '',
  ],
});
both('whitespace', { takes: [' ', '\t \v\f\r|x'], fails: ['', 'x', '\u00a0'] });
both('word', { takes: ['a', 'a\tb| c', '"x|  y', '\u00fc'], fails: ['', ' a'] });
both('alpha', { takes: ['abc', 'ABC|1', 'a| '], fails: ['', '1', '\u00e9'] });
both('string-to:ab', { takes: ['x|ab', 'a|ab', 'ab|ab', 'xa|abab'], fails: ['', 'ab', 'x', 'xa'] });
both('string-to:x', { takes: ['abc|x1', 'x|x'], fails: ['x', 'abc', ''] });
both('char-to:\\x3a', { takes: ['a|:', 'a b|:c:'], fails: [':', 'a', ''] });
both('date-iso', {
  takes: ['2014-12-08', '0000-01-31|x', '2014-02-31|-'],
  fails: ['2014-13-01', '2014-00-01', '2014-01-32', '2014-01-00', '14-12-08', '2014-1-08', '2014/12/08', ''],
});
both('time-24hr', { takes: ['00:00:00', '23:59:59|x'], fails: ['24:00:00', '23:60:00', '23:00:60', '1:00:00', '23:00', ''] });
both('time-12hr', { takes: ['00:00:00', '12:59:59|.5'], fails: ['13:00:00', '12:60:00', ''] });
both('duration', { takes: ['0:00:42', '99:59:59|x', '00:00:00|0'], fails: ['100:00:00', '0:60:00', '0:00:60', '0:0:00', ':00:00', ''] });
both('ipv4', {
  takes: ['1.2.3.4', '255.255.255.255|.', '01.002.003.04', '1.2.3.123|4'],
  fails: ['256.1.1.1', '1.2.3', '1.2.3.', '1.2.3.x', '1..2.3', '1.2.3.256', '1111.1.1.1', ''],
});
both('ipv6', {
  takes: [
    'ABCD:EF01:2345:6789:ABCD:EF01:2345:6789',
    '::',
    '::1| x',
    'fe80::1|\t',
    '1:2:3:4:5:6:7::',
    'abc',
    '1:2',
    ':::',
    '::1.2.3.4|x',
    '1:2:3:4:5:6:1.2.3.4',
    '1::',
  ],
  fails: [
    '',
    ':',
    ':1',
    '1',
    '1::2::3',
    '1:2:3:4:5:6:7:8:9',
    '::2:3:4:5:6:7:8',
    '12345::1',
    'a:',
    '::a:',
    '::g',
    '1.2.3.4',
    '::ffff:999.1.1.1',
    '::1x',
  ],
});
both('mac48', {
  takes: ['f0:f6:1c:5f:cc:a2', 'F0-F6-1C-5F-CC-A2|x', 'f0:f6:1c:5f:cc:a2|:11'],
  fails: ['f0:f6:1c:5f:cc', 'f0-f6:1c:5f:cc:a2', 'f0:f6:1c:xf:cc:a2', 'f0f61c5fcca2', ''],
});
both('date-rfc3164', {
  takes: ['Oct 29 09:47:08', 'oct  9 9:7:8|x', 'OCT 09 09:47:08:', 'Oct 29 2016 09:47:08:| x', 'Feb 30 00:00:60', 'Oct 29 2099 1:1:1'],
  fails: [
    'Okt 29 09:47:08',
    'October 29 09:47:08',
    'Oct 32 09:47:08',
    'Oct 0 09:47:08',
    'Oct   9 09:47:08',
    'Oct 29 24:00:00',
    'Oct 29 23:60:00',
    'Oct 29 23:59:61',
    'Oct 29 09:47',
    'Oct 29 1970 09:47:08',
    'Oct 29 2100 09:47:08',
    'Oct',
    '',
  ],
});
both('date-rfc5424', {
  takes: ['2003-10-11T22:14:15.003Z', '2003-1-1T2:4:5+02:30| x', '-1-1T::-:', '2003-02-31T00:00:60Z', '2003-02-01T00:00:00.Z'],
  fails: [
    '2003-13-11T22:14:15Z',
    '2003-00-11T22:14:15Z',
    '2003-10-32T22:14:15Z',
    '2003-10-11T24:14:15Z',
    '2003-10-11T22:60:15Z',
    '2003-10-11T22:14:61Z',
    '2003-10-11t22:14:15Z',
    '2003-10-11T22:14:15z',
    '2003-10-11T22:14:15',
    '2003-10-11T22:14:15Zx',
    '2003-10-11T22:14:15+24:00',
    '2003-10-11T22:14:15+2',
    '2003-10-11 22:14:15Z',
    '',
  ],
});

check('v2 char-to and char-sep with sets', v2('rule=:t %f:char-to:,;%%r:rest%', 'rule=:s %f:char-sep:,;%%r:rest%'), [
  ['t a;b,', { r: ';b,', f: 'a' }],
  ['t a', 'a'],
  ['s ;b', { r: ';b', f: '' }],
  ['s ab', { r: '', f: 'ab' }],
]);
check('v1 char-to and char-sep use the first byte only', v1('rule=:t %f:char-to:,;%%r:rest%', 'rule=:s%f:char-sep:,;%%r:rest%'), [
  ['t a;b,', { r: ',', f: 'a;b' }],
  ['s;b,', { r: ',', f: ';b' }],
]);
check('v2 rest may be empty', v2('rule=:a%f:rest%'), [['a', { f: '' }], ['a b ', { f: ' b ' }]]); // prettier-ignore
check('v1 rest may not', v1('rule=:a%f:rest%'), [['a', ''], ['a b ', { f: ' b ' }]]); // prettier-ignore
check('quoted-string keeps its quotes in v2', v2('rule=:%f:quoted-string%%r:rest%'), [
  ['"a b" c', { r: ' c', f: '"a b"' }],
  ['""', { r: '', f: '""' }],
  ['"a\\"b"', { r: 'b"', f: '"a\\"' }],
  ['"a', '"a'],
  ['a"', 'a"'],
]);
check('quoted-string strips them in v1', v1('rule=:%f:quoted-string%', 'rule=:%f:quoted-string%%r:rest%'), [
  ['"a b" c', { r: ' c', f: 'a b' }],
  ['""', { f: '' }],
]);
for (const make of [v1, v2]) {
  check(`op-quoted-string in ${make.name}`, make('rule=:%f:op-quoted-string% x'), [
    ['"a b" x', { f: 'a b' }],
    ['ab"c x', { f: 'ab"c' }],
    ['"ab x', '"ab x'],
  ]);
}

// Formats and bounds
check(
  'number parameters',
  v2('rule=:n %f:number{"format":"number"}%', 'rule=:m %f:number{"maxval":50}%', 'rule=:z %f:number{"maxval":"0","format":"string"}%'),
  [
    ['n 007', { f: 7 }],
    ['n 0', { f: 0 }],
    ['n 9007199254740993', { f: 9007199254740992 }],
    ['n 18446744073709551617', { f: 1 }],
    ['m 50', { f: '50' }],
    ['m 51', '51'],
    ['z 5', { f: '5' }],
  ],
);
check('float as a number is valid JSON', v2('rule=:%f:float{"format":"number"}%'), [
  ['1.50', { f: 1.5 }],
  ['.5', { f: 0.5 }],
  ['-.5', { f: -0.5 }],
  ['5.', { f: 5 }],
  ['007', { f: 7 }],
  ['-', { f: '-' }],
  ['.', { f: '.' }],
]);
check('hexnumber parameters', v2('rule=:n %f:hexnumber{"format":"number"}% ', 'rule=:m %f:hexnumber{"maxval":255}% '), [
  ['n 0x1f ', { f: 31 }],
  ['n 0x ', { f: 0 }],
  ['n 0xffffffffffffffff ', { f: -1 }],
  ['m 0xff ', { f: '0xff' }],
  ['m 0x100 ', '0x100 '],
]);
check(
  'date-rfc5424 as time stamps',
  v2('rule=:s %f:date-rfc5424{"format":"timestamp-unix"}%', 'rule=:m %f:date-rfc5424{"format":"timestamp-unix-ms"}%'),
  [
    ['s 1970-01-01T00:00:00Z', { f: 0 }],
    ['s 2000-02-29T12:00:00+02:00', { f: 951818400 }],
    ['s 2000-02-29T12:00:00-02:30', { f: 951834600 }],
    ['s 2019-02-31T04:04:05Z', { f: 1551585845 }],
    ['s 2100-03-01T00:00:00Z', { f: 4107542400 }],
    ['s 1969-12-31T23:59:59Z', { f: 0 }],
    ['s 2101-01-01T00:00:00+05:00', { f: 0 }],
    ['m 2003-10-11T22:14:15.5Z', { f: 1065910455500 }],
    ['m 2003-10-11T22:14:15.12345Z', { f: 1065910455123 }],
    ['m 2003-10-11T22:14:15Z', { f: 1065910455000 }],
    ['m 1969-10-11T22:14:15.25Z', { f: 250 }],
  ],
);
const january = Date.UTC(new Date().getUTCFullYear(), 0, 2, 3, 4, 5) / 1000;
check(
  'date-rfc3164 as time stamps uses the current year',
  v2('rule=:s %f:date-rfc3164{"format":"timestamp-unix"}%', 'rule=:m %f:date-rfc3164{"format":"timestamp-unix-ms"}%'),
  [
    ['s Jan  2 03:04:05', { f: january }],
    ['m Jan 2 1999 3:4:5:', { f: january * 1000 }],
  ],
);

// 6.1 string
const stringRule = (parameters: string): string => v2(`rule=:%f:string${parameters}%%r:rest%`);
check('string: strict, auto quoting, both escapes', stringRule(''), [
  ['ab c', { r: ' c', f: 'ab' }],
  ['"a b" c', { r: ' c', f: 'a b' }],
  ['"a ""b"" \\"c\\" \\\\" d', { r: ' d', f: 'a "b" "c" \\' }],
  ['a\\b"c', { r: '', f: 'ab"c' }],
  ['a\\ b', { r: ' b', f: 'a' }],
  ['\\ x', { r: ' x', f: '' }],
  ['ab\\', { r: '', f: 'ab\\' }],
  ['""', { r: '', f: '' }],
  ['"ab"c', '"ab"c'],
  ['"ab', '"ab'],
  ['', ''],
  [' a', ' a'],
]);
check('string: quoting none', stringRule('{"quoting.mode":"none"}'), [
  ['"a b"', { r: ' b"', f: '"a' }],
  ['a\\b', { r: '', f: 'a\\b' }],
]);
check('string: quoting required', stringRule('{"QUOTING.mode":"required"}'), [
  ['a', 'a'],
  ['"a b"', { r: '', f: 'a b' }],
]);
check(
  'string: escape modes',
  v2(...['none', 'double', 'backslash'].map((mode) => `rule=:${mode} %f:string{"quoting.escape.mode":"${mode}"}%%r:rest%`)),
  [
    ['none "x\\" b', { r: ' b', f: 'x\\' }],
    ['none "x""y" b', '"x""y" b'],
    ['double "x""y" b', { r: ' b', f: 'x"y' }],
    ['double "x\\" b', { r: ' b', f: 'x\\' }],
    ['backslash "x\\"y" b', { r: ' b', f: 'x"y' }],
    ['backslash "x""y" b', '"x""y" b'],
  ],
);
check('string: quote characters', stringRule('{"quoting.char.begin":"<","quoting.char.end":">"}'), [['<a b> c', { r: ' c', f: 'a b' }], ['<a>>b>', { r: '', f: 'a>b' }]]); // prettier-ignore
check(
  'string: permitted bytes',
  v2(
    'rule=:c %f:string{"matching.permitted":[{"class":"digit"},{"chars":"x-"}]}% %r:rest%',
    'rule=:s %f:string{"matching.permitted":"abc","matching.mode":"lazy"}%%r:rest%',
    ...['digit', 'hexdigit', 'alpha', 'alnum'].map(
      (name) => `rule=:${name} %f:string{"matching.permitted":[{"class":"${name}"}],"matching.mode":"lazy"}%%r:rest%`,
    ),
  ),
  [
    ['c 1-x2 y', { r: 'y', f: '1-x2' }],
    ['c 1a y', '1a y'],
    ['s abcd', { r: 'd', f: 'abc' }],
    ['s "abc"d', { r: 'd', f: 'abc' }],
    ['s "abd"', '"abd"'],
    ['digit 1a', { r: 'a', f: '1' }],
    ['hexdigit 1ag', { r: 'g', f: '1a' }],
    ['alpha g1', { r: '1', f: 'g' }],
    ['alnum g1-', { r: '-', f: 'g1' }],
  ],
);
check('string: lazy', stringRule('{"matching.mode":"lazy"}'), [
  ['"abc"def', { r: 'def', f: 'abc' }],
  ['"abc', '"abc'],
]);
checkDiagnostics(
  'string: bad parameters',
  v2(
    'rule=:%f:string{"quoting.mode":"x"}%',
    'rule=:%f:string{"quoting.char.begin":"ab"}%',
    'rule=:%f:string{"matching.permitted":[{"class":"x"}]}%',
    'rule=:%f:string{"matching.permitted":5}%',
    'rule=:%f:string{"nope":1}%',
  ),
  ['2 invalid-parameter', '3 invalid-parameter', '4 invalid-parameter', '5 invalid-parameter', '6 unknown-parameter'],
);

// 6.4 cisco-interface-spec
for (const make of [v1, v2]) {
  check(`cisco-interface-spec in ${make.name}`, make('rule=:<%f:cisco-interface-spec%>'), [
    ['<outside:192.168.52.102/50349>', { f: { interface: 'outside', ip: '192.168.52.102', port: '50349' } }],
    ['<192.168.1.15/0>', { f: { ip: '192.168.1.15', port: '0' } }],
    ['<in:1.2.3.4/5 (1.2.3.5/6)>', { f: { interface: 'in', ip: '1.2.3.4', port: '5', ip2: '1.2.3.5', port2: '6' } }],
    ['<in:1.2.3.4/5 (1.2.3.5/6) (u.v)>', { f: { interface: 'in', ip: '1.2.3.4', port: '5', ip2: '1.2.3.5', port2: '6', user: 'u.v' } }],
    ['<1.2.3.4/0(LOCAL\\RG-8)>', { f: { ip: '1.2.3.4', port: '0', user: 'LOCAL\\RG-8' } }],
    ['<1.2.3.4/0()>', { f: { ip: '1.2.3.4', port: '0', user: '' } }],
    ['<o:10.1.1.1/5 (x)>', { f: { interface: 'o', ip: '10.1.1.1', port: '5', user: 'x' } }],
    ['<o:10.1.1.1/5 (1.2.3.4/x)>', { f: { interface: 'o', ip: '10.1.1.1', port: '5', user: '1.2.3.4/x' } }],
    ['<outside:10.1.1.1>', 'outside:10.1.1.1>'],
    ['<:10.1.1.1/5>', ':10.1.1.1/5>'],
    ['<a b:10.1.1.1/5>', 'a b:10.1.1.1/5>'],
    ['<a:b:10.1.1.1/5>', 'a:b:10.1.1.1/5>'],
    ['<o:10.1.1.1/>', 'o:10.1.1.1/>'],
  ]);
}

// json and cee-syslog
for (const make of [v1, v2]) {
  check(`json in ${make.name}`, make('rule=:%f:json%', 'rule=:%f:json%x'), [
    ['{"a":{"b":[1,2.5,{"c":null}],"d":true}}  ', { f: { a: { b: [1, 2.5, { c: null }], d: true } } }],
    ['{} \tx', { f: {} }],
    ['[1]', '[1]'],
    ['{"a":1', '{"a":1'],
    ['{"a":1}}', '}'],
  ]);
  check(`cee-syslog in ${make.name}`, make('rule=:%f:cee-syslog%', 'rule=:a %f:cee-syslog%'), [
    ['@cee:{"a":1}', { f: { a: 1 } }],
    ['@cee:\t {"a":1} ', { f: { a: 1 } }],
    ['a @cee: {}', { f: {} }],
    ['@CEE:{}', '@CEE:{}'],
    ['@cee:[1]', '@cee:[1]'],
    ['@cee:{} x', '@cee:{} x'],
  ]);
}

// 6.5 name-value-list
check('name-value-list in v2', v2('rule=:%f:name-value-list%%r:rest%'), [
  ['a=1 b.c-d_e=2', { r: '', f: { a: '1', 'b.c-d_e': '2' } }],
  ['a=  b="x y"\tc=\'z"\'  ', { r: '', f: { a: '', b: 'x y', c: 'z"' } }],
  ['a="x\\"y" b=\\"z', { r: '', f: { a: 'x\\"y', b: '\\"z' } }],
  ['a=x\\ y b=x\\\\ z=1', { r: '', f: { a: 'x\\ y', b: 'x\\\\', z: '1' } }],
  ['a=1 b', { r: 'b', f: { a: '1' } }],
  ['a="1"x b=2', { r: 'x b=2', f: { a: '1' } }],
  ['a=1 b="x', { r: 'b="x', f: { a: '1' } }],
  ['a=1 a=2', { r: '', f: { a: '2' } }],
  ['=1', { r: '=1', f: {} }],
  ['', { r: '', f: {} }],
]);
check(
  'name-value-list parameters',
  v2(
    'rule=:s %f:name-value-list{"separator":","}%%r:rest%',
    'rule=:x %f:name-value-list:;%%r:rest%',
    'rule=:a %f:name-value-list{"separator":";","assignator":":"}%%r:rest%',
  ),
  [
    ['s a=1,,b=2 3,c="4,5",', { r: '', f: { a: '1', b: '2 3', c: '4,5' } }],
    ['x a=1;b=2', { r: '', f: { a: '1', b: '2' } }],
    ['a x y:1;:2', { r: ':2', f: { 'x y': '1' } }],
  ],
);
checkDiagnostics(
  'name-value-list: bad parameters',
  v2('rule=:%f:name-value-list{"separator":"ab"}%', 'rule=:%f:name-value-list{"assignator":""}%'),
  ['2 invalid-parameter', '3 invalid-parameter'],
);
check('name-value-list in v1', v1('rule=:%f:name-value-list%'), [
  ['a=1 b= ', { f: { a: '1', b: '' } }],
  ['a="x" b=1', { f: { a: '"x"', b: '1' } }],
  ['a=1 b', 'a=1 b'],
  ['a="x y"', 'a="x y"'],
]);

// 6.6 cef
const HEAD = 'CEF:0|V|P|1|id|n|5|';
const head = (extensions: Record<string, string>): Row[1] => ({
  f: { DeviceVendor: 'V', DeviceProduct: 'P', DeviceVersion: '1', SignatureID: 'id', Name: 'n', Severity: '5', Extensions: extensions },
});
for (const make of [v1, v2]) {
  check(`cef in ${make.name}`, make('rule=:%f:cef%'), [
    [HEAD, head({})],
    [`${HEAD} `, head({})],
    [`${HEAD} a=1 b=two words c.d_e=3`, head({ a: '1', b: 'two words', 'c.d_e': '3' })],
    [`${HEAD} a=x\\=y\\\\z\\n\\r b=1`, head({ a: 'x=y\\z\n\r', b: '1' })],
    [`${HEAD} a= b=1`, head({ a: '', b: '1' })],
    [`${HEAD} a=1  b=2`, head({ a: '1 ', b: '2' })],
    [`${HEAD} a=1 a=2`, head({ a: '2' })],
    [`${HEAD} a,b=1`, `${HEAD} a,b=1`],
    [`${HEAD} a=x\\y`, `${HEAD} a=x\\y`],
    [`${HEAD} text`, `${HEAD} text`],
    ['CEF:0|V\\x|P|1|id|n|5|', 'CEF:0|V\\x|P|1|id|n|5|'],
    ['CEF:1|V|P|1|id|n|5|', 'CEF:1|V|P|1|id|n|5|'],
    ['CEF:0|V|P|1|id|n|5', 'CEF:0|V|P|1|id|n|5'],
    ['CEF:0|||||||', 'CEF:0|||||||'],
  ]);
}
check('cef header escapes', v2('rule=:%f:cef%'), [
  ['CEF:0|V\\|W\\\\|P|1|id|n|5|', { f: { ...(head({}) as { f: object }).f, DeviceVendor: 'V|W\\' } }],
]);
check('cef in v2: blanks, \\/ and an empty last value', v2('rule=:%f:cef%', 'rule=:pre %f:cef%'), [
  [`${HEAD}a=1`, head({ a: '1' })],
  [`${HEAD}   a=x\\/y`, head({ a: 'x/y' })],
  [`${HEAD} a=`, head({ a: '' })],
  [`pre ${HEAD} a=1`, head({ a: '1' })],
]);
check(
  'cef in v1: one byte skipped, no \\/, no empty last value, any offset',
  v1('rule=:%f:cef%', 'rule=:a rather long text in front %f:cef%'),
  [
    [`${HEAD}xa=1`, head({ a: '1' })],
    [`${HEAD}  a=1`, `${HEAD}  a=1`],
    [`${HEAD} a=x\\/y`, `${HEAD} a=x\\/y`],
    [`${HEAD} a=`, `${HEAD} a=`],
    [`a rather long text in front ${HEAD}`, head({})],
  ],
);

// 6.7 checkpoint-lea
for (const make of [v1, v2]) {
  check(`checkpoint-lea in ${make.name}`, make('rule=:%f:checkpoint-lea%'), [
    ['a: 1; b: 2;', { f: { a: '1', b: '2' } }],
    [' a :  x y;b:; ', { f: { 'a ': 'x y', b: '' } }],
    ['a: b:c; a: 2;', { f: { a: '2' } }],
    ['a: 1', 'a: 1'],
    ['a;', 'a;'],
    ['  ', '  '],
  ]);
}
check(
  'checkpoint-lea: terminator and emptiness in v2',
  v2('rule=:[%f:checkpoint-lea{"terminator":"]"}%]%r:rest%', 'rule=:x%f:checkpoint-lea%'),
  [
    ['[a: 1; ]b', { r: 'b', f: { a: '1' } }],
    ['[]', { r: '', f: null }],
    ['x', { f: null }],
  ],
);

// 6.8 v2-iptables
for (const make of [v1, v2]) {
  check(`v2-iptables in ${make.name}`, make('rule=:%f:v2-iptables%'), [
    ['IN=eth0 OUT= DF', { f: { IN: 'eth0', OUT: '', DF: null } }],
    ['A B ', { f: { A: null, B: null } }],
    ['A=1 A=2', { f: { A: '2' } }],
    ['A=1', 'A=1'],
    ['A  B', 'A  B'],
    ['A B  ', 'A B  '],
    ['a=1 B=2', 'a=1 B=2'],
    ['A1 B', 'A1 B'],
    ['A=x\ty B', 'A=x\ty B'],
  ]);
}
check(
  'v2-iptables merged, with names that collide',
  v2('rule=:%A:word% %.:v2-iptables%', 'rule=t:: %.:v2-iptables%', 'annotate=t:+B="x"'),
  [
    ['w A=1 B=2', { A: 'w', B: '2' }],
    [': A=1 B=2', { A: '1', B: 'x', 'event.tags': ['t'] }],
    [': A=1 A=2', { A: '2', 'event.tags': ['t'], B: 'x' }],
  ],
);

checkDiagnostics(
  'types of the other version are unknown',
  v2(
    ...[
      'iptables',
      'regex:x',
      'tokenized:,:word',
      'recursive',
      'descent:x',
      'interpret:int:word',
      'suffixed:,:k:word',
      'named_suffixed:a:b:,:k:word',
    ].map((type) => `rule=:%f:${type}%`),
  ),
  Array.from({ length: 8 }, (_, i) => `${i + 2} unknown-type`),
);
checkDiagnostics(
  'v2 types are unknown in v1',
  v1('rule=:%f:string%', 'rule=:%f:literal%', 'rule=:%f:repeat%', 'rule=:%f:alternative%', 'rule=:%f:@t%'),
  Array.from({ length: 5 }, (_, i) => `${i + 1} unknown-type`),
);
