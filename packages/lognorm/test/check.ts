/** Table-driven checks: every line through the compiled and the interpreted matcher, as an object and as JSON text. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ByteSink } from '../src/encode/sink.ts';
import { loadRulebaseSync } from '../src/index.ts';
import type { LoadOptions, PlainObject, Rulebase } from '../src/index.ts';

/** A line, and either the event or, as a string, the unparsed data of a line that matches no rule. */
export type Row = readonly [line: string, expected: PlainObject | string];

export function v2(...lines: string[]): string {
  return `version=2\n${lines.join('\n')}\n`;
}

export function v1(...lines: string[]): string {
  return `${lines.join('\n')}\n`;
}

function eventOf([line, expected]: Row): PlainObject {
  return typeof expected === 'string' ? { originalmsg: line, 'unparsed-data': expected } : expected;
}

/** The JSON text of a line, through the byte interface. */
export function jsonOf(rulebase: Rulebase, line: string): string {
  const bytes = Buffer.from(line);
  const sink = new ByteSink();
  rulebase.appendJson(bytes, 0, bytes.length, sink);
  return Buffer.from(sink.view()).toString();
}

/** One test per rulebase, all rows in it. */
export function check(name: string, text: string, rows: readonly Row[], options: LoadOptions = {}): void {
  void test(name, () => {
    for (const codeGeneration of [true, false]) {
      const rulebase = loadRulebaseSync({ text, name: 'test.rb' }, { ...options, codeGeneration });
      for (const row of rows) {
        const expected = eventOf(row);
        const what = `${codeGeneration ? 'compiled' : 'interpreted'} ${JSON.stringify(row[0])}`;
        assert.deepEqual(rulebase.normalize(row[0]), expected, what);
        assert.deepEqual(JSON.parse(jsonOf(rulebase, row[0])), expected, `${what} as JSON`);
      }
    }
  });
}

/** Line, code and severity of each diagnostic of a rulebase. */
export function diagnosticsOf(text: string, options: LoadOptions = {}): string[] {
  return loadRulebaseSync({ text, name: 'test.rb' }, options).diagnostics.map(({ line, code }) => `${line} ${code}`);
}

/** A test that a rulebase is reported as given, and still works as given. */
export function checkDiagnostics(name: string, text: string, expected: readonly string[], options: LoadOptions = {}): void {
  void test(name, () => assert.deepEqual(diagnosticsOf(text, options), expected));
}
