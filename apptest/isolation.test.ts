import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sendTcp, until, type Client } from '@meniscus/testkit';
import { message, setUp } from './support/setup.ts';

async function keyOf(client: Client, tenant: string, role: string): Promise<string> {
  const { status, body } = await client.call<{ key: { key: string } }>(client.path(tenant, '/keys'), {
    body: { key: { name: role, role } },
  });
  assert.equal(status, 201);
  return body.key.key;
}

const CRAFTED = [
  '../acme',
  'acme/../acme',
  'acme%2F..',
  'ACME',
  'acme ',
  'acme\u0000',
  '__proto__',
  'constructor',
  '*',
  'a'.repeat(256),
  'größe/磁盘',
  '"; DROP',
  'acme\n',
  '💧'.repeat(128),
];

test('a crafted tenant id is a tenant of its own', async (t) => {
  const { client, tenant, service } = await setUp(t);
  await client.publish(tenant, { msg: 'of acme' });
  for (const id of CRAFTED) {
    const other = await client.createTenant(id);
    assert.equal((await client.publish(other, { msg: 'of another' })).status, 202, JSON.stringify(id));
    assert.deepEqual(
      (await client.events(id)).map((event) => [event['tenant'], event['msg']]),
      [[id, 'of another']],
    );
  }
  assert.deepEqual(
    (await client.events(tenant.id)).map((event) => event['msg']),
    ['of acme'],
  );
  await service.end();
});

test('the same over syslog, where the id is escaped in structured data', async (t) => {
  const { service, client } = await setUp(t);
  for (const id of ['with "quotes" and \\ and ]', 'größe', 'a=b c']) {
    const tenant = await client.createTenant(id);
    const escaped = { id: id.replace(/["\\\]]/g, '\\$&'), token: tenant.token };
    await sendTcp(service.run.syslog.tcp, `${message(escaped, 'escaped id')}\n`);
    await until(`the event of ${id}`, async () => (await client.count(id)) === 1);
  }
});

test("another tenant's key sees nothing, on every route, as if the tenant did not exist", async (t) => {
  const { client, tenant } = await setUp(t);
  await client.createTenant('other');
  await client.publish(tenant, { msg: 'secret of acme', user: 'bob' });
  const [event] = await client.events(tenant.id);
  const page = await client.call<{ next: string }>(client.path(tenant.id, '/events?from=0&limit=1'));
  const routes = [
    '',
    '/settings',
    '/producers',
    '/producers/1',
    '/token',
    '/keys',
    '/events?from=0',
    `/events/${String(event!['id'])}`,
    `/events/${String(event!['id'])}/context`,
    '/count?from=0',
    '/histogram?from=-1h',
    '/facets?fields=host',
    '/fields',
    '/values?field=host&prefix=',
    '/export?format=ndjson',
    '/tail',
    '/tail?from=-1h',
    '/dead-letters',
    '/usage',
    '/saved-searches',
    '/rulebases',
    '/searches',
    `/job/${String(event!['id'])}/status`,
  ];
  for (const role of ['tenant_admin', 'reader']) {
    const key = await keyOf(client, 'other', role);
    for (const route of routes) {
      const real = await client.call(client.path(tenant.id, route), { key });
      const unknown = await client.call(client.path('no such tenant', route), { key });
      assert.equal(real.status, 404, `${role} ${route}`);
      assert.deepEqual(real.body, unknown.body, route);
      assert.ok(!JSON.stringify(real.body).includes('bob'));
    }
    // Its own tenant shows nothing of the other's event, whatever it asks for.
    assert.equal((await client.call(client.path('other', `/events/${String(event!['id'])}`), { key })).status, 404);
    assert.equal(await client.count('other', 'tenant:acme OR secret OR user:bob OR NOT x'), 0);
    if (page.body.next)
      assert.equal(
        (await client.call(client.path('other', `/events?from=0&limit=1&cursor=${encodeURIComponent(page.body.next)}`), { key })).status,
        400,
      );
  }
});

test("another tenant's token publishes nothing, and the answer is that of an unknown tenant", async (t) => {
  const { client, tenant } = await setUp(t);
  const other = await client.createTenant('other');
  const wrong = await client.publish({ id: tenant.id, token: other.token }, { msg: 'x' });
  const unknown = await client.publish({ id: 'nobody', token: other.token }, { msg: 'x' });
  assert.deepEqual([wrong.status, wrong.body], [401, unknown.body]);
  assert.equal((await client.call(client.path(tenant.id, '/publish'), { body: { msg: 'x' } })).status, 401);
  assert.equal(await client.count(tenant.id), 0);
});

test('a deleted tenant leaves nothing, also to its successor of the same id', async (t) => {
  const { client, tenant } = await setUp(t);
  await client.publish(tenant, [{ msg: 'old' }, 17]);
  assert.equal((await client.call(client.path(tenant.id), { method: 'DELETE' })).status, 200);
  assert.equal((await client.call(client.path(tenant.id, '/events?from=0'))).status, 404);
  assert.equal((await client.publish(tenant, { msg: 'after' })).status, 401);
  const next = await client.createTenant(tenant.id);
  assert.notEqual(next.token, tenant.token);
  assert.equal(await client.count(tenant.id), 0);
  const { body } = await client.call<{ dead_letters: unknown[] }>(client.path(tenant.id, '/dead-letters'));
  assert.deepEqual(body.dead_letters, []);
});

test('roles: what a reader and a tenant_admin may do', async (t) => {
  const { client, tenant } = await setUp(t);
  const reader = await keyOf(client, tenant.id, 'reader');
  const admin = await keyOf(client, tenant.id, 'tenant_admin');
  for (const [route, ofReader, ofAdmin] of [
    ['/events?from=0', 200, 200],
    ['/producers', 200, 200],
    ['/token', 403, 200],
    ['/settings', 403, 200],
    ['/keys', 403, 200],
    ['/dead-letters', 403, 200],
    ['/usage', 403, 200],
  ] as const) {
    assert.equal((await client.call(client.path(tenant.id, route), { key: reader })).status, ofReader, route);
    assert.equal((await client.call(client.path(tenant.id, route), { key: admin })).status, ofAdmin, route);
  }
  for (const route of ['/v1/tenants', '/v1/keys', '/v1/status', '/v1/pipeline', '/v1/dead-letters', '/metrics'])
    for (const key of [reader, admin]) assert.equal((await client.call(route, { key })).status, 403, route);
  const seen = await client.call<{ tenant: Record<string, unknown> }>(client.path(tenant.id), { key: reader });
  assert.ok(!('token' in seen.body.tenant));
  assert.equal((await client.call(client.path(tenant.id), { key: 'msk_wrong' })).status, 401);
});
