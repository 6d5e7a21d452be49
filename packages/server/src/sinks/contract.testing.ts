import assert from 'node:assert/strict';
import { suite, test, type TestContext } from 'node:test';
import { temporaryDirectory } from '@meniscus/testkit';
import { LogQueue } from '../queue/log/log-queue.ts';
import type { Queue } from '../queue/queue.ts';
import { eventually, numbered, range, takeNumbers } from '../queue/contract.testing.ts';
import type { Sink } from './sink.ts';

/** A sink with a view of where it puts events. */
export interface SinkFixture {
  readonly sink: Sink;
  /** Numbers of the batches that arrived, in order. */
  readonly arrived: () => readonly number[];
  /** Makes everything before this position safe, so that the sink may commit it. */
  readonly settle: (position: number) => void;
}

export type SinkMaker = (t: TestContext, queue: Queue, from: number) => SinkFixture;

function consumerOf(queue: Queue, name: string): number | undefined {
  return queue.stats().consumers.find((consumer) => consumer.name === name)?.position;
}

async function append(queue: Queue, from: number, to: number): Promise<void> {
  await Promise.all(range(from, to).map((number) => queue.append(numbered(number), 1)));
}

/** A queue of its own, closed with the test. */
async function open(t: TestContext, directory = temporaryDirectory(t)): Promise<Queue> {
  const queue = await LogQueue.open({ directory });
  t.after(() => queue.close());
  return queue;
}

/** Runs a sink until the test ends or `stop` is called. */
function running(t: TestContext, sink: Sink): { stop(): Promise<void> } {
  const aborter = new AbortController();
  const ended = sink.run(aborter.signal);
  const stop = async (): Promise<void> => {
    aborter.abort();
    await ended;
  };
  t.after(stop);
  return { stop };
}

/** What every sink must do, on the real queue. */
export function testSinkContract(name: string, create: SinkMaker): void {
  suite(`the sink ${name}`, () => {
    test('every batch arrives once, in order, also those that were there before it ran', async (t) => {
      const queue = await open(t);
      const { sink, arrived } = create(t, queue, 0);
      await append(queue, 0, 5);
      running(t, sink);
      await append(queue, 5, 50);
      await eventually(() => arrived().length >= 50, 'all batches to arrive');
      assert.deepEqual(arrived(), range(0, 50));
    });

    test('it commits what is safe, and nothing before that', async (t) => {
      const queue = await open(t);
      const { sink, arrived, settle } = create(t, queue, 0);
      running(t, sink);
      await append(queue, 0, 10);
      await eventually(() => arrived().length === 10, 'all batches to arrive');
      assert.equal(consumerOf(queue, sink.name), 0);
      settle(7);
      await eventually(() => consumerOf(queue, sink.name) === 7, 'the commit');
    });

    test('after a restart what was not committed comes again, and nothing else', async (t) => {
      const directory = temporaryDirectory(t);
      const first = await open(t, directory);
      const before = create(t, first, 0);
      const run = running(t, before.sink);
      await append(first, 0, 10);
      await eventually(() => before.arrived().length === 10, 'all batches to arrive');
      before.settle(6);
      await eventually(() => consumerOf(first, before.sink.name) === 6, 'the commit');
      await run.stop();
      await first.close();
      const second = await open(t, directory);
      const after = create(t, second, 6);
      running(t, after.sink);
      await append(second, 10, 12);
      await eventually(() => after.arrived().length >= 6, 'the rest to arrive');
      assert.deepEqual(after.arrived(), range(6, 12));
    });

    test('one that commits nothing holds back no other consumer', async (t) => {
      const queue = await open(t);
      const { sink } = create(t, queue, 0);
      const other = queue.consumer('other');
      running(t, sink);
      await append(queue, 0, 20);
      assert.deepEqual(await takeNumbers(other, 20), range(0, 20));
    });

    test('it ends when it is told to, and when the queue closes', async (t) => {
      const queue = await open(t);
      await running(t, create(t, queue, 0).sink).stop();
      const other = await open(t);
      const ended = create(t, other, 0).sink.run(new AbortController().signal);
      await other.close();
      await ended;
    });
  });
}
