import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sendTcp, sendUdp, until, type Client } from '@meniscus/testkit';
import { message, setUp } from './support/setup.ts';

interface Sums {
  readonly events_in: number;
  readonly bytes_in: number;
  readonly stored: number;
  readonly rejected: number;
}

async function usageOf(client: Client, tenant: string): Promise<Sums> {
  const { body } = await client.call<{ usage: Sums[] }>(client.path(tenant, '/usage'));
  const sum = (name: keyof Sums): number => body.usage.reduce((total, hour) => total + hour[name], 0);
  return { events_in: sum('events_in'), bytes_in: sum('bytes_in'), stored: sum('stored'), rejected: sum('rejected') };
}

async function refusedOverHttp(client: Client): Promise<unknown> {
  const { body } = await client.call<{ sources: { type: string; refused: unknown }[] }>('/v1/pipeline');
  return body.sources.find(({ type }) => type === 'http')!.refused;
}

test('usage is what was sent over syslog and HTTP, each refusal counted once, whatever is sent again', async (t) => {
  const { service, client, tenant } = await setUp(t);
  const lines = Array.from({ length: 300 }, (_, i) => message(tenant, `line ${i}`));
  await sendTcp(service.run.syslog.tcp, lines.map((line) => `${line}\n`).join(''));
  await sendUdp(service.run.syslog.udp, ...lines.slice(0, 20));
  await client.publish(tenant, [{ msg: 'good' }, { msg: 'good too' }, 12]);
  await client.publish(tenant, '{bad', { 'content-type': 'application/json' });
  await until('all events', async () => (await client.count(tenant.id)) === 322);
  const { bytes_in: bytes, ...counts } = await usageOf(client, tenant.id);
  assert.deepEqual(counts, { events_in: 324, stored: 322, rejected: 2 });
  assert.ok(bytes > 322 * 10);
  assert.deepEqual(await refusedOverHttp(client), { malformed_json: 1, event_not_object: 1 });

  const again = await client.call(client.path(tenant.id, '/dead-letters/redrive'), { method: 'POST' });
  assert.deepEqual([again.status, again.body], [202, { redriven: 2 }]);
  const letters = await client.call<{ dead_letters: unknown[] }>(client.path(tenant.id, '/dead-letters'));
  assert.equal(letters.body.dead_letters.length, 2);
  assert.deepEqual(await usageOf(client, tenant.id), { ...counts, bytes_in: bytes });
});
