import assert from 'node:assert/strict';
import { once } from 'node:events';
import net from 'node:net';
import { test } from 'node:test';
import { text } from 'node:stream/consumers';
import { until, type Client } from '@meniscus/testkit';
import { setUp } from './support/setup.ts';

async function keyOf(client: Client, tenant: string, role: string, more: object = {}): Promise<string> {
  const { body } = await client.call<{ key: { key: string } }>(client.path(tenant, '/keys'), {
    body: { key: { name: role, role, ...more } },
  });
  return body.key.key;
}

/** What the service answers to these bytes, until it closes the connection. */
async function exchange(url: string, head: string, body: Buffer): Promise<string> {
  const { hostname, port } = new URL(url);
  const socket = net.connect(Number(port), hostname);
  await once(socket, 'connect');
  socket.write(head);
  socket.write(body);
  return text(socket);
}

test("deleting another tenant is answered like deleting one that does not exist, one's own is forbidden", async (t) => {
  const { client, tenant } = await setUp(t);
  const other = await client.createTenant('other');
  for (const role of ['tenant_admin', 'reader']) {
    const key = await keyOf(client, other.id, role);
    const foreign = await client.call(client.path(tenant.id), { method: 'DELETE', key });
    const missing = await client.call(client.path('nobody'), { method: 'DELETE', key });
    assert.deepEqual([foreign.status, foreign.body], [404, missing.body]);
    assert.equal((await client.call(client.path(other.id), { method: 'DELETE', key })).status, 403);
  }
});

test('HEAD of a token with an API key instead of a token: judged by its role, then the header is missing', async (t) => {
  const { client, tenant } = await setUp(t);
  const other = await client.createTenant('other');
  const head = async (options: object): Promise<number> =>
    (await client.call(client.path(tenant.id, '/token'), { method: 'HEAD', ...options })).status;
  assert.equal(await head({}), 400);
  assert.equal(await head({ key: await keyOf(client, tenant.id, 'tenant_admin') }), 400);
  assert.equal(await head({ key: await keyOf(client, tenant.id, 'reader') }), 403);
  assert.equal(await head({ key: await keyOf(client, other.id, 'tenant_admin') }), 404);
  assert.equal(await head({ key: 'msk_wrong' }), 401);
  assert.equal(await head({ headers: { 'message-token': tenant.token } }), 200);
  assert.equal(await head({ key: tenant.token }), 200);
  assert.equal(await head({ headers: { 'message-token': other.token } }), 404);
});

test('a reader sees neither tokens nor settings', async (t) => {
  const { client, tenant } = await setUp(t);
  const key = await keyOf(client, tenant.id, 'reader');
  const { status, body } = await client.call<{ tenant: object }>(client.path(tenant.id), { key });
  assert.equal(status, 200);
  assert.ok(!('token' in body.tenant) && !('settings' in body.tenant));
});

test('a key without expiry may say so, one with it is answered in UTC, and its use is later than its making', async (t) => {
  const { client, tenant } = await setUp(t);
  const key = await keyOf(client, tenant.id, 'reader', { expires_at: null });
  await client.call(client.path(tenant.id, '/count'), { key });
  await keyOf(client, tenant.id, 'tenant_admin', { expires_at: '2100-01-01T00:00:00+02:00' });
  const { body } = await client.call<{ keys: { role: string; expires_at: string | null; created_at: string; last_used: string | null }[] }>(
    client.path(tenant.id, '/keys'),
  );
  const reader = body.keys.find(({ role }) => role === 'reader')!;
  assert.equal(reader.expires_at, null);
  assert.ok(reader.last_used! >= reader.created_at, JSON.stringify(reader));
  assert.equal(body.keys.find(({ role }) => role === 'tenant_admin')!.expires_at, '2099-12-31T22:00:00.000000Z');
});

test('a sender of a large body that is refused reads the answer, also when it closes the connection', async (t) => {
  const { client, service } = await setUp(t);
  const body = Buffer.alloc(6 << 20, 'x');
  for (const [path, credentials, status] of [
    ['/v1/tenant', `Authorization: Bearer ${client.adminKey}`, 413],
    ['/v1/tenant', 'Authorization: Bearer msk_wrong', 401],
    ['/v1/tenant/acme/publish', 'MESSAGE-TOKEN: wrong', 401],
    ['/nowhere', 'X: y', 404],
    ['/livez', 'X: y', 405],
  ] as const) {
    const head = [
      `POST ${path} HTTP/1.1`,
      'Host: x',
      credentials,
      'Content-Type: application/json',
      `Content-Length: ${body.length}`,
      'Connection: close',
    ];
    const answer = await exchange(service.run.http, `${head.join('\r\n')}\r\n\r\n`, body);
    assert.ok(answer.startsWith(`HTTP/1.1 ${status} `), answer.slice(0, 200));
  }
  const { status } = await fetch(`${client.url}/v1/tenant`, {
    method: 'POST',
    headers: { authorization: `Bearer ${client.adminKey}`, 'content-type': 'application/json' },
    body,
  });
  assert.equal(status, 413);
});

test('a request under way when the service stops is answered, and its connection closed', async (t) => {
  const { client, service, tenant } = await setUp(t);
  const { hostname, port } = new URL(service.run.http);
  const socket = net.connect(Number(port), hostname);
  await once(socket, 'connect');
  socket.write(`POST /v1/tenant/acme/publish HTTP/1.1\r\nHost: x\r\nMESSAGE-TOKEN: ${tenant.token}\r\nContent-Length: 13\r\n\r\n{"msg"`);
  // Another request on another connection: what was written before has been read by then.
  await client.count(tenant.id);
  const ended = service.end();
  // It refuses connections by then, so it has begun to stop.
  await until('the service refuses connections', async () => (await fetch(client.url).catch(() => undefined)) === undefined);
  socket.write(':"a"}\r\n');
  const answer = await text(socket);
  assert.match(answer, /^HTTP\/1\.1 202 /);
  assert.match(answer, /\r\nconnection: close\r\n/i);
  assert.equal(await ended, 0);
});

test('a page is for those who ask for HTML', async (t) => {
  const { client } = await setUp(t);
  const get = async (accept: string): Promise<number> => (await fetch(client.url, { redirect: 'manual', headers: { accept } })).status;
  for (const accept of ['*/*', 'application/json', 'text/html;q=0, */*']) assert.equal(await get(accept), 200, accept);
  for (const accept of ['text/html', 'text/html,application/xhtml+xml;q=0.9,*/*;q=0.8']) assert.equal(await get(accept), 302, accept);
});
