import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { MessageChannel, type MessagePort } from 'node:worker_threads';
import { parse } from '@meniscus/query';
import { BuildService } from '../../../store/build/build-service.ts';
import { DirectoryFeed } from '../../../threads/directory-feed.ts';
import { testSearchContract } from '../../contract.testing.ts';
import { contractEvents } from '../../contract/client.testing.ts';
import type { ExportRequest, SearchRequest } from '../../search.ts';
import { makeBatch, TENANT, type TestEvent } from '../memory-store.testing.ts';
import { QueryPool, type PoolOptions } from './pool.ts';

const FIRST = 1_000;
const tenant = { number: TENANT, id: 'acme', receivedFrom: -Infinity };
const never = new AbortController().signal;

function count(more: Partial<SearchRequest> = {}, q = ''): SearchRequest {
  return { kind: 'count', tenant, query: parse(q), from: -Infinity, to: Infinity, deadlineMs: 30_000, ...more } as SearchRequest;
}

/** A store with a build service in this thread, and a pool over it. `hot`: what every new thread is given as batches. */
async function startPool(
  t: TestContext,
  options: Partial<PoolOptions> & { hot?: readonly TestEvent[]; stored?: readonly TestEvent[] } = {},
) {
  const directory = mkdtempSync(join(tmpdir(), 'meniscus-search-'));
  t.after(() => rmSync(directory, { recursive: true, force: true }));
  const { hot = [], stored = [], ...more } = options;
  const reports: string[] = [];
  const build = new BuildService({ directory, compressionLevel: 1, report: (what) => void reports.push(what) });
  build.start();
  t.after(() => build.stop());
  if (stored.length > 0) {
    build.batch({ type: 'batch', shard: 0, position: FIRST, rows: stored.length, bytes: makeBatch(stored) });
    await build.flush();
  }
  const ports: MessagePort[] = [];
  const ingest: MessagePort[] = [];
  let connections = 0;
  const connect = (again: boolean) => {
    connections++;
    const [toBuild, toIngest] = [new MessageChannel(), new MessageChannel()];
    ports.push(toBuild.port1, toIngest.port1);
    ingest.push(toIngest.port1);
    build.attachQuery(toBuild.port1);
    if (hot.length > 0)
      toIngest.port1.postMessage({ type: 'batch', shard: 0, position: FIRST + stored.length, rows: hot.length, bytes: makeBatch(hot) });
    if (again) toIngest.port1.postMessage({ type: 'attached' });
    return { ports: { build: toBuild.port2, ingest: [toIngest.port2] }, waitForIngest: again };
  };
  const feed = new DirectoryFeed();
  const pool = new QueryPool({ threads: 1, directory, node: 0, connect, feed, report: (what) => void reports.push(what), ...more });
  t.after(async () => {
    await pool.close();
    for (const port of ports) port.close();
  });
  await pool.ready();
  return { pool, feed, reports, ingest, connections: () => connections };
}

for (const layout of ['hot', 'stored'] as const)
  testSearchContract({
    name: `query pool, ${layout}`,
    create: async (t, events) => ({ backend: (await startPool(t, { [layout]: events })).pool, tenant }),
  });

test('a search finds what was sent to its thread before it, without waiting', async (t) => {
  const { pool, ingest } = await startPool(t);
  const events = contractEvents();
  for (let i = 0; i < 20; i++) {
    ingest[0]!.postMessage({ type: 'batch', shard: 0, position: i * 300, rows: 300, bytes: makeBatch(events) });
    const { count: found } = JSON.parse(await pool.search(count(), never)) as { count: number };
    assert.equal(found, (i + 1) * 300);
  }
});

test('changes of tenants are in force when the feed says so', async (t) => {
  const { pool, feed } = await startPool(t, { stored: contractEvents() });
  assert.match(await pool.search(count(), never), /"count":300/);
  await feed.send([{ type: 'remove', number: TENANT, id: 'acme' }]);
  assert.match(await pool.search(count(), never), /"count":0/);
});

const stubborn = new URL('./stubborn-thread.testing.ts', import.meta.url);

test('a thread that does not come back is replaced, and its search answered with nothing and the reason', async (t) => {
  const { pool, reports, connections } = await startPool(t, { program: stubborn });
  const stuck = pool.search(count({ text: 'stuck', deadlineMs: 10 }), never);
  const other = pool.search(count({ text: 'other' }), never);
  const answer = JSON.parse(await stuck) as { count: number; partial: boolean; partial_reason: string };
  assert.deepEqual([answer.count, answer.partial], [0, true]);
  assert.match(answer.partial_reason, /deadline/);
  assert.equal(await other, '"other"');
  assert.equal(connections(), 2);
  assert.deepEqual(reports, ['a query thread was ended']);
});

test('a search that is stuck and whose client has gone is ended too', async (t) => {
  const { pool, connections } = await startPool(t, { program: stubborn });
  const controller = new AbortController();
  const stuck = pool.search(count({ text: 'stuck' }), controller.signal);
  controller.abort(new Error('gone'));
  await assert.rejects(stuck, /gone/);
  assert.equal(await pool.search(count({ text: 'next' }), never), '"next"');
  assert.equal(connections(), 2);
});

test('a thread that ends by itself fails the search that had it; the others begin again', async (t) => {
  const { pool, connections } = await startPool(t, { program: stubborn });
  const waiting = new AbortController();
  const retried = pool.search(count({ text: 'wait' }), waiting.signal);
  await assert.rejects(pool.search(count({ text: 'die' }), never), { code: 'unavailable' });
  assert.equal(await pool.search(count({ text: 'next' }), never), '"next"');
  assert.equal(connections(), 2);
  waiting.abort(new Error('enough'));
  await assert.rejects(retried, /enough/);
});

test('the queue is bounded, and half of it is the most that one tenant has', async (t) => {
  const { pool } = await startPool(t, { program: stubborn });
  const controller = new AbortController();
  const of = (number: number) => pool.search(count({ text: 'wait', tenant: { ...tenant, number } }), controller.signal);
  const settled: Promise<unknown>[] = [];
  // Three of the four places are the most that one tenant has; then a hundred wait.
  for (let i = 0; i < 103; i++) settled.push(of(1).catch((error: unknown) => error));
  await assert.rejects(of(1), { code: 'too_many_requests' });
  assert.equal(await pool.search(count({ text: 'other', tenant: { ...tenant, number: 2 } }), never), '"other"');
  for (let i = 0; i < 101; i++) settled.push(of(3).catch((error: unknown) => error));
  await assert.rejects(of(4), { code: 'too_many_requests' });
  controller.abort(new Error('over'));
  for (const error of await Promise.all(settled)) assert.match(String(error), /over/);
  assert.equal(await pool.search(count({ text: 'free' }), never), '"free"');
});

test('a search that gets no thread before its deadline is answered with nothing and the reason', async (t) => {
  const { pool } = await startPool(t, { program: stubborn });
  const controller = new AbortController();
  const waiting = [1, 2, 3].map(() => pool.search(count({ text: 'wait' }), controller.signal).catch(() => {}));
  const late = JSON.parse(await pool.search(count({ text: 'late', deadlineMs: 50 }), never)) as { partial_reason: string };
  assert.match(late.partial_reason, /no query thread was free/);
  controller.abort();
  await Promise.all(waiting);
});

test('the pieces of an export wait for their reader', async (t) => {
  const long = Array.from({ length: 3_000 }, (_, i) => ({ ...contractEvents()[i % 300]!, msg: `${i} `.repeat(400) }));
  const { pool } = await startPool(t, { hot: long });
  const request = { ...count(), kind: 'export', format: 'raw', deadlineMs: Infinity } as unknown as ExportRequest;
  let pieces = 0;
  let lines = 0;
  for await (const piece of pool.export(request, never)) {
    pieces++;
    lines += Buffer.from(piece).toString().split('\n').length - 1;
    if (pieces === 2) assert.match(await pool.search(count(), never), /"count":3000/);
  }
  assert.equal(lines, 3_000);
  assert.ok(pieces > 5);
});

test('closing ends what runs and what waits, and refuses what comes', async (t) => {
  const { pool } = await startPool(t, { program: stubborn });
  const waiting = pool.search(count({ text: 'wait' }), never);
  await Promise.all([assert.rejects(waiting, { code: 'shutting_down' }), pool.close()]);
  await pool.close();
  await assert.rejects(pool.search(count(), never), { code: 'shutting_down' });
});
