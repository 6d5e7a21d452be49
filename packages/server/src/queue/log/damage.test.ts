import assert from 'node:assert/strict';
import { readdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { numbered, numberOf, range, take, takeNumbers } from '../contract.testing.ts';
import { append, HEADER, logNames, place, RECORD } from './log-queue.testing.ts';
import { LogQueue } from './log-queue.ts';

async function flip(path: string, offset: number): Promise<void> {
  const bytes = await readFile(path);
  bytes[offset] = bytes[offset]! ^ 0x10;
  await writeFile(path, bytes);
}

for (const cut of [1, RECORD - 1, RECORD - HEADER - 5, RECORD - 8]) {
  test(`a tail torn ${cut} bytes short is cut, counted, and its positions do not come again`, async (t) => {
    const { directory, open } = await place(t);
    const first = await open();
    await append(first, 0, 5);
    await first.close();
    const path = join(directory, (await logNames(directory))[0]!);
    await truncate(path, HEADER + 5 * RECORD - cut);

    const second = await open();
    assert.equal(second.stats().tornBytes, RECORD - cut);
    assert.equal((await stat(path)).size, HEADER + 4 * RECORD);
    assert.ok((await second.append(numbered(9), 1)) >= 5);
    assert.deepEqual(await takeNumbers(second.consumer('a'), 5), [0, 1, 2, 3, 9]);
    await second.close();
    const third = await open();
    assert.equal(third.stats().tornBytes, 0);
    assert.deepEqual(await takeNumbers(third.consumer('b'), 5), [0, 1, 2, 3, 9]);
  });
}

test('a tail of zeros or of garbage is cut', async (t) => {
  for (const fill of [0, 0xa5]) {
    const { directory, open } = await place(t);
    const first = await open();
    await append(first, 0, 3);
    await first.close();
    const path = join(directory, (await logNames(directory))[0]!);
    await writeFile(path, Buffer.concat([await readFile(path), Buffer.alloc(5000, fill)]));
    const second = await open();
    assert.equal(second.stats().tornBytes, 5000);
    await append(second, 3, 4);
    assert.deepEqual(await takeNumbers(second.consumer('a'), 4), range(0, 4));
  }
});

test('a flipped byte, wherever in a record, loses this record alone, and it is set aside', async (t) => {
  for (const at of [0, 4, 7, 8, 12, 16, 20, 24, 31, 32, 60, 95]) {
    const { directory, open } = await place(t);
    const first = await open();
    await append(first, 0, 10);
    await first.close();
    const path = join(directory, (await logNames(directory))[0]!);
    await flip(path, HEADER + 4 * RECORD + at);

    const second = await open();
    assert.equal(second.stats().quarantined, 1, `byte ${at}`);
    assert.equal(second.stats().tornBytes, 0);
    await append(second, 10, 12);
    const batches = await take(second.consumer('a'), 11);
    assert.deepEqual(batches.map(numberOf), [0, 1, 2, 3, 5, 6, 7, 8, 9, 10, 11]);
    assert.deepEqual(
      batches.map((batch) => batch.position),
      [0, 1, 2, 3, 5, 6, 7, 8, 9, 10, 11],
    );
    const [name] = await readdir(join(directory, 'quarantine'));
    assert.match(name!, /^0000000000000000\.log-offset-416-position-4\.bad$/);
    assert.equal((await stat(join(directory, 'quarantine', name!))).size, RECORD);
    assert.equal(second.stats().quarantined, 1, 'one damage counts once');
  }
});

test('damage in a batch larger than what is read at once loses this batch alone', async (t) => {
  const sizes = [700_003, 1_500_001, 64, 3_000_000, 64, 900_000];
  const starts = sizes.map((_, i) => HEADER + sizes.slice(0, i).reduce((sum, size) => sum + HEADER + Math.ceil(size / 8) * 8, 0));
  for (const at of [5, 1_200_000]) {
    const { directory, open } = await place(t);
    const first = await open();
    for (const [i, size] of sizes.entries()) await first.append(numbered(i, size), 1);
    await first.close();
    const path = join(directory, (await logNames(directory))[0]!);
    await flip(path, starts[1]! + at);
    await flip(path, starts[3]! + at);
    const second = await open();
    assert.deepEqual([second.stats().quarantined, second.stats().tornBytes], [2, 0]);
    assert.deepEqual(await takeNumbers(second.consumer('a'), 4), [0, 2, 4, 5]);
    await second.close();
  }
});

test('damage in an earlier file is met when it is read, by whoever comes first', async (t) => {
  const { directory, open } = await place(t);
  const options = { fileBytes: HEADER + 4 * RECORD };
  const first = await open(options);
  await append(first, 0, 12);
  await first.close();
  const [zero, four] = await logNames(directory);
  await flip(join(directory, zero!), HEADER + 2 * RECORD + 50);
  await flip(join(directory, four!), HEADER + 3 * RECORD + 50);

  const second = await open(options);
  assert.equal(second.stats().quarantined, 0);
  const expected = [0, 1, 3, 4, 5, 6, 8, 9, 10, 11];
  assert.deepEqual(await takeNumbers(second.consumer('a'), 10), expected);
  assert.deepEqual(await takeNumbers(second.consumer('b'), 10), expected);
  assert.equal(second.stats().quarantined, 2);
});

test('a damaged file header costs no record; a file that is damaged throughout is set aside', async (t) => {
  const { directory, open } = await place(t);
  const options = { fileBytes: HEADER + 4 * RECORD };
  const first = await open(options);
  await append(first, 0, 12);
  await first.close();
  const paths = (await logNames(directory)).map((name) => join(directory, name));
  for (const path of paths) await flip(path, 9);
  const second = await open(options);
  assert.deepEqual(await takeNumbers(second.consumer('a'), 12), range(0, 12));
  await second.close();

  await writeFile(paths[2]!, Buffer.alloc(HEADER + 4 * RECORD, 0x5a));
  await writeFile(paths[0]!, Buffer.alloc(HEADER + 4 * RECORD, 0x5a));
  const third = await open(options);
  assert.ok((await third.append(numbered(20), 1)) >= 12);
  assert.deepEqual(await takeNumbers(third.consumer('b'), 5), [4, 5, 6, 7, 20]);
  assert.equal((await readdir(join(directory, 'quarantine'))).length, 2);
});

test('text that looks like a record is never taken for one', async (t) => {
  const { directory, open } = await place(t);
  const first = await open();
  await append(first, 0, 3);
  await first.close();
  const path = join(directory, (await logNames(directory))[0]!);
  const stolen = (await readFile(path)).subarray(HEADER);
  await rm(path);

  const second = await open();
  await second.append(Uint8Array.from(stolen).buffer, 1);
  await append(second, 5, 6);
  await second.close();
  await flip(join(directory, (await logNames(directory))[0]!), HEADER + 3);
  const third = await open();
  assert.deepEqual(await takeNumbers(third.consumer('a'), 1), [5]);
});

test('a file whose creation a crash cut short is no obstacle', async (t) => {
  const { directory, open } = await place(t);
  const first = await open();
  await append(first, 0, 3);
  await first.close();
  await writeFile(join(directory, '0000000000000003.log'), '');
  await writeFile(join(directory, '0000000000000007.log'), Buffer.alloc(20));
  const second = await open();
  assert.ok((await second.append(numbered(3), 1)) >= 7);
  assert.deepEqual(await takeNumbers(second.consumer('a'), 4), range(0, 4));
});

test('a log of a newer version is refused and not touched', async (t) => {
  const { directory } = await place(t);
  const { encodeFileHeader } = await import('./format.ts');
  const { crc32 } = await import('node:zlib');
  const header = encodeFileHeader({ mark: 7, first: 0, created: 0 });
  header.writeUInt32LE(2, 4);
  header.writeUInt32LE(crc32(header.subarray(16), crc32(header.subarray(0, 12))), 12);
  const path = join(directory, '0000000000000000.log');
  await writeFile(path, header);
  await assert.rejects(
    LogQueue.open({ directory }),
    (error: Error) => error.message.includes(path) && String(error.cause).includes('version 2'),
  );
  assert.deepEqual(await readFile(path), header);
});
