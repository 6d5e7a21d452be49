import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Client, startProcess, type TestTenant } from '@meniscus/testkit';
import { concurrently } from '../support/concurrently.ts';
import { memoryOf } from '../support/memory.ts';
import { setUp } from '../support/service.ts';

const TENANTS = 10_000;
const AT_ONCE = 32;

test('10,000 tenants made side by side: each finds its own event and no other, also after a restart', async (t) => {
  const { service, client } = await setUp(t);
  const before = memoryOf(service.run.pid).now;
  const tenants: TestTenant[] = [];
  await concurrently(TENANTS, AT_ONCE, async (n) => {
    tenants[n] = await client.createTenant(`tenant ${n}`);
  });
  await concurrently(TENANTS, AT_ONCE, async (n) => {
    assert.equal((await client.publish(tenants[n]!, { msg: `of tenant ${n}`, n })).status, 202);
  });
  const own = async (of: Client, n: number): Promise<void> => {
    assert.deepEqual(
      (await of.events(tenants[n]!.id)).map((event) => event['msg']),
      [`of tenant ${n}`],
    );
  };
  await concurrently(TENANTS, AT_ONCE, async (n) => own(client, n));
  const grown = memoryOf(service.run.pid).now - before;
  assert.ok(grown < 512 << 20, `${Math.round(grown / 2 ** 20)} MiB for ${TENANTS} tenants`);
  const { body } = await client.call<{ tenants: unknown[] }>('/v1/tenants');
  assert.equal(body.tenants.length, TENANTS + 1);
  assert.equal(await service.end(), 0);
  const again = new Client(await startProcess(t, { dataDir: service.dataDir }));
  await concurrently(TENANTS / 10, AT_ONCE, async (n) => own(again, n * 10));
});
