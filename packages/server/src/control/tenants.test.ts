import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Control } from './control.ts';
import { startControl } from './control.testing.ts';
import { ownedKey, TENANT_NUMBERS } from './names.ts';
import type { TenantChange } from './tenant.ts';

const UUID4 = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

test('a new tenant', async (t) => {
  const fixture = await startControl(t);
  const { tenants } = fixture.control;
  const made = await tenants.create('t1');
  assert.match(made.token.valid, UUID4);
  assert.deepEqual(made, {
    tenant_id: 't1',
    tenant_name: 't1',
    created_at: '2026-11-23T10:00:30.000000Z',
    event_producers: [],
    token: { valid: made.token.valid, previous: null, last_changed: '2026-11-23T10:00:30.000000Z' },
    settings: { retention_days: 90 },
  });
  assert.deepEqual(tenants.get('t1'), made);
  assert.equal((await tenants.create('t2', 'Second')).tenant_name, 'Second');
  assert.deepEqual(
    [...tenants.list()].map((one) => one.tenant_id),
    ['t1', 't2'],
  );
  await assert.rejects(tenants.create('t1'), { code: 'tenant_exists', title: 'Tenant with tenant_id t1 already exists' });
  await fixture.restart();
  assert.deepEqual(fixture.control.tenants.get('t1'), made);
});

test('any text is an id, but what cannot be addressed', async (t) => {
  const { control } = await startControl(t);
  const ids = [
    'a'.repeat(256),
    '😀'.repeat(256),
    '__proto__',
    'constructor',
    '../../etc/passwd',
    'a/b',
    'A',
    '...',
    ' ',
    '\0',
    '\n',
    '%2e',
    '*',
    "'; DROP",
  ];
  for (const id of ids) await control.tenants.create(id);
  for (const id of ids) assert.equal(control.tenants.get(id)?.tenant_id, id);
  assert.equal(new Set(ids.map((id) => control.tenants.view(id)?.number)).size, ids.length);
  for (const id of ['', '.', '..', 'a'.repeat(257), '😀'.repeat(257), '\ud800', 'x\udc00', 'x'.repeat(1e6)]) {
    await assert.rejects(control.tenants.create(id), { code: 'bad_request' });
    assert.equal(control.tenants.get(id), undefined);
    await assert.rejects(control.tenants.updateSettings(id, {}), { code: 'tenant_not_found' });
    await assert.rejects(control.tenants.delete(id), { code: 'tenant_not_found' });
  }
  await assert.rejects(control.tenants.create('ok', ''), { code: 'bad_request' });
});

test('of callers that create one id at the same time one gets it', async (t) => {
  const { control } = await startControl(t);
  const results = await Promise.allSettled(Array.from({ length: 10 }, async () => await control.tenants.create('t')));
  assert.equal(results.filter((one) => one.status === 'fulfilled').length, 1);
  for (const one of results) if (one.status === 'rejected') assert.equal((one.reason as { code: string }).code, 'tenant_exists');
});

test('a deleted id can be used again at once, as another tenant that owns nothing of the first', async (t) => {
  const fixture = await startControl(t);
  const { control } = fixture;
  const first = await control.tenants.create('t');
  const number = control.tenants.view('t')!.number;
  await control.tenants.addProducer('t', { name: 'p', pattern: 'p' });
  const { key } = await control.keys.create('t', { name: 'k', role: 'reader' });
  await fixture.store.put(ownedKey(number, 'saved-search', 's'), {});
  await fixture.store.put(ownedKey(number, 'rulebase', 'r'), {});
  await control.tenants.delete('t');
  assert.equal(control.tenants.view('t'), undefined);
  assert.equal(control.keys.authenticate(key), undefined);
  assert.deepEqual([...fixture.store.list('of/')], []);
  await assert.rejects(control.tenants.delete('t'), { code: 'tenant_not_found' });
  const again = await control.tenants.create('t');
  assert.notEqual(again.token.valid, first.token.valid);
  assert.ok(control.tenants.view('t')!.number > number);
  assert.equal(control.keys.authenticate(key), undefined);
  assert.equal((await control.tenants.addProducer('t', { name: 'p', pattern: 'p' })).id, 1);
});

test('what a deletion left behind that was cut off is removed at the next start, and void before', async (t) => {
  const fixture = await startControl(t);
  await fixture.control.tenants.create('t');
  const { key } = await fixture.control.keys.create('t', { name: 'k', role: 'tenant_admin' });
  await fixture.store.delete('tenant/t');
  await fixture.control.tenants.create('t');
  assert.equal(fixture.control.keys.authenticate(key), undefined);
  const kept = await fixture.control.keys.create('t', { name: 'k2', role: 'reader' });
  await fixture.restart();
  assert.equal([...fixture.store.list('of/')].length, 1);
  assert.equal(fixture.control.keys.authenticate(kept.key)?.tenant, 't');
});

test('internal numbers never come twice, over restarts and other writers', async (t) => {
  const fixture = await startControl(t);
  const seen = new Set<number>();
  for (let round = 0; round < 3; round++) {
    for (let i = 0; i < 3; i++) {
      await fixture.control.tenants.create('t');
      seen.add(fixture.control.tenants.view('t')!.number);
      await fixture.control.tenants.delete('t');
    }
    await fixture.store.put(TENANT_NUMBERS, fixture.store.get<number>(TENANT_NUMBERS)!.value + 1);
    await fixture.restart();
  }
  assert.equal(seen.size, 9);
});

test('settings are merged and checked', async (t) => {
  const { control } = await startControl(t);
  await control.tenants.create('t');
  assert.deepEqual(await control.tenants.updateSettings('t', {}), { retention_days: 90 });
  assert.deepEqual(await control.tenants.updateSettings('t', { retention_days: 1 }), { retention_days: 1 });
  assert.deepEqual(await control.tenants.updateSettings('t', {}), { retention_days: 1 });
  assert.equal(control.tenants.view('t')?.settings.retention_days, 1);
  await control.tenants.updateSettings('t', { retention_days: 36_500 });
  for (const bad of [0, -1, 1.5, 36_501, '7', null, Number.NaN, [1]]) {
    await assert.rejects(control.tenants.updateSettings('t', { retention_days: bad } as never), { code: 'bad_request' });
  }
  for (const bad of [{ retention: 1 }, JSON.parse('{"__proto__": 1}'), [], null, 'x']) {
    await assert.rejects(control.tenants.updateSettings('t', bad as never), { code: 'bad_request' });
  }
  assert.equal(control.tenants.get('t')?.settings.retention_days, 36_500);
  await assert.rejects(control.tenants.updateSettings('absent', {}), { code: 'tenant_not_found' });
});

function views(changes: readonly TenantChange[]): string[] {
  return changes.map((change) => (change.type === 'put' ? `+${change.tenant.id}` : `-${change.id}`));
}

test('subscribers get what there is, then each change before its call resolves', async (t) => {
  const { control } = await startControl(t);
  await control.tenants.create('a');
  const heard: string[] = [];
  let applied = 0;
  const end = control.subscribe(async (changes) => {
    heard.push(...views(changes));
    await new Promise((resolve) => setImmediate(resolve));
    applied += changes.length;
  });
  assert.deepEqual(heard, ['+a']);
  const changes: ((control: Control) => Promise<unknown>)[] = [
    (c) => c.tenants.create('b'),
    (c) => c.tenants.resetToken('b', true),
    (c) => c.tenants.addProducer('b', { name: 'p', pattern: 'p' }),
    (c) => c.tenants.updateProducer('b', 1, { name: 'p', pattern: 'q' }),
    (c) => c.tenants.removeProducer('b', 1),
    (c) => c.tenants.updateSettings('b', { retention_days: 2 }),
    (c) => c.tenants.delete('b'),
  ];
  for (const [i, change] of changes.entries()) {
    await change(control);
    assert.equal(applied, i + 2);
  }
  assert.deepEqual(heard, ['+a', '+b', '+b', '+b', '+b', '+b', '+b', '-b']);
  end();
  await control.tenants.create('c');
  assert.equal(heard.length, 8);
});

test('a subscriber that hangs or fails holds nobody for long', async (t) => {
  const fixture = await startControl(t);
  fixture.control.subscribe(() => new Promise(() => {}));
  fixture.control.subscribe(() => {
    throw new Error('broken');
  });
  assert.equal((await fixture.control.tenants.create('t')).tenant_id, 't');
  assert.equal(fixture.errors.length, 2);
});

test('ten thousand tenants are loaded and listed', async (t) => {
  const fixture = await startControl(t);
  await Promise.all(Array.from({ length: 10_000 }, async (_, i) => await fixture.control.tenants.create(`tenant-${i}`)));
  await fixture.restart();
  assert.equal([...fixture.control.tenants.list()].length, 10_000);
  assert.equal(fixture.control.tenants.view('tenant-9999')?.id, 'tenant-9999');
  assert.equal(new Set([...fixture.control.tenants.list()].map((one) => fixture.control.tenants.view(one.tenant_id)?.number)).size, 10_000);
});
