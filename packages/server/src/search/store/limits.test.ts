import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parse } from '@meniscus/query';
import { ShapeCache } from '../../event/shape.ts';
import type { Block, Column } from '../../store/block.ts';
import { DamagedError } from '../../store/segment/chunk.ts';
import { contractEvents } from '../contract/client.testing.ts';
import type { ExportRequest, SearchRequest, SearchScope } from '../search.ts';
import { answer } from './answer.ts';
import { Budget, Cancelled } from './budget.ts';
import { LocalSearch } from './local-search.testing.ts';
import { makeBlocks, MemorySnapshot, TENANT } from './memory-store.testing.ts';

const never = new AbortController().signal;

function scope(q = '', deadlineMs = 30_000): SearchScope {
  return { tenant: { number: TENANT, id: 'acme', receivedFrom: -Infinity }, query: parse(q), from: -Infinity, to: Infinity, deadlineMs };
}

type Answer = Record<string, unknown> & { partial: boolean; partial_reason?: string };

async function ask(backend: LocalSearch, request: SearchRequest): Promise<Answer> {
  return JSON.parse(await backend.search(request, never)) as Answer;
}

/** A block of which one column is damaged. */
function damaged(block: Block, name: string): Block {
  const column = (wanted: string): Column | undefined => {
    if (wanted === name) throw new DamagedError('the checksum is wrong');
    return block.column(wanted);
  };
  return new Proxy(block, {
    get: (target, key) => {
      if (key === 'column') return column;
      const value: unknown = Reflect.get(target, key, target);
      return typeof value === 'function' ? (value as () => unknown).bind(target) : value;
    },
  });
}

test('a damaged block is left out of answers, which say so', async () => {
  const [first, ...others] = makeBlocks(contractEvents(), { described: true, rows: 100 });
  const backend = LocalSearch.ofBlocks([damaged(first!, 'msg'), ...others]);
  const count = await ask(backend, { kind: 'count', ...scope('msg:/accepted|failed/') });
  assert.deepEqual([count['count'], count.partial], [200, true]);
  assert.match(count.partial_reason!, /damaged block with 100 events/);
  const page = await ask(backend, { kind: 'events', ...scope(), limit: 1_000, order: 'asc' });
  assert.deepEqual([(page['events'] as unknown[]).length, page.partial], [200, true]);
  const hosts = await ask(backend, { kind: 'facets', ...scope(), fields: ['host'], limit: 10 });
  assert.equal(hosts.partial, false);
});

test('an export that a damaged block would cut is refused with an error', async () => {
  const [first, ...others] = makeBlocks(contractEvents(), { described: true, rows: 100 });
  const backend = LocalSearch.ofBlocks([damaged(first!, 'msg'), ...others]);
  const request: ExportRequest = { kind: 'export', format: 'raw', ...scope('', Infinity) };
  await assert.rejects(
    async () => {
      for await (const _ of backend.export(request, never));
    },
    { code: 'unavailable' },
  );
});

test('distinct values beyond the memory of a result make the answer partial', async () => {
  const backend = LocalSearch.ofBlocks(makeBlocks(contractEvents(), { described: true, rows: 50 }), 5_000);
  const answer = await ask(backend, { kind: 'facets', ...scope(), fields: ['native.n'], limit: 1_000 });
  assert.equal(answer.partial, true);
  assert.match(answer.partial_reason!, /memory/);
});

test('an answer that would repeat long values beyond the memory of a result is refused, with what to ask for instead', async () => {
  const long = 'x'.repeat(1 << 20);
  const events = Array.from({ length: 100 }, (_, i) => ({ time: i * 1_000_000 + 1, msg: String(i), native: { long, n: i } }));
  const backend = LocalSearch.ofBlocks(makeBlocks(events));
  const stats = { kind: 'stats', ...scope(), by: ['long', 'n'], metrics: [{ name: 'count' }] } as const;
  await assert.rejects(ask(backend, { ...stats, limit: 100 }), { code: 'limit_exceeded' });
  const few = await ask(backend, { ...stats, limit: 10 });
  assert.deepEqual([few['count'], (few['groups'] as unknown[]).length, few.partial], [100, 10, false]);
  const histogram = { kind: 'histogram', ...scope(), from: 0, to: 100_000_000, by: 'long' } as const;
  await assert.rejects(ask(backend, { ...histogram, intervalMs: 1_000 }), { code: 'limit_exceeded' });
  const coarse = await ask(backend, { ...histogram, intervalMs: 10_000 });
  assert.equal((coarse['buckets'] as unknown[]).length, 10);
});

test('groups beyond the memory of a result are in other, and the answer is partial', async () => {
  const events = Array.from({ length: 12 }, (_, i) => ({ time: i + 1, msg: String(i), native: { long: `${i}${'x'.repeat(1 << 20)}` } }));
  const backend = LocalSearch.ofBlocks(makeBlocks(events));
  const answer = await ask(backend, { kind: 'stats', ...scope(), by: ['long'], metrics: [{ name: 'count' }], limit: 100 });
  const listed = (answer['groups'] as { metrics: { count: number } }[]).reduce((sum, { metrics }) => sum + metrics.count, 0);
  assert.equal(listed + (answer['other'] as { metrics: { count: number } }).metrics.count, 12);
  assert.match(answer.partial_reason!, /more groups than fit into memory/);
});

test('a page that does not fit into memory is shorter and goes on', async () => {
  const large = Array.from({ length: 40 }, (_, i) => ({ time: i + 1, msg: `${i} ${'x'.repeat(4 << 20)}`, native: { n: i } }));
  const backend = LocalSearch.ofBlocks(makeBlocks(large));
  const seen: number[] = [];
  let cursor: string | undefined;
  do {
    const request: SearchRequest = { kind: 'events', ...scope(), limit: 100, order: 'asc', ...(cursor === undefined ? {} : { cursor }) };
    const page = await ask(backend, request);
    const events = page['events'] as { native: { n: number } }[];
    assert.equal(page.partial, false);
    assert.ok(events.length > 0 && events.length < 20);
    seen.push(...events.map((event) => event.native.n));
    cursor = (page['next'] as string | null) ?? undefined;
  } while (cursor !== undefined);
  assert.deepEqual(
    seen,
    Array.from({ length: 40 }, (_, i) => i),
  );
});

test('a page that the deadline cuts off has all events found until then', async () => {
  const blocks = makeBlocks(contractEvents(), { described: true, rows: 50 });
  const budget = new (class extends Budget {
    override async step(): Promise<boolean> {
      if (this.blocksDone === 2) this.stop('the deadline passed');
      return super.step();
    }
  })({ deadlineMs: 30_000 });
  const request: SearchRequest = { kind: 'events', ...scope(), limit: 1_000, order: 'asc' };
  const page = JSON.parse(await answer(request, new MemorySnapshot(blocks), budget, { shapes: new ShapeCache(), node: 0 })) as Answer;
  assert.deepEqual([(page['events'] as unknown[]).length, page.partial, page['next']], [100, true, null]);
});

test('an expression that backtracks without end is answered', async () => {
  const events = [
    { time: 1, msg: `${'a'.repeat(60)}!` },
    { time: 2, msg: 'a'.repeat(60) },
  ];
  const answer = await ask(LocalSearch.ofBlocks(makeBlocks(events)), { kind: 'count', ...scope('msg:/^a?a?a?a?a?a?a?aaaaaaa+$/') });
  assert.deepEqual([answer['count'], answer.partial], [1, false]);
});

test('a budget ends a search once, with the first reason, and tells what it spent', async () => {
  const budget = new Budget({ deadlineMs: 30_000, resultBytes: 100 });
  budget.blocks = 7;
  assert.equal(await budget.step(), true);
  assert.equal(budget.charge(60), true);
  assert.equal(budget.charge(60), false);
  budget.stop('another reason');
  assert.equal(await budget.step(), false);
  assert.match(budget.partialReason!, /memory; 0 of 7 blocks/);
  budget.lacks('a segment');
  assert.match(budget.partialReason!, /^a segment; the result/);
  const stats = JSON.parse(`{${budget.tail()}}`) as Answer;
  assert.deepEqual(Object.keys(stats), ['partial', 'partial_reason', 'stats']);
});

test('a cancelled budget throws at the next step', async () => {
  const budget = new Budget({ deadlineMs: 30_000 });
  budget.cancel();
  await assert.rejects(budget.step(), Cancelled);
});
