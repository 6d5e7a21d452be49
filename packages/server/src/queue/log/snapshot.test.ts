import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { numbered, range, takeNumbers } from '../contract.testing.ts';
import { LogQueue } from './log-queue.ts';

async function directoryOf(t: TestContext): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'meniscus-snapshot-'));
  t.after(() => rm(directory, { recursive: true, force: true }));
  return directory;
}

test('a snapshot of a log in use holds what was appended before it, its consumers, and nothing that came later', async (t) => {
  const directory = await directoryOf(t);
  const open = (name: string) => LogQueue.open({ directory: join(directory, name), diskReserveBytes: 0, fileBytes: 1000 });
  const queue = await open('log');
  const consumer = queue.consumer('store');
  for (const number of range(0, 50)) await queue.append(numbered(number), 1);
  assert.deepEqual(await takeNumbers(consumer, 20), range(0, 20));
  consumer.commit(20);
  const appending = Promise.all(range(50, 90).map((number) => queue.append(numbered(number), 1)));
  const copying = queue.snapshot(join(directory, 'copy'));
  await appending;
  await copying;
  for (const number of range(90, 200)) await queue.append(numbered(number), 1);
  consumer.commit(200);
  await queue.close();

  const copy = await open('copy');
  t.after(() => copy.close());
  assert.equal(copy.stats().quarantined + copy.stats().tornBytes, 0);
  const { position } = copy.stats();
  assert.ok(position >= 50 && position <= 90, String(position));
  const again = copy.consumer('store');
  assert.equal(again.position, 20);
  assert.deepEqual(
    (await takeNumbers(again, position - 20)).filter((number) => number >= 20),
    range(20, position),
  );
  assert.equal(await copy.append(numbered(7), 1), position);
  assert.deepEqual(
    (await readdir(join(directory, 'copy'))).filter((name) => name.endsWith('.tmp')),
    [],
  );
});
