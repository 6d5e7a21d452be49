import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { Client, repository, temporaryDirectory, until, type RunFile } from '@meniscus/testkit';

test('the demo fills itself by syslog and HTTP, says what to type next, and stops cleanly on Ctrl-C', async (t) => {
  const dataDir = path.join(temporaryDirectory(t), 'demo');
  const args = ['scripts/demo.ts', '--data-dir', dataDir, '--http-port', '0', '--syslog-port', '0', '--rate', '100'];
  const demo = spawn(process.execPath, args, { cwd: repository, stdio: ['ignore', 'pipe', 'pipe'] });
  t.after(() => void demo.kill('SIGKILL'));
  let said = '';
  for (const stream of [demo.stdout, demo.stderr]) stream.on('data', (chunk: Buffer) => void (said += chunk.toString()));
  await until('the demo to be ready', () => said.includes('Ctrl-C here stops'), 60_000);
  assert.match(said, /npx meniscus search/);
  const run = JSON.parse(readFileSync(path.join(dataDir, 'run.json'), 'utf8')) as RunFile;
  const client = new Client({ run, adminKey: readFileSync(path.join(dataDir, 'admin.key'), 'utf8').trim() });
  for (const query of ['app:checkout', 'app:nginx demo@32473.status:200', 'app:sshd failed', 'level:error'])
    assert.ok((await client.count('demo', query)) > 0, query);
  const before = await client.count('demo');
  await until('more events', async () => (await client.count('demo')) > before);
  const { body } = await client.call<{ dead_letters: unknown[] }>('/v1/dead-letters');
  assert.deepEqual(body.dead_letters, []);
  const exited = once(demo, 'exit');
  demo.kill('SIGINT');
  assert.deepEqual(await exited, [0, null]);
  assert.ok(!existsSync(path.join(dataDir, 'run.json')));
});
