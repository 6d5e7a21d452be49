import assert from 'node:assert/strict';
import { PassThrough, Readable } from 'node:stream';
import { test } from 'node:test';
import { batches, eventLines, type Batch } from './batches.ts';

async function all(stream: AsyncIterable<string | Buffer>): Promise<Batch[]> {
  const read: Batch[] = [];
  for await (const batch of batches(stream)) read.push(batch);
  return read;
}

test('batches hold whole lines, every byte once, and know their line numbers', async () => {
  const lines = Array.from({ length: 60_000 }, (_, i) => `line ${i} ${'x'.repeat(i % 90)}`);
  const bytes = Buffer.from(lines.join('\n'));
  const pieces = Array.from({ length: Math.ceil(bytes.length / 7_777) }, (_, i) => bytes.subarray(i * 7_777, (i + 1) * 7_777));
  const read = await all(Readable.from(pieces));
  assert.ok(read.length > 1);
  assert.ok(Buffer.concat(read.map((batch) => batch.bytes)).equals(bytes));
  assert.equal(
    read.reduce((sum, batch) => sum + batch.events, 0),
    lines.length,
  );
  const first = read[1]!.firstLine;
  assert.ok(read[1]!.bytes.toString().startsWith(`${lines[first - 1]!}\n`));
  for (const batch of read.slice(0, -1)) assert.equal(batch.bytes.at(-1), 0x0a);
});

test('bytes that are no UTF-8 pass as they are', async () => {
  const [batch] = await all(Readable.from([Buffer.from([0xff, 0xfe, 0x0a, 0x00])]));
  assert.deepEqual([...batch!.bytes], [0xff, 0xfe, 0x0a, 0x00]);
  assert.equal(batch!.events, 2);
});

test('blank lines are no events and do not shift the numbers of others', () => {
  assert.deepEqual(eventLines({ bytes: Buffer.from('a\n\n \r\nb\n'), firstLine: 10 }), [10, 13]);
});

test('what trickles in is sent soon, without waiting for more', async () => {
  const stream = new PassThrough();
  const read = batches(stream)[Symbol.asyncIterator]();
  stream.write('one\ntw');
  const first = await read.next();
  assert.equal((first.value as Batch).bytes.toString(), 'one\n');
  stream.end('o');
  const second = await read.next();
  assert.equal((second.value as Batch).bytes.toString(), 'two');
  assert.equal((await read.next()).done, true);
});

test('nothing, and nothing but blank lines, makes no batch', async () => {
  assert.deepEqual(await all(Readable.from([])), []);
  assert.deepEqual(await all(Readable.from(['\n\n  \n'])), []);
});
