import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { openDataDir } from '../component/data-dir.ts';
import { recoverAdminKey } from './admin-key.ts';
import { startControl } from './control.testing.ts';
import type { ControlFixture } from './control.testing.ts';
import { OPERATOR_READY } from './names.ts';

async function withTenant(t: TestContext): Promise<ControlFixture> {
  const fixture = await startControl(t);
  for (const id of ['t', 'u']) await fixture.control.tenants.create(id);
  return fixture;
}

test('a key stands for its role and tenant; its text is given once and kept nowhere', async (t) => {
  const fixture = await withTenant(t);
  const { keys } = fixture.control;
  const made = await keys.create('t', { name: 'ci', role: 'reader' });
  assert.match(made.key, /^msk_[A-Za-z0-9_-]{43}$/);
  const { key, ...rest } = made;
  const record = { id: made.id, name: 'ci', role: 'reader', expires_at: null, created_at: '2026-11-23T10:00:30.000000Z', last_used: null };
  assert.deepEqual(rest, record);
  assert.deepEqual(keys.list('t'), [record]);
  assert.deepEqual(keys.authenticate(key), { keyId: made.id, role: 'reader', tenant: 't' });
  const operator = await keys.create(null, { name: 'op', role: 'admin' });
  assert.deepEqual(keys.authenticate(operator.key), { keyId: operator.id, role: 'admin', tenant: null });
  assert.deepEqual(keys.list('u'), []);
  assert.equal(keys.list(null).length, 1);
  const stored = JSON.stringify([...fixture.store.list('')]);
  for (const text of [key, operator.key]) assert.equal(stored.includes(text.slice(4)), false);
  await fixture.restart();
  assert.deepEqual(fixture.control.keys.authenticate(key), { keyId: made.id, role: 'reader', tenant: 't' });
});

test('other texts are nobody', async (t) => {
  const { control } = await withTenant(t);
  const { key, id } = await control.keys.create('t', { name: 'k', role: 'reader' });
  const others = [
    '',
    'msk_',
    id,
    key.slice(0, -1),
    `${key}A`,
    ` ${key}`,
    `msk_${'A'.repeat(43)}`,
    key.toUpperCase(),
    '\ud800',
    'x'.repeat(1e6),
    '__proto__',
  ];
  for (const text of others) assert.equal(control.keys.authenticate(text), undefined);
});

test('what a key may not be is refused', async (t) => {
  const { control } = await withTenant(t);
  const bad: [string | null, object][] = [
    [null, { name: 'k', role: 'reader' }],
    [null, { name: 'k', role: 'tenant_admin' }],
    ['t', { name: 'k', role: 'admin' }],
    ['t', { name: 'k', role: '__proto__' }],
    ['t', { name: '', role: 'reader' }],
    ['t', { role: 'reader' }],
    ['t', { name: 'k', role: 'reader', expires_at: 'tomorrow' }],
    ['t', { name: 'k', role: 'reader', expires_at: '2026-11-23' }],
    ['t', { name: 'k', role: 'reader', expires_at: '2026-11-23T10:00:30Z' }],
    ['t', { name: 'k', role: 'reader', expires_at: '2027-13-01T00:00:00Z' }],
    ['t', { name: 'k', role: 'reader', expires_at: 5 }],
  ];
  for (const [tenant, key] of bad) await assert.rejects(control.keys.create(tenant, key as never), { code: 'bad_request' });
  await assert.rejects(control.keys.create('absent', { name: 'k', role: 'reader' }), { code: 'tenant_not_found' });
  assert.throws(() => control.keys.list('absent'), { code: 'tenant_not_found' });
});

test('a revoked key is nobody at once, and its streams end; nobody revokes the keys of another tenant', async (t) => {
  const { control } = await withTenant(t);
  const { key, id } = await control.keys.create('t', { name: 'k', role: 'reader' });
  const ended: string[] = [];
  control.keys.onRevoked(id, () => ended.push('a'));
  control.keys.onRevoked(id, () => ended.push('b'))();
  for (const other of ['u', null]) await assert.rejects(control.keys.revoke(other, id), { code: 'key_not_found' });
  for (const other of ['', 'x', '../x', '__proto__', '\ud800'])
    await assert.rejects(control.keys.revoke('t', other), { code: 'key_not_found' });
  assert.ok(control.keys.authenticate(key));
  await control.keys.revoke('t', id);
  assert.equal(control.keys.authenticate(key), undefined);
  assert.deepEqual(ended, ['a']);
  await assert.rejects(control.keys.revoke('t', id), { code: 'key_not_found' });
  await new Promise<void>((resolve) => {
    control.keys.onRevoked(id, resolve);
    // The timer of an ended key holds no process open; the test waits for it.
    setImmediate(() => setTimeout(() => {}, 50));
  });
});

test('the streams of a deleted tenant end', async (t) => {
  const { control } = await withTenant(t);
  const { id } = await control.keys.create('t', { name: 'k', role: 'reader' });
  let ended = false;
  control.keys.onRevoked(id, () => (ended = true));
  await control.tenants.delete('t');
  assert.equal(ended, true);
});

test('a key ends when it expires', async (t) => {
  const fixture = await withTenant(t);
  const { keys } = fixture.control;
  const made = await keys.create('t', { name: 'k', role: 'reader', expires_at: new Date(fixture.now + 20).toISOString() });
  const far = await keys.create('t', { name: 'k', role: 'reader', expires_at: '2126-01-01T00:00:00Z' });
  let farEnded = false;
  keys.onRevoked(far.id, () => (farEnded = true));
  assert.ok(keys.authenticate(made.key));
  const alive = setInterval(() => {}, 1000);
  await new Promise<void>((resolve) => keys.onRevoked(made.id, resolve));
  clearInterval(alive);
  fixture.now += 20;
  assert.equal(keys.authenticate(made.key), undefined);
  assert.ok(keys.authenticate(far.key));
  assert.equal(farEnded, false);
  assert.equal(keys.list('t').length, 2);
});

test('the last use is kept to the minute, and written at the latest at close', async (t) => {
  const fixture = await withTenant(t);
  const { key } = await fixture.control.keys.create('t', { name: 'k', role: 'reader' });
  const gone = await fixture.control.keys.create('t', { name: 'gone', role: 'reader' });
  fixture.now += 90_000;
  for (const text of [key, gone.key, key]) fixture.control.keys.authenticate(text);
  assert.equal(fixture.control.keys.list('t')[0]?.last_used, '2026-11-23T10:02:00.000000Z');
  await fixture.control.keys.revoke('t', gone.id);
  await fixture.restart();
  assert.deepEqual(
    fixture.control.keys.list('t').map((one) => [one.name, one.last_used]),
    [['k', '2026-11-23T10:02:00.000000Z']],
  );
});

test('the first start makes admin.key, the next ones nothing', async (t) => {
  const fixture = await startControl(t);
  const path = join(fixture.directory, 'admin.key');
  await fixture.control.keys.ensureAdmin(fixture.directory);
  const text = readFileSync(path, 'utf8');
  assert.match(text, /^msk_[A-Za-z0-9_-]{43}\n$/);
  assert.equal(statSync(path).mode & 0o777, 0o600);
  const principal = fixture.control.keys.authenticate(text.trim());
  assert.equal(principal?.role, 'admin');
  assert.equal(principal?.tenant, null);
  await fixture.control.keys.revoke(null, principal!.keyId);
  rmSync(path);
  await fixture.restart();
  await fixture.control.keys.ensureAdmin(fixture.directory);
  assert.deepEqual(readdirSync(fixture.directory), ['control']);
  assert.deepEqual(fixture.control.keys.list(null), []);
});

test('a first start that was cut off keeps the key it had written', async (t) => {
  const fixture = await startControl(t);
  const path = join(fixture.directory, 'admin.key');
  const text = `msk_${'B'.repeat(43)}`;
  writeFileSync(path, `${text}\n`);
  chmodSync(path, 0o644);
  await fixture.control.keys.ensureAdmin(fixture.directory);
  assert.equal(statSync(path).mode & 0o777, 0o600);
  assert.equal(fixture.control.keys.authenticate(text)?.role, 'admin');
  await fixture.store.delete(OPERATOR_READY);
  await fixture.control.keys.ensureAdmin(fixture.directory);
  assert.equal(fixture.control.keys.list(null).length, 1);
});

test('key recover makes another admin.key, but not while the service runs', async (t) => {
  const fixture = await startControl(t);
  await fixture.control.keys.ensureAdmin(fixture.directory);
  const path = join(fixture.directory, 'admin.key');
  const old = readFileSync(path, 'utf8').trim();
  const lock = await openDataDir(fixture.directory);
  await assert.rejects(recoverAdminKey(fixture.directory), { code: 'data_dir_in_use' });
  assert.equal(readFileSync(path, 'utf8').trim(), old);
  await fixture.control.close();
  await lock.close();
  rmSync(path);
  assert.equal(await recoverAdminKey(fixture.directory), path);
  await fixture.restart();
  const text = readFileSync(path, 'utf8').trim();
  assert.equal(statSync(path).mode & 0o777, 0o600);
  assert.equal(fixture.control.keys.authenticate(text)?.role, 'admin');
  assert.ok(fixture.control.keys.authenticate(old));
  const empty = join(fixture.directory, 'empty');
  mkdirSync(empty);
  for (const wrong of [empty, join(empty, 'absent')]) await assert.rejects(recoverAdminKey(wrong), { code: 'bad_configuration' });
  assert.deepEqual(readdirSync(empty), []);
});
