import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatEventId } from '../../../event/event-id.ts';
import { BlockMaker } from './blocks.ts';
import { readDocument } from './document.ts';

const RECEIVED = '2026-11-25T06:00:00Z';

test('events are in a block whether the store keeps them or not', () => {
  const events = [['store'], ['search', 'store'], ['search'], [], undefined].map((sinks, i) => {
    const id = formatEventId(Date.parse(RECEIVED), 0, 0, i);
    return readDocument({ time: RECEIVED, msg: `m${i}`, meniscus: { id, received: RECEIVED, ...(sinks && { correlation: { sinks } }) } })!;
  });
  const blocks = new BlockMaker().make(events);
  assert.deepEqual(
    blocks.flatMap(({ block }) => [...block.position()]),
    [0, 1, 2, 3, 4],
  );
});
