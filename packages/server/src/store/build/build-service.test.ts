import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { test, type TestContext } from 'node:test';
import * as fc from 'fast-check';
import type { Covered, HotBatch, Manifest } from '../../threads/messages.ts';
import {
  batchesOf,
  DAY,
  eventsIn,
  expectedOf,
  NOON,
  putTenant,
  storedEvents,
  temporaryDirectory,
  type StoredEvent,
} from '../store.testing.ts';
import { StoreView } from '../view/store-view.ts';
import { BuildService } from './build-service.ts';

interface Store {
  readonly service: BuildService;
  readonly view: StoreView;
  readonly covered: Covered[];
  readonly reports: string[];
  /** Gives a batch to the build thread's service and to the view. */
  send(batches: readonly HotBatch[]): void;
  close(): Promise<void>;
}

function open(directory: string, clock: { now: number } = { now: NOON / 1000 }): Store {
  const reports: string[] = [];
  const covered: Covered[] = [];
  const service = new BuildService({
    directory,
    compressionLevel: 1,
    report: (what, error) => reports.push(`${what}: ${String(error)}`),
    now: () => clock.now,
  });
  const view = new StoreView(directory, { report: (segment, error) => reports.push(`${segment}: ${String(error)}`) });
  service.attachQuery({ postMessage: (message) => view.applyManifest(message as Manifest) });
  service.attachIngest(0, { postMessage: (message) => covered.push(message as Covered) });
  service.start();
  return {
    service,
    view,
    covered,
    reports,
    send: (batches) => {
      for (const batch of batches) {
        service.batch(batch);
        view.addHot(batch);
      }
    },
    close: async () => {
      await service.stop();
      view.close();
    },
  };
}

function opened(t: TestContext, directory = temporaryDirectory(t), clock?: { now: number }): Store {
  const store = open(directory, clock);
  t.after(() => store.close());
  return store;
}

function assertHolds(store: Store, events: readonly StoredEvent[], tenants = [1, 2, 3]): void {
  const snapshot = store.view.snapshot();
  for (const tenant of tenants) assert.deepEqual(eventsIn(snapshot, tenant), expectedOf(events, tenant));
  snapshot.release();
}

function plain(tenant: number, i: number): StoredEvent {
  return {
    tenant,
    time: NOON + i * 1000,
    received: NOON + i * 1000 + 7,
    host: `h${i % 3}`,
    pid: String(i),
    severity: i % 8,
    facility: 1,
    msg: `event ${i} of ${tenant}`,
  };
}

/** The service works on its own; this looks again and again whether it has come so far. */
async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 2));
}

function segments(directory: string): string[] {
  return readdirSync(directory).filter((name) => name.endsWith('.seg'));
}

test('any events are the same in memory, in a segment and after opening the store anew', async (t) => {
  await fc.assert(
    fc.asyncProperty(fc.array(storedEvents, { minLength: 1, maxLength: 40 }), fc.integer({ min: 1, max: 20 }), async (events, rows) => {
      const directory = temporaryDirectory(t);
      const store = open(directory);
      store.send(batchesOf(events, { rows }));
      assertHolds(store, events);
      await store.service.flush();
      assertHolds(store, events);
      assert.deepEqual(store.covered.at(-1), { type: 'covered', shard: 0, position: events.length });
      await store.close();
      const again = open(directory);
      assertHolds(again, events);
      assert.deepEqual(again.covered, [{ type: 'covered', shard: 0, position: events.length }]);
      await again.close();
      assert.deepEqual([...store.reports, ...again.reports], []);
    }),
    { numRuns: 60 },
  );
});

test('a snapshot does not change while batches come and become segments', async (t) => {
  const store = opened(t);
  const events = Array.from({ length: 20 }, (_, i) => plain(1, i));
  const batches = batchesOf(events, { rows: 5 });
  store.send(batches.slice(0, 2));
  const before = store.view.snapshot();
  store.send(batches.slice(2, 3));
  const between = store.view.snapshot();
  assert.deepEqual(eventsIn(between, 1), expectedOf(events.slice(0, 15), 1));
  assert.deepEqual(eventsIn(before, 1), expectedOf(events.slice(0, 10), 1));
  store.send(batches.slice(3));
  await store.service.flush();
  assert.deepEqual(eventsIn(before, 1), expectedOf(events.slice(0, 10), 1));
  assert.deepEqual(eventsIn(between, 1), expectedOf(events.slice(0, 15), 1));
  assertHolds(store, events);
  before.release();
  between.release();
});

test('ten thousand batches of one event are few blocks in memory', async (t) => {
  const store = opened(t);
  const events = Array.from({ length: 10_000 }, (_, i) => plain(1, i));
  for (const [i, batch] of batchesOf(events, { rows: 1 }).entries()) {
    store.send([batch]);
    if (i % 500 === 0) store.view.snapshot().blocks(1, -Infinity, Infinity);
  }
  const snapshot = store.view.snapshot();
  assert.ok(snapshot.blocks(1, -Infinity, Infinity).length < 20);
  assert.deepEqual(eventsIn(snapshot, 1), expectedOf(events, 1));
  snapshot.release();
});

test('batches sent again after a crash are in the store once', async (t) => {
  const directory = temporaryDirectory(t);
  const events = Array.from({ length: 30 }, (_, i) => plain(1 + (i % 2), i));
  const first = open(directory);
  first.send(batchesOf(events.slice(0, 20), { rows: 10 }));
  await first.service.flush();
  await first.close();
  // The queue's cursor was not written: everything comes again, and in other portions.
  const store = opened(t, directory);
  store.send(batchesOf(events, { rows: 7 }));
  assertHolds(store, events, [1, 2]);
  await store.service.flush();
  assertHolds(store, events, [1, 2]);
  assert.equal(store.service.stats().rows, 30);
});

test('positions that never come are covered with those after them', async (t) => {
  const store = opened(t);
  const events = [plain(1, 0)];
  store.send(batchesOf(events, { position: 500 }));
  await store.service.flush();
  assert.equal(store.covered.at(-1)!.position, 501);
  const snapshot = store.view.snapshot();
  assert.deepEqual(eventsIn(snapshot, 1), expectedOf(events, 1, 500));
  snapshot.release();
});

test('an event is found by what its id says', async (t) => {
  const store = opened(t);
  const events = Array.from({ length: 100 }, (_, i) => plain(1 + (i % 2), (i * 37) % 100));
  store.send(batchesOf(events.slice(0, 60), { rows: 9 }));
  await store.service.flush();
  store.send(batchesOf(events.slice(60), { rows: 9, position: 60 }));
  const snapshot = store.view.snapshot();
  for (const [position, event] of events.entries()) {
    const ms = Math.floor(event.received / 1000);
    const found = snapshot.find(event.tenant, 0, position, ms)!;
    assert.equal(found.block.position()[found.row], position);
    assert.equal(found.block.received()[found.row], event.received);
    assert.equal(snapshot.find(3 - event.tenant, 0, position, ms), undefined);
    assert.equal(snapshot.find(event.tenant, 0, position, ms + 1), undefined);
    assert.equal(snapshot.find(event.tenant, 1, position, ms), undefined);
  }
  snapshot.release();
});

test('many small segments are merged without a change of what is in them', async (t) => {
  const directory = temporaryDirectory(t);
  const clock = { now: NOON / 1000 };
  const store = opened(t, directory, clock);
  const [events] = fc.sample(fc.array(storedEvents, { minLength: 200, maxLength: 200 }), { numRuns: 1, seed: 7 });
  const sameDay = events!.map((event) => ({ ...event, received: NOON + (event.received % 1000) }));
  const held = store.view.snapshot();
  for (const batch of batchesOf(sameDay, { rows: 10 })) {
    store.send([batch]);
    await store.service.flush();
  }
  await until(() => store.service.stats().merges > 0);
  assert.ok(store.service.stats().segments <= 13);
  assertHolds(store, sameDay);
  assert.deepEqual(held.blocks(1, -Infinity, Infinity), []);
  held.release();
  // The day is over: what is left comes together.
  clock.now += 2 * 86_400_000;
  await until(() => store.service.stats().segments === 1);
  assertHolds(store, sameDay);
  await store.close();
  assert.equal(opened(t, directory).service.stats().segments, 1);
  assert.equal(segments(directory).length, 1);
  assert.deepEqual(store.reports, []);
});

test('a tenant that is removed disappears at once and from the disk', async (t) => {
  const store = opened(t);
  store.service.updateDirectory([putTenant(1), putTenant(2)]);
  store.send(batchesOf([plain(1, 0), plain(2, 1)]));
  await store.service.flush();
  store.send(batchesOf([plain(1, 2), plain(2, 3)], { position: 2 }));
  const removal = [{ type: 'remove', number: 1, id: 't1' }] as const;
  store.view.updateDirectory(removal);
  store.service.updateDirectory(removal);
  const snapshot = store.view.snapshot();
  assert.deepEqual(snapshot.blocks(1, -Infinity, Infinity), []);
  assert.equal(snapshot.blocks(2, -Infinity, Infinity).length, 2);
  snapshot.release();
  await store.service.flush();
  await until(() => store.service.stats().rows === 2);
  assertHolds(store, [plain(3, 0), plain(2, 1), plain(3, 2), plain(2, 3)], [1, 2]);
});

test('a tenant that was removed while the service was down is not taken in; one that is not known yet is', async (t) => {
  const store = opened(t);
  store.service.updateDirectory([putTenant(2)]);
  store.send(batchesOf([plain(1, 0), plain(2, 1), plain(3, 2)]));
  await store.service.flush();
  assertHolds(store, [plain(9, 0), plain(2, 1), plain(3, 2)]);
});

test('events past the retention of their tenant go, others stay', async (t) => {
  const directory = temporaryDirectory(t);
  const clock = { now: NOON / 1000 };
  const store = opened(t, directory, clock);
  store.service.updateDirectory([putTenant(1, 1), putTenant(2, 30)]);
  const events = [plain(1, 0), plain(2, 1)];
  store.send(batchesOf(events));
  await store.service.flush();
  clock.now += 3 * 86_400_000;
  store.service.updateDirectory([putTenant(3)]);
  clock.now += 120_000;
  await until(() => store.service.stats().rows === 1);
  assertHolds(store, [plain(9, 0), plain(2, 1)]);
  // The last segment stays, empty, because its name says what is covered.
  clock.now += (40 * DAY) / 1000;
  await until(() => store.service.stats().rows === 0);
  await store.close();
  assert.deepEqual(opened(t, directory).covered, [{ type: 'covered', shard: 0, position: 2 }]);
});
