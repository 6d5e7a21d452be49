import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import { fakeService } from '../testing/fake-service.testing.ts';
import { runCommand } from '../testing/run-command.testing.ts';

function folder(t: TestContext): string {
  const directory = mkdtempSync(path.join(tmpdir(), 'meniscus-cli-'));
  t.after(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

const refused = { status: 401, body: { title: 'An API key is required', status: 401, code: 'not_authenticated' } };
const forbidden = { status: 403, body: { title: 'The API key may not do this', status: 403, code: 'forbidden' } };

test('login keeps address, key and tenant in a file for the user alone; later commands use it', async (t) => {
  const service = await fakeService(t, { 'GET /v1/tenant/acme': { body: {} }, 'POST /v1/tenant/acme/count': { body: { count: 7 } } });
  const env = { XDG_CONFIG_HOME: folder(t) };
  const login = await runCommand(['login', '--url', service.url, '--tenant', 'acme'], { env, stdin: 'msk_secret\n' });
  assert.equal(login.code, 0, login.stderr);
  assert.ok(!`${login.stdout}${login.stderr}`.includes('msk_secret'));
  const file = path.join(env.XDG_CONFIG_HOME, 'meniscus', 'profiles.json');
  assert.equal(statSync(file).mode & 0o777, 0o600);
  assert.equal(statSync(path.dirname(file)).mode & 0o777, 0o700);
  const count = await runCommand(['count'], { env });
  assert.equal(count.stdout, '7\n');
  assert.equal(service.requests.at(-1)!.headers.authorization, 'Bearer msk_secret');
});

test('a key that the service refuses is not kept; a tenant key needs its tenant', async (t) => {
  const service = await fakeService(t, {
    'GET /v1/tenants': ({ headers }) => (headers.authorization === 'Bearer msk_tenant' ? forbidden : refused),
  });
  const env = { XDG_CONFIG_HOME: folder(t) };
  const key = path.join(env.XDG_CONFIG_HOME, 'key');
  writeFileSync(key, 'msk_wrong');
  assert.equal((await runCommand(['login', '--url', service.url, '--api-key-file', key], { env })).code, 1);
  const tenant = await runCommand(['login', '--url', service.url], { env, stdin: 'msk_tenant' });
  assert.equal(tenant.code, 1);
  assert.match(tenant.stderr, /--tenant ID/);
  assert.throws(() => readFileSync(path.join(env.XDG_CONFIG_HOME, 'meniscus', 'profiles.json')), /ENOENT/);
});

test('profiles are listed without keys, chosen and removed', async (t) => {
  const service = await fakeService(t, { 'GET /v1/tenants': { body: { tenants: [] } } });
  const env = { XDG_CONFIG_HOME: folder(t) };
  const names = ['one', '__proto__'];
  for (const name of names) await runCommand(['login', '--url', service.url, '--profile', name], { env, stdin: `msk_${name}` });
  const list = await runCommand(['login', 'list', '-o', 'json'], { env });
  const { profiles } = JSON.parse(list.stdout) as { profiles: { name: string; current: boolean }[] };
  assert.deepEqual(
    profiles.map(({ name, current }) => [name, current]),
    [
      ['one', false],
      ['__proto__', true],
    ],
  );
  assert.ok(!list.stdout.includes('msk_'));
  assert.equal((await runCommand(['login', 'use', 'one'], { env })).code, 0);
  assert.equal((await runCommand(['tenant', 'list', '-o', 'ndjson'], { env })).code, 0);
  assert.equal(service.requests.at(-1)!.headers.authorization, 'Bearer msk_one');
  assert.equal((await runCommand(['login', 'remove', 'one'], { env })).code, 0);
  assert.equal((await runCommand(['login', 'remove', 'one'], { env })).code, 1);
});
