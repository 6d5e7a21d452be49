import assert from 'node:assert/strict';
import { closeSync, cpSync, openSync, readdirSync, readSync, rmSync, statSync, truncateSync, writeSync } from 'node:fs';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import { Client, random, startProcess, temporaryDirectory, type TestTenant } from '@meniscus/testkit';
import { exportedNumbers } from '../support/numbers.ts';
import { setUp } from '../support/service.ts';

const TRIALS = 10;
/** Events in a record of the log: they were published one body after the other. */
const RECORD = 10;
const RECORDS = 100;

/** The newest file of the queue's log. */
function lastLog(dataDir: string): string {
  const queue = path.join(dataDir, 'queue');
  const files = readdirSync(queue, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.log'));
  return path.join(queue, files.sort().at(-1)!);
}

function flip(file: string, at: number, bit: number): void {
  const fd = openSync(file, 'r+');
  const byte = Buffer.alloc(1);
  readSync(fd, byte, 0, 1, at);
  byte[0]! ^= 1 << bit;
  writeSync(fd, byte, 0, 1, at);
  closeSync(fd);
}

async function publishRecords(client: Client, tenant: TestTenant): Promise<void> {
  for (let n = 0; n < RECORD * RECORDS; n += RECORD) {
    const events = Array.from({ length: RECORD }, (_, i) => ({ msg: `numbered ${n + i}` }));
    assert.equal((await client.publish(tenant, events)).status, 202);
  }
}

/** The records of which nothing was found; the others must be whole, and nothing there twice. */
function lostRecords(numbers: readonly number[]): number[] {
  const found = new Map<number, number>();
  for (const number of numbers) found.set(Math.floor(number / RECORD), (found.get(Math.floor(number / RECORD)) ?? 0) + 1);
  assert.equal(new Set(numbers).size, numbers.length, 'events are there twice');
  for (const [record, count] of found) assert.equal(count, RECORD, `record ${record} is not whole`);
  return Array.from({ length: RECORDS }, (_, record) => record).filter((record) => !found.has(record));
}

/** Damages copies of what a killed service left, at random; `judge` gets the records that are lost. */
async function trials(t: TestContext, damage: (log: string, next: () => number) => void, judge: (lost: number[]) => void) {
  const { service, client, tenant } = await setUp(t);
  await publishRecords(client, tenant);
  await service.end('SIGKILL');
  const seed = Date.now();
  const next = random(seed);
  for (let trial = 0; trial < TRIALS; trial++) {
    const dataDir = path.join(temporaryDirectory(t), 'data');
    cpSync(service.dataDir, dataDir, { recursive: true });
    damage(lastLog(dataDir), next);
    const again = await startProcess(t, { dataDir });
    const of = new Client(again);
    const lost = lostRecords(await exportedNumbers(of, tenant));
    t.diagnostic(`seed ${seed}, trial ${trial}: lost ${lost.join(' ')}`);
    judge(lost);
    assert.equal((await of.publish(tenant, { msg: `numbered ${RECORD * RECORDS}` })).status, 202);
    assert.ok((await exportedNumbers(of, tenant)).includes(RECORD * RECORDS));
    assert.equal(await again.end(), 0);
    const third = await startProcess(t, { dataDir });
    assert.equal((await exportedNumbers(new Client(third), tenant)).length, (RECORDS - lost.length) * RECORD + 1);
    await third.end('SIGKILL');
    rmSync(dataDir, { recursive: true });
  }
}

test('a flipped bit anywhere in the last file of the log costs one record at most', async (t) => {
  const damage = (log: string, next: () => number): void => flip(log, Math.floor(next() * statSync(log).size), Math.floor(next() * 8));
  await trials(t, damage, (lost) => assert.ok(lost.length <= 1, `lost ${lost.join(' ')}`));
});

test('a torn end of the last file costs what was torn off', async (t) => {
  let kept = 0;
  const damage = (log: string, next: () => number): void => {
    const { size } = statSync(log);
    const cut = Math.floor((next() * size) / 4);
    kept = 1 - cut / size;
    truncateSync(log, size - cut);
  };
  await trials(t, damage, (lost) => {
    const first = RECORDS - lost.length;
    assert.ok(
      lost.every((record) => record >= first),
      `lost ${lost.join(' ')}`,
    );
    assert.ok(first >= Math.floor(kept * RECORDS) - 2, `${first} records of ${RECORDS}, and ${kept} of the file was kept`);
  });
});
