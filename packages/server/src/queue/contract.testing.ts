import assert from 'node:assert/strict';
import { suite, test, type TestContext } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { MeniscusError } from '../errors.ts';
import type { Queue, QueueConsumer, QueuedBatch } from './queue.ts';

/** One queue of an implementation under test; its data live until the test's end, and what is open then is closed. */
export interface QueueFixture {
  /** Opens it, the second time with what the first left. One is open at a time. `maxBytes` limits what it holds, else nothing does. */
  open(maxBytes?: number): Promise<Queue>;
}

/** A batch whose bytes tell its number. Queues do not look into batches. */
export function numbered(number: number, size = 64): ArrayBuffer {
  const bytes = new Uint8Array(size).fill(number & 0xff);
  new DataView(bytes.buffer).setUint32(0, number, true);
  return bytes.buffer;
}

export function numberOf({ bytes }: QueuedBatch): number {
  const view = new DataView(bytes);
  const number = view.getUint32(0, true);
  for (let i = 4; i < bytes.byteLength; i++) assert.equal(view.getUint8(i), number & 0xff, `byte ${i} of batch ${number}`);
  return number;
}

/** The next `count` batches. */
export async function take(consumer: QueueConsumer, count: number): Promise<QueuedBatch[]> {
  const batches: QueuedBatch[] = [];
  while (batches.length < count) {
    const batch = await consumer.next(AbortSignal.timeout(20_000));
    assert.ok(batch, `batch ${batches.length} of ${count} did not come`);
    batches.push(batch);
  }
  return batches;
}

export async function takeNumbers(consumer: QueueConsumer, count: number): Promise<number[]> {
  return (await take(consumer, count)).map(numberOf);
}

/** What happens in the background and has no call to wait for. */
export async function eventually(condition: () => boolean, what: string): Promise<void> {
  for (const end = Date.now() + 20_000; !condition(); await pause(5)) assert.ok(Date.now() < end, `${what} did not happen`);
}

export function range(from: number, to: number): number[] {
  return Array.from({ length: to - from }, (_, i) => from + i);
}

async function appendAll(queue: Queue, from: number, to: number, size = 64): Promise<number[]> {
  return Promise.all(range(from, to).map((i) => queue.append(numbered(i, size), (i % 3) + 1)));
}

function assertFollowOn(positions: readonly number[], from: number): void {
  for (let i = 1; i < positions.length; i++) assert.equal(positions[i], positions[i - 1]! + ((from + i - 1) % 3) + 1);
}

function isFull(error: unknown): boolean {
  return error instanceof MeniscusError && error.code === 'queue_full';
}

/** Appends until the queue refuses; gives how many it took. */
export async function fill(queue: Queue, size: number): Promise<number> {
  for (let count = 0; ; count++) {
    assert.ok(count < 100_000, 'the queue is never full');
    try {
      await queue.append(numbered(count, size), 1);
    } catch (error) {
      assert.ok(isFull(error), String(error));
      return count;
    }
  }
}

/** What every queue does. `create` gives a new, empty queue. */
export function queueContract(kind: string, create: (t: TestContext) => Promise<QueueFixture>): void {
  suite(`queue contract: ${kind}`, () => {
    test('batches come in the order of appends, with positions that count rows, as the very buffers', async (t) => {
      const queue = await (await create(t)).open();
      const consumer = queue.consumer('a');
      const buffers = range(0, 50).map((i) => numbered(i));
      const positions = await Promise.all(buffers.map((bytes, i) => queue.append(bytes, (i % 3) + 1)));
      assertFollowOn(positions, 0);
      const batches = await take(consumer, 50);
      assert.deepEqual(batches.map(numberOf), range(0, 50));
      assert.deepEqual(
        batches.map((batch) => [batch.position, batch.rows]),
        positions.map((position, i) => [position, (i % 3) + 1]),
      );
      assert.equal(queue.stats().position, positions[49]! + 2);
    });

    test('concurrent appends resolve in the order of the calls', async (t) => {
      const queue = await (await create(t)).open();
      const order: number[] = [];
      const rounds = range(0, 20).map(async (round) => {
        await new Promise(setImmediate);
        await Promise.all(
          range(round * 10, round * 10 + 10).map((i) => queue.append(numbered(i), 1).then((position) => order.push(position))),
        );
      });
      await Promise.all(rounds);
      assert.deepEqual(order, range(order[0]!, order[0]! + 200));
    });

    test('what was appended and not committed is there after a reopening', async (t) => {
      const fixture = await create(t);
      const first = await fixture.open();
      const consumer = first.consumer('a');
      const positions = await appendAll(first, 0, 30);
      const batches = await take(consumer, 20);
      consumer.commit(batches[9]!.position + batches[9]!.rows);
      await first.close();

      const second = await fixture.open();
      const again = second.consumer('a');
      assert.equal(again.position, positions[10]);
      const more = await second.append(numbered(30), 1);
      assert.ok(more > positions[29]!);
      assert.deepEqual(await takeNumbers(again, 21), range(10, 31));
    });

    test('a consumer inside a batch gets the whole batch again', async (t) => {
      const fixture = await create(t);
      const first = await fixture.open();
      const consumer = first.consumer('a');
      const position = await first.append(numbered(0), 10);
      await take(consumer, 1);
      consumer.commit(position + 4);
      await first.close();
      const again = (await fixture.open()).consumer('a');
      assert.equal(again.position, position + 4);
      const [batch] = await take(again, 1);
      assert.deepEqual([batch!.position, batch!.rows], [position, 10]);
    });

    test('consumers go on each by itself', async (t) => {
      const queue = await (await create(t)).open();
      const fast = queue.consumer('fast');
      const slow = queue.consumer('slow');
      await appendAll(queue, 0, 20);
      assert.deepEqual(await takeNumbers(fast, 20), range(0, 20));
      assert.deepEqual(await takeNumbers(slow, 5), range(0, 5));
      await appendAll(queue, 20, 30);
      assert.deepEqual(await takeNumbers(fast, 10), range(20, 30));
      assert.deepEqual(await takeNumbers(slow, 25), range(5, 30));
      fast.commit(queue.stats().position);
      const [a, b] = queue.stats().consumers;
      assert.deepEqual([a!.lagEvents, b!.lagEvents], [0, queue.stats().position - b!.position]);
      assert.equal(a!.lagBytes, 0);
      assert.ok(b!.lagBytes > 0);
    });

    test('a consumer that is asked for twice is one, and `from` moves it forward only', async (t) => {
      const queue = await (await create(t)).open();
      await appendAll(queue, 0, 10);
      const end = queue.stats().position;
      const consumer = queue.consumer('a', 5);
      assert.equal(consumer.position, 5);
      assert.equal(queue.consumer('a', 2).position, 5);
      const [batch] = await take(consumer, 1);
      assert.ok(batch!.position + batch!.rows > 5);
      assert.equal(queue.consumer('a', end + 100).position, end + 100);
      assert.ok((await queue.append(numbered(10), 1)) >= end + 100, 'a position that a consumer holds already was given again');
      assert.deepEqual(await takeNumbers(consumer, 1), [10]);
    });

    test('a rewound consumer gets again what it did not commit, from memory or from disk', async (t) => {
      const queue = await (await create(t)).open();
      const consumer = queue.consumer('a');
      await appendAll(queue, 0, 10);
      const batches = await take(consumer, 10);
      consumer.commit(batches[3]!.position + batches[3]!.rows);
      consumer.rewind();
      assert.deepEqual(await takeNumbers(consumer, 6), range(4, 10));
      consumer.rewind();
      await appendAll(queue, 10, 12);
      assert.deepEqual(await takeNumbers(consumer, 8), range(4, 12));
      const { position } = queue.stats();
      consumer.commit(position);
      consumer.rewind();
      assert.deepEqual([consumer.position, consumer.readAt], [position, position]);
    });

    test('a waiting consumer gets the next append', async (t) => {
      const queue = await (await create(t)).open();
      const consumer = queue.consumer('a');
      const waiting = consumer.next(new AbortController().signal);
      await queue.append(numbered(7), 1);
      assert.equal(numberOf((await waiting)!), 7);
    });

    test('an abort ends a wait and loses nothing', async (t) => {
      const queue = await (await create(t)).open();
      const consumer = queue.consumer('a');
      const controller = new AbortController();
      const waiting = consumer.next(controller.signal);
      controller.abort();
      assert.equal(await waiting, undefined);
      assert.equal(await consumer.next(controller.signal), undefined);
      await appendAll(queue, 0, 3);
      const another = new AbortController();
      const reading = consumer.next(another.signal);
      another.abort();
      const early = await reading;
      assert.deepEqual(await takeNumbers(consumer, early ? 2 : 3), range(early ? 1 : 0, 3));
    });

    test('a removed consumer stops waiting, and one of that name begins anew', async (t) => {
      const fixture = await create(t);
      const queue = await fixture.open();
      const consumer = queue.consumer('a/b ü');
      await appendAll(queue, 0, 5);
      await take(consumer, 5);
      consumer.commit(queue.stats().position);
      const waiting = consumer.next(new AbortController().signal);
      await queue.removeConsumer('a/b ü');
      await queue.removeConsumer('never there');
      assert.equal(await waiting, undefined);
      assert.deepEqual(queue.stats().consumers, []);
      await queue.close();
      const anew = (await fixture.open()).consumer('a/b ü');
      assert.deepEqual(await takeNumbers(anew, 5), range(0, 5));
    });

    test('close waits for what was appended, ends waits, refuses more, and can be called again', async (t) => {
      const fixture = await create(t);
      const queue = await fixture.open();
      const waiting = queue.consumer('b').next(new AbortController().signal);
      const appended = appendAll(queue, 0, 10);
      const closed = Promise.all([queue.close(), queue.close()]);
      assert.equal((await appended).length, 10);
      await closed;
      await waiting;
      await queue.close();
      await assert.rejects(
        queue.append(numbered(11), 1),
        (error: unknown) => error instanceof MeniscusError && error.code === 'shutting_down',
      );
      assert.deepEqual(await takeNumbers((await fixture.open()).consumer('a'), 10), range(0, 10));
    });

    test('positions do not come again when all was committed', async (t) => {
      const fixture = await create(t);
      let last = -1;
      for (let round = 0; round < 4; round++) {
        const queue = await fixture.open();
        const consumer = queue.consumer('a');
        assert.ok((await queue.append(numbered(round, 4096), 1)) > last);
        assert.deepEqual(await takeNumbers(consumer, 1), [round]);
        last = queue.stats().position - 1;
        consumer.commit(last + 1);
        await queue.close();
      }
    });

    test('at its limit it refuses, keeps nothing of what it refused, and tells when there is room', async (t) => {
      const queue = await (await create(t)).open(1 << 20);
      const consumer = queue.consumer('a');
      let room = 0;
      queue.onRoom(() => room++);
      for (let round = 1; round <= 3; round++) {
        const count = await fill(queue, 20_000);
        assert.ok(count > 10);
        assert.equal(queue.full, true);
        assert.equal(queue.stats().full, 'bytes');
        assert.deepEqual(await takeNumbers(consumer, count), range(0, count));
        consumer.commit(queue.stats().position);
        await eventually(() => room >= round, 'room');
        assert.equal(queue.full, false);
        assert.equal(queue.stats().full, null);
      }
    });

    test('the slowest consumer holds back removal until it is removed', async (t) => {
      const queue = await (await create(t)).open(1 << 20);
      const fast = queue.consumer('fast');
      const slow = queue.consumer('slow');
      let room = false;
      queue.onRoom(() => (room = true));
      const count = await fill(queue, 20_000);
      await take(fast, count);
      fast.commit(queue.stats().position);
      assert.deepEqual(await takeNumbers(slow, count), range(0, count));
      assert.equal(queue.full, true);
      await queue.removeConsumer('slow');
      await eventually(() => room, 'room');
      await queue.append(numbered(0), 1);
    });

    test('bad calls are refused and do no harm', async (t) => {
      const queue = await (await create(t)).open();
      const consumer = queue.consumer('a');
      await assert.rejects(queue.append(new ArrayBuffer(0), 1));
      await assert.rejects(queue.append(numbered(0), 0));
      await assert.rejects(queue.append(numbered(0), 1.5));
      assert.throws(() => queue.consumer(''));
      assert.throws(() => consumer.commit(1_000_000));
      assert.throws(() => consumer.commit(Number.NaN));
      const signal = new AbortController().signal;
      const waiting = consumer.next(signal);
      await assert.rejects(consumer.next(signal));
      await queue.append(numbered(1), 1);
      assert.equal(numberOf((await waiting)!), 1);
    });
  });
}
