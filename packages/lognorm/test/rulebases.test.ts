/** The rulebases that the package ships: sample lines with their events, and the loghub logs where they are at hand. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { loadRulebaseSync } from '../src/index.ts';
import { runCommand } from './command.ts';
import { SHARED } from './shared.ts';

const DIRECTORY = fileURLToPath(new URL('../rulebases/', import.meta.url));
const NATIVE = '/usr/bin/lognormalizer';

interface Sample {
  rulebase: string;
  line: string;
  event: Record<string, unknown>;
}

const samples = JSON.parse(readFileSync(new URL('./fixtures/rulebases.json', import.meta.url), 'utf8')) as Sample[];

/** Share of lines that may stay unparsed: single odd lines. */
const LOGS: readonly (readonly [rulebase: string, log: string, unparsed: number])[] = [
  ['openssh', 'openssh', 0],
  ['apache-error', 'apache', 0],
  ['hdfs', 'hdfs', 0],
  ['zookeeper', 'zookeeper', 0],
  ['linux', 'linux', 1],
  ['openstack', 'openstack', 0],
  ['spark', 'spark', 0],
  ['hadoop', 'hadoop', 0],
  ['proxifier', 'proxifier', 0],
];

test('every shipped rulebase loads without a diagnostic', () => {
  for (const name of readdirSync(DIRECTORY)) assert.deepEqual(loadRulebaseSync(DIRECTORY + name).diagnostics, [], name);
});

for (const { rulebase, line, event } of samples) {
  test(`${rulebase}: ${line.slice(0, 60)}`, () => {
    assert.deepEqual(loadRulebaseSync(`${DIRECTORY}${rulebase}.rb`).normalize(line), event);
  });
}

for (const [rulebase, log, unparsed] of LOGS) {
  const path = `${SHARED}data/loghub/${log}.log`;
  const skip = !existsSync(path) && `${path} IS NOT THERE`;
  test(`${rulebase} parses loghub ${log}`, { skip }, () => {
    const input = readFileSync(path);
    const result = runCommand(['-r', `${DIRECTORY}${rulebase}.rb`, '-T', '-H'], { input });
    assert.match(result.stderr, new RegExp(` ${unparsed} unparsed`));
    assert.equal(result.code, 0);
  });
  const skipNative = skip || (!existsSync(NATIVE) && 'THE NATIVE lognormalizer IS NOT INSTALLED');
  test(`${rulebase} gives what native gives for loghub ${log}`, { skip: skipNative }, () => {
    // The native tool loses the last byte of a file without a final line feed.
    const input = `${readFileSync(path, 'latin1').trimEnd()}\n`;
    const args = ['-r', `${DIRECTORY}${rulebase}.rb`, '-T'];
    const native = spawnSync(NATIVE, args, { input, encoding: 'utf8', maxBuffer: 2 ** 26 }).stdout;
    assert.equal(runCommand(args, { input }).stdout, native);
  });
}
