import assert from 'node:assert/strict';
import { cpSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import type { Manifest } from '../../threads/messages.ts';
import { BuildService } from '../build/build-service.ts';
import { DamagedError } from '../segment/chunk.ts';
import { FOOTER_BYTES, HEADER_BYTES } from '../segment/footer.ts';
import { parseSegmentName } from '../segment/names.ts';
import { SegmentFile } from '../segment/segment-file.ts';
import { batchesOf, eventsIn, expectedOf, NOON, temporaryDirectory, type StoredEvent } from '../store.testing.ts';
import { StoreView } from '../view/store-view.ts';
import { checkStore, segmentsIn } from './check.ts';
import { repairStore } from './repair.ts';
import { storeStats } from './stats.ts';

const events: StoredEvent[] = Array.from({ length: 3_000 }, (_, i) => ({
  tenant: 1 + (i % 3),
  time: NOON + i * 1000,
  received: NOON + i * 1000 + 3,
  host: `h${i % 5}`,
  msg: `event number ${i} with the words ${(i * 7_919) % 10_007} and ${(i * 104_729) % 1_000_003}`,
  native: { user: `u${i}`, status: i % 600, tags: ['a', i] },
}));

async function writtenStore(t: TestContext): Promise<string> {
  const directory = temporaryDirectory(t);
  const service = new BuildService({ directory, compressionLevel: 1, report: () => {} });
  service.start();
  for (const batch of batchesOf(events)) service.batch(batch);
  await service.stop();
  return directory;
}

function viewed(directory: string, use: (view: StoreView) => void): void {
  const view = new StoreView(directory);
  const manifest: Manifest = {
    type: 'manifest',
    added: readdirSync(directory).filter((name) => name.endsWith('.seg')),
    removed: [],
    covered: {},
  };
  view.applyManifest(manifest);
  use(view);
  view.close();
}

function holds(directory: string, tenant: number): string[] {
  let held: string[] = [];
  viewed(directory, (view) => {
    const snapshot = view.snapshot();
    held = eventsIn(snapshot, tenant);
    snapshot.release();
  });
  return held;
}

function theSegment(directory: string): { path: string; file: SegmentFile } {
  const name = segmentsIn(directory)[0]!;
  const file = new SegmentFile(directory, name);
  file.close();
  return { path: join(directory, name.name), file };
}

function flip(path: string, at: number): void {
  const bytes = readFileSync(path);
  bytes[at]! ^= 0x10;
  writeFileSync(path, bytes);
}

function entriesOf(directory: string) {
  const file = new SegmentFile(directory, segmentsIn(directory)[0]!);
  try {
    return [...file.readIndex().entries()];
  } finally {
    file.close();
  }
}

test('a sound store checks out, and its statistics add up', async (t) => {
  const directory = await writtenStore(t);
  const check = checkStore(directory);
  assert.ok(check.ok);
  assert.deepEqual(check.segments[0]!.rows, 3_000);
  assert.deepEqual((await repairStore(directory)).segments, []);
  const stats = storeStats(directory);
  assert.equal(stats.rows, 3_000);
  assert.deepEqual(
    stats.tenants.map(({ tenant, rows }) => [tenant, rows]),
    [
      [1, 1_000],
      [2, 1_000],
      [3, 1_000],
    ],
  );
  assert.equal(stats.tenants[0]!.minTime, NOON);
});

test('one flipped bit in a block costs that block and no other', async (t) => {
  const directory = await writtenStore(t);
  const bad = entriesOf(directory).find((entry) => entry.tenant === 2)!;
  const { path } = theSegment(directory);
  flip(path, bad.offset + bad.length - 10);
  const [check] = checkStore(directory).segments;
  assert.equal(check!.problems.length, 1);
  assert.equal(check!.problems[0]!.part, 'block');
  assert.equal(check!.problems[0]!.block.tenant, 2);
  viewed(directory, (view) => {
    const snapshot = view.snapshot();
    assert.deepEqual(eventsIn(snapshot, 1), expectedOf(events, 1));
    assert.throws(() => eventsIn(snapshot, 2), DamagedError);
    snapshot.release();
  });
  const { segments } = await repairStore(directory);
  assert.deepEqual(
    segments[0]!.lost.map(({ tenant, rows, minTime }) => ({ tenant, rows, minTime })),
    [{ tenant: 2, rows: bad.rows, minTime: bad.minTime }],
  );
  assert.ok(checkStore(directory).ok);
  assert.equal(readdirSync(join(directory, 'quarantine')).length, 1);
  assert.deepEqual(holds(directory, 1), expectedOf(events, 1));
  assert.deepEqual(holds(directory, 2), []);
  assert.deepEqual(holds(directory, 3), expectedOf(events, 3));
});

test('a damaged word filter is made anew', async (t) => {
  const directory = await writtenStore(t);
  const [bad] = entriesOf(directory);
  flip(theSegment(directory).path, bad!.offset + bad!.length + 40);
  assert.equal(checkStore(directory).segments[0]!.problems[0]!.part, 'filter');
  const { segments } = await repairStore(directory);
  assert.deepEqual(segments[0]!.lost, []);
  assert.equal(segments[0]!.kept.rows, 3_000);
  assert.ok(checkStore(directory).ok);
  for (const tenant of [1, 2, 3]) assert.deepEqual(holds(directory, tenant), expectedOf(events, tenant));
});

for (const [what, damage] of [
  ['footer', (path: string, file: SegmentFile) => flip(path, file.bytes - FOOTER_BYTES + 3)],
  ['index', (path: string, file: SegmentFile) => flip(path, file.footer.indexOffset + 25)],
  ['end', (path: string, file: SegmentFile) => truncateSync(path, file.footer.indexOffset)],
  ['beginning', (path: string) => flip(path, HEADER_BYTES - 14)],
] as const) {
  test(`all events are found again when the ${what} of a segment is damaged`, async (t) => {
    const directory = await writtenStore(t);
    const { path, file } = theSegment(directory);
    damage(path, file);
    const before = checkStore(directory);
    assert.ok(!before.ok);
    assert.ok(before.segments[0]!.unusable);
    const { segments } = await repairStore(directory);
    assert.equal(segments[0]!.kept.rows, 3_000);
    assert.ok(segments[0]!.uncertain);
    assert.ok(checkStore(directory).ok);
    for (const tenant of [1, 2, 3]) assert.deepEqual(holds(directory, tenant), expectedOf(events, tenant));
    assert.deepEqual((await repairStore(directory)).segments, []);
  });
}

test('a segment that the service put in quarantine is taken back once', async (t) => {
  const directory = await writtenStore(t);
  const { path, file } = theSegment(directory);
  flip(path, file.bytes - FOOTER_BYTES + 3);
  const reports: string[] = [];
  const service = new BuildService({ directory, compressionLevel: 1, report: (what) => reports.push(what) });
  service.start();
  await service.stop();
  assert.match(reports[0]!, /quarantine/);
  assert.deepEqual(segmentsIn(directory), []);
  assert.equal((await repairStore(directory)).segments[0]!.kept.rows, 3_000);
  assert.deepEqual(holds(directory, 2), expectedOf(events, 2));
  assert.deepEqual((await repairStore(directory)).segments, []);
});

test('a quarantined segment whose events came again from the queue is left alone', async (t) => {
  const directory = await writtenStore(t);
  const { path, file } = theSegment(directory);
  flip(path, file.bytes - FOOTER_BYTES + 3);
  const service = new BuildService({ directory, compressionLevel: 1, report: () => {} });
  service.start();
  for (const batch of batchesOf(events)) service.batch(batch);
  await service.stop();
  const { segments } = await repairStore(directory);
  assert.equal(segments[0]!.refused, 'its events are in other segments');
  assert.deepEqual(holds(directory, 1), expectedOf(events, 1));
});

test('no byte of a segment can change without being noticed', async (t) => {
  const directory = await writtenStore(t);
  const { path, file } = theSegment(directory);
  const sound = readFileSync(path);
  const step = Math.max(1, Math.floor(file.bytes / 150));
  for (let at = 0; at < file.bytes; at += step) {
    // The rest of the header is kept free.
    if (at >= 8 && at < HEADER_BYTES) continue;
    flip(path, at);
    assert.ok(!checkStore(directory).ok, `byte ${at}`);
    writeFileSync(path, sound);
  }
});

test('files of interrupted writing and segments contained in others go at the start', async (t) => {
  const directory = await writtenStore(t);
  const { name } = segmentsIn(directory)[0]!;
  const parsed = parseSegmentName(name)!;
  const older = name.replace(/-\d{6}\.seg$/, '-000000.seg');
  const newer = name.replace(/-\d{6}\.seg$/, '-000004.seg');
  cpSync(join(directory, name), join(directory, newer));
  writeFileSync(join(directory, `${name}.tmp`), 'torn');
  writeFileSync(join(directory, 'something else'), 'mine');
  assert.deepEqual(checkStore(directory).temporary, [`${name}.tmp`]);
  assert.equal(parsed.generation, 0);
  const service = new BuildService({ directory, compressionLevel: 1, report: assert.fail });
  service.start();
  assert.equal(service.stats().rows, 3_000);
  await service.stop();
  assert.deepEqual(readdirSync(directory).sort(), [newer, 'something else'].sort());
  rmSync(join(directory, newer));
  assert.notEqual(older, newer);
});
