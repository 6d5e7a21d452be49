import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { processIo } from '../io.ts';
import { createProgram } from '../program.ts';
import { bashCompletion } from './bash.ts';
import { fishCompletion } from './fish.ts';
import { allNodes, treeOf } from './tree.ts';
import { zshCompletion } from './zsh.ts';

const program = createProgram(processIo());

/** What bash would offer after these words; the last one is being typed. */
function offered(...words: readonly string[]): string[] {
  const script = `${bashCompletion(program)}
COMP_WORDS=(meniscus ${words.map((word) => `'${word}'`).join(' ')}); COMP_CWORD=${words.length}
_meniscus; printf '%s\\n' "\${COMPREPLY[@]}"`;
  return execFileSync('bash', ['-c', script], { encoding: 'utf8' })
    .split('\n')
    .filter((line) => line !== '');
}

test('bash completes commands, commands below them, options and their choices', () => {
  assert.deepEqual(offered('tena'), ['tenant']);
  assert.deepEqual(offered('tenant', 'cre'), ['create']);
  assert.deepEqual(offered('--tenant', 'acme', 'dead-letters', 're'), ['redrive']);
  assert.deepEqual(offered('search', '--li'), ['--limit']);
  assert.deepEqual(offered('search', '--order', ''), ['desc', 'asc']);
  assert.deepEqual(offered('export', '--format', 'c'), ['csv']);
  assert.deepEqual(offered('send', '--format', ''), ['auto', 'text', 'json']);
  assert.deepEqual(offered('count', '--output', 'nd'), ['ndjson']);
});

test('the scripts name every command, and their shells take them', () => {
  const names = allNodes(treeOf(program)).flatMap((node) => node.path.slice(-1));
  for (const [shell, script] of [
    ['bash', bashCompletion(program)],
    ['zsh', zshCompletion(program)],
    ['fish', fishCompletion(program)],
  ] as const) {
    for (const name of names) assert.ok(script.includes(name), `${shell}: ${name}`);
    // zsh and fish are checked where they are installed.
    const check = spawnSync(shell, ['-n'], { input: script, encoding: 'utf8' });
    if (check.error === undefined) assert.equal(check.stderr, '', shell);
  }
});
