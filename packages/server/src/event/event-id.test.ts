import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatEventId, parseEventId } from './event-id.ts';

test('an id holds the receive time, node, shard and position, and is a UUID of version 7', () => {
  for (const origin of [
    { receivedMs: 1_795_132_800_123, node: 0, shard: 0, position: 0 },
    { receivedMs: 1_795_132_800_123, node: 4095, shard: 255, position: Number.MAX_SAFE_INTEGER },
    { receivedMs: 0, node: 17, shard: 3, position: 0x1_0000_0001 },
  ]) {
    const id = formatEventId(origin.receivedMs, origin.node, origin.shard, origin.position);
    assert.match(id, /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    assert.deepEqual(parseEventId(id), origin);
  }
});

test('ids sort by receive time, then by position', () => {
  const ids = [
    formatEventId(1000, 0, 0, 9),
    formatEventId(1000, 0, 0, 10),
    formatEventId(1000, 0, 0, 0xffff_ffff),
    formatEventId(1000, 0, 0, 0x1_0000_0000),
    formatEventId(1001, 0, 0, 0),
  ];
  assert.deepEqual([...ids].sort(), ids);
});

test('texts that are no id of ours are undefined', () => {
  for (const text of ['', 'x', '00000000-0000-4000-8000-000000000000', '../../etc', '00000000-0000-7000-c000-000000000000'])
    assert.equal(parseEventId(text), undefined);
});
