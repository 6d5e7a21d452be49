import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeText, JsonNumber, loadRulebaseSync, type EventVisitor, type JsonValue, type PlainValue } from '../src/index.ts';

function plain(value: JsonValue): PlainValue {
  if (typeof value === 'string') return decodeText(value);
  if (value instanceof JsonNumber) return Number(value.text);
  if (Array.isArray(value)) return value.map(plain);
  if (value instanceof Map) return Object.fromEntries([...value].map(([key, member]) => [decodeText(key), plain(member)]));
  return value;
}

/** Builds the event of a line from what is shown, noting the names in their order. */
class Collector implements EventVisitor {
  names: string[] = [];
  restarts = 0;
  private members: [string, PlainValue][] = [];
  private readonly line: Buffer;

  constructor(line: Buffer) {
    this.line = line;
  }
  text(name: string, from: number, to: number): void {
    this.add(name, this.line.toString('utf8', from, to));
  }
  integer(name: string, value: number): void {
    this.add(name, value);
  }
  constant(name: string, value: string | readonly string[]): void {
    this.add(name, typeof value === 'string' ? value : [...value]);
  }
  value(name: string, value: JsonValue): void {
    this.add(name, plain(value));
  }
  restart(): void {
    this.restarts += 1;
    this.names = [];
    this.members = [];
  }
  get event(): Record<string, PlainValue> {
    return Object.fromEntries(this.members);
  }
  private add(name: string, value: PlainValue): void {
    assert.ok(!this.names.includes(name), `${name} comes once`);
    this.names.push(name);
    this.members.push([name, value]);
  }
}

const cases: Record<string, { rules: string; lines: string[] }> = {
  'texts, numbers and tags': {
    rules: 'rule=a,b:x %n:number{"format":"number"}% %f:float{"format":"number"}% %w:word% %q:quoted-string%\nannotate=a:+c="d"',
    lines: ['x 0012 1.5 ü "q w"', 'x 123456789012345678 1.0 w ""'],
  },
  'names that objects list first': { rules: 'rule=:%b:word% %2:word% %1:word%', lines: ['x y z'] },
  'a name twice': { rules: 'rule=:%b:word% %b:word%', lines: ['x y'] },
  'names that only the line tells': {
    rules: 'rule=:%.:name-value-list%',
    lines: ['a=1 b=2', 'a=1 a=2', '2=x 1=y', 'c="d e" f=', '__proto__=x'],
  },
  'types, repeats and JSON': {
    rules: [
      'type=@p:%ip:ipv4%:%port:number{"format":"number"}%',
      'type=@o:%..:word%',
      'rule=:t %a:@p% %.:@p% %o:@o%',
      'rule=:r %{"type":"repeat","name":"l","parser":{"type":"number","name":"."},"while":{"type":"literal","text":","}}%',
      'rule=:j %j:json%',
    ].join('\n'),
    lines: ['t 10.0.0.1:80 10.0.0.2:443 w', 'r 1,2,3', 'j {"a":[1,{"b":null}],"c":true}'],
  },
};

for (const [name, { rules, lines }] of Object.entries(cases)) {
  test(`visit shows what normalize gives: ${name}`, () => {
    for (const codeGeneration of [true, false]) {
      const rulebase = loadRulebaseSync({ rules }, { codeGeneration });
      assert.deepEqual(rulebase.diagnostics, []);
      for (const line of lines) {
        const bytes = Buffer.from(`before ${line} after`);
        const end = 7 + Buffer.byteLength(line);
        const collector = new Collector(bytes);
        assert.equal(rulebase.visit(bytes, 7, end, collector), true, line);
        const expected = rulebase.normalize(line);
        assert.deepEqual(collector.event, expected, line);
        assert.deepEqual(collector.names, Object.keys(expected), 'the order of names is that of an object');
      }
    }
  });
}

test('visit shows nothing of a line that no rule matches', () => {
  const collector = new Collector(Buffer.from('y'));
  assert.equal(loadRulebaseSync({ rules: 'rule=:x' }).visit(Buffer.from('y'), 0, 1, collector), false);
  assert.deepEqual(collector.names, []);
});

test('maxRuleBytes bounds what a long prefix makes of a short text', () => {
  const text = `version=2\nprefix=${'p'.repeat(1000)}\n${Array.from({ length: 100 }, (_, i) => `rule=:${i} %w:word%\n`).join('')}`;
  const { diagnostics } = loadRulebaseSync({ text }, { maxRuleBytes: 50_000 });
  assert.equal(diagnostics.length, 51);
  assert.deepEqual([diagnostics[0]!.code, diagnostics[0]!.severity, diagnostics[0]!.line], ['too-large', 'error', 52]);
  assert.deepEqual(loadRulebaseSync({ text }).diagnostics, []);
});
