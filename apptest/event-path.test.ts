import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { sendTcp, sendUdp, until } from '@meniscus/testkit';
import { message, setUp } from './support/setup.ts';

test('syslog over TCP and UDP: found by a search, credentials nowhere', async (t) => {
  const { service, client, tenant } = await setUp(t);
  await sendTcp(service.run.syslog.tcp, `${message(tenant, 'over tcp')}\n`);
  await sendUdp(service.run.syslog.udp, message(tenant, 'over udp'));
  await until('both events', async () => (await client.count(tenant.id, 'over')) === 2);
  const [event] = await client.events(tenant.id, 'tcp');
  assert.deepEqual(
    { ...event, id: 0, received: 0 },
    {
      id: 0,
      tenant: 'acme',
      time: '2026-11-20T10:00:00.123456Z',
      received: 0,
      host: 'web-01',
      pname: 'app',
      pid: '4242',
      msgid: '-',
      pri: 134,
      facility: 16,
      severity: 6,
      level: 'info',
      ver: '1',
      msg: 'over tcp',
      producer: { id: null, name: null, pattern: 'default', durable: false, encrypted: false, sinks: ['store'] },
    },
  );
  await service.end();
  for (const file of readdirSync(service.dataDir, { recursive: true, withFileTypes: true }))
    if (file.isFile() && !file.parentPath.endsWith('control'))
      assert.ok(!readFileSync(path.join(file.parentPath, file.name)).includes(tenant.token), `the token is in ${file.name}`);
});

test('what publish acknowledged, a search that begins then finds', async (t) => {
  const { client, tenant } = await setUp(t);
  for (let n = 0; n < 50; n++) {
    assert.equal((await client.publish(tenant, { msg: `at once ${n}` })).status, 202);
    assert.equal(await client.count(tenant.id), n + 1);
  }
});

test('native comes back as it was sent', async (t) => {
  const { client, tenant } = await setUp(t);
  const native = {
    order: { items: [{ id: 1 }, { id: 2, tags: [] }], paid: true },
    'a.b': 1.5,
    none: null,
    __proto__: { x: 1 },
    größe: 'ünïcode',
  };
  const text =
    '{"msg":"m","big":12345678901234567890,"__proto__":{"x":1},"order":{"items":[{"id":1},{"id":2,"tags":[]}],"paid":true},"a.b":1.5,"none":null,"größe":"ünïcode"}';
  await client.publish(tenant, text, { 'content-type': 'application/json' });
  const raw = await (
    await fetch(`${client.url}${client.path(tenant.id, '/events?from=0')}`, { headers: { authorization: `Bearer ${client.adminKey}` } })
  ).text();
  assert.ok(raw.includes('"big":12345678901234567890'));
  const { native: got } = (JSON.parse(raw) as { events: { native: Record<string, unknown> }[] }).events[0]!;
  for (const key of ['order', 'a.b', 'none', 'größe'] as const) assert.deepEqual(got[key], native[key]);
  assert.ok(Object.hasOwn(got, '__proto__'));
});

test('encodings, partial rejection and dead letters', async (t) => {
  const { client, tenant } = await setUp(t);
  const lines = Buffer.from('{"msg":"packed a"}\n{"msg":\n{"msg":"packed b"}\n');
  for (const [encoding, body] of [
    ['gzip', gzipSync(lines)],
    ['zstd', zstdCompressSync(lines)],
  ] as const) {
    const { status, body: answer } = await client.publish(tenant, body, {
      'content-encoding': encoding,
      'content-type': 'application/x-ndjson',
    });
    assert.equal(status, 202);
    assert.deepEqual(answer, {
      accepted: 2,
      rejected: 1,
      errors: [{ index: 1, code: 'event_malformed', title: 'The event is not valid JSON' }],
    });
  }
  assert.equal((await client.publish(tenant, Buffer.from('not gzip'), { 'content-encoding': 'gzip' })).status, 400);
  assert.equal(await client.count(tenant.id, 'packed'), 4);
  const { body } = await client.call<{ dead_letters: { reason: string; raw: string }[] }>(client.path(tenant.id, '/dead-letters'));
  assert.deepEqual(body.dead_letters.map(({ reason }) => reason).sort(), ['event_malformed', 'event_malformed', 'malformed_json']);
  assert.ok(body.dead_letters.some(({ raw }) => raw === '{"msg":'));
});

test("2013's log_message, and a durable producer's job", async (t) => {
  const { client, tenant } = await setUp(t);
  const log_message = {
    host: 'lulu',
    pname: 'rsyslogd',
    time: '2013-04-02T14:12:04.873490-05:00',
    ver: '1',
    msgid: '-',
    pri: '46',
    pid: '-',
    msg: 'start',
    native: { origin: { software: 'rsyslogd' } },
  };
  const plain = await client.publish(tenant, { log_message });
  assert.deepEqual([plain.status, plain.body], [202, null]);
  await client.call(client.path(tenant.id, '/producers'), {
    body: { event_producer: { name: 'rsyslogd', pattern: 'rsyslogd', durable: true } },
  });
  const durable = await client.publish(tenant, { log_message });
  const { job_id, job_status_uri } = durable.body as { job_id: string; job_status_uri: string };
  assert.equal(durable.status, 202);
  assert.ok(job_status_uri.startsWith(client.url) && job_status_uri.includes(job_id));
  const status = await fetch(job_status_uri, { headers: { 'message-token': tenant.token } });
  assert.deepEqual([status.status, await status.json()], [200, { status: 'stored', sinks: { store: 'stored' } }]);
  const events = await client.events(tenant.id, 'start');
  assert.equal(events.length, 2);
  assert.deepEqual(events[1]!['producer'], {
    id: 1,
    name: 'rsyslogd',
    pattern: 'rsyslogd',
    durable: true,
    encrypted: false,
    sinks: ['store'],
  });
  assert.equal(events[0]!['time'], '2013-04-02T19:12:04.873490Z');
});

test('a changed token is in force when the answer comes, on syslog too', async (t) => {
  const { service, client, tenant } = await setUp(t);
  assert.equal((await client.call(client.path(tenant.id, '/token'), { body: { token: { invalidate_now: true } } })).status, 203);
  assert.equal((await client.publish(tenant, { msg: 'old token' })).status, 401);
  const { body } = await client.call<{ token: { valid: string } }>(client.path(tenant.id, '/token'));
  const renewed = { id: tenant.id, token: body.token.valid };
  await sendTcp(service.run.syslog.tcp, `${message(tenant, 'old syslog')}\n${message(renewed, 'new syslog')}\n`);
  await until('the event', async () => (await client.count(tenant.id, 'new')) === 1);
  assert.equal(await client.count(tenant.id, 'old'), 0);
});
