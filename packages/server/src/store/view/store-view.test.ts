import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BatchBuilder } from '../../event/batch-builder.ts';
import { StoreView } from './store-view.ts';

const TENANT = 7;

/** A batch of an event for each list of sinks. */
function batchFor(...sinks: readonly string[][]): ArrayBuffer {
  const builder = new BatchBuilder(1 << 20);
  for (const names of sinks) {
    builder.begin(1_000_000);
    builder.origin = builder.originIndex(TENANT, JSON.stringify({ sinks: names }));
    builder.commit();
  }
  return builder.seal();
}

test('what the store does not keep is in a whole view alone', (t) => {
  for (const [whole, expected] of [
    [false, [10, 12]],
    [true, [10, 11, 12]],
  ] as const) {
    const view = new StoreView('unused', { whole });
    t.after(() => view.close());
    view.addHot({ type: 'batch', shard: 0, position: 10, rows: 3, bytes: batchFor(['store'], ['search'], ['search', 'store']) });
    const snapshot = view.snapshot();
    const positions = snapshot.blocks(TENANT, -Infinity, Infinity).flatMap((block) => [...block.position()]);
    snapshot.release();
    assert.deepEqual(positions, expected);
  }
});
