/** Specification section 13: the command line, in process and as a process of its own. */
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { VERSION } from '../src/index.ts';
import { v1, v2 } from './check.ts';
import { runCommand } from './command.ts';
import type { CommandResult } from './command.ts';

const BIN = fileURLToPath(new URL('../bin/lognormalizer.mjs', import.meta.url));
const RULES = v2('rule=tag:a %x:word% %n:number%', 'rule=:b', 'rule=tag,other:c');
const INPUT = 'a w 5\nb\nz/z\nc\n';
const EVENTS = { a: '{ "n": "5", "x": "w" }\n', b: '{ }\n', z: '{ "originalmsg": "z\\/z", "unparsed-data": "z\\/z" }\n', c: '{ }\n' };

function directoryOf(t: TestContext, rules = RULES): string {
  const directory = mkdtempSync(join(tmpdir(), 'lognorm-cli-'));
  t.after(() => rmSync(directory, { recursive: true }));
  writeFileSync(join(directory, 'r.rb'), rules);
  return directory;
}

function run(t: TestContext, ...argv: string[]): CommandResult {
  return runCommand(argv, { directory: directoryOf(t), input: INPUT });
}

test('one event per line', (t) => {
  assert.deepEqual(run(t, '-r', 'r.rb'), { code: 0, stdout: EVENTS.a + EVENTS.b + EVENTS.z + EVENTS.c, stderr: '' });
  assert.equal(run(t, '-rr.rb').stdout, EVENTS.a + EVENTS.b + EVENTS.z + EVENTS.c);
});
test('rules on the command line', (t) => {
  assert.equal(run(t, '-R', 'rule=:%x:rest%').stdout.split('\n')[1], '{ "x": "b" }');
  assert.equal(run(t, '-R', '').code, 0);
});
test('exactly one rulebase must be given', (t) => {
  assert.deepEqual(run(t), { code: 1, stdout: '', stderr: 'Samples repository or String must be given (-r or -R)\n' });
  assert.equal(run(t, '-r', 'r.rb', '-R', 'rule=:a').code, 1);
});
test('-p and -P: the last one wins', (t) => {
  assert.equal(run(t, '-r', 'r.rb', '-p').stdout, EVENTS.a + EVENTS.b + EVENTS.c);
  assert.equal(run(t, '-r', 'r.rb', '-P').stdout, EVENTS.z);
  assert.equal(run(t, '-r', 'r.rb', '-p', '-P').stdout, EVENTS.z);
  assert.equal(run(t, '-r', 'r.rb', '-Pp').stdout, EVENTS.a + EVENTS.b + EVENTS.c);
});
test('-t: only events with the tag, the rest is counted', (t) => {
  assert.deepEqual(run(t, '-r', 'r.rb', '-t', 'tag', '-HU'), {
    code: 0,
    stdout: EVENTS.a + EVENTS.c,
    stderr: '2 entries with wrong tag dropped\n2 records processed, 2 parsed, 0 unparsed\n',
  });
  assert.equal(run(t, '-r', 'r.rb', '-ttag', '-tother').stdout, EVENTS.c);
});
test('-L, -H, -U', (t) => {
  const result = run(t, '-r', 'r.rb', '-LHU');
  assert.equal(result.stdout.split('\n')[2], '{ "originalmsg": "z\\/z", "unparsed-data": "z\\/z", "lognormalizer.line_nbr": 3 }');
  assert.equal(result.stderr, '1 unparsable entries\n4 records processed, 3 parsed, 1 unparsed\n');
  assert.equal(run(t, '-r', 'r.rb', '-U', '-R').code, 1);
  assert.match(run(t, '-r', 'r.rb', '-L', '-exml').stdout, /<field name="lognormalizer.line_nbr"><value>3<\/value>/);
  assert.match(run(t, '-r', 'r.rb', '-L', '-eraw').stdout, /^z\/z$/m);
});
test('-T and -o', (t) => {
  assert.match(run(t, '-r', 'r.rb', '-T').stdout, /"event.tags": \[ "tag" \]/);
  assert.match(
    run(t, '-r', 'r.rb', '-oaddRule', '-o', 'addRuleLocation').stdout,
    /"mockup": "a %x:word% %n:number%", "location": \{ "file": "r.rb", "line": 2 \}/,
  );
  assert.match(run(t, '-r', 'r.rb', '-oaddOriginalMsg').stdout, /"originalmsg": "a w 5"/);
  assert.equal(run(t, '-r', 'r.rb', '-oaddExecPath', '-oallowRegex').code, 0);
  assert.deepEqual(run(t, '-r', 'r.rb', '-o', 'nope'), { code: 1, stdout: '', stderr: `invalid -o option 'nope'\n` });
});
test('-V, -h and unknown options exit with 1', (t) => {
  assert.match(run(t, '-V').stderr, new RegExp(`version: ${VERSION.replaceAll('.', '\\.')}`));
  assert.match(run(t, '-h').stderr, /^Usage/);
  assert.match(run(t, '-r', 'r.rb', '-Z').stderr, /invalid option -- 'Z'/);
  assert.match(run(t, '-r', 'r.rb', '-e').stderr, /requires an argument -- 'e'/);
  for (const argv of [['-V'], ['-h'], ['-r', 'r.rb', '-Z'], ['-r', 'r.rb', '-e']]) assert.equal(run(t, ...argv).code, 1);
  assert.equal(run(t, '-r', 'r.rb', 'extra').code, 0);
});
test('a rulebase that cannot be loaded', (t) => {
  const missing = run(t, '-r', 'missing.rb');
  assert.equal(missing.code, 1);
  assert.match(missing.stderr, /^liblognorm error: rulebase file missing.rb\[0\]: cannot open.*\nfatal error: cannot load rulebase\n$/);
  const failing = runCommand(['-r', 'r.rb'], { directory: directoryOf(t, v2('include=nope')) });
  assert.equal(failing.code, 1);
  assert.match(failing.stderr, /rulebase file r.rb\[2\]: cannot include 'nope'/);
  assert.equal(runCommand(['-r', 'r.rb'], { directory: directoryOf(t, '') }).code, 1);
});
test('bad rules are reported and skipped', (t) => {
  const result = runCommand(['-r', 'r.rb'], { directory: directoryOf(t, v2('foo=1', 'rule=:%a:nope%', 'rule=:%b:word%')), input: 'x\n' });
  assert.deepEqual(result, {
    code: 0,
    stdout: '{ "b": "x" }\n',
    stderr: `liblognorm error: rulebase file r.rb[2]: invalid record type detected: 'foo'\nliblognorm error: rulebase file r.rb[3]: invalid field type 'nope'\n`,
  });
});
test('lines: CR before LF, empty ones, NUL, no LF at the end, invalid UTF-8', (t) => {
  const input = Buffer.concat([Buffer.from('a\r\n\nb\r\r\nc\0d\n'), Buffer.from([0xff, 10]), Buffer.from('last')]);
  const result = runCommand(['-R', 'rule=:%x:rest%'], { directory: directoryOf(t), input });
  assert.equal(result.stdout, '{ "x": "a" }\n{ "x": "" }\n{ "x": "b\\r" }\n{ "x": "c" }\n{ "x": "\ufffd" }\n{ "x": "last" }\n');
});
test('graph and statistics files', (t) => {
  for (const rules of [RULES, v1('rule=:a %x:word%', 'rule=:b %r:rest%')]) {
    const directory = directoryOf(t, rules);
    const read = (name: string): string => readFileSync(join(directory, name), 'utf8');
    assert.deepEqual(runCommand(['-r', 'r.rb', '-d', 'g.dot'], { directory, input: INPUT }), { code: 1, stdout: '', stderr: '' });
    assert.match(read('g.dot'), /^digraph pdag \{\n(n\d+ .*\n)+\}\n$/);
    const result = runCommand(['-r', 'r.rb', '-s', 's', '-S', 'S', '-xx'], { directory, input: INPUT });
    assert.equal(result.code, 0);
    assert.match(read('s'), /number types: 0/);
    assert.match(read('S'), /called, backtracked, rule/);
    assert.match(read('x'), /^digraph pdag \{/);
  }
  const directory = directoryOf(t);
  runCommand(['-r', 'r.rb', '-S', 'S', '-x', 'x'], { directory, input: INPUT });
  assert.match(readFileSync(join(directory, 'S'), 'utf8'), /^1, 0, a %x:word% %n:number%$/m);
  assert.match(readFileSync(join(directory, 'S'), 'utf8'), /^4, 1, $/m);
});
test('-v and -vvv debug on standard error', (t) => {
  assert.match(run(t, '-r', 'r.rb', '-v').stderr, /To normalize: 'a w 5'\nnormalized: '\{ "n": "5"/);
  assert.match(run(t, '-r', 'r.rb', '-vvv').stderr, /component main:\n node 0\n/);
});
test('--explain', (t) => {
  const { stdout } = run(t, '-r', 'r.rb', '--explain');
  assert.match(stdout, /^line: z\/z\nno rule matches; those that get furthest, 3 of 3:/);
});

test('as a process: streaming, exit codes, a reader that goes away', async (t) => {
  const directory = directoryOf(t);
  const spawned = spawnSync(process.execPath, [BIN, '-r', 'r.rb', '-H'], { cwd: directory, input: INPUT, encoding: 'utf8' });
  assert.equal(spawned.stdout, EVENTS.a + EVENTS.b + EVENTS.z + EVENTS.c);
  assert.equal(spawned.stderr, '4 records processed, 3 parsed, 1 unparsed\n');
  assert.equal(spawned.status, 0);
  assert.equal(spawnSync(process.execPath, [BIN], { input: '' }).status, 1);

  // An event comes out before the input has ended.
  const child = spawn(process.execPath, [BIN, '-r', 'r.rb'], { cwd: directory, stdio: ['pipe', 'pipe', 'inherit'] });
  t.after(() => child.kill());
  child.stdin.write('b\n');
  const [first] = (await new Promise<Buffer[]>((resolve) => child.stdout.once('data', (data: Buffer) => resolve([data])))) as [Buffer];
  assert.equal(first.toString(), EVENTS.b);
  child.stdin.end();
  assert.equal(await new Promise((resolve) => child.once('exit', resolve)), 0);

  const piped = spawnSync('sh', ['-c', `yes 'a w 5' | head -n 200000 | '${process.execPath}' '${BIN}' -r r.rb | head -n 1`], {
    cwd: directory,
    encoding: 'utf8',
  });
  assert.deepEqual([piped.stdout, piped.stderr], [EVENTS.a, '']);
});
test('very long lines and many lines', (t) => {
  const directory = directoryOf(t, v2('rule=:%x:rest%'));
  const lines = [1, 65_535, 65_536, 262_143, 262_144, 1_000_000].map((length) => 'y'.repeat(length));
  const { stdout } = runCommand(['-r', 'r.rb', '-eraw'], { directory, input: lines.map((line) => `${line}\n`).join('') });
  assert.ok(stdout === lines.map((line) => `${line}\n`).join(''));
});
