import assert from 'node:assert/strict';
import { test } from 'node:test';
import { accessTable, type Access } from './access.ts';
import { problemIn, startHarness } from './testing/harness.testing.ts';

/** What each kind of caller is answered at a route of tenant `a`, before anything else of the request counts. */
const EXPECTED: Readonly<Record<Access, { none: number; foreign: number; reader: number; tenantAdmin: number }>> = {
  open: { none: 0, foreign: 0, reader: 0, tenantAdmin: 0 },
  reader: { none: 401, foreign: 404, reader: 0, tenantAdmin: 0 },
  tenant_admin: { none: 401, foreign: 404, reader: 403, tenantAdmin: 0 },
  operator: { none: 401, foreign: 403, reader: 403, tenantAdmin: 403 },
  metrics: { none: 401, foreign: 403, reader: 403, tenantAdmin: 403 },
};

test('every route answers each kind of caller as the table says', async (t) => {
  const { call, key } = await startHarness(t);
  for (const id of ['a', 'b']) await call('POST', '/v1/tenant', { json: { tenant: { tenant_id: id } } });
  const keys = {
    none: null,
    foreign: await key('b', 'tenant_admin'),
    reader: await key('a', 'reader'),
    tenantAdmin: await key('a', 'tenant_admin'),
  };
  for (const [route, access] of Object.entries(accessTable)) {
    if (access === 'open') continue;
    const [method, url] = route.split(' ') as [string, string];
    const path = url.replace(':tenant_id', 'a').replace(/:\w+/g, 'none');
    for (const who of ['none', 'foreign', 'reader', 'tenantAdmin'] as const) {
      const { status }: Response = await call(method, path, { key: keys[who] });
      // What belongs to another tenant is not there, also where only the operator could have it.
      const expected: number = who === 'foreign' && url.includes(':tenant_id') ? 404 : EXPECTED[access][who];
      if (expected === 0) assert.ok(status !== 401 && status !== 403, `${route} as ${who}: ${status}`);
      else assert.equal(status, expected, `${route} as ${who}`);
    }
  }
});

test("another tenant's resource is answered exactly like one that does not exist", async (t) => {
  const { call, key } = await startHarness(t);
  for (const id of ['a', 'b']) await call('POST', '/v1/tenant', { json: { tenant: { tenant_id: id } } });
  const own = await key('b', 'tenant_admin');
  for (const options of [
    {},
    { json: { event_producer: { name: 'x', pattern: 'x' } } },
    { body: '{', headers: { 'content-type': 'application/json' } },
  ]) {
    const method = 'json' in options || 'body' in options ? 'POST' : 'GET';
    const foreign = await call(method, '/v1/tenant/a/producers', { key: own, ...options });
    const missing = await call(method, '/v1/tenant/none/producers', { key: own, ...options });
    assert.deepEqual([foreign.status, await foreign.text()], [missing.status, await missing.text()]);
    assert.equal(foreign.status, 404);
  }
});

test('keys: missing, malformed, unknown and revoked ones are 401 and say which scheme is wanted', async (t) => {
  const { call, key, services } = await startHarness(t);
  await call('POST', '/v1/tenant', { json: { tenant: { tenant_id: 'a' } } });
  const gone = await key('a', 'reader');
  await services.control.keys.revoke('a', services.control.keys.list('a')[0]!.id);
  for (const authorization of [undefined, 'Bearer', 'Bearer ', 'Basic YTpi', 'Bearer msk_wrong', `Bearer ${gone}`]) {
    const response = await call('GET', '/v1/tenant/a', { key: null, headers: authorization === undefined ? {} : { authorization } });
    assert.equal(response.headers.get('www-authenticate'), 'Bearer');
    assert.equal((await problemIn(response)).code, 'not_authenticated');
  }
});

test('with api_auth off everybody is the operator', async (t) => {
  const { call } = await startHarness(t, { api_auth: 'off' });
  assert.equal((await call('POST', '/v1/tenant', { key: null, json: { tenant: { tenant_id: 'a' } } })).status, 201);
  assert.equal((await call('GET', '/v1/tenants', { key: null })).status, 200);
});

test('a reader sees no message token, a tenant_admin does', async (t) => {
  const { call, key } = await startHarness(t);
  await call('POST', '/v1/tenant', { json: { tenant: { tenant_id: 'a' } } });
  const see = async (role: 'reader' | 'tenant_admin') => {
    const { tenant } = (await (await call('GET', '/v1/tenant/a', { key: await key('a', role) })).json()) as { tenant: object };
    return 'token' in tenant;
  };
  assert.deepEqual([await see('reader'), await see('tenant_admin')], [false, true]);
});

test('a key revokes its tenants keys only, and makes no operator', async (t) => {
  const { call, key, services } = await startHarness(t);
  for (const id of ['a', 'b']) await call('POST', '/v1/tenant', { json: { tenant: { tenant_id: id } } });
  const own = await key('a', 'tenant_admin');
  await key('b', 'reader');
  const foreign = services.control.keys.list('b')[0]!.id;
  assert.equal((await problemIn(await call('DELETE', `/v1/tenant/a/keys/${foreign}`, { key: own }))).code, 'key_not_found');
  assert.equal((await call('POST', '/v1/tenant/a/keys', { key: own, json: { key: { name: 'x', role: 'admin' } } })).status, 400);
  assert.equal((await call('POST', '/v1/keys', { json: { key: { name: 'x', role: 'reader' } } })).status, 400);
  const created = await call('POST', '/v1/tenant/a/keys', { key: own, json: { key: { name: 'x', role: 'reader' } } });
  assert.equal(created.status, 201);
  const { key: made } = (await created.json()) as { key: { id: string; key: string } };
  assert.match(made.key, /^msk_/);
  const { keys } = (await (await call('GET', '/v1/tenant/a/keys', { key: own })).json()) as { keys: { id: string; key?: string }[] };
  assert.ok(keys.some(({ id }) => id === made.id));
  assert.ok(keys.every((one) => one.key === undefined));
  assert.equal((await call('DELETE', `/v1/tenant/a/keys/${made.id}`, { key: own })).status, 204);
  assert.equal((await call('GET', '/v1/tenant/a/count', { key: made.key })).status, 401);
  for (const expires_at of ['tomorrow', '2020-01-01T00:00:00Z', 'now', '']) {
    assert.equal(
      (await call('POST', '/v1/tenant/a/keys', { key: own, json: { key: { name: 'x', role: 'reader', expires_at } } })).status,
      400,
    );
  }
});
