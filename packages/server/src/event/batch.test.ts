import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Batch, BatchFormatError } from './batch.ts';
import { BatchBuilder } from './batch-builder.ts';
import { LEAF, NumberText } from './leaf.ts';

const producer = JSON.stringify({ id: null, name: null, pattern: 'default', durable: false, encrypted: false, sinks: ['store'] });

function add(builder: BatchBuilder, msg: string | Buffer | undefined, native?: object): void {
  builder.begin(1_795_132_800_000_001);
  builder.origin = builder.originIndex(7, producer);
  builder.host = builder.stringIndex('web-01');
  builder.pname = builder.stringIndex('sshd');
  builder.msgid = builder.stringIndex('-');
  if (typeof msg === 'string') builder.msgText(msg);
  else if (msg) builder.msgBytes(msg, 0, msg.length);
  if (native) builder.native(native);
  builder.commit();
}

function leavesOf(batch: Batch, row: number): unknown[] {
  const leaves: unknown[] = [];
  for (let i = batch.leafStart[row]!; i < batch.leafStart[row + 1]!; i++) {
    const tag = batch.leafTag[i]!;
    if (tag === LEAF.number) leaves.push(batch.leafNumber[i]);
    else if (tag >= LEAF.string) leaves.push(batch.leafString(i));
    else leaves.push(tag === LEAF.null ? null : tag === LEAF.true);
  }
  return leaves;
}

test('a batch gives back the texts, leaves and columns of its rows, across two batches of one builder', () => {
  const builder = new BatchBuilder();
  for (let round = 0; round < 2; round++) {
    add(builder, 'from text', { a: 1.5, b: 'x', c: [true, null, 'größe'], n: new NumberText('12345678901234567890') });
    add(builder, Buffer.from('from bytes ünïcode'));
    add(builder, undefined, { only: 'native' });
    const batch = new Batch(builder.seal());
    assert.equal(batch.rows, 3);
    assert.deepEqual([batch.msg(0), batch.msg(1), batch.msg(2)], ['from text', 'from bytes ünïcode', undefined]);
    assert.deepEqual(leavesOf(batch, 0), [1.5, 'x', true, null, 'größe', '12345678901234567890']);
    assert.deepEqual(leavesOf(batch, 1), []);
    assert.deepEqual(leavesOf(batch, 2), ['native']);
    const { strings, origins, shapes } = batch.dictionaries;
    assert.equal(strings[batch.host[2]!], 'web-01');
    assert.deepEqual(origins, [{ tenant: 7, producer }]);
    assert.deepEqual(
      [...batch.shape].map((shape) => shapes[shape]),
      ['{"native":{"a":0,"b":0,"c":[0,0,0],"n":0}}', '{}', '{"native":{"only":0}}'],
    );
  }
});

test('lone surrogates become U+FFFD, also at the seam of two texts', () => {
  const builder = new BatchBuilder();
  add(builder, 'a\ud83d', { x: '\ude00b' });
  const batch = new Batch(builder.seal());
  assert.equal(batch.msg(0), 'a\ufffd');
  assert.deepEqual(leavesOf(batch, 0), ['\ufffdb']);
});

test('an abandoned row leaves nothing behind', () => {
  const builder = new BatchBuilder();
  builder.begin(1);
  builder.msgText('gone');
  assert.throws(() => builder.native(Array.from({ length: 70 }).reduce<object>((inner) => ({ inner }), {})));
  builder.abandon();
  add(builder, 'kept', { k: 'v' });
  const batch = new Batch(builder.seal());
  assert.equal(batch.rows, 1);
  assert.equal(batch.msg(0), 'kept');
  assert.deepEqual(leavesOf(batch, 0), ['v']);
});

test('pids: numbers, nil and other texts', () => {
  const builder = new BatchBuilder();
  const texts = ['0', '4242', '-', '007', 'worker-1', '12345678901'];
  for (const text of texts) {
    builder.begin(1);
    builder.origin = builder.originIndex(1, producer);
    builder.pid = builder.pidValue(text);
    builder.commit();
  }
  const batch = new Batch(builder.seal());
  assert.deepEqual(
    texts.map((_, row) => batch.pidText(row)),
    texts,
  );
});

test('bytes that are no batch are refused', () => {
  assert.throws(() => new Batch(new ArrayBuffer(8)), BatchFormatError);
  assert.throws(() => new Batch(new ArrayBuffer(64)), BatchFormatError);
  const builder = new BatchBuilder();
  add(builder, 'x');
  const bytes = builder.seal();
  assert.throws(() => new Batch(bytes.slice(0, bytes.byteLength - 8)), BatchFormatError);
});
