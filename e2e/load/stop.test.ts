import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Client, startProcess, until } from '@meniscus/testkit';
import { Oracle, publishUntilGone, streamUntilGone } from '../../apptest/support/oracle.ts';
import { exportedNumbers } from '../support/numbers.ts';
import { setUp } from '../support/service.ts';

/** interface.md, section 1. */
const STOP_MS = 10_000;

for (const signal of ['SIGTERM', 'SIGINT'] as const)
  test(`${signal} under load: exit 0 within ten seconds, and nothing acknowledged is lost`, async (t) => {
    const { service, client, tenant } = await setUp(t);
    const oracle = new Oracle();
    const senders = [
      ...[0, 1, 2, 3].map((i) => publishUntilGone(client, tenant, oracle, i * 1_000_000)),
      ...[4, 5].map((i) => streamUntilGone(service.run.syslog.tcp, tenant, oracle, i * 1_000_000)),
    ];
    const tail = await fetch(`${client.url}${client.path(tenant.id, '/tail')}`, {
      headers: { authorization: `Bearer ${client.adminKey}` },
    });
    const tailing = tail.text().catch(() => '');
    await until('load', () => oracle.acknowledged.size > 1000);
    const started = performance.now();
    assert.equal(await service.end(signal), 0);
    assert.ok(performance.now() - started < STOP_MS, `it took ${performance.now() - started} ms`);
    await Promise.all([...senders, tailing]);
    const again = new Client(await startProcess(t, { dataDir: service.dataDir }));
    const numbers = await exportedNumbers(again, tenant);
    const found = new Set(numbers);
    assert.equal(numbers.length, found.size, 'events are there twice');
    assert.equal([...oracle.acknowledged].filter((number) => !found.has(number)).length, 0, 'acknowledged events are lost');
  });
