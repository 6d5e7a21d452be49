import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { MessageChannel, type MessagePort } from 'node:worker_threads';
import { parse } from '@meniscus/query';
import { formatEventId } from '../../../event/event-id.ts';
import { limits } from '../../../limits.ts';
import { BuildService } from '../../../store/build/build-service.ts';
import { DirectoryFeed } from '../../../threads/directory-feed.ts';
import type { HotBatch, Mark } from '../../../threads/messages.ts';
import type { TailPiece, TailStart, TailSubscriber } from '../../tail.ts';
import { makeBatch, TENANT, type TestEvent } from '../memory-store.testing.ts';
import { QueryPool } from '../pool/pool.ts';

const FIRST = 1_000;
const HOUR = 1_795_000_000_000_000;

function numbered(from: number, to: number): TestEvent[] {
  return Array.from({ length: to - from }, (_, i) => ({ time: HOUR + (from + i) * 1000, msg: `numbered ${from + i}` }));
}

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from }, (_, i) => from + i);
}

/** Ingest threads played by the test: batches by shard, all of which a new query thread is given. */
class FakeIngest {
  readonly ports: MessagePort[][] = [];
  readonly marks: MessagePort[] = [];
  /** What a shard answers to a mark. */
  complete: (shard: number) => number | undefined = () => undefined;
  private readonly sent: HotBatch[] = [];
  private readonly next: number[];

  constructor(shards: number) {
    this.next = Array.from({ length: shards }, () => FIRST);
  }

  connect(): MessagePort[] {
    const ends = this.next.map((_, shard) => {
      const { port1, port2 } = new MessageChannel();
      port1.on('message', (_message: Mark) => {
        const ms = this.complete(shard);
        if (ms !== undefined) port1.postMessage({ type: 'complete', shard, ms });
      });
      port1.unref();
      for (const batch of this.sent) if (batch.shard === shard) port1.postMessage(batch);
      port1.postMessage({ type: 'attached' });
      return { port1, port2 };
    });
    this.ports.push(ends.map(({ port1 }) => port1));
    return ends.map(({ port2 }) => port2);
  }

  send(events: readonly TestEvent[], shard = 0): void {
    const batch: HotBatch = { type: 'batch', shard, position: this.next[shard]!, rows: events.length, bytes: makeBatch(events) };
    this.next[shard]! += events.length;
    this.sent.push(batch);
    for (const ports of this.ports) ports[shard]!.postMessage(batch);
  }
}

async function startTails(t: TestContext, options: { shards?: number; threads?: number; stored?: readonly TestEvent[] } = {}) {
  const { shards = 1, threads = 1, stored = [] } = options;
  const directory = mkdtempSync(join(tmpdir(), 'meniscus-tail-'));
  t.after(() => rmSync(directory, { recursive: true, force: true }));
  const build = new BuildService({ directory, compressionLevel: 1, report: () => {} });
  build.start();
  t.after(() => build.stop());
  const ingest = new FakeIngest(shards);
  if (stored.length > 0) {
    build.batch({ type: 'batch', shard: 0, position: FIRST - stored.length, rows: stored.length, bytes: makeBatch(stored) });
    await build.flush();
  }
  const ports: MessagePort[] = [];
  const connect = () => {
    const toBuild = new MessageChannel();
    build.attachQuery(toBuild.port1);
    ports.push(toBuild.port1);
    return { ports: { build: toBuild.port2, ingest: ingest.connect() }, waitForIngest: true };
  };
  const feed = new DirectoryFeed();
  const pool = new QueryPool({ threads, directory, node: 0, connect, feed, report: () => {} });
  t.after(async () => {
    await pool.close();
    for (const port of [...ports, ...ingest.ports.flat()]) port.close();
  });
  await pool.ready();
  return { pool, ingest, feed };
}

/** A subscriber that keeps what it got, and can wait for it. */
class Kept implements TailSubscriber {
  readonly messages: string[] = [];
  readonly ids: string[] = [];
  startId = '';
  missed = 0;
  full = false;
  error: unknown;
  /** Replayed pieces are not taken until it is called. */
  hold: Promise<void> = Promise.resolve();
  private readonly changed: (() => void)[] = [];

  started(id: string): void {
    this.startId = id;
    this.change();
  }

  async replay(piece: TailPiece): Promise<void> {
    this.take(piece);
    await this.hold;
  }

  offer(piece: TailPiece): boolean {
    if (this.full) {
      this.lost(piece.events);
      return false;
    }
    this.take(piece);
    return true;
  }

  lost(events: number): void {
    this.missed += events;
    this.change();
  }

  lacks(reason: string): void {
    this.error = reason;
  }

  ended(error: unknown): void {
    this.error = error;
    this.change();
  }

  get numbers(): number[] {
    return this.messages.map((msg) => Number(msg.split(' ')[1]));
  }

  async until(condition: () => boolean): Promise<void> {
    while (!condition()) await new Promise<void>((resolve) => this.changed.push(resolve));
  }

  private take({ bytes, events }: TailPiece): void {
    const frames = Buffer.from(bytes).toString().split('\n\n').slice(0, -1);
    assert.equal(frames.length, events);
    for (const frame of frames) {
      const [event, id, data] = frame.split('\n');
      const json = JSON.parse(data!.slice(6)) as { id: string; msg: string };
      assert.equal(event, 'event: log');
      assert.equal(id, `id: ${json.id}`);
      this.messages.push(json.msg);
      this.ids.push(json.id);
    }
    this.change();
  }

  private change(): void {
    for (const resolve of this.changed.splice(0)) resolve();
  }
}

async function open(pool: QueryPool, start: TailStart = { kind: 'now' }, q = '', tenant = TENANT) {
  const kept = new Kept();
  const request = { tenant: { number: tenant, id: 'acme', receivedFrom: -Infinity }, query: parse(q), text: q, start };
  const leave = pool.tail(request, kept);
  await kept.until(() => kept.startId !== '' || kept.error !== undefined);
  return { kept, leave };
}

test('what was there is not shown, what comes is, once to each who follows', async (t) => {
  const { pool, ingest } = await startTails(t, { stored: numbered(0, 50) });
  ingest.send(numbered(50, 100));
  const [all, same, some] = await Promise.all([open(pool), open(pool), open(pool, { kind: 'now' }, 'msg:*7')]);
  for (let n = 100; n < 1100; n += 100) ingest.send(numbered(n, n + 100));
  await Promise.all([all, same].map(({ kept }) => kept.until(() => kept.messages.length === 1000)));
  await some.kept.until(() => some.kept.messages.length === 100);
  assert.deepEqual(all.kept.numbers, range(100, 1100));
  assert.deepEqual(same.kept.numbers, range(100, 1100));
  assert.deepEqual(
    some.kept.numbers,
    range(100, 1100).filter((n) => n % 10 === 7),
  );
  for (const { leave } of [all, same, some]) leave();
  assert.equal(pool.tails, 0);
});

test('a tail behind an event goes through segments and hot data, and then live, without gap or repeat', async (t) => {
  const { pool, ingest } = await startTails(t, { stored: numbered(0, 500) });
  ingest.send(numbered(500, 700));
  const id = formatEventId((HOUR + 321_000) / 1000, 0, 0, FIRST - 500 + 321);
  const { kept } = await open(pool, { kind: 'after', id });
  for (let n = 700; n < 2000; n += 10) ingest.send(numbered(n, n + 10));
  await kept.until(() => kept.messages.length === 2000 - 322);
  assert.deepEqual(kept.numbers, range(322, 2000));
  const whole = await open(pool, { kind: 'received', from: HOUR + 100_500 });
  await whole.kept.until(() => whole.kept.messages.length === 1900);
  assert.deepEqual(whole.kept.numbers, range(100, 2000));
});

test('who has seen nothing yet goes on behind the id of its start', async (t) => {
  const { pool, ingest } = await startTails(t);
  ingest.send(numbered(0, 10));
  const first = await open(pool);
  first.leave();
  ingest.send(numbered(10, 20));
  const { kept } = await open(pool, { kind: 'after', id: first.kept.startId });
  await kept.until(() => kept.messages.length === 10);
  assert.deepEqual(kept.numbers, range(10, 20));
});

test('a slow reader of what was there gets it all, at its own pace', async (t) => {
  const { pool, ingest } = await startTails(t);
  const long = numbered(0, 5000).map((event) => ({ ...event, msg: `${event.msg as string} ${'x'.repeat(500)}` }));
  ingest.send(long);
  const { kept } = await open(pool, { kind: 'received', from: HOUR });
  const { promise, resolve } = Promise.withResolvers<void>();
  kept.hold = promise;
  ingest.send(numbered(5000, 5100));
  await kept.until(() => kept.messages.length > 0);
  assert.ok(kept.messages.length < 1000);
  kept.hold = Promise.resolve();
  resolve();
  await kept.until(() => kept.messages.length === 5100);
  assert.deepEqual(kept.numbers, range(0, 5100));
});

test('who has no room loses events, is told how many, and others lose none', async (t) => {
  const { pool, ingest } = await startTails(t);
  const [slow, fast] = await Promise.all([open(pool), open(pool)]);
  slow.kept.full = true;
  ingest.send(numbered(0, 300));
  await fast.kept.until(() => fast.kept.messages.length === 300);
  await slow.kept.until(() => slow.kept.missed === 300);
  slow.kept.full = false;
  ingest.send(numbered(300, 400));
  await slow.kept.until(() => slow.kept.messages.length === 100);
  assert.deepEqual(slow.kept.numbers, range(300, 400));
  await fast.kept.until(() => fast.kept.messages.length === 400);
});

for (const when of ['live', 'catching up'] as const) {
  test(`a thread that ends under tails, ${when}, is replaced; they go on where each was`, async (t) => {
    const { pool, ingest } = await startTails(t, { stored: numbered(0, 300) });
    const first = await open(pool, { kind: 'received', from: HOUR });
    const { promise, resolve } = Promise.withResolvers<void>();
    const second = await open(pool);
    ingest.send(numbered(300, 400));
    await first.kept.until(() => first.kept.messages.length === 400);
    await second.kept.until(() => second.kept.messages.length === 100);
    if (when === 'catching up') {
      first.leave();
      ingest.send(numbered(400, 4000).map((event) => ({ ...event, msg: `${event.msg as string} ${'x'.repeat(200)}` })));
      const third = await open(pool, { kind: 'received', from: HOUR });
      third.kept.hold = promise;
      await third.kept.until(() => third.kept.messages.length > 0);
      await endThreads(pool);
      third.kept.hold = Promise.resolve();
      resolve();
      ingest.send(numbered(4000, 4100));
      await third.kept.until(() => third.kept.messages.length === 4100);
      assert.deepEqual(third.kept.numbers, range(0, 4100));
    } else {
      await endThreads(pool);
      ingest.send(numbered(400, 4100));
      await first.kept.until(() => first.kept.messages.length === 4100);
      assert.deepEqual(first.kept.numbers, range(0, 4100));
    }
    await second.kept.until(() => second.kept.messages.length === 3800);
    assert.deepEqual(second.kept.numbers, range(300, 4100));
  });
}

/** Ends the pool's threads as a defect would. */
async function endThreads(pool: QueryPool): Promise<void> {
  const { places } = pool as unknown as { places: { threads: { worker: { terminate(): Promise<number> } }[] } };
  await Promise.all(places.threads.map(({ worker }) => worker.terminate()));
}

test('several shards are one stream in the order of ids: rows wait for what was received before them elsewhere', async (t) => {
  const { pool, ingest } = await startTails(t, { shards: 2 });
  const { kept } = await open(pool);
  const at = (ms: number, n: number): TestEvent => ({ time: HOUR, received: HOUR + ms * 1000, msg: `numbered ${n}` });
  ingest.send([at(10, 1), at(20, 3), at(30, 5)], 0);
  ingest.send([at(15, 2), at(25, 4), at(26, 4)], 1);
  await kept.until(() => kept.messages.length === 4);
  assert.deepEqual(kept.numbers, [1, 2, 3, 4]);
  // Shard 1 has nothing more and says so when it is asked, as does shard 0.
  ingest.complete = () => HOUR / 1000 + 1000;
  await kept.until(() => kept.messages.length === 6);
  assert.deepEqual(kept.numbers, [1, 2, 3, 4, 4, 5]);
  assert.deepEqual(
    kept.ids,
    kept.ids.toSorted((a, b) => (a < b ? -1 : 1)),
  );
  const again = await open(pool, { kind: 'after', id: kept.ids[1]! });
  await again.kept.until(() => again.kept.messages.length === 4);
  assert.deepEqual(again.kept.ids, kept.ids.slice(2));
});

test('a deleted tenant ends its tails; other tenants see nothing of it', async (t) => {
  const { pool, ingest, feed } = await startTails(t);
  const [mine, other] = await Promise.all([open(pool), open(pool, { kind: 'received', from: 0 }, '', TENANT + 1)]);
  ingest.send(numbered(0, 10));
  await mine.kept.until(() => mine.kept.messages.length === 10);
  await feed.send([{ type: 'remove', number: TENANT, id: 'acme' }]);
  await mine.kept.until(() => mine.kept.error !== undefined);
  assert.deepEqual(other.kept.messages, []);
  assert.equal(pool.tails, 1);
  const late = await open(pool);
  assert.notEqual(late.kept.error, undefined);
});

test('the number of tails is bounded, and a closed pool ends them', async (t) => {
  const { pool } = await startTails(t);
  const last: Kept[] = [];
  const start = { kind: 'now' } as const;
  const tenant = (number: number) => ({ number, id: `t${number}`, receivedFrom: -Infinity });
  const request = (number: number) => ({ tenant: tenant(number), query: parse(''), text: '', start });
  for (let i = 0; i < limits.tailsOfTenant; i++) {
    last.push(new Kept());
    pool.tail(request(1), last[i]!);
  }
  assert.throws(() => pool.tail(request(1), new Kept()), { code: 'too_many_requests' });
  const leave = pool.tail(request(2), new Kept());
  leave();
  await pool.close();
  for (const kept of last) assert.equal((kept.error as { code: string }).code, 'shutting_down');
  assert.throws(() => pool.tail(request(1), new Kept()), { code: 'shutting_down' });
});
