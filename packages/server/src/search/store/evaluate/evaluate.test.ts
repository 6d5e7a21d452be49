import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { parse } from '@meniscus/query';
import { ShapeCache } from '../../../event/shape.ts';
import type { Block } from '../../../store/block.ts';
import { BuildService } from '../../../store/build/build-service.ts';
import { StoreView } from '../../../store/view/store-view.ts';
import { makeBatch, makeBlocks, TENANT, type TestEvent } from '../memory-store.testing.ts';
import { compilePlan } from './compile.ts';
import { simplify } from './mask.ts';
import { hostileQueries, queries } from './queries.testing.ts';
import { randomEvents } from './random-events.testing.ts';
import { idAt, selectedByReference } from './reference.testing.ts';

const TENANT_ID = 'acme';
const now = Date.UTC(2026, 10, 20, 5, 0, 4) * 1000;

/** The labels (native.eid) of the rows that the blocks select. */
function selected(blocks: readonly Block[], query: string, at = now): string[] {
  const plan = compilePlan(parse(query, { now: at }), { tenantId: TENANT_ID, shapes: new ShapeCache() });
  const found: string[] = [];
  for (const block of blocks) {
    const known = plan.peek(block);
    const scan = { block, tenantId: TENANT_ID, node: 0, bytes: 0, interrupt: () => {} };
    const rows = known === false ? false : simplify(plan.rows(scan, true));
    const eids = block.column('native.eid')!;
    assert.equal(eids.rowStarts, null);
    for (let row = 0; row < block.rows; row++) {
      if (rows === false || (rows !== true && rows[row] === 0)) continue;
      const { strings } = eids;
      found.push(strings!.kind === 'text' ? strings!.value(row) : strings!.values[strings!.index[row]!]!);
    }
    if (known === true) assert.equal(rows, true, `${query}: all rows are said to match`);
  }
  return found.sort();
}

/** What the reference semantics select. */
function expected(events: readonly TestEvent[], query: string): string[] {
  return selectedByReference(events, parse(query, { now }))
    .map(({ event }) => (event.native as { eid: string }).eid)
    .sort();
}

const layouts = [
  { name: 'described blocks', described: true, rows: 64 },
  { name: 'hot blocks', described: false, rows: 300 },
  { name: 'blocks with an overflow column', described: true, rows: 100, columns: 4 },
  { name: 'hot blocks with an overflow column', described: false, rows: 100, columns: 3 },
] as const;

function checkAll(events: readonly TestEvent[], blocks: readonly Block[]): void {
  const id = idAt(events, 77);
  const idQueries = [
    `id:${id}`,
    `id:=${id}`,
    `id:"${id}"`,
    `id:=${id.toUpperCase()}`,
    `id:/${id.slice(30)}$/`,
    `id:${id.slice(0, 8)}`,
    `id:${id.slice(0, 9)}*`,
  ];
  for (const query of [...queries, ...hostileQueries, ...idQueries])
    assert.deepEqual(selected(blocks, query), expected(events, query), `query ${query}`);
}

for (const layout of layouts)
  test(`random events: ${layout.name} select what the predicate selects`, () => {
    const events = randomEvents(900, 20_261_123);
    checkAll(events, makeBlocks(events, layout));
  });

test('random events: blocks of segments, and of hot data, select what the predicate selects', async (t) => {
  const directory = mkdtempSync(join(tmpdir(), 'meniscus-evaluate-'));
  t.after(() => rmSync(directory, { recursive: true, force: true }));
  const events = randomEvents(2_000, 77);
  const view = new StoreView(directory);
  t.after(() => view.close());
  const hot = { type: 'batch', shard: 0, position: 1_000, rows: events.length } as const;
  view.addHot({ ...hot, bytes: makeBatch(events) });
  const before = view.snapshot();
  checkAll(events, before.blocks(TENANT, -Infinity, Infinity));
  before.release();
  const build = new BuildService({ directory, compressionLevel: 1, report: () => {} });
  build.start();
  build.attachQuery({ postMessage: (message) => void (message.type === 'manifest' && view.applyManifest(message)) });
  build.batch({ ...hot, bytes: makeBatch(events) });
  await build.flush();
  const after = view.snapshot();
  const blocks = after.blocks(TENANT, -Infinity, Infinity);
  assert.ok(blocks.every((block) => block.storedBytes > 0));
  checkAll(events, blocks);
  after.release();
  await build.stop();
});

test('within a conjunction every query selects the same rows as alone, whichever rows are left', () => {
  const events = randomEvents(600, 5);
  const blocks = makeBlocks(events, { described: true, rows: 200 });
  for (const query of queries)
    for (const narrow of ['severity<=1', 'NOT severity<=1', 'host:web-1', 'native.seq:3'])
      assert.deepEqual(selected(blocks, `(${query || '*'}) AND ${narrow}`), expected(events, `(${query || '*'}) AND ${narrow}`), query);
});

const data = new URL('../../../../../../../shared/data/query/', import.meta.url);
test('the shared sample cases select what they say', { skip: !existsSync(data) && 'the sample cases are not here' }, () => {
  const events = JSON.parse(readFileSync(new URL('events.json', data), 'utf8')) as TestEvent[];
  const cases = JSON.parse(readFileSync(new URL('cases.json', data), 'utf8')) as {
    id: string;
    q: string;
    expect?: string[];
    now?: string;
  }[];
  for (const layout of layouts) {
    const blocks = makeBlocks(events, layout);
    for (const { id, q, expect, now: at } of cases) {
      if (expect === undefined) continue;
      assert.deepEqual(selected(blocks, q, at === undefined ? now : Date.parse(at) * 1000), expect.toSorted(), `${id}: ${q}`);
    }
  }
});
