/**
 * The rulebases that the package ships: lines with their events, in fixtures/rulebases/<name>.ndjson, and the loghub logs where they are at
 * hand. The lines are composed after the formats that the vendors document, or taken from such logs, with addresses for documentation.
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { loadRulebaseSync } from '../src/index.ts';
import { runCommand } from './command.ts';
import { SHARED } from './shared.ts';

const DIRECTORY = fileURLToPath(new URL('../rulebases/', import.meta.url));
const SAMPLES = fileURLToPath(new URL('./fixtures/rulebases/', import.meta.url));
const NATIVE = '/usr/bin/lognormalizer';

interface Sample {
  line: string;
  event: Record<string, unknown>;
}

/** Names that people give as a producer's pattern, with the fewest lines that each is tested with. */
const EXPECTED: readonly (readonly [name: string, lines: number])[] = [
  ['apache', 15],
  ['nginx', 12],
  ['sshd', 60],
  ['sudo', 15],
  ['cron', 25],
  ['postfix', 55],
  ['iptables', 15],
  ['cisco-asa', 110],
  ['haproxy', 20],
];

/** A line that no rule may take, by rulebase: what somebody wrote into a field must not pass for another. */
const REFUSED: readonly (readonly [name: string, line: string])[] = [
  // The user of an ssh client may be any text, one that looks like another address too.
  ['sshd', 'Failed none for invalid user root from 198.51.100.66 port 1 ssh2 from 192.0.2.9 port 4714 ssh2'],
  ['sshd', 'Failed none for invalid user root from 198.51.100.66 port 1 ssh2: RSA SHA256:a b from 192.0.2.9 port 4714 ssh2'],
  ['sshd', 'Invalid user root from 198.51.100.66 port 1 from 192.0.2.9 port 4714'],
  ['sshd', 'something else'],
  ['sudo', 'something else'],
  ['cron', 'something else'],
  ['postfix', 'something else'],
  ['iptables', 'something else'],
  ['cisco-asa', '%ASA-6-999999: something else'],
  ['haproxy', 'something else'],
  ['nginx', 'something else'],
  ['apache', 'something else'],
];

/** Share of lines that may stay unparsed: single odd lines. */
const LOGS: readonly (readonly [rulebase: string, log: string, unparsed: number])[] = [
  ['sshd', 'openssh', 0],
  ['apache', 'apache', 0],
  ['hdfs', 'hdfs', 0],
  ['zookeeper', 'zookeeper', 0],
  ['linux', 'linux', 1],
  ['openstack', 'openstack', 0],
  ['spark', 'spark', 0],
  ['hadoop', 'hadoop', 0],
  ['proxifier', 'proxifier', 0],
];

function samplesOf(rulebase: string): Sample[] {
  const text = readFileSync(`${SAMPLES}${rulebase}.ndjson`, 'utf8');
  return text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Sample);
}

function load(name: string): ReturnType<typeof loadRulebaseSync> {
  return loadRulebaseSync(`${DIRECTORY}${name}.rb`);
}

/** Whether a line is the message alone, as a service that reads syslog sees it. */
function isMessage(line: string): boolean {
  return !/^([A-Z][a-z]{2} [ \d]\d |\d{4}-\d\d-\d\dT)/.test(line);
}

test('every shipped rulebase loads without a diagnostic', () => {
  for (const name of readdirSync(DIRECTORY)) assert.deepEqual(loadRulebaseSync(DIRECTORY + name).diagnostics, [], name);
});

for (const [name, fewest] of EXPECTED) {
  const rulebase = load(name);
  const samples = samplesOf(name);

  test(`${name}: ${samples.length} lines give their events`, () => {
    assert.ok(samples.length >= fewest);
    for (const { line, event } of samples) assert.deepEqual(rulebase.normalize(line), event, line);
  });

  test(`${name}: blanks before a message change nothing`, () => {
    for (const { line, event } of samples.filter((sample) => isMessage(sample.line))) {
      const message = line.trimStart();
      for (const blanks of ['', ' ', '   ']) assert.deepEqual(rulebase.normalize(blanks + message), event, line);
    }
  });

  test(`${name}: a field is always a number or always a text`, () => {
    const types = new Map<string, string>();
    for (const { event } of samples) {
      for (const [field, value] of Object.entries(event)) {
        if (!types.has(field)) types.set(field, typeof value);
        assert.equal(typeof value, types.get(field), field);
      }
    }
  });
}

test('numbers are numbers, so that they can be compared', () => {
  const apache = load('apache').normalize('192.0.2.10 - - [29/Oct/2025:09:47:08 +0000] "GET / HTTP/1.1" 503 17');
  assert.deepEqual([apache['status'], apache['bytes'], apache['remote_host']], [503, 17, '192.0.2.10']);
});

test('at least 60 messages of the ASA are known by number', () => {
  const numbers = new Set(samplesOf('cisco-asa').map(({ event }) => event['message_number']));
  numbers.delete(undefined);
  assert.ok(numbers.size >= 60, String(numbers.size));
});

test('the message of an ASA matches without its number', () => {
  const rulebase = load('cisco-asa');
  for (const { line, event } of samplesOf('cisco-asa').filter((sample) => sample.line.startsWith('%ASA-'))) {
    const { severity: _severity, message_number: _number, ...fields } = event;
    assert.deepEqual(rulebase.normalize(line.replace(/^%\S+: /, '')), fields, line);
  }
});

for (const [name, line] of REFUSED) {
  test(`${name} does not take: ${line.slice(0, 60)}`, () => {
    assert.equal(load(name).matches(line), false);
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
  // The native tool takes a user type to end where the last branch in it failed; rulebases with optional parts cannot be compared.
  if (EXPECTED.some(([name]) => name === rulebase)) continue;
  const skipNative = skip || (!existsSync(NATIVE) && 'THE NATIVE lognormalizer IS NOT INSTALLED');
  test(`${rulebase} gives what native gives for loghub ${log}`, { skip: skipNative }, () => {
    // The native tool loses the last byte of a file without a final line feed.
    const input = `${readFileSync(path, 'latin1').trimEnd()}\n`;
    const args = ['-r', `${DIRECTORY}${rulebase}.rb`, '-T'];
    const native = spawnSync(NATIVE, args, { input, encoding: 'utf8', maxBuffer: 2 ** 26 }).stdout;
    assert.equal(runCommand(args, { input }).stdout, native);
  });
}
