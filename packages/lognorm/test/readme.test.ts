/** Runs every example of the README. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { loadRulebaseSync } from '../src/index.ts';
import { runCommand } from './command.ts';

const README = readFileSync(new URL('../README.md', import.meta.url), 'utf8');

interface Block {
  kind: string;
  /** What follows the language on the opening fence. */
  info: string;
  text: string;
  line: number;
}

function blocks(): Block[] {
  return [...README.matchAll(/^```(\S+)(?: (.*))?\n([^]*?)^```$/gm)].map((found) => ({
    kind: found[1]!,
    info: found[2] ?? '',
    text: found[3]!,
    line: README.slice(0, found.index).split('\n').length,
  }));
}

const all = blocks();

for (const [index, block] of all.entries()) {
  if (block.kind === 'events') events(index);
  if (block.kind === 'output') program(index);
}

/** The last block of a kind before an index. */
function before(index: number, kind: string): Block {
  const found = all.slice(0, index).findLast((block) => block.kind === kind);
  assert.ok(found, `no ${kind} before block ${index}`);
  return found;
}

function events(index: number): void {
  const block = all[index]!;
  test(`README line ${block.line}: events ${block.info}`, (t) => {
    const directory = mkdtempSync(join(tmpdir(), 'lognorm-readme-'));
    t.after(() => rmSync(directory, { recursive: true }));
    writeFileSync(join(directory, 'rules.rb'), before(index, 'rulebase').text);
    const options = block.info === '' ? [] : block.info.split(' ');
    const result = runCommand(['-r', 'rules.rb', ...options], { directory, input: before(index, 'log').text });
    assert.equal(result.stderr, '');
    assert.equal(result.stdout, block.text);
  });
}

/** The program with the names of the package replaced by where its sources are. */
function withSources(code: string): string {
  return code
    .replaceAll(/import\.meta\.resolve\('@meniscus\/lognorm\/(.*?)'\)/g, (_call, path: string) =>
      JSON.stringify(new URL(`../${path}`, import.meta.url)),
    )
    .replaceAll(`'@meniscus/lognorm'`, JSON.stringify(new URL('../src/index.ts', import.meta.url)));
}

function program(index: number): void {
  const code = before(index, 'ts');
  test(`README line ${code.line}: program`, (t) => {
    const directory = mkdtempSync(join(tmpdir(), 'lognorm-readme-'));
    t.after(() => rmSync(directory, { recursive: true }));
    const file = join(directory, 'example.mts');
    writeFileSync(file, withSources(code.text));
    const run = spawnSync(process.execPath, [file], { encoding: 'utf8' });
    assert.equal(run.stderr, '');
    assert.equal(run.stdout, all[index]!.text);
  });
}

const rows = [...README.matchAll(/^\|(.*?)\| `(.*%.*)` \| `(.*)` \| `(.*)` \|$/gm)];

for (const [, type = '', field = '', text = '', value = ''] of rows) {
  test(`README parser table: ${type} ${field}`, () => {
    const rulebase = loadRulebaseSync({ text: `version=2\nrule=:${field}\n` });
    assert.deepEqual(rulebase.diagnostics, []);
    const event = rulebase.normalize(text.replaceAll('\\|', '|'));
    assert.deepEqual(event, { v: JSON.parse(value) as unknown });
  });
}

test('the parser table was found', () => {
  assert.ok(rows.length > 35);
});
