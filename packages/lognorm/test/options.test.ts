/** Specification section 8 and 14: tags, annotations, failure output, options, limits. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadRulebaseSync } from '../src/index.ts';
import { check, checkDiagnostics, jsonOf, v1, v2 } from './check.ts';

for (const make of [v1, v2]) {
  check(`tags keep order and duplicates in ${make.name}`, make('rule=b,a,b:x'), [['x', { 'event.tags': ['b', 'a', 'b'] }]]);
  check(
    `the first directive and tag win in ${make.name}`,
    make(
      'annotate=two:+k="2" +only2="x"',
      'rule=one,two:%x:word%',
      'annotate=one:+k="1" +k="right"',
      'annotate=one:+k="later" +m="l" +m="r"',
    ),
    [['q', { x: 'q', 'event.tags': ['one', 'two'], k: '1', only2: 'x', m: 'r' }]],
  );
  check(`annotations overwrite fields in place in ${make.name}`, make('rule=t:%k:word% %z:word%', 'annotate=t:+k="fixed"'), [
    ['a b', { z: 'b', k: 'fixed', 'event.tags': ['t'] }],
  ]);
  check(
    `annotation syntax in ${make.name}`,
    make('rule=t:x', 'annotate=t : +a= "1"\t+b.c_d="2" ', 'annotate=t:+e="no end', 'annotate=t:+f=""', 'annotate=t:'),
    [['x', { 'event.tags': ['t'], a: '1', 'b.c_d': '2', e: 'no end', f: '' }]],
  );
  const first = make === v2 ? 3 : 2;
  checkDiagnostics(
    `bad annotations in ${make.name}`,
    make(
      'rule=t:x',
      'annotate=t:-y',
      'annotate=t:+y=v',
      'annotate=t:*y="v"',
      'annotate=t-u:+y="v"',
      'annotate=t +y="v"',
      'annotate=:+y="v"',
      'annotate=t:+="v"',
      'annotate=t:+a="1" -b',
    ),
    Array.from({ length: 8 }, (_, i) => `${first + i} invalid-annotation`),
  );
  check(`a bad operation loses its whole directive in ${make.name}`, make('rule=t:x', 'annotate=t:+a="1" -b'), [
    ['x', { 'event.tags': ['t'] }],
  ]);
}
check('inline comments in v2', v2('rule=t:x', 'annotate=t:+a="#1" # comment'), [['x', { 'event.tags': ['t'], a: '#1' }]]);
checkDiagnostics('no inline comments in v1', v1('rule=t:x', 'annotate=t:+a="1" # comment'), ['2 invalid-annotation']);

test('order of keys: fields, tags, annotations, originalmsg, metadata', () => {
  const options = { addOriginalMsg: true, addRule: true, addRuleLocation: true };
  const rulebase = loadRulebaseSync({ text: v2('# c', 'rule=t:a %x:word%', 'annotate=t:+k="v"'), name: 'f.rb' }, options);
  const metadata = '"metadata": { "rule": { "mockup": "a %x:word%", "location": { "file": "f.rb", "line": 3 } } }';
  assert.equal(jsonOf(rulebase, 'a 1'), `{ "x": "1", "event.tags": [ "t" ], "k": "v", "originalmsg": "a 1", ${metadata} }`);
  assert.equal(jsonOf(rulebase, 'b/'), '{ "originalmsg": "b\\/", "unparsed-data": "b\\/" }');
});
test('addOriginalMsg alone, with and without fields', () => {
  const rulebase = loadRulebaseSync(
    { text: v2('rule=:a', 'rule=t:b%x:word%', 'annotate=t:+k="v"', 'rule=:%originalmsg:number%') },
    { addOriginalMsg: true },
  );
  assert.equal(jsonOf(rulebase, 'a'), '{ "originalmsg": "a" }');
  assert.equal(jsonOf(rulebase, 'b1'), '{ "x": "1", "event.tags": [ "t" ], "k": "v", "originalmsg": "b1" }');
  assert.deepEqual(rulebase.normalize('b1'), { x: '1', 'event.tags': ['t'], k: 'v', originalmsg: 'b1' });
  assert.equal(jsonOf(rulebase, '12'), '{ "originalmsg": "12" }');
});
test('mockups: literals, unnamed fields, user types, prefixes, alternatives, repeats', () => {
  const text = v2(
    'type=@t:%..:number%',
    'prefix=P ',
    'rule=:%x:@t% %-:word% 100%%%l:literal{"text":"L"}%',
    'rule=:r %{"type":"repeat","name":"l","parser":{"type":"number"},"while":{"type":"literal","text":","}}%',
    'rule=:a %{"type":"alternative","parser":[{"type":"number","name":"n"},{"type":"word","name":"w","priority":40000}]}%',
  );
  const rulebase = loadRulebaseSync({ text }, { addRule: true });
  const mockup = (line: string): unknown => rulebase.normalize(line)['metadata'];
  assert.deepEqual(mockup('P 1 b 100%L'), { rule: { mockup: 'P %x:USER-DEFINED% %-:word% 100%L' } });
  assert.deepEqual(mockup('P r 1,2'), { rule: { mockup: 'P r %l:repeat%' } });
  assert.deepEqual(mockup('P a q'), { rule: { mockup: 'P a %w:word%' } });
});
test('locations: the last physical line of the rule, one less without a line feed', () => {
  const lineOf = (text: string, line: string): unknown =>
    loadRulebaseSync({ text, name: 'x' }, { addRuleLocation: true }).normalize(line)['metadata'];
  assert.deepEqual(lineOf('version=2\n\nrule=:a %x:\nword%\n', 'a b'), { rule: { location: { file: 'x', line: 4 } } });
  assert.deepEqual(lineOf('version=2\nrule=:a', 'a'), { rule: { location: { file: 'x', line: 1 } } });
});
test('v1 ignores the options that add metadata', () => {
  const rulebase = loadRulebaseSync({ text: v1('rule=:%a:word%') }, { addOriginalMsg: true, addRule: true, addRuleLocation: true });
  assert.deepEqual(rulebase.normalize('x'), { a: 'x' });
});

test('exponential alternatives are cut off, reported once, and counted', () => {
  const either = '%{"type":"alternative","parser":[{"type":"literal","text":"x"},{"type":"literal","text":"xx"}]}%';
  for (const codeGeneration of [true, false]) {
    const rulebase = loadRulebaseSync({ text: v2(`rule=:${either.repeat(60)}!`, 'rule=:ok') }, { codeGeneration });
    const line = 'x'.repeat(90);
    assert.equal(rulebase.normalize(line)['originalmsg'], line);
    rulebase.normalize(line);
    assert.equal(rulebase.limitedLines, 2);
    assert.deepEqual(
      rulebase.diagnostics.map(({ code, severity }) => [code, severity]),
      [['work-limit', 'warning']],
    );
    assert.equal(rulebase.explain(line).limited, true);
    assert.deepEqual(rulebase.normalize('ok'), {});
  }
});
test('exponential v1 rules are cut off too', () => {
  const rules = Array.from({ length: 40 }, (_, i) => `rule=:${'%-:char-to:,%,'.repeat(i)}%a:char-to:,%,%b:word%!`);
  const rulebase = loadRulebaseSync(
    { text: v1(...rules, 'rule=:%w:word% %n:recursive%', 'rule=:%n:recursive%x') },
    { workPerLine: 10_000 },
  );
  assert.equal(typeof rulebase.normalize('a,'.repeat(200))['originalmsg'], 'string');
  assert.equal(typeof rulebase.normalize('a '.repeat(5000))['originalmsg'], 'string');
});
test('a rule of very many fields does not exhaust the stack', () => {
  const rule = `rule=:${'%-:word% '.repeat(3000)}`;
  for (const text of [v2(rule), v2(rule, 'rule=:%r:rest%')]) {
    for (const codeGeneration of [true, false]) {
      const rulebase = loadRulebaseSync({ text }, { codeGeneration });
      rulebase.normalize('a '.repeat(3000));
      rulebase.normalize('a '.repeat(2999));
      rulebase.explain('a '.repeat(2999));
    }
  }
});
test('long lines', () => {
  const rulebase = loadRulebaseSync({
    text: v2('rule=:%{"type":"repeat","name":"l","parser":{"type":"number","name":"."},"while":{"type":"literal","text":","}}%'),
  });
  const event = rulebase.normalize(Array.from({ length: 200_000 }, (_, i) => i % 10).join(','));
  assert.equal((event['l'] as string[]).length, 200_000);
});
test('a rule with too many fields and a rulebase with too large a prefix are reported', () => {
  const half = 'x'.repeat(40_000);
  const codes = loadRulebaseSync({
    text: v2(`prefix=${half}`, `extendprefix=${half}`, 'prefix=', `rule=:${'%-:word%'.repeat(5000)}`),
  }).diagnostics.map(({ code }) => code);
  assert.deepEqual(codes, ['prefix-too-long', 'too-large']);
});
