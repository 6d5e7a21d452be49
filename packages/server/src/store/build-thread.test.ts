import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { test } from 'node:test';
import { MessageChannel, Worker, type MessagePort } from 'node:worker_threads';
import type { Covered, HotBatch, Manifest } from '../threads/messages.ts';
import type { BuildThreadData, BuildThreadMessage } from './build/thread-messages.ts';
import { batchesOf, eventsIn, expectedOf, NOON, putTenant, temporaryDirectory, type StoredEvent } from './store.testing.ts';
import { StoreView } from './view/store-view.ts';

const events: StoredEvent[] = Array.from({ length: 50 }, (_, i) => ({ tenant: 1, time: NOON + i, received: NOON + i, msg: `m${i}` }));

/** The messages of a port, one after the other. */
async function* messagesOf<T>(port: MessagePort | Worker): AsyncGenerator<T> {
  const waiting: T[] = [];
  let wake = (): void => {};
  port.on('message', (message: T) => {
    waiting.push(message);
    wake();
  });
  for (;;) {
    while (waiting.length > 0) yield waiting.shift()!;
    await new Promise<void>((resolve) => (wake = resolve));
  }
}

async function take<T>(messages: AsyncGenerator<T>): Promise<T> {
  const next = await messages.next();
  return next.value as T;
}

test('the thread takes batches, writes segments, tells everyone and ends when told', async (t) => {
  const directory = temporaryDirectory(t);
  const data: BuildThreadData = { directory, compressionLevel: 1 };
  const worker = new Worker(new URL('build-thread.ts', import.meta.url), { workerData: data });
  t.after(() => worker.terminate());
  const ended = once(worker, 'exit');
  const said = messagesOf<BuildThreadMessage>(worker);
  assert.deepEqual(await take(said), { type: 'ready' });

  worker.postMessage({ type: 'directory', sequence: 4, changes: [putTenant(1)] });
  assert.deepEqual(await take(said), { type: 'directory-done', sequence: 4 });

  const ingest = new MessageChannel();
  const query = new MessageChannel();
  const covered = messagesOf<Covered>(ingest.port1);
  const manifests = messagesOf<Manifest>(query.port1);
  worker.postMessage({ type: 'query', port: query.port2 }, [query.port2]);
  worker.postMessage({ type: 'ingest', shard: 3, port: ingest.port2 }, [ingest.port2]);
  assert.deepEqual(await take(covered), { type: 'covered', shard: 3, position: 0 });
  const view = new StoreView(directory);
  t.after(() => view.close());
  const whole = await take(manifests);
  assert.deepEqual(whole, { type: 'manifest', added: [], removed: [], covered: {} });
  view.applyManifest(whole);

  const send = (batch: HotBatch): void => {
    view.addHot({ ...batch, bytes: batch.bytes.slice(0) });
    ingest.port1.postMessage(batch, [batch.bytes]);
  };
  const [first, second] = batchesOf(events, { shard: 3, rows: 25 });
  send(first!);
  worker.postMessage({ type: 'stats', sequence: 1 });
  const stats = await take(said);
  assert.equal(stats.type, 'stats');
  send(second!);
  worker.postMessage({ type: 'stop' });
  assert.deepEqual(await take(covered), { type: 'covered', shard: 3, position: 50 });
  view.applyManifest(await take(manifests));
  assert.deepEqual(await take(said), { type: 'stopped' });
  await ended;
  const snapshot = view.snapshot();
  assert.deepEqual(eventsIn(snapshot, 1), expectedOf(events, 1, 0, 3));
  snapshot.release();
  assert.equal(readdirSync(directory).length, 1);
});
