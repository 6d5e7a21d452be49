import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { LEAF, NumberText } from '../../event/leaf.ts';
import type { Block, Column } from '../block.ts';
import { OVERFLOW } from '../block.ts';
import { writeSegment, writeTools } from '../build/flush.ts';
import { segmentName } from '../segment/names.ts';
import { batchesOf, DAY, eventsIn, expectedOf, NOON, temporaryDirectory, type StoredEvent } from '../store.testing.ts';
import { StoreView } from '../view/store-view.ts';
import { RowSource } from './row-source.ts';

interface Written {
  readonly view: StoreView;
  blocks(tenant?: number): Block[];
}

/** The events as a segment. */
async function written(t: TestContext, events: readonly StoredEvent[], limits?: Parameters<typeof writeTools>[1]): Promise<Written> {
  const directory = temporaryDirectory(t);
  const sources = batchesOf(events).map(({ bytes, position }) => RowSource.ofBatch(bytes, position));
  const name = segmentName(0, 0, events.length, 0);
  const skips = sources.map(() => 0);
  await writeSegment(directory, name, { sources, skips, keep: () => true }, writeTools(1, limits), async () => {});
  const view = new StoreView(directory);
  view.applyManifest({ type: 'manifest', added: [name.name], removed: [], covered: { 0: events.length } });
  t.after(() => view.close());
  return { view, blocks: (tenant = 1) => view.snapshot().blocks(tenant, -Infinity, Infinity) };
}

/** The same events as hot data. */
function hot(t: TestContext, events: readonly StoredEvent[]): Block[] {
  const view = new StoreView(temporaryDirectory(t));
  for (const batch of batchesOf(events)) view.addHot(batch);
  return view.snapshot().blocks(1, -Infinity, Infinity);
}

function event(i: number, more: Partial<StoredEvent> = {}): StoredEvent {
  return { tenant: 1, time: NOON + i, received: NOON + i, ...more };
}

function strings(column: Column | undefined): (string | undefined)[] {
  const held = column!.strings!;
  return Array.from({ length: column!.entries }, (_, i) => (held.kind === 'text' ? held.value(i) : held.values[held.index[i]!]));
}

/** What both kinds of blocks must say. */
async function both(t: TestContext, events: readonly StoredEvent[], check: (block: Block) => void): Promise<void> {
  check((await written(t, events)).blocks()[0]!);
  check(hot(t, events)[0]!);
}

test('fields of the event itself', async (t) => {
  const events = [
    event(0, { host: 'a', pid: '12', severity: 3, msg: 'one' }),
    event(1, { host: 'b', pid: 'x', facility: 4, ver: 1 }),
    event(2, { host: 'a', msg: '', severity: 5 }),
  ];
  await both(t, events, (block) => {
    assert.deepEqual(strings(block.column('host')), ['a', 'b', 'a']);
    assert.deepEqual(strings(block.column('pname')), ['-', '-', '-']);
    const host = block.columns().get('host')!;
    assert.deepEqual([host.rows, host.entries, host.values, Array.from(host.counts!)], [3, 3, ['a', 'b'], [2, 1]]);
    assert.equal(block.columns().get('pname')!.rows, 0);
    const pid = block.column('pid')!;
    assert.deepEqual([...pid.tags!], [LEAF.number, LEAF.string, LEAF.string]);
    assert.equal(pid.numbers![0], 12);
    assert.deepEqual(strings(pid).slice(1), ['x', '-']);
    assert.deepEqual([block.columns().get('pid')!.rows, block.columns().get('pid')!.min], [2, 12]);
    assert.deepEqual([...block.column('msg')!.rowStarts!], [0, 1, 1, 2]);
    assert.deepEqual(strings(block.column('msg')), ['one', '']);
    const severity = block.column('severity')!;
    assert.deepEqual(
      [[...severity.rowStarts!], [...severity.numbers!]],
      [
        [0, 1, 1, 2],
        [3, 5],
      ],
    );
    assert.deepEqual([...block.column('ver')!.rowStarts!], [0, 0, 1, 1]);
    assert.equal(block.column('flags')!.rowStarts, null);
    assert.equal(block.column('producer')!.entries, 3);
    assert.deepEqual(
      [block.column('native.x'), block.columns().get('native.x'), block.columns().has('native.x')],
      [undefined, undefined, false],
    );
  });
});

test('a column that no row has is not there', async (t) => {
  await both(t, [event(0)], (block) => {
    for (const name of ['msg', 'severity', 'facility', 'ver', OVERFLOW]) assert.equal(block.column(name), undefined, name);
    assert.deepEqual([...block.columns().keys()], ['host', 'pname', 'msgid', 'pid', 'flags', 'producer']);
  });
});

test('leaves of several kinds, in arrays and in dotted keys, are entries of one column', async (t) => {
  const events = [
    event(0, { native: { a: { b: [1, 'x', null] } } }),
    event(1, { native: { 'a.b': true } }),
    event(2, { native: {} }),
    event(3, { native: { a: { b: new NumberText('12345678901234567890') } } }),
  ];
  await both(t, events, (block) => {
    const column = block.column('native.a.b')!;
    assert.deepEqual([...column.rowStarts!], [0, 3, 4, 4, 5]);
    assert.deepEqual([...column.tags!], [LEAF.number, LEAF.string, LEAF.null, LEAF.true, LEAF.numberText]);
    assert.deepEqual([column.numbers![0], column.numbers![4]], [1, Number('12345678901234567890')]);
    assert.deepEqual([strings(column)[1], strings(column)[4]], ['x', '12345678901234567890']);
    const info = block.columns().get('native.a.b')!;
    assert.deepEqual([info.rows, info.entries, info.min, info.max], [3, 5, 1, Number('12345678901234567890')]);
    assert.equal(info.tags, (1 << LEAF.number) | (1 << LEAF.string) | (1 << LEAF.null) | (1 << LEAF.true) | (1 << LEAF.numberText));
  });
});

test('few distinct strings are a dictionary, many are text', async (t) => {
  const events = Array.from({ length: 3_000 }, (_, i) => event(i, { native: { few: `v${i % 40}`, many: `v${i}`, lines: `${i}\nx` } }));
  await both(t, events, (block) => {
    assert.equal(block.column('native.few')!.strings!.kind, 'dictionary');
    assert.equal(block.columns().get('native.few')!.values!.length, 40);
    const many = block.column('native.many')!.strings!;
    assert.ok(many.kind === 'text' && many.ascii && many.text().startsWith('v0\nv1\n'));
    assert.equal(strings(block.column('native.lines'))[2_999], '2999\nx');
  });
});

test('more than a thousand fields share a column and come back as they were', async (t) => {
  const native = (i: number): object =>
    Object.fromEntries(Array.from({ length: 300 }, (_, k) => [`f${i * 250 + k}`, k % 2 === 0 ? k : `text ${k}`]));
  const events = Array.from({ length: 6 }, (_, i) => event(i, { native: native(i) }));
  const store = await written(t, events);
  const [block] = store.blocks();
  const overflow = block!.column(OVERFLOW)!;
  assert.equal(overflow.names!.length, overflow.entries);
  assert.ok(overflow.entries > 500);
  assert.equal([...block!.columns().keys()].filter((name) => name.startsWith('native.')).length, 1_000);
  assert.deepEqual(eventsIn(store.view.snapshot(), 1), expectedOf(events, 1));
});

test('seventy thousand rows of three days are blocks of one day each, in order, within the limits', async (t) => {
  const events = Array.from({ length: 70_000 }, (_, i) => ({
    ...event(i),
    time: NOON + ((i * 7_919) % 70_000) * 1_000,
    received: NOON + Math.floor((i * 2 * DAY) / 70_000),
    msg: `m${i}`,
  }));
  const store = await written(t, events);
  const blocks = store.blocks();
  assert.equal(
    blocks.reduce((rows, block) => rows + block.rows, 0),
    70_000,
  );
  for (const block of blocks) {
    assert.ok(block.rows <= 16_384 && block.rows > 8_000);
    assert.equal(Math.floor(block.minReceived / DAY), Math.floor(block.maxReceived / DAY));
    const time = block.time();
    for (let row = 1; row < block.rows; row++) assert.ok(time[row - 1]! <= time[row]!);
    assert.deepEqual([time[0], time.at(-1)], [block.minTime, block.maxTime]);
  }
  assert.ok(blocks.every((block, i) => i === 0 || blocks[i - 1]!.maxTime >= block.maxTime));
});

test('large texts make more blocks', async (t) => {
  const events = Array.from({ length: 40 }, (_, i) => event(i, { msg: 'x'.repeat(1_000), native: { body: 'y'.repeat(9_000) } }));
  const store = await written(t, events, { blockRows: 1_000, blockBytes: 100_000, blockColumns: 10 });
  assert.equal(store.blocks().length, 4);
  assert.deepEqual(eventsIn(store.view.snapshot(), 1), expectedOf(events, 1));
});

test('ten thousand tenants in one segment are each found alone', async (t) => {
  const events = Array.from({ length: 30_000 }, (_, i) => event(i, { tenant: 1 + ((i * 7) % 10_000), msg: `m${i}` }));
  const store = await written(t, events);
  for (const tenant of [1, 2, 5_000, 10_000]) assert.deepEqual(eventsIn(store.view.snapshot(), tenant), expectedOf(events, tenant));
  assert.deepEqual(store.blocks(10_001), []);
});

test('a block says surely not of words that it does not have', async (t) => {
  const events = Array.from({ length: 5_000 }, (_, i) =>
    event(i, { host: `Host-${i % 9}`, msg: `Grüße Nr ${i}`, pid: 'secretpid', native: { user: `user_${i}`, n: 77_777_777 } }),
  );
  await both(t, events, (block) => {
    for (let asked = 0; asked < 5; asked++) block.mayContain('warm');
    for (const word of ['host', '8', 'grüße', 'nr', 'user_4999', '4999']) assert.ok(block.mayContain(word), word);
    for (const word of ['needle', 'secretpid', '77777777', 'gr']) assert.ok(!block.mayContain(word), word);
  });
});

test('only blocks that may hold rows of the time asked for, newest first', async (t) => {
  const events = Array.from({ length: 100 }, (_, i) => event(i * 10));
  const store = await written(t, events, { blockRows: 10, blockBytes: 1 << 20, blockColumns: 10 });
  const snapshot = store.view.snapshot();
  assert.equal(snapshot.blocks(1, NOON, NOON + 1).length, 1);
  assert.equal(snapshot.blocks(1, NOON + 990, Infinity).length, 1);
  assert.equal(snapshot.blocks(1, NOON + 991, Infinity).length, 0);
  assert.equal(snapshot.blocks(1, -Infinity, NOON).length, 0);
  assert.deepEqual(
    snapshot.blocks(1, NOON + 95, NOON + 205).map((block) => block.minTime - NOON),
    [200, 100],
  );
});
