/** The library: inputs and outputs of normalize, the batch, explain, diagnostics, generated code. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { Batch, JsonNumber, loadRulebase, loadRulebaseSync, VERSION } from '../src/index.ts';
import { matcherCode } from '../src/match/compile.ts';
import { v1, v2 } from './check.ts';

test('strings and bytes give the same, up to a NUL', () => {
  const rulebase = loadRulebaseSync({ text: v2('rule=:%a:word% %b:rest%') });
  for (const line of ['x y', 'gr\u00fc\u00dfe \u2603\u{1f600}', 'x y\0z', 'q'.repeat(100_000)]) {
    assert.deepEqual(rulebase.normalize(line), rulebase.normalize(Buffer.from(line)));
    assert.deepEqual(rulebase.normalize(line), rulebase.normalize(new Uint8Array(Buffer.from(line))));
    assert.deepEqual(JSON.parse(rulebase.normalizeToJson(line)), rulebase.normalize(line));
  }
  assert.deepEqual(rulebase.normalize('x y\0z'), { b: 'y', a: 'x' });
  assert.deepEqual(rulebase.normalize(Buffer.from([0x61, 0x20, 0xff])), { b: '\ufffd', a: 'a' });
  assert.equal(rulebase.normalize('\ud800 x')['a'], '\ufffd');
});
test('rulebases as text and as bytes, with names', () => {
  const text = v2('rule=:gr\u00fc\u00df %\u00e4:word%', 'foo');
  for (const source of [
    { text, name: 'n.rb' },
    { text: Buffer.from(text), name: 'n.rb' },
  ]) {
    const rulebase = loadRulebaseSync(source);
    assert.deepEqual(rulebase.normalize('gr\u00fc\u00df x'), { '\u00e4': 'x' });
    assert.deepEqual(rulebase.diagnostics, [
      { code: 'unknown-directive', severity: 'error', file: 'n.rb', line: 3, message: `invalid record type detected: 'foo'` },
    ]);
  }
});
test('numbers keep their text in JSON and in trees', () => {
  const rulebase = loadRulebaseSync({ text: v2('rule=:%.:json%') });
  const line = '{"big":9007199254740993,"d":1.50}';
  assert.equal(rulebase.normalizeToJson(line), '{ "big": 9007199254740993, "d": 1.50 }');
  assert.deepEqual([...rulebase.normalizeToTree(line)], [['big', new JsonNumber('9007199254740993', true)], ['d', new JsonNumber('1.50', false)]]); // prettier-ignore
  assert.deepEqual(rulebase.normalize(line), { big: 9007199254740992, d: 1.5 });
});
test('tags can be left out', () => {
  const rulebase = loadRulebaseSync({ text: v2('rule=t:x') });
  assert.equal(rulebase.normalizeToJson('x', { tags: false }), '{ }');
  assert.equal(rulebase.normalizeToJson('x'), '{ "event.tags": [ "t" ] }');
});
test('two rulebases do not disturb each other', () => {
  const a = loadRulebaseSync({ text: v2('rule=:%a:word%') });
  const b = loadRulebaseSync({ text: v1('rule=:%b:word%') });
  assert.deepEqual([a.normalize('x'), b.normalize('y'), a.normalize('z')], [{ a: 'x' }, { b: 'y' }, { a: 'z' }]);
});

test('a batch: offsets in, JSON out', () => {
  const rulebase = loadRulebaseSync({ text: v2('rule=t:%a:word% %b:number%') });
  const lines = Array.from({ length: 5000 }, (_, i) => (i % 3 === 0 ? `bad ${i}x` : `w${i} ${i}`));
  const bytes = Buffer.from(lines.join('\n'));
  const spans = new Uint32Array(lines.length * 2);
  let at = 0;
  for (const [i, line] of lines.entries()) {
    spans[2 * i] = at;
    spans[2 * i + 1] = at + line.length;
    at += line.length + 1;
  }
  const batch = new Batch(16, 4);
  for (let round = 0; round < 2; round += 1) {
    batch.clear();
    rulebase.normalizeBatch(bytes, spans, lines.length, batch);
    assert.equal(batch.count, lines.length);
    let from = 0;
    for (const [i, line] of lines.entries()) {
      const json = Buffer.from(batch.json.bytes.subarray(from, batch.ends[i])).toString();
      assert.equal(json, rulebase.normalizeToJson(line));
      assert.equal(batch.matched[i], i % 3 === 0 ? 0 : 1);
      from = batch.ends[i]!;
    }
  }
});

test('explain: the winner, what it shadows, how far others got and why', () => {
  const text = v2(
    'rule=a:user %name:word% from %ip:ipv4%',
    'rule=b:user %name:word% from %where:word%',
    'rule=c:user %name:word%: logged in',
    'rule=d:user %nope:wrod%',
    'type=@t:%..:number%',
    'rule=e:user %x:@t%',
  );
  const rulebase = loadRulebaseSync({ text, name: 'r.rb' });
  const matched = rulebase.explain('user alice from 10.0.0.1');
  assert.equal(matched.matched?.line, 2);
  assert.deepEqual(matched.event, rulebase.normalize('user alice from 10.0.0.1'));
  const statusOf = new Map(matched.rules.map((rule) => [rule.line, rule.status]));
  assert.deepEqual([...statusOf].toSorted(([a], [b]) => a - b), [[2, 'matched'], [3, 'shadowed'], [4, 'failed'], [5, 'invalid'], [7, 'failed']]); // prettier-ignore
  assert.match(String(matched), /matched:\n {2}r.rb:2/);

  const failed = rulebase.explain('user alice: logged out');
  assert.equal(failed.matched, undefined);
  const third = failed.rules.find((rule) => rule.line === 4)!;
  assert.equal(third.reached, 11);
  assert.equal(third.found, ' logged out');
  assert.equal(third.expected, 'the text ": logged in"');
  assert.deepEqual(third.fields, [['%name:word%', 'alice:']]);
  assert.match(third.hint ?? '', /gives nothing back/);
  assert.match(failed.rules.find((rule) => rule.line === 7)!.expected ?? '', /^%x:@t%: what one of the type=@t lines describes/);
  assert.match(String(failed), /then wants the text ": logged in"\n {4}but finds {2}" logged out"/);
  assert.match(String(rulebase.explain('user alice from')), /the end of the line/);
});
test('explain: alternatives, repeats, v1', () => {
  const rulebase = loadRulebaseSync({
    text: v2(
      'rule=:a %{"type":"alternative","parser":[{"type":"number","name":"n"},[{"type":"alpha","name":"a"},{"type":"literal","text":"="}]]}% %{"type":"repeat","parser":{"type":"number"},"while":{"type":"literal","text":","}}%',
    ),
  });
  assert.equal(rulebase.explain('a 5 1,2').rules[0]!.status, 'matched');
  const [failed] = rulebase.explain('a x- 1').rules;
  assert.equal(failed!.expected, 'the text "="');
  const old = loadRulebaseSync({ text: v1('rule=:%n:number% of %r:rest%', 'rule=:%w:word% x') });
  assert.equal(old.explain('5 of y').matched?.line, 1);
  assert.equal(old.explain('5 of ').rules[0]!.expected, '%r:rest%: the rest of the line');
  const bare = loadRulebaseSync({ text: v1('rule=:%w:alpha%%n:interpret:int:number%') });
  assert.deepEqual([bare.matches('ab'), bare.explain('ab').rules[0]!.status], [false, 'failed']);
  assert.deepEqual([bare.matches('ab1'), bare.explain('ab1').rules[0]!.status], [true, 'matched']);
});

test('generated code holds nothing of the rulebase but numbers', () => {
  const evil = "`${process.exit(1)}`');//";
  const rulebase = loadRulebaseSync({
    text: v2(
      `rule=${evil}:%{"type":"literal","text":"evil text","name":"${evil}"}%%x:char-to:evil%evil ${evil} %y${evil.replaceAll(':', '')}:word%`,
    ),
  });
  const { engine } = rulebase;
  assert.equal(engine.version, 2);
  assert.equal(rulebase.compiled, true);
  if (engine.version !== 2) return;
  const code = matcherCode(engine.program, 1000);
  assert.doesNotMatch(code, /evil|process|exit|[`$\\']/);
  const words = new Set(code.match(/[A-Za-z_]\w*/g));
  for (const word of words) {
    assert.match(
      word,
      /^(use|strict|const|let|function|return|if|else|for|while|switch|case|break|try|catch|throw|instanceof|RangeError|length|state|captures|count|far|limited|run|from|true|literal|room|grow|cn|[A-Za-z]\d*|[mlntrqc]\d+)$/,
    );
  }
});
test('without code generation the rulebase is interpreted, and says so', () => {
  const script = `
    import { loadRulebaseSync } from '@meniscus/lognorm';
    const rulebase = loadRulebaseSync({ text: 'version=2\\nrule=:%a:word%\\n' });
    console.log(JSON.stringify([rulebase.compiled, rulebase.normalize('x'), rulebase.diagnostics.map(({ code }) => code)]));`;
  const args = ['--disallow-code-generation-from-strings', '--input-type=module-typescript', '-e', script];
  const { stdout } = spawnSync(process.execPath, args, { cwd: fileURLToPath(new URL('.', import.meta.url)), encoding: 'utf8' });
  assert.equal(stdout, '[false,{"a":"x"},["no-code-generation"]]\n');
});
test('the diagnostics have a limit', () => {
  const rulebase = loadRulebaseSync({ text: v2(...Array.from({ length: 20_000 }, (_, i) => `bad${i}`)) });
  assert.equal(rulebase.diagnostics.length, 10_000);
});
test('a file URL is a source too', async () => {
  const rulebase = await loadRulebase(new URL('../rulebases/sudo.rb', import.meta.url));
  assert.equal(rulebase.version, 2);
});
test('the version is that of package.json', () => {
  const manifest = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { version: string };
  assert.equal(VERSION, manifest.version);
});
test('nodes with many edges are cut into several functions', () => {
  const rules = Array.from({ length: 60 }, (_, i) => `rule=:%x${i}:word% ${'abc'[i % 3]}${i} %y:number%`);
  const literals = Array.from({ length: 200 }, (_, i) => `rule=:${String.fromCharCode(128 + (i % 100), 97 + (i % 26))}%z:number%`);
  const compiled = loadRulebaseSync({ text: Buffer.from(v2(...rules, ...literals), 'latin1') });
  const interpreted = loadRulebaseSync({ text: Buffer.from(v2(...rules, ...literals), 'latin1') }, { codeGeneration: false });
  assert.equal(compiled.compiled, true);
  for (let i = 0; i < 60; i += 1) assert.deepEqual(compiled.normalize(`w ${'abc'[i % 3]}${i} 5`), { y: '5', [`x${i}`]: 'w' });
  for (let i = 0; i < 200; i += 1) {
    const line = Buffer.from(`${String.fromCharCode(128 + (i % 100), 97 + (i % 26))}7`, 'latin1');
    assert.deepEqual(compiled.normalize(line), { z: '7' });
    assert.deepEqual(interpreted.normalize(line), { z: '7' });
  }
});
test('very large rulebases are interpreted', () => {
  const wide = loadRulebaseSync({ text: v2(...Array.from({ length: 2000 }, (_, i) => `rule=:%x${i}:word% q${i}`)) });
  assert.equal(wide.compiled, false);
  assert.deepEqual(wide.normalize('a q1999'), { x1999: 'a' });
  const large = loadRulebaseSync({ text: v2(...Array.from({ length: 5000 }, (_, i) => `rule=:event ${i} at %host:word%`)) });
  assert.equal(large.compiled, false);
  assert.deepEqual(large.normalize('event 4321 at home'), { host: 'home' });
});
test('rules as an array', () => {
  assert.deepEqual(loadRulebaseSync({ rules: ['rule=:a%x:number%', 'rule=:b'] }).normalize('a1'), { x: '1' });
});
