import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Principal } from '../control/control.ts';
import type { TenantView } from '../control/tenant.ts';
import { refusal, takesMessageToken } from './access.ts';
import type { RouteClass } from './access.ts';
import { authenticateMessage } from './message.ts';

function tenant(valid: string, previous: string | null): TenantView {
  return { number: 1, id: 'a', name: 'a', token: { valid, previous }, producers: [], settings: { retention_days: 90 } };
}

test('a message comes in with the valid or the previous token and nothing else', () => {
  const view = tenant('new-token', 'old-token');
  for (const token of ['new-token', 'old-token']) assert.equal(authenticateMessage(view, token), true);
  for (const token of ['', 'new-toke', 'new-token ', 'NEW-TOKEN', 'x'.repeat(100_000), 'null', '\ud800']) {
    assert.equal(authenticateMessage(view, token), false);
    assert.equal(authenticateMessage(undefined, token), false);
  }
  assert.equal(authenticateMessage(tenant('new-token', null), 'old-token'), false);
  assert.equal(authenticateMessage(tenant('new-token', null), 'null'), false);
});

const admin: Principal = { keyId: '1', role: 'admin', tenant: null };
const owner: Principal = { keyId: '2', role: 'tenant_admin', tenant: 'a' };
const reader: Principal = { keyId: '3', role: 'reader', tenant: 'a' };

test('roles and routes', () => {
  const expected: [RouteClass, Principal | undefined, string | undefined, string | undefined][] = [
    ['service', undefined, undefined, 'not_authenticated'],
    ['service', admin, undefined, undefined],
    ['service', owner, undefined, 'forbidden'],
    ['service', reader, undefined, 'forbidden'],
    ['manage', undefined, 'a', 'not_authenticated'],
    ['manage', admin, 'b', undefined],
    ['manage', owner, 'a', undefined],
    ['manage', reader, 'a', 'forbidden'],
    ['read', reader, 'a', undefined],
    ['read', owner, 'a', undefined],
    ['publish', admin, 'a', 'forbidden'],
    ['publish', owner, 'a', 'forbidden'],
    ['publish', undefined, 'a', 'message_not_authenticated'],
    ['check_token', reader, 'a', 'forbidden'],
    ['check_token', owner, 'a', undefined],
    ['job', reader, 'a', undefined],
  ];
  for (const [route, principal, of, code] of expected) assert.equal(refusal(route, principal, of), code, `${route} ${principal?.role}`);
});

test("another tenant's resource does not exist, whatever the role", () => {
  for (const route of ['manage', 'read', 'publish', 'check_token', 'job'] as const) {
    for (const principal of [owner, reader]) {
      assert.equal(refusal(route, principal, 'b'), 'tenant_not_found');
      assert.equal(refusal(route, principal, undefined), 'tenant_not_found');
    }
  }
});

test('the message token alone is enough for what clients of 2013 do', () => {
  const classes = ['service', 'manage', 'read', 'publish', 'check_token', 'job'] as const;
  assert.deepEqual(classes.filter(takesMessageToken), ['publish', 'check_token', 'job']);
});
