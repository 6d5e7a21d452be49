import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { Client, MeniscusProcess, repository, startProcess, temporaryDirectory, until, type RunFile } from '@meniscus/testkit';
import { setUp } from './support/setup.ts';

test('run.json has the addresses, the keys are private, and a clean stop removes it', async (t) => {
  const { service } = await setUp(t);
  const { run, dataDir } = service;
  assert.equal(run.pid, service.child.pid);
  assert.match(run.http, /^http:\/\/127\.0\.0\.1:\d+$/);
  assert.match(run.syslog.tcp, /^127\.0\.0\.1:\d+$/);
  assert.equal(run.syslog.tcp, run.syslog.udp);
  assert.ok(run.listeners.some(({ type }) => type === 'syslog'));
  assert.equal(statSync(dataDir).mode & 0o777, 0o700);
  assert.equal(statSync(path.join(dataDir, 'admin.key')).mode & 0o777, 0o600);
  assert.ok(!service.output.includes(service.adminKey), 'the administrator key was logged');
  assert.equal(await service.end('SIGTERM'), 0);
  assert.ok(!existsSync(path.join(dataDir, 'run.json')));
});

test('SIGINT ends it cleanly, and what was acknowledged is there after the next start', async (t) => {
  const { service, client, tenant } = await setUp(t);
  await client.publish(tenant, { msg: 'before the stop' });
  assert.equal(await service.end('SIGINT'), 0);
  const again = await startProcess(t, { dataDir: service.dataDir });
  assert.equal(await new Client(again).count(tenant.id, 'stop'), 1);
});

test('a second process on the same data directory is refused, the first goes on', async (t) => {
  const { service, client } = await setUp(t);
  const second = new MeniscusProcess({ dataDir: service.dataDir });
  await once(second.child, 'exit');
  assert.notEqual(second.child.exitCode, 0);
  assert.match(second.output, /data directory/i);
  assert.match(second.output, new RegExp(String(service.run.pid)));
  assert.equal((await client.call('/livez')).status, 200);
});

test('a stale run.json of a crash is replaced', async (t) => {
  const dataDir = temporaryDirectory(t);
  writeFileSync(path.join(dataDir, 'run.json'), JSON.stringify({ pid: 1, http: 'http://127.0.0.1:1' }));
  const service = await startProcess(t, { dataDir });
  assert.equal(service.run.pid, service.child.pid);
});

test('a port in use and a wrong option are clear errors', async (t) => {
  const { service } = await setUp(t);
  const port = service.run.http.split(':').at(-1)!;
  for (const [args, text] of [
    [['--http-port', port], /port|address|listen/i],
    [['--no-such-option', '1'], /no-such-option/],
    [['--http-port', 'abc'], /http-port|http_port/],
  ] as const) {
    const other = new MeniscusProcess({ dataDir: temporaryDirectory(t), args });
    await once(other.child, 'exit');
    assert.notEqual(other.child.exitCode, 0);
    assert.match(other.output, text);
  }
});

test('SIGTERM sent to npm reaches the service', async (t) => {
  const dataDir = temporaryDirectory(t);
  const args = ['start', '--silent', '--', '--data-dir', dataDir, '--http-port', '0', '--syslog-port', '0'];
  const npm = spawn('npm', args, { cwd: repository, stdio: 'ignore', detached: true });
  t.after(() => {
    if (npm.exitCode === null && npm.signalCode === null) process.kill(-npm.pid!, 'SIGKILL');
  });
  const run = await until('run.json', () => {
    const file = path.join(dataDir, 'run.json');
    return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as RunFile) : undefined;
  });
  npm.kill('SIGTERM');
  await until('the service to end', () => !existsSync(`/proc/${run.pid}`) && !existsSync(path.join(dataDir, 'run.json')));
});
