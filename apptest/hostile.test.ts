import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import net from 'node:net';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { random, sendTcp, sendUdp, until, type Client, type TestTenant } from '@meniscus/testkit';
import { message, setUp, type Setup } from './support/setup.ts';

/** The next good event is found, whatever came before. */
async function stillWorks({ service, client, tenant }: Setup, word: string): Promise<void> {
  await sendTcp(service.run.syslog.tcp, `${message(tenant, word)}\n`);
  await sendUdp(service.run.syslog.udp, message(tenant, word));
  assert.equal((await client.publish(tenant, { msg: word })).status, 202);
  await until(`the three events ${word}`, async () => (await client.count(tenant.id, word)) === 3);
}

function bytes(next: () => number, length: number): Buffer {
  return Buffer.from(Array.from({ length }, () => Math.floor(next() * 256)));
}

function residentBytes(pid: number): number {
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))![1]) * 1024;
}

test('random and half-valid bytes on syslog TCP and UDP', async (t) => {
  const setup = await setUp(t);
  const next = random(1);
  const good = message(setup.tenant, 'x');
  for (let i = 0; i < 60; i++) {
    const cut = Math.floor(next() * good.length);
    const half = Buffer.concat([Buffer.from(good.slice(0, cut)), bytes(next, Math.floor(next() * 2000)), Buffer.from(good.slice(cut))]);
    const frame = [bytes(next, 1 + Math.floor(next() * 5000)), half, Buffer.concat([Buffer.from(`${Math.floor(next() * 1e9)} `), half])][
      i % 3
    ]!;
    await sendTcp(setup.service.run.syslog.tcp, frame).catch(() => {});
    await sendUdp(setup.service.run.syslog.udp, frame.subarray(0, 9000));
  }
  await stillWorks(setup, 'afterbytes');
});

test('random bytes on the HTTP port, and random bodies on publish', async (t) => {
  const setup = await setUp(t);
  const next = random(2);
  const address = setup.service.run.http.replace('http://', '');
  for (let i = 0; i < 30; i++) await sendTcp(address, bytes(next, 1 + Math.floor(next() * 3000))).catch(() => {});
  const seeds = ['{"msg":"x","a":[1,2,{"b":null}]}', '[{"msg":"x"},"y"]', '{"log_message":{"host":"h","pname":"p","time":"t"}}', 'a\nb'];
  for (let i = 0; i < 200; i++) {
    const body = Buffer.from(seeds[i % seeds.length]!);
    for (let n = 0; n < 3; n++) body[Math.floor(next() * body.length)] = Math.floor(next() * 256);
    const type = ['application/json', 'application/x-ndjson', 'text/plain', 'application/x-www-form-urlencoded'][Math.floor(next() * 4)]!;
    const { status } = await setup.client.publish(setup.tenant, body, { 'content-type': type });
    assert.ok(status === 202 || status === 400, `${status} for ${body.toString()}`);
  }
  await stillWorks(setup, 'afterbodies');
});

test('prototype keys, deep nesting, huge numbers, many fields: found or refused, never a failure', async (t) => {
  const setup = await setUp(t);
  const { client, tenant } = setup;
  const bodies: [string, number][] = [
    ['{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}', 202],
    [`{"deep":${'['.repeat(5000)}${']'.repeat(5000)}}`, 400],
    ['['.repeat(200_000), 400],
    ['{"n":1e999999999,"m":-1e400,"i":123456789012345678901234567890}', 202],
    [JSON.stringify(Object.fromEntries(Array.from({ length: 20_000 }, (_, i) => [`field${i}`, i]))), 202],
    [JSON.stringify({ list: Array.from({ length: 100_000 }, () => 0) }), 202],
    [JSON.stringify({ msg: '\u0000\u0001\ud800 x' }), 202],
    [`{"msg":"${'long'.repeat(200_000)}"}`, 202],
  ];
  for (const [body, wanted] of bodies) {
    const { status } = await client.publish(tenant, body, { 'content-type': 'application/json' });
    assert.equal(status, wanted, body.slice(0, 60));
  }
  assert.equal(({} as Record<string, unknown>)['polluted'], undefined);
  assert.equal(await client.count(tenant.id, 'n:* m:*'), 1);
  assert.equal(await client.count(tenant.id, 'field19999:19999'), 1);
  assert.equal(await client.count(tenant.id, '__proto__.polluted:true'), 1);
  await stillWorks(setup, 'afterodd');
});

test('a decompression bomb stops at the limit', async (t) => {
  const setup = await setUp(t);
  const bomb = gzipSync(Buffer.alloc(200 << 20, 0x61));
  const before = residentBytes(setup.service.run.pid);
  const { status, body } = await setup.client.publish(setup.tenant, bomb, { 'content-encoding': 'gzip', 'content-type': 'text/plain' });
  assert.deepEqual([status, body && (body as { code: string }).code], [413, 'body_too_large']);
  assert.ok(residentBytes(setup.service.run.pid) - before < 400 << 20);
  await stillWorks(setup, 'afterbomb');
});

test('2,000 idle connections and a slow sender disturb nobody', async (t) => {
  const setup = await setUp(t);
  const at = setup.service.run.syslog.tcp.split(':');
  const sockets: net.Socket[] = [];
  t.after(() => {
    for (const socket of sockets) socket.destroy();
  });
  for (let i = 0; i < 2000; i++) {
    const socket = net.connect({ host: at[0]!, port: Number(at[1]) });
    socket.on('error', () => {});
    sockets.push(socket);
    if (i % 100 === 99) await once(socket, 'connect');
  }
  const slow = sockets[0]!;
  for (const byte of Buffer.from(`${message(setup.tenant, 'slowly')}\n`)) {
    slow.write(Buffer.from([byte]));
    await new Promise((resolve) => setImmediate(resolve));
  }
  await until('the slow event', async () => (await setup.client.count(setup.tenant.id, 'slowly')) === 1);
  await stillWorks(setup, 'amongidle');
});

async function search(client: Client, tenant: TestTenant, q: string): Promise<number> {
  return (await client.call(client.path(tenant.id, `/count?from=0&q=${encodeURIComponent(q)}`))).status;
}

test('hostile queries are answered or refused', async (t) => {
  const setup = await setUp(t);
  const { client, tenant } = setup;
  await client.publish(tenant, { msg: `${'a'.repeat(5000)}!` });
  assert.equal(await search(client, tenant, 'msg:/(a+)+$/'), 200);
  assert.equal(await search(client, tenant, 'msg:/^(a|aa)+$/'), 200);
  assert.equal(await search(client, tenant, '('.repeat(100)), 400);
  assert.equal(await search(client, tenant, 'a '.repeat(600)), 400);
  assert.equal(await search(client, tenant, 'x'.repeat(9000)), 400);
  assert.equal(await search(client, tenant, 'msg:/a(?=b)/'), 400);
  await stillWorks(setup, 'afterqueries');
});
