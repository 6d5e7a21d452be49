/** Every given case, through the command line tool. */
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { runCommand } from './command.ts';
import { sharedCases } from './shared.ts';
import type { Case, CaseGroup } from './shared.ts';

/**
 * `opt_addBoth` records what the native tool prints: a mockup with the inner parsers of user types behind the rule. `opt_addRule`, with the same
 * rulebase, line and option, recommends a mockup without them. One mockup cannot be both; the recommended one is what counts in both cases.
 */
const CONTRADICTED: ReadonlyMap<string, Record<string, unknown>> = new Map<string, Record<string, unknown>>([
  [
    'opt_addBoth a 1 b',
    {
      y: 'b',
      x: '1',
      originalmsg: 'a 1 b',
      metadata: { rule: { mockup: 'a %x:USER-DEFINED% %y:word%', location: { file: 'tmp.rulebase', line: 4 } } },
    },
  ],
]);

function run(group: CaseGroup, directory: string, input: string): string {
  const source = group.options.load === 'string' ? ['-R', group.rulebase.string!] : ['-r', group.rulebase.main];
  return runCommand([...source, '-e', group.options.format, ...group.options.cli], { directory, input, env: group.options.env }).stdout;
}

function covers(actual: unknown, expected: unknown): boolean {
  if (Array.isArray(expected)) {
    return Array.isArray(actual) && actual.length === expected.length && expected.every((element, i) => covers(actual[i], element));
  }
  if (typeof expected !== 'object' || expected === null) return Object.is(actual, expected) || actual === expected;
  if (typeof actual !== 'object' || actual === null) return false;
  return Object.entries(expected).every(([key, value]) => Object.hasOwn(actual, key) && covers(Reflect.get(actual, key), value));
}

function check(name: string, item: Case, stdout: string): void {
  const expected = CONTRADICTED.get(`${name} ${item.input}`) ?? item.recommended ?? item.expected;
  if (expected === undefined) {
    if (item.expected_raw?.equals !== undefined) assert.equal(stdout, item.expected_raw.equals);
    for (const part of item.expected_raw?.contains ?? []) assert.ok(stdout.includes(part), `${stdout} lacks ${part}`);
    return;
  }
  const actual: unknown = JSON.parse(stdout);
  if (item.match === 'exact') assert.deepEqual(actual, expected);
  else assert.ok(covers(actual, expected), `${stdout} does not have ${JSON.stringify(expected)}`);
}

const groups = sharedCases();

test(
  'the given cases',
  { skip: groups === undefined && 'THE GIVEN CASES ARE NOT NEXT TO THE REPOSITORY: conformance is not checked' },
  async (t) => {
    for (const group of groups ?? []) {
      await t.test(group.name, (t) => {
        const directory = mkdtempSync(join(tmpdir(), 'lognorm-'));
        t.after(() => rmSync(directory, { recursive: true }));
        for (const [name, text] of Object.entries(group.rulebase.files)) {
          mkdirSync(dirname(join(directory, name)), { recursive: true });
          writeFileSync(join(directory, name), text);
        }
        const input = group.cases.map((item) => `${item.input}\n`).join('');
        const lines = run(group, directory, input).split('\n');
        for (const [i, item] of group.cases.entries()) check(group.name, item, `${lines[i]}\n`);
      });
    }
  },
);
