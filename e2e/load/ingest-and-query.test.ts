import assert from 'node:assert/strict';
import { once } from 'node:events';
import net from 'node:net';
import { test } from 'node:test';
import { until, type Client, type TestTenant } from '@meniscus/testkit';
import { message } from '../../apptest/support/setup.ts';
import { setUp } from '../support/service.ts';

const EVENTS = 1_000_000;
const PIECE = 500;
/** One in so many events is an error. */
const ERRORS = 100;

/** Streams numbered events, as fast as they are taken. */
async function stream(address: string, tenant: TestTenant): Promise<void> {
  const [host, port] = address.split(':');
  const socket = net.connect({ host: host!, port: Number(port) });
  await once(socket, 'connect');
  for (let n = 0; n < EVENTS; n += PIECE) {
    let text = '';
    for (let i = n; i < n + PIECE; i++)
      text += `${message(tenant, `event ${i} user=u${i % 1000}`, `<${i % ERRORS === 0 ? 131 : 134}>1 2026-11-20T10:00:00Z web-${i % 10} app 1 -`)}\n`;
    if (!socket.write(text)) await once(socket, 'drain');
  }
  const closed = once(socket, 'close');
  socket.end();
  socket.resume();
  await closed;
}

const QUERIES = [
  ['/count?from=0&q=event', 1],
  ['/count?from=0&q=level%3Aerror', ERRORS],
  ['/count?from=0&q=msg%3A%2Fuser%3Du9%5Cd%5Cd%24%2F', 10],
] as const;

/** Asks until `done`: no answer is wrong, and counts only grow. */
async function ask(client: Client, tenant: TestTenant, done: () => boolean): Promise<number> {
  const last = new Map<string, number>();
  let asked = 0;
  while (!done()) {
    for (const [route, oneIn] of QUERIES) {
      const { status, body } = await client.call<{ count: number; partial: boolean }>(client.path(tenant.id, route));
      assert.deepEqual([status, body.partial], [200, false], route);
      assert.ok(body.count >= (last.get(route) ?? 0), `${route} went from ${last.get(route)} to ${body.count}`);
      assert.ok(body.count <= EVENTS / oneIn, `${route}: ${body.count}`);
      last.set(route, body.count);
      asked++;
    }
    const page = await client.events(tenant.id, 'level:error', { limit: '50', order: 'desc' });
    for (const event of page) assert.match(String(event['msg']), /^event (?:0|\d*00) /);
    const route = client.path(tenant.id, '/facets?from=0&fields=host,severity');
    assert.equal((await client.call(route)).status, 200);
  }
  return asked;
}

test('a million events stream in while searches run: nothing is lost, no search is wrong, publishing goes on', async (t) => {
  const { service, client, tenant } = await setUp(t);
  let over = false;
  const done = (): boolean => over;
  const asking = [0, 1, 2, 3].map(() => ask(client, tenant, done));
  let published = 0;
  const publishing = (async () => {
    while (!done()) {
      assert.equal((await client.publish(tenant, { message: 'beside', level: 'debug' })).status, 202);
      published++;
    }
  })();
  const watched = Promise.all([...asking, publishing]);
  watched.catch(() => {});
  await stream(service.run.syslog.tcp, tenant);
  await until('all events', async () => (await client.count(tenant.id, 'event')) === EVENTS, 60_000);
  over = true;
  const asked = await watched;
  assert.ok(asked.slice(0, 4).every((count) => (count ?? 0) > 0) && published > 0);
  for (const [route, oneIn] of QUERIES) {
    const { body } = await client.call<{ count: number }>(client.path(tenant.id, route));
    assert.equal(body.count, EVENTS / oneIn, route);
  }
  assert.equal(await client.count(tenant.id, 'beside'), published);
});
