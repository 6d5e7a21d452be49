import assert from 'node:assert/strict';
import { readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { MeniscusError } from '../../errors.ts';
import { eventually, fill, numbered, numberOf, queueContract, range, take, takeNumbers } from '../contract.testing.ts';
import { diskIo } from './io.ts';
import { append, HEADER, logNames, place, RECORD } from './log-queue.testing.ts';

queueContract('log', async (t) => {
  const { directory, open } = await place(t);
  return { open: (maxBytes) => open({ directory: join(directory, 'shard-0'), ...(maxBytes === undefined ? {} : { maxBytes }) }) };
});

queueContract('log in many small files, with almost nothing in memory', async (t) => {
  const { open } = await place(t);
  return { open: (maxBytes) => open({ fileBytes: 300, memoryBytes: 200, ...(maxBytes === undefined ? {} : { maxBytes }) }) };
});

test('appends that wait together are synced together', async (t) => {
  const queue = await (await place(t)).open();
  await append(queue, 0, 100);
  assert.equal(queue.stats().syncs, 1);
  await queue.append(numbered(100), 1);
  assert.equal(queue.stats().syncs, 2);
});

test('no batch reaches a consumer or is acknowledged before its sync has ended', async (t) => {
  let release = (): void => undefined;
  const held = new Promise<void>((resolve) => (release = resolve));
  const sync: typeof diskIo.sync = async (handle) => {
    await held;
    await handle.datasync();
  };
  const queue = await (await place(t)).open({ io: { sync } });
  const consumer = queue.consumer('a');
  const seen: string[] = [];
  const taken = consumer.next(new AbortController().signal).then(() => seen.push('taken'));
  const acknowledged = queue.append(numbered(0), 1).then(() => seen.push('acknowledged'));
  for (let i = 0; i < 50; i++) await new Promise(setImmediate);
  assert.deepEqual(seen, []);
  release();
  await Promise.all([taken, acknowledged]);
});

test('files end at the limit, are named by their first position, and go when the last consumer is past them', async (t) => {
  const { directory, open } = await place(t);
  const queue = await open({ fileBytes: HEADER + 4 * RECORD });
  await append(queue, 0, 10);
  assert.deepEqual(await logNames(directory), ['0000000000000000.log', '0000000000000004.log', '0000000000000008.log']);
  assert.equal(queue.stats().bytes, 3 * HEADER + 10 * RECORD);
  const [a, b] = [queue.consumer('a'), queue.consumer('b')];
  a.commit(9);
  b.commit(5);
  await eventually(() => queue.stats().files === 2, 'the removal of a file');
  assert.deepEqual(await logNames(directory), ['0000000000000004.log', '0000000000000008.log']);
  b.commit(10);
  a.commit(10);
  await eventually(() => queue.stats().oldest === null, 'the removal of all');
  assert.deepEqual(await logNames(directory), ['0000000000000010.log']);
});

test('with no consumer nothing is removed', async (t) => {
  const { open } = await place(t);
  const queue = await open({ fileBytes: 300 });
  await append(queue, 0, 20);
  assert.deepEqual(await takeNumbers(queue.consumer('late'), 20), range(0, 20));
});

test('a consumer that lags reads back from disk, from where memory ended, and comes back to memory', async (t) => {
  const queue = await (await place(t)).open({ memoryBytes: 50_000, fileBytes: 5 << 20 });
  const consumer = queue.consumer('a');
  assert.deepEqual(await Promise.all([takeNumbers(consumer, 3), append(queue, 0, 1500, 10_000)]).then(([numbers]) => numbers), range(0, 3));
  assert.deepEqual(await takeNumbers(consumer, 1497), range(3, 1500));
  const bytes = numbered(1500, 10_000);
  await queue.append(bytes, 1);
  assert.equal((await take(consumer, 1))[0]!.bytes, bytes);
});

test('a consumer reads on while others append and files turn', async (t) => {
  const queue = await (await place(t)).open({ memoryBytes: 3_000, fileBytes: 20_000 });
  const consumer = queue.consumer('a');
  const appended = (async () => {
    for (let i = 0; i < 3000; i += 10) await append(queue, i, i + 10, 64 + (i % 200));
  })();
  for (let i = 0; i < 3000; i++) {
    const [batch] = await take(consumer, 1);
    assert.equal(numberOf(batch!), i);
    if (i % 7 === 0) consumer.commit(i);
  }
  await appended;
});

test('positions go on after the cursors when the files are gone, and after what the caller holds', async (t) => {
  const { directory, open } = await place(t);
  const first = await open();
  await append(first, 0, 30);
  first.consumer('a').commit(25);
  await first.close();
  for (const name of await logNames(directory)) await rm(join(directory, name));
  const second = await open();
  assert.equal(await second.append(numbered(0), 1), 25);
  assert.deepEqual(await takeNumbers(second.consumer('a'), 1), [0]);
  await second.close();
  const third = await open({ atLeast: 1000 });
  const consumer = third.consumer('a');
  assert.deepEqual(await takeNumbers(consumer, 1), [0]);
  const waiting = take(consumer, 1);
  assert.equal(await third.append(numbered(1), 1), 1000);
  assert.equal((await waiting)[0]!.position, 1000);
});

test('a damaged cursor begins at the oldest record held', async (t) => {
  const { directory, open } = await place(t);
  for (const damage of ['', 'null', '{"version":1,"position":7,"crc32":"00000000"}', '\0\0\0\0']) {
    const first = await open();
    await append(first, 0, 5);
    first.consumer('a').commit(first.stats().position);
    await first.close();
    assert.match(await readFile(join(directory, 'a.cursor'), 'utf8'), /^\{"version":1,"position":\d+,"crc32":"[0-9a-f]{8}"\}\n$/);
    await writeFile(join(directory, 'a.cursor'), damage);
    const second = await open();
    const [batch] = await take(second.consumer('a'), 1);
    assert.equal(batch!.position, 0);
    await second.close();
  }
});

test('a consumer that is not asked for again holds its place', async (t) => {
  const { directory, open } = await place(t);
  const options = { fileBytes: 300 };
  const first = await open(options);
  first.consumer('absent');
  await append(first, 0, 10);
  await first.close();
  const second = await open(options);
  const present = second.consumer('present');
  await take(present, 10);
  present.commit(10);
  await second.close();
  assert.equal((await logNames(directory)).length, 5);
  const third = await open(options);
  assert.equal(third.stats().consumers.length, 2);
  await third.removeConsumer('absent');
  await eventually(() => third.stats().oldest === null, 'the removal of files');
});

test('below the reserve of the disk it takes nothing until there is room', async (t) => {
  let free = 100;
  const queue = await (await place(t)).open({ diskReserveBytes: 1000, io: { free: () => Promise.resolve(free) } });
  assert.equal(queue.stats().full, 'disk');
  await assert.rejects(queue.append(numbered(0), 1), (error: unknown) => error instanceof MeniscusError && error.code === 'queue_full');
  const room = new Promise<void>((resolve) => queue.onRoom(resolve));
  free = 10_000;
  await eventually(() => !queue.full, 'room');
  await room;
  assert.equal(await queue.append(numbered(0), 1), 0);
});

test('a write that the disk refuses is taken back, all that waited is refused, and later all goes on', async (t) => {
  let broken = true;
  const { directory, open } = await place(t);
  const write: typeof diskIo.write = async (handle, buffers, offset) => {
    if (!broken || offset === 0) return diskIo.write(handle, buffers, offset);
    await handle.write(Buffer.alloc(50, 1), 0, 50, offset);
    throw Object.assign(new Error('no space left on device'), { code: 'ENOSPC' });
  };
  const queue = await open({ io: { write } });
  const results = await Promise.allSettled([queue.append(numbered(0), 1), queue.append(numbered(1), 1)]);
  for (const result of results) assert.equal(result.status === 'rejected' && (result.reason as MeniscusError).code, 'queue_full');
  assert.equal(queue.stats().full, 'disk');
  assert.equal((await stat(join(directory, (await logNames(directory))[0]!))).size, HEADER);
  broken = false;
  await eventually(() => !queue.full, 'room');
  assert.equal(await queue.append(numbered(2), 1), 0);
  await queue.close();
  const again = await open();
  assert.equal(again.stats().tornBytes, 0);
  assert.deepEqual(await takeNumbers(again.consumer('a'), 1), [2]);
});

test('after a failed sync nothing more is taken, what was acknowledged stays, and opening anew goes on', async (t) => {
  let fail = false;
  let syncs = 0;
  const { open } = await place(t);
  const sync: typeof diskIo.sync = (handle) => {
    syncs++;
    return fail ? Promise.reject(Object.assign(new Error('i/o error'), { code: 'EIO' })) : diskIo.sync(handle);
  };
  const queue = await open({ io: { sync } });
  await append(queue, 0, 3);
  fail = true;
  const unavailable = (error: unknown): boolean => error instanceof MeniscusError && error.code === 'unavailable';
  await assert.rejects(queue.append(numbered(3), 1), unavailable);
  fail = false;
  const before = syncs;
  await assert.rejects(queue.append(numbered(4), 1), unavailable);
  assert.equal(syncs, before, 'a sync was tried again');
  assert.deepEqual(await takeNumbers(queue.consumer('a'), 3), range(0, 3));
  await queue.close();
  const again = await open();
  assert.ok((await again.append(numbered(9), 1)) >= 3);
  const numbers = await takeNumbers(again.consumer('b'), 4);
  assert.deepEqual(numbers.slice(0, 3), range(0, 3));
});

test('a batch larger than a file has a file of its own', async (t) => {
  const queue = await (await place(t)).open({ fileBytes: 300, memoryBytes: 0 });
  await append(queue, 0, 1, 5_000_001);
  await append(queue, 1, 3);
  assert.equal(queue.stats().files, 2);
  assert.deepEqual(await takeNumbers(queue.consumer('a'), 3), range(0, 3));
});

test('the limit holds for many appends at once, and a drained queue gives its disk back', async (t) => {
  const { open } = await place(t);
  const queue = await open({ maxBytes: 100_000 });
  const consumer = queue.consumer('a');
  const results = await Promise.allSettled(range(0, 200).map((i) => queue.append(numbered(i, 1000), 1)));
  const taken = results.filter(({ status }) => status === 'fulfilled').length;
  assert.ok(taken > 80 && taken < 100);
  assert.ok(queue.stats().bytes <= 100_000);
  await takeNumbers(consumer, taken);
  consumer.commit(queue.stats().position);
  await eventually(() => queue.stats().bytes === HEADER, 'the removal of all files');
  assert.equal(await fill(queue, 1000), taken);
});
