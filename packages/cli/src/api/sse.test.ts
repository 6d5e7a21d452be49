import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { test } from 'node:test';
import type { Reply } from './client.ts';
import { serverEvents, type ServerEvent } from './sse.ts';

async function eventsOf(chunks: readonly string[], lastId?: string): Promise<ServerEvent[]> {
  const events: ServerEvent[] = [];
  for await (const event of serverEvents(Readable.from(chunks.map((chunk) => Buffer.from(chunk))) as Reply, lastId)) events.push(event);
  return events;
}

test('events with ids, types and data of several lines, in any line ends and any pieces', async () => {
  const stream =
    ': hello\r\nevent: log\r\nid: 1\r\ndata: {"a":\r\ndata: 1}\r\n\r\nevent: status\ndata: x\n\ndata:y\rid: 2\r\rdata: never sent';
  const expected = [
    { event: 'log', data: '{"a":\n1}', id: '1' },
    { event: 'status', data: 'x', id: '1' },
    { event: 'message', data: 'y', id: '2' },
  ];
  assert.deepEqual(await eventsOf([stream]), expected);
  assert.deepEqual(await eventsOf(Array.from(stream)), expected);
});

test('a stream taken up again goes on with the id from before', async () => {
  assert.deepEqual(await eventsOf(['data: a\n\n'], '7'), [{ event: 'message', data: 'a', id: '7' }]);
});

test('characters that are cut between pieces stay whole', async () => {
  const bytes = Buffer.from('data: grüße 🎉\n\n');
  const events: ServerEvent[] = [];
  const pieces = Array.from(bytes, (_, i) => bytes.subarray(i, i + 1));
  for await (const event of serverEvents(Readable.from(pieces) as Reply)) events.push(event);
  assert.equal(events[0]!.data, 'grüße 🎉');
});
