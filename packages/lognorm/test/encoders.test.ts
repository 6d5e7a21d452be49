/** Specification section 12: the encoders, through the command and as functions. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { asCeeSyslog, asCsv, asJson, asRfc5424, asXml, loadRulebaseSync } from '../src/index.ts';
import { v2 } from './check.ts';
import { runCommand } from './command.ts';

const RULES = v2(
  'rule=t1,t2:a %x:word% %n:number{"format":"number"}%',
  'rule=:s %l:char-to:;%;%r:rest%',
  'rule=:r %l:repeat{"parser":{"type":"number","name":"."},"while":{"type":"literal","text":","}}%',
  'rule=:j %.:json%',
  'rule=:e',
  'rule=:p %"n<&:word%',
);
const JSON_LINE = 'j {"s":"x","i":5,"d":1.5,"b":true,"z":null,"o":{"a":1},"l":[1,"q",{},null],"e":[]}';

function run(t: TestContext, lines: string[], ...options: string[]): string {
  const directory = mkdtempSync(join(tmpdir(), 'lognorm-encode-'));
  t.after(() => rmSync(directory, { recursive: true }));
  writeFileSync(join(directory, 'r.rb'), RULES);
  return runCommand(['-r', 'r.rb', ...options], { directory, input: lines.map((line) => `${line}\n`).join('') }).stdout;
}

test('json, also for unknown names, with and without tags', (t) => {
  const bare = '{ "n": 5, "x": "w" }\n';
  assert.equal(run(t, ['a w 5']), bare);
  assert.equal(run(t, ['a w 5'], '-e', 'nonsense'), bare);
  assert.equal(run(t, ['a w 5'], '-ejson', '-T'), '{ "n": 5, "x": "w", "event.tags": [ "t1", "t2" ] }\n');
  assert.equal(run(t, ['e']), '{ }\n');
  assert.equal(run(t, ['s "a/\\;\u0001\t\u007f\u00fc']), '{ "r": "\\u0001\\t\u007f\u00fc", "l": "\\"a\\/\\\\" }\n');
  assert.equal(
    run(t, [JSON_LINE]),
    '{ "s": "x", "i": 5, "d": 1.5, "b": true, "z": null, "o": { "a": 1 }, "l": [ 1, "q", { }, null ], "e": [ ] }\n',
  );
});

test('raw', (t) => {
  assert.equal(run(t, ['a w 5', 'zz', ''], '-eraw'), 'a w 5\nzz\n\n');
});

test('csv', (t) => {
  assert.equal(run(t, ['a <"w\\> 5'], '-ecsv', '-E', 'x,n,none event.tags'), '"<\\"w\\\\>","5",,"[t2,t1]"\n');
  assert.equal(run(t, ['a w 5', 'zz'], '-ecsv'), '\n\n');
  assert.equal(
    run(t, [JSON_LINE], '-ecsv', '-Es,i,d,b,z,o,l,e'),
    '"x","5","***unsupported type***","***unsupported type***",,"***unsupported type***","[null,{ },q,1]","[]"\n',
  );
  assert.equal(run(t, ['s \u0001\u001f/;\u00fc\t'], '-ecsv', '-El,r'), '"\\u0001\\u001F/","\u00fc\\t"\n');
  assert.equal(run(t, ['zz'], '-ecsv', '-Eoriginalmsg'), '"zz"\n');
});

test('xml', (t) => {
  assert.equal(
    run(t, ['a <w> 5'], '-exml'),
    '<event><event.tags><tag>t2</tag><tag>t1</tag></event.tags><field name="n"><value>5</value></field><field name="x"><value>&lt;w></value></field></event>\n',
  );
  assert.equal(run(t, ['e', 'p "&\''], '-exml'), '<event></event>\n<event><field name=""n<&"><value>"&amp;\'</value></field></event>\n');
  assert.equal(run(t, ['r 1,2'], '-exml'), '<event><field name="l"><value>2</value><value>1</value></field></event>\n');
  const unsupported = (name: string): string => `<field name="${name}">***unsupported type***</field>`;
  assert.equal(
    run(t, [JSON_LINE], '-exml'),
    `<event><field name="s"><value>x</value></field><field name="i"><value>5</value></field>${['d', 'b', 'z', 'o'].map(unsupported).join('')}<field name="l"><value>null</value><value>{ }</value><value>q</value><value>1</value></field><field name="e"></field></event>\n`,
  );
});

test('cee-syslog', (t) => {
  assert.equal(run(t, ['a "w],\\ 5', 'e'], '-ecee-syslog'), '[cee@115 event.tags="t2,t1" n="5" x="\\"w\\]\\,\\\\"]\n[cee@115]\n');
  assert.equal(run(t, ['j {"a":"x\\ny","l":[1,2],"z":null}'], '-ecee-syslog'), '[cee@115 a="x\\ny" l="2,1" z="***unsupported type***"]\n');
});

test('the functions take objects and trees', () => {
  const rulebase = loadRulebaseSync({ text: RULES });
  const object = rulebase.normalize('a <w> 5');
  const tree = rulebase.normalizeToTree('a <w> 5');
  for (const event of [object, tree]) {
    assert.equal(asJson(event), '{ "n": 5, "x": "<w>", "event.tags": [ "t1", "t2" ] }');
    assert.equal(asCsv(event, ['x', 'n', 'q']), '"<w>","5",');
    assert.match(asXml(event), /&lt;w>/);
    assert.equal(asRfc5424(event), '[cee@115 event.tags="t2,t1" n="5" x="<w>"]');
    assert.equal(asCeeSyslog(event), asRfc5424(event));
  }
  assert.equal(
    asJson({ a: 'gr\u00fc\u00dfe', b: 1.5, c: [null, true], d: { e: 2 ** 53 }, f: 1e300 }),
    '{ "a": "gr\u00fc\u00dfe", "b": 1.5, "c": [ null, true ], "d": { "e": 9007199254740992 }, "f": 1e+300 }',
  );
});
