import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TenantView } from '../control/tenant.ts';
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
