import assert from 'node:assert/strict';
import { openSync, readdirSync, readSync, statSync, truncateSync, writeSync, closeSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { Client, startProcess } from '@meniscus/testkit';
import { crashTrial, foundNumbers, Oracle } from './support/oracle.ts';
import { setUp } from './support/setup.ts';

test('kill -9 loses no acknowledged event and doubles none', async (t) => {
  const { service, tenant } = await setUp(t);
  const oracle = new Oracle();
  let running = service;
  for (let trial = 0; trial < 3; trial++) running = await crashTrial(t, running, tenant, oracle, trial, 100 + trial * 150);
  assert.ok(oracle.acknowledged.size > 0);
});

/** The newest file of the queue log. */
function lastLog(dataDir: string): string {
  const queue = path.join(dataDir, 'queue');
  const files = readdirSync(queue, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.log'));
  return path.join(queue, files.sort().at(-1)!);
}

async function numbered(t: Parameters<typeof setUp>[0], count: number) {
  const setup = await setUp(t);
  for (let n = 0; n < count; n++) await setup.client.publish(setup.tenant, { msg: `numbered ${n}` });
  await setup.service.end('SIGKILL');
  return setup;
}

test('a torn tail costs nothing that was acknowledged before it', async (t) => {
  const { service, tenant } = await numbered(t, 20);
  const log = lastLog(service.dataDir);
  truncateSync(log, statSync(log).size - 10);
  const again = await startProcess(t, { dataDir: service.dataDir });
  const found = await foundNumbers(new Client(again), tenant);
  assert.deepEqual(
    found.sort((a, b) => a - b),
    Array.from({ length: 19 }, (_, n) => n),
  );
});

test('a flipped byte in the last file costs the record it is in, and the service goes on', async (t) => {
  const { service, tenant } = await numbered(t, 20);
  const log = lastLog(service.dataDir);
  const fd = openSync(log, 'r+');
  const at = statSync(log).size >> 1;
  const byte = Buffer.alloc(1);
  readSync(fd, byte, 0, 1, at);
  writeSync(fd, Buffer.from([byte[0]! ^ 0x40]), 0, 1, at);
  closeSync(fd);
  const again = await startProcess(t, { dataDir: service.dataDir });
  const client = new Client(again);
  const found = await foundNumbers(client, tenant);
  assert.ok(found.length >= 18 && new Set(found).size === found.length, `found ${found.length}`);
  assert.equal((await client.publish(tenant, { msg: 'numbered 99' })).status, 202);
  assert.ok((await foundNumbers(client, tenant)).includes(99));
});
