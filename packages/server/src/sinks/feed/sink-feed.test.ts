import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { MessageChannel } from 'node:worker_threads';
import { temporaryDirectory } from '@meniscus/testkit';
import { eventually, numberOf } from '../../queue/contract.testing.ts';
import { LogQueue } from '../../queue/log/log-queue.ts';
import { testSinkContract } from '../contract.testing.ts';
import { ACME, batchBytes, DEFAULT_PRODUCER, type TestEvent } from '../document/documents.testing.ts';
import type { FeedBatch } from '../run/messages.ts';
import { SinkFeed } from './sink-feed.ts';
import { SinkFeeds } from './sink-feeds.ts';

const EVERY = { has: () => true, receivedMs: () => 0 };

testSinkContract('of a thread', (t, queue) => {
  const { port1, port2 } = new MessageChannel();
  t.after(() => port1.close());
  const arrived: number[] = [];
  port2.on('message', (batch: FeedBatch) => arrived.push(numberOf(batch)));
  const sink = new SinkFeed({
    name: 'x',
    queue,
    port: port1,
    windowBytes: 1 << 20,
    queueMaxBytes: null,
    wanted: EVERY,
    onRelief: () => {},
  });
  return { sink, arrived: () => arrived, settle: (position) => port2.postMessage({ position }) };
});

const FOR_X: TestEvent = { tenant: ACME, producer: { ...DEFAULT_PRODUCER, sinks: ['x'] }, msg: 'x'.repeat(1000) };
const FOR_STORE: TestEvent = { ...FOR_X, producer: { ...DEFAULT_PRODUCER, sinks: ['store'] } };

suite('the feed of a sink', () => {
  test('hands over what has events for it and lets the rest pass by', async (t) => {
    const queue = await LogQueue.open({ directory: temporaryDirectory(t) });
    t.after(() => queue.close());
    const feeds = new SinkFeeds(queue, () => {});
    const { port1, port2 } = new MessageChannel();
    const got: FeedBatch[] = [];
    port2.on('message', (batch: FeedBatch) => got.push(batch));
    await feeds.start({ name: 'x', windowBytes: 1 << 20, queueMaxBytes: null }, port1);
    const at = (): number => queue.stats().consumers.find(({ name }) => name === 'x')!.position;
    await queue.append(batchBytes([FOR_STORE]), 1);
    await eventually(() => at() === 1, 'the batch to pass by');
    await queue.append(batchBytes([FOR_X, FOR_STORE]), 2);
    await queue.append(batchBytes([FOR_STORE]), 1);
    await eventually(() => got.length === 1, 'the batch to arrive');
    assert.deepEqual([got[0]!.position, got[0]!.rows, at()], [1, 2, 1]);
    port2.postMessage({ position: 3 });
    await eventually(() => at() === 4, 'the commit, with what passed by behind it');
    await feeds.stop();
  });

  test('tells how old the oldest event is that the sink does not have', async (t) => {
    const queue = await LogQueue.open({ directory: temporaryDirectory(t) });
    t.after(() => queue.close());
    const feeds = new SinkFeeds(queue, () => {});
    const { port1, port2 } = new MessageChannel();
    let got = 0;
    port2.on('message', () => got++);
    await feeds.start({ name: 'x', windowBytes: 1 << 20, queueMaxBytes: null }, port1);
    await queue.append(batchBytes([{ ...FOR_X, received: (Date.now() - 3_600_000) * 1000 }]), 1);
    await eventually(() => got === 1, 'the batch to arrive');
    assert.ok(feeds.lagSeconds[0]![1] >= 3600);
    await feeds.stop();
  });

  test('tells of its relief, too, when what it lagged by is not for it', async (t) => {
    const queue = await LogQueue.open({ directory: temporaryDirectory(t) });
    t.after(() => queue.close());
    let reliefs = 0;
    const feeds = new SinkFeeds(queue, () => reliefs++);
    queue.consumer('x');
    for (let i = 0; i < 20; i++) await queue.append(batchBytes([FOR_STORE]), 1);
    await feeds.start({ name: 'x', windowBytes: 1 << 20, queueMaxBytes: 1000 }, new MessageChannel().port1);
    assert.equal(feeds.congested, 'x');
    await eventually(() => reliefs > 0, 'the relief');
    assert.equal(feeds.congested, null);
    await feeds.stop();
  });

  test('hands over no more than the window, and again from what was committed to a thread that follows', async (t) => {
    const queue = await LogQueue.open({ directory: temporaryDirectory(t) });
    t.after(() => queue.close());
    const feeds = new SinkFeeds(queue, () => {});
    const start = async (): Promise<{ got: number[]; commit: (position: number) => void }> => {
      const { port1, port2 } = new MessageChannel();
      const got: number[] = [];
      port2.on('message', (batch: FeedBatch) => got.push(batch.position));
      await feeds.start({ name: 'x', windowBytes: 2_500, queueMaxBytes: null }, port1);
      return { got, commit: (position) => port2.postMessage({ position }) };
    };
    const first = await start();
    for (let i = 0; i < 10; i++) await queue.append(batchBytes([FOR_X]), 1);
    await eventually(() => first.got.length === 2, 'the window to fill');
    first.commit(1);
    await eventually(() => first.got.length === 3, 'the next one');
    assert.deepEqual(first.got, [0, 1, 2]);
    const second = await start();
    await eventually(() => second.got.length === 2, 'a second thread to be fed');
    assert.deepEqual(second.got, [1, 2]);
    await feeds.stop();
  });

  test('with a limit of its own holds sources back until it is below it', async (t) => {
    const queue = await LogQueue.open({ directory: temporaryDirectory(t) });
    t.after(() => queue.close());
    let relieved = 0;
    const feeds = new SinkFeeds(queue, () => relieved++);
    const { port1, port2 } = new MessageChannel();
    await feeds.start({ name: 'x', windowBytes: 1 << 20, queueMaxBytes: 5_000 }, port1);
    assert.equal(feeds.congested, null);
    for (let i = 0; i < 10; i++) await queue.append(batchBytes([FOR_X]), 1);
    await eventually(() => feeds.congested === 'x', 'the limit');
    port2.postMessage({ position: 9 });
    await eventually(() => relieved > 0, 'relief');
    assert.equal(feeds.congested, null);
    await feeds.stop();
  });
});
