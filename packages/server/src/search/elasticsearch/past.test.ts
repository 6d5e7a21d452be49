import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parse } from '@meniscus/query';
import { formatEventId } from '../../event/event-id.ts';
import { ShapeCache } from '../../event/shape.ts';
import { StoreView } from '../../store/view/store-view.ts';
import { Budget } from '../store/budget.ts';
import { compilePlan } from '../store/evaluate/compile.ts';
import { makeBatch, TENANT } from '../store/memory-store.testing.ts';
import { DocumentSearch } from './document-search.ts';
import { IndexPast } from './past.ts';
import { Cluster, type ClusterCalls } from './server/cluster.ts';
import { SearchServer } from './server/search-server.ts';

const SECOND = Date.UTC(2026, 10, 25) / 1000;

function receivedAt(position: number): number {
  return (SECOND + position) * 1000;
}

/** An index that shows the events at these positions. */
function indexOf(positions: readonly number[]): IndexPast {
  const hits = positions.map((position) => {
    const id = formatEventId(receivedAt(position), 0, 0, position);
    const time = new Date(receivedAt(position)).toISOString();
    return { _source: { time, msg: 'm', meniscus: { id, received: time } }, sort: [id] };
  });
  const text = JSON.stringify({ timed_out: false, _shards: { total: 1, failed: 0 }, hits: { hits } });
  const client: ClusterCalls = {
    open: () => Promise.resolve(),
    close: () => Promise.resolve(),
    call: ({ path }) => Promise.resolve({ status: 200, text, url: path }),
  };
  const server = new SearchServer(new Cluster(client, client));
  return new IndexPast(new DocumentSearch({ server, node: 0, shapes: new ShapeCache(), alias: (id) => id }));
}

test('the past is that of the index up to what is in no segment, which the view has whole', async (t) => {
  const view = new StoreView('unused', { whole: true });
  t.after(() => view.close());
  const hot = [3, 4, 5, 6].map((position) => ({ time: receivedAt(position) * 1000, received: receivedAt(position) * 1000, msg: 'm' }));
  view.addHot({ type: 'batch', shard: 0, position: 3, rows: hot.length, bytes: makeBatch(hot) });
  const snapshot = view.snapshot();
  const scope = {
    tenant: { number: TENANT, id: 'acme', receivedFrom: -Infinity },
    query: parse(''),
    from: -Infinity,
    to: Infinity,
    deadlineMs: Infinity,
  };
  const shapes = new ShapeCache();
  const plan = compilePlan(scope.query, { tenantId: 'acme', shapes });
  const context = { snapshot, scope, plan, budget: new Budget({ deadlineMs: Infinity }), node: 0, shapes };
  const given: number[] = [];
  const signal = new AbortController().signal;
  const request = { context, cursor: { next: { 0: 1 } }, end: new Map([[0, 6]]), since: receivedAt(7), signal };
  // The index shows a later event before an earlier one, and one that came before the cursor.
  await indexOf([0, 1, 2, 5, 6]).replay(request, (_block, _row, position) => void given.push(position));
  snapshot.release();
  assert.deepEqual(given, [1, 2, 3, 4, 5]);
});
