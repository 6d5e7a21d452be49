import assert from 'node:assert/strict';
import { cpSync, readdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { Batch } from '../../event/batch.ts';
import { RowSource } from '../columns/row-source.ts';
import { segmentName, type SegmentName } from '../segment/names.ts';
import { SegmentWriter } from '../segment/segment-writer.ts';
import { batchesOf, eventsIn, expectedOf, NOON, putTenant, temporaryDirectory, type StoredEvent } from '../store.testing.ts';
import { StoreView } from '../view/store-view.ts';
import { Catalog } from './catalog.ts';
import { writeSegment, writeTools } from './flush.ts';
import { mergeSegments } from './merge.ts';
import { SegmentBuilder } from './segment-builder.ts';
import { Tenants } from './tenants.ts';

const events: StoredEvent[] = Array.from({ length: 40 }, (_, i) => ({
  tenant: 1,
  time: NOON + i,
  received: NOON + i,
  msg: `event ${i}`,
  native: { i, who: `u${i % 3}` },
}));
const noPause = async (): Promise<void> => {};

async function segmentOf(directory: string, from: number, to: number): Promise<SegmentName> {
  const name = segmentName(0, from, to, 0);
  const sources = batchesOf(events.slice(from, to), { position: from }).map(({ bytes, position }) => RowSource.ofBatch(bytes, position));
  await writeSegment(directory, name, { sources, skips: sources.map(() => 0), keep: () => true }, writeTools(1), noPause);
  return name;
}

/** What a service that starts now finds. */
function found(directory: string): { covered: number; events: string[]; names: string[] } {
  const reports: string[] = [];
  const catalog = new Catalog(directory, (what) => reports.push(what));
  const view = new StoreView(directory);
  view.applyManifest(catalog.manifest());
  const snapshot = view.snapshot();
  const held = eventsIn(snapshot, 1);
  snapshot.release();
  view.close();
  assert.deepEqual(reports, []);
  return { covered: catalog.covered(0), events: held, names: readdirSync(directory) };
}

async function twoSegments(t: TestContext): Promise<{ directory: string; names: SegmentName[] }> {
  const directory = temporaryDirectory(t);
  return { directory, names: [await segmentOf(directory, 0, 20), await segmentOf(directory, 20, 40)] };
}

const options = { isDead: () => false, report: assert.fail, pause: noPause };

test('a crash while a segment is written leaves what was before', async (t) => {
  const directory = temporaryDirectory(t);
  const name = await segmentOf(directory, 0, 20);
  const tools = writeTools(1);
  const torn = new SegmentWriter(directory, segmentName(0, 20, 40, 0), tools.chunks);
  t.after(() => torn.abandon());
  assert.deepEqual(found(directory), { covered: 20, events: expectedOf(events.slice(0, 20), 1), names: [name.name] });
});

test('a crash after a merge, before the old segments are removed, leaves every event once', async (t) => {
  const { directory, names } = await twoSegments(t);
  const merged = segmentName(0, 0, 40, 1);
  await mergeSegments(directory, names, merged, writeTools(1), options);
  assert.deepEqual(found(directory), { covered: 40, events: expectedOf(events, 1), names: [merged.name] });
});

test('a crash when one of the old segments is removed leaves every event once', async (t) => {
  const { directory, names } = await twoSegments(t);
  const merged = segmentName(0, 0, 40, 1);
  await mergeSegments(directory, names, merged, writeTools(1), options);
  renameSync(join(directory, names[0]!.name), join(directory, 'gone'));
  assert.deepEqual(found(directory).events, expectedOf(events, 1));
});

test('a merge that fails or is given up leaves nothing behind', async (t) => {
  const { directory, names } = await twoSegments(t);
  const merged = segmentName(0, 0, 40, 1);
  const pause = (): Promise<void> => Promise.reject(new Error('enough'));
  await assert.rejects(mergeSegments(directory, names, merged, writeTools(1), { ...options, pause }), /enough/);
  assert.deepEqual(
    readdirSync(directory).sort(),
    names.map(({ name }) => name),
  );
});

test('a damaged merged segment does not take the place of those it was made from', async (t) => {
  const { directory, names } = await twoSegments(t);
  writeFileSync(join(directory, segmentName(0, 0, 40, 1).name), 'damaged');
  const reports: string[] = [];
  const catalog = new Catalog(directory, (what) => reports.push(what));
  assert.deepEqual(
    catalog.entries().map((entry) => entry.name.name),
    names.map(({ name }) => name),
  );
  assert.equal(reports.length, 1);
  assert.equal(readdirSync(join(directory, 'quarantine')).length, 1);
});

test('when the disk takes nothing, batches are kept and written when it does again', async (t) => {
  const directory = temporaryDirectory(t);
  let now = 0;
  const reports: string[] = [];
  const report = (what: string): void => void reports.push(what);
  const catalog = new Catalog(directory, report);
  const limits = { segmentEvents: 20, segmentBytes: 1 << 20, segmentAgeMs: 60_000 };
  const builder = new SegmentBuilder(catalog, new Tenants(), writeTools(1), { report, limits, now: () => now });
  for (const batch of batchesOf(events, { rows: 10 }).slice(0, 3)) builder.add(batch);
  // As good as a full disk: nothing can be written.
  renameSync(directory, `${directory}-away`);
  assert.equal(builder.due(), 0);
  assert.equal(await builder.flush(0, noPause), false);
  assert.equal(builder.due(), undefined);
  assert.equal(builder.wait(), 1_000);
  builder.add(batchesOf(events, { rows: 10 })[3]!);
  now += 1_000;
  assert.equal(await builder.flush(builder.due()!, noPause), false);
  assert.equal(builder.wait(), 2_000);
  renameSync(`${directory}-away`, directory);
  now += 2_000;
  assert.equal(await builder.flush(builder.due()!, noPause), true);
  assert.equal(reports.length, 2);
  assert.equal(builder.wait(), Infinity);
  assert.deepEqual(found(directory).events, expectedOf(events, 1));
});

test('a segment is due by events, by bytes and by age', (t) => {
  let now = 0;
  const catalog = new Catalog(temporaryDirectory(t), assert.fail);
  const builderWith = (limits: { segmentEvents: number; segmentBytes: number; segmentAgeMs: number }): SegmentBuilder =>
    new SegmentBuilder(catalog, new Tenants(), writeTools(1), { report: assert.fail, limits, now: () => now });
  const [batch] = batchesOf(events.slice(0, 10));
  const large = 1 << 30;
  for (const [limits, due] of [
    [{ segmentEvents: 10, segmentBytes: large, segmentAgeMs: large }, 0],
    [{ segmentEvents: 11, segmentBytes: large, segmentAgeMs: large }, undefined],
    [{ segmentEvents: large, segmentBytes: batch!.bytes.byteLength, segmentAgeMs: large }, 0],
  ] as const) {
    const builder = builderWith(limits);
    assert.equal(builder.due(), undefined);
    builder.add(batch!);
    assert.equal(builder.due(), due);
  }
  const aged = builderWith({ segmentEvents: large, segmentBytes: large, segmentAgeMs: 500 });
  now = 100;
  aged.add(batch!);
  now = 599;
  assert.deepEqual([aged.due(), aged.wait()], [undefined, 1]);
  now = 600;
  assert.equal(aged.due(), 0);
});

test('bytes that are no batch are reported and passed over', async (t) => {
  const directory = temporaryDirectory(t);
  const reports: string[] = [];
  const builder = new SegmentBuilder(new Catalog(directory, assert.fail), new Tenants(), writeTools(1), {
    report: (what) => reports.push(what),
  });
  builder.add({ type: 'batch', shard: 0, position: 0, rows: 5, bytes: new ArrayBuffer(100) });
  builder.add(batchesOf(events, { position: 5 })[0]!);
  assert.equal(await builder.flush(0, noPause), true);
  assert.equal(reports.length, 1);
  assert.deepEqual(found(directory), { covered: 45, events: expectedOf(events, 1, 5), names: [segmentName(0, 0, 45, 0).name] });
});

test('a batch that cannot be stored goes to quarantine and stops no other', async (t) => {
  const directory = temporaryDirectory(t);
  const reports: string[] = [];
  const builder = new SegmentBuilder(new Catalog(directory, assert.fail), new Tenants(), writeTools(1), {
    report: (what) => reports.push(what),
  });
  const batches = batchesOf(events, { rows: 10 });
  // Its first row's host is in no dictionary.
  new Batch(batches[1]!.bytes).host[0] = 60_000;
  for (const batch of batches) builder.add(batch);
  assert.equal(await builder.flush(0, noPause), false);
  assert.equal(await builder.flush(0, noPause), true);
  assert.match(reports[1]!, /position 10 of shard 0/);
  assert.deepEqual(readdirSync(join(directory, 'quarantine')), ['0-10.batch']);
  const { covered, events: held } = found(directory);
  assert.equal(covered, 40);
  assert.deepEqual(
    held,
    expectedOf(events, 1).filter((_, i) => i < 10 || i >= 20),
  );
});

test('a segment whose rows are all of removed tenants still says what it covers', async (t) => {
  const directory = temporaryDirectory(t);
  const tenants = new Tenants();
  tenants.apply([putTenant(2)]);
  const builder = new SegmentBuilder(new Catalog(directory, assert.fail), tenants, writeTools(1), { report: assert.fail });
  builder.add(batchesOf(events)[0]!);
  assert.equal(await builder.flush(0, noPause), true);
  assert.deepEqual({ ...found(directory), names: [] }, { covered: 40, events: [], names: [] });
  // And goes with any neighbour.
  cpSync(join(directory, readdirSync(directory)[0]!), join(directory, 'copy'));
  await mergeSegments(directory, [segmentName(0, 0, 40, 0)], segmentName(0, 0, 40, 1), writeTools(1), options);
  assert.equal(found(directory).covered, 40);
});
