/** Specification sections 1 to 3: the file, its lines and directives, and match descriptions. */
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { loadRulebase, loadRulebaseSync, RulebaseLoadError } from '../src/index.ts';
import { check, checkDiagnostics, diagnosticsOf, v1, v2 } from './check.ts';

test('only an exact version line makes a file v2', () => {
  const versionOf = (text: string): number => loadRulebaseSync({ text }).version;
  assert.equal(versionOf('version=2\nrule=:a\n'), 2);
  for (const line of [
    'version=2\r\n',
    'version = 2\n',
    ' version=2\n',
    '\ufeffversion=2\n',
    '\nversion=2\n',
    'version=2',
    'version=2 \n',
    '# c\nversion=2\n',
  ]) {
    assert.equal(versionOf(`${line}rule=:a\n`), 1, JSON.stringify(line));
  }
});

test('rules that come from no file are v2 and have no version line', () => {
  const rulebase = loadRulebaseSync({ rules: 'version=2\nrule=:%a:word%' });
  assert.equal(rulebase.version, 2);
  assert.deepEqual(
    rulebase.diagnostics.map(({ file, code }) => [file, code]),
    [['--NO-FILE--', 'unknown-directive']],
  );
  assert.deepEqual(rulebase.normalize('x'), { a: 'x' });
});

// 2.1 Physical to logical lines
check('blank lines and comments are skipped, an indented # is data', v2('', '# rule=:x', 'rule=:%a:word%', '', '#', 'rule=:#%b:word% y'), [
  ['x', { a: 'x' }],
  ['#q y', { b: 'q' }],
]);
checkDiagnostics('an indented comment and a line of blanks are unknown records', v2(' # c', '   ', 'rule=:a'), [
  '2 unknown-directive',
  '3 unknown-directive',
]);
check('a field may span lines, blank ones included', v2('rule=:a %', '  x:word', '  % b %{"type":"word",', '', '"name":"y"}% c'), [
  ['a 1 b 2 c', { y: '2', x: '1' }],
]);
check('a # inside a continuation is data', v2('rule=:a %x:char-to:', '#%#'), [['a 1#', { x: '1' }]]);
check('the last line may lack its line feed', 'version=2\nrule=:%a:word%', [['x', { a: 'x' }]]);
check('a continuation close to the end of the file counts', 'version=2\nrule=:%a:wo\nrd%', [['x', { a: 'x' }]]);
check('%% does not open a field', v2('rule=:a%%', 'rule=:b'), [
  ['a%', {}],
  ['b', {}],
]);
check('a runaway rule is dropped where the next rule starts', v2('rule=:a %b:word', '', '# c', 'rule=:%c:word%'), [['x', { c: 'x' }]]);
checkDiagnostics('a runaway rule is reported', v2('rule=:a %b:word', 'rule=:%c:word%'), ['2 runaway-rule']);
test('rules that come from no file have no runaway check', () => {
  const rulebase = loadRulebaseSync({ rules: 'rule=:a %b:word\nrule=:%c:word%' });
  assert.notEqual(rulebase.diagnostics.length, 0);
  assert.equal(rulebase.matches('x'), false);
});
checkDiagnostics('CR is never stripped, and warned about', v2('rule=:a\r'), ['2 carriage-return']);
check('CR is part of the literal', v2('rule=:a\r'), [['a\r', {}], ['a', 'a']]); // prettier-ignore
test('logical lines have a limit', () => {
  const long = (length: number): string => `rule=:${'a'.repeat(length)}`;
  assert.deepEqual(diagnosticsOf(v2(long(65_000))), []);
  assert.deepEqual(diagnosticsOf(v2(long(66_000), 'rule=:b')), ['2 line-too-long']);
  assert.deepEqual(diagnosticsOf(v1(long(10_000))), []);
  assert.deepEqual(diagnosticsOf(v1(long(11_000), 'rule=:b')), ['1 line-too-long']);
});

// 2.2 Directives
check('rules with and without tags', v2('rule=a,b c,a:x', 'rule=:y'), [
  ['x', { 'event.tags': ['a', 'b c', 'a'] }],
  ['y', {}],
]);
checkDiagnostics(
  'unusable directives',
  v2('foo=1', 'rule', 'rule=', 'rule=:', 'rule=a,,b:x', 'rule=,a:x', 'rule=a,:x', ' rule=:x', 'Rule=:x', 'rule=abc', 'rule=:ok'),
  [
    '2 unknown-directive',
    '3 unknown-directive',
    '4 missing-colon',
    '4 empty-rule',
    '5 empty-rule',
    '6 empty-tag',
    '7 empty-tag',
    '8 empty-tag',
    '9 unknown-directive',
    '10 unknown-directive',
    '11 missing-colon',
  ],
);
check('a rule without a colon is match text', v2('rule=abc'), [['abc', {}]]);
check('a later rule with the same path replaces the tags, even by none', v2('rule=a:x', 'rule=b:x', 'rule=c:y', 'rule=:y'), [
  ['x', { 'event.tags': ['b'] }],
  ['y', {}],
]);
for (const make of [v1, v2]) {
  check(
    `prefixes in ${make.name}`,
    make('prefix=P ', 'rule=:%a:word%', 'extendprefix=Q ', 'rule=:%b:word%', 'prefix=', 'rule=:x%c:word%'),
    [
      ['P 1', { a: '1' }],
      ['P Q 1', { b: '1' }],
      ['x1', { c: '1' }],
    ],
  );
  check(`extendprefix without a prefix in ${make.name}`, make('extendprefix=P%x:number% ', 'rule=:%a:word%'), [
    ['P1 2', { a: '2', x: '1' }],
  ]);
}
checkDiagnostics('types and includes are v2 only', v1('type=@a:x', 'include=y'), ['1 unknown-directive', '2 unknown-directive']);
checkDiagnostics('type names', v2('type=a:x', 'type=@:x', 'type=@a b:x', 'type=@a', 'type=@a:', 'type=@ok:x'), [
  '2 invalid-type-name',
  '3 invalid-type-name',
  '4 invalid-type-name',
  '5 empty-rule',
  '6 empty-rule',
]);

test('include: shared state, nesting, search path, failures', async (t) => {
  const directory = mkdtempSync(join(tmpdir(), 'lognorm-include-'));
  t.after(() => rmSync(directory, { recursive: true }));
  const write = (name: string, text: string): void => writeFileSync(join(directory, name), text);
  mkdirSync(join(directory, 'lib'));
  write('main.rb', v2(`include=${directory}/inner.rb trailing text`, 'rule=:%a:@t%'));
  write('inner.rb', v2(`include=${directory}/lib/types.rb`, 'prefix=P ', 'annotate=x:+k="v"', 'rule=x:q'));
  write('lib/types.rb', v2('type=@t:%..:number%'));
  const rulebase = await loadRulebase(join(directory, 'main.rb'));
  assert.deepEqual(rulebase.diagnostics, []);
  assert.deepEqual(rulebase.normalize('P 1'), { a: '1' });
  assert.deepEqual(rulebase.normalize('P q'), { 'event.tags': ['x'], k: 'v' });

  write('search.rb', v2('include=types.rb', 'rule=:%a:@t%'));
  await assert.rejects(loadRulebase(join(directory, 'search.rb')), RulebaseLoadError);
  const saved = process.env['LIBLOGNORM_RULEBASES'];
  t.after(() => (saved === undefined ? delete process.env['LIBLOGNORM_RULEBASES'] : (process.env['LIBLOGNORM_RULEBASES'] = saved)));
  for (const slash of ['', '/']) {
    process.env['LIBLOGNORM_RULEBASES'] = join(directory, 'lib') + slash;
    assert.equal((await loadRulebase(join(directory, 'search.rb'))).matches('1'), true);
  }

  write('self.rb', v2(`include=${directory}/self.rb`));
  await assert.rejects(loadRulebase(join(directory, 'self.rb')), /nested too deep/);
  write('old.rb', v1('rule=:a'));
  write('bad.rb', v2(`include=${directory}/old.rb`));
  await assert.rejects(loadRulebase(join(directory, 'bad.rb')), /not a v2 rulebase/);
  write('empty.rb', '');
  await assert.rejects(loadRulebase(join(directory, 'empty.rb')), RulebaseLoadError);
  await assert.rejects(loadRulebase(join(directory, 'missing.rb')), RulebaseLoadError);
  assert.throws(() => loadRulebaseSync(join(directory, 'missing.rb')), RulebaseLoadError);
});

test('a rulebase from text reads no files unless told how', () => {
  const text = v2('include=/etc/hostname');
  assert.throws(() => loadRulebaseSync({ text }), RulebaseLoadError);
  const seen: string[] = [];
  const readFile = (name: string): string => (seen.push(name), v2('type=@t:x'));
  assert.equal(loadRulebaseSync({ text: v2('include=lib', 'rule=:%a:@t%') }, { readFile }).matches('x'), true);
  assert.deepEqual(seen, ['lib']);
});

// 3.1 Literals
for (const make of [v1, v2]) {
  check(
    `literals in ${make.name}`,
    make('rule=:a%%b', String.raw`rule=:t\tq\x41\x3a\"\'\?\\n`, String.raw`rule=:u\q\x4\xzz`, String.raw`rule=:n\0\x00m`, 'rule=:p%'),
    [
      ['a%b', {}],
      ['t\tqA:"\'?\\n', {}],
      ['u\\q\\x4\\xzz', {}],
      ['nm', {}],
      ['p', {}],
    ],
  );
  // 3.2 The legacy form
  check(
    `legacy fields in ${make.name}`,
    make('rule=:a %a :word%', 'rule=:b % \t b:word \t%', 'rule=:c %c:char-to:a:\\x25%:', 'rule=:d %-:word%'),
    [
      ['a x', { 'a ': 'x' }],
      ['b x', { b: 'x' }],
      ['d x', {}],
    ],
  );
  checkDiagnostics(
    `invalid legacy fields in ${make.name}`,
    make(
      'rule=:%:word%',
      'rule=:%a',
      'rule=:%a:word',
      'rule=:%a: word%',
      'rule=:%a:nope%',
      'rule=:%a:char-to:x',
      'rule=:%a:char-to%',
      'rule=:%a:char-to:%',
    ),
    make === v2
      ? [
          '3 runaway-rule',
          '4 runaway-rule',
          '5 unknown-type',
          '6 unknown-type',
          '7 runaway-rule',
          '8 invalid-parameter',
          '9 invalid-parameter',
          '2 invalid-field',
        ].toSorted()
      : [
          '1 invalid-field',
          '2 runaway-rule',
          '3 runaway-rule',
          '4 unknown-type',
          '5 unknown-type',
          '6 runaway-rule',
          '7 invalid-parameter',
          '8 invalid-parameter',
        ],
  );
  check(
    `names have a limit of 1023 bytes in ${make.name}`,
    make(`rule=:%${'n'.repeat(1023)}:word%`, `rule=:x %${'n'.repeat(1024)}:number%`),
    [
      ['q', { ['n'.repeat(1023)]: 'q' }],
      ['x 1', '1'],
    ],
  );
}

// 3.3 and 3.4 The condensed and the JSON form
check(
  'condensed and JSON fields',
  v2(
    'rule=:a %n:number{"format":"number"} \t%',
    'rule=:b %n:word{"name":"m"}%',
    'rule=:c %{"type":"word"}% %{"type":"number","name":"-"}%',
    'rule=:d % {"type":"word", "name":"n", "priority":"5"} %',
    'rule=:e %[ {"type":"number","name":"a"}, [ {"type":"literal","text":"/"}, {"type":"number","name":"b"} ] ]%',
    "rule=:f %{'type':'char-to','name':'n','extradata':'\\u0025',}%%%",
  ),
  [
    ['a 7', { n: 7 }],
    ['b x', { m: 'x' }],
    ['c x 1', {}],
    ['d x', { n: 'x' }],
    ['e 1/2', { b: '2', a: '1' }],
    ['f x%', { n: 'x' }],
  ],
);
checkDiagnostics(
  'invalid JSON fields',
  v2(
    'rule=:%{"type":"word"%',
    'rule=:%{"type":"word"}x%',
    'rule=:%{"name":"a"}%',
    'rule=:%{"type":"nope"}%',
    'rule=:%["word"]%',
    'rule=:%a:number{"format":}%',
    'rule=:%{"type":"literal"}%',
    'rule=:%a:number{"format":"nope","foo":1}%',
    'rule=:%{"type":"alternative","parser":{"type":"word"}}%',
    'rule=:%{"type":"repeat","parser":{"type":"word"}}%',
    'rule=:%{"type":"repeat","parser":[],"while":{"type":"word"}}%',
    'rule=:%{"type":"repeat","parser":[{"type":"word","name":"."},{"type":"word"}],"while":{"type":"word"}}%',
  ),
  [
    '2 invalid-json',
    '3 invalid-field',
    '4 invalid-field',
    '5 unknown-type',
    '6 invalid-field',
    '7 invalid-json',
    '8 invalid-parameter',
    '9 unknown-parameter',
    '9 unknown-parameter',
    '10 invalid-parameter',
    '11 invalid-parameter',
    '12 invalid-parameter',
    '13 invalid-parameter',
  ],
);
// 3.5 Invalid rules
check('the beginning of an invalid rule shapes unparsed-data', v2('rule=:start %a:number% x%b:nope% y', 'rule=:q'), [
  ['start 1 x', ''],
  ['start 1 z', ' z'],
  ['start 1', ''],
]);
