import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startControl } from './control.testing.ts';

const HOUR = 3_600_000;

test('a token can be changed once every three hours, counted from creation too', async (t) => {
  const fixture = await startControl(t);
  const { tenants } = fixture.control;
  const first = (await tenants.create('t')).token;
  const tooYoung = { code: 'token_too_young', status: 409, title: 'Message tokens can only be changed once every 3 hours' };
  await assert.rejects(tenants.resetToken('t', false), tooYoung);
  fixture.now += 3 * HOUR - 1;
  await assert.rejects(tenants.resetToken('t', false), tooYoung);
  fixture.now += 1;
  const second = await tenants.resetToken('t', false);
  assert.notEqual(second.valid, first.valid);
  assert.equal(second.previous, first.valid);
  assert.equal(second.last_changed, '2026-11-23T13:00:30.000000Z');
  await assert.rejects(tenants.resetToken('t', false), tooYoung);
  assert.deepEqual(tenants.view('t')?.token, { valid: second.valid, previous: first.valid });
});

test('invalidate_now knows no minimum, revokes both tokens and starts the time anew', async (t) => {
  const fixture = await startControl(t);
  const { tenants } = fixture.control;
  await tenants.create('t');
  fixture.now += 3 * HOUR;
  await tenants.resetToken('t', false);
  const now = await tenants.resetToken('t', true);
  assert.equal(now.previous, null);
  assert.deepEqual(tenants.get('t')?.token, now);
  fixture.now += 3 * HOUR - 1;
  await assert.rejects(tenants.resetToken('t', false), { code: 'token_too_young' });
  await assert.rejects(tenants.resetToken('absent', true), { code: 'tenant_not_found' });
});

test('a clock that was set back locks nobody out', async (t) => {
  const fixture = await startControl(t);
  await fixture.control.tenants.create('t');
  fixture.now -= 24 * HOUR;
  await fixture.control.tenants.resetToken('t', false);
});

test('of two resets at the same time one is refused', async (t) => {
  const { control } = await startControl(t);
  await control.tenants.create('t');
  const results = await Promise.allSettled([control.tenants.resetToken('t', true), control.tenants.resetToken('t', true)]);
  const refused = results.filter((one) => one.status === 'rejected').map((one) => (one.reason as { code: string }).code);
  assert.deepEqual(refused, ['conflict']);
  const won = results.find((one) => one.status === 'fulfilled');
  assert.deepEqual(control.tenants.get('t')?.token, won?.value);
});

test('another change at the same time does not stop a reset', async (t) => {
  const { control } = await startControl(t);
  await control.tenants.create('t');
  const [, token] = await Promise.all([control.tenants.updateSettings('t', { retention_days: 3 }), control.tenants.resetToken('t', true)]);
  assert.deepEqual(control.tenants.get('t')?.token, token);
  assert.equal(control.tenants.get('t')?.settings.retention_days, 3);
});
