import assert from 'node:assert/strict';
import type { SearchRequest } from '../search.ts';
import { idAt } from '../store/evaluate/reference.testing.ts';
import { MINUTE, START, type Suite } from './client.testing.ts';

/** Which events a search of any kind looks at, and when it ends. */
export function testScope({ it, events }: Suite): void {
  it('the range is from inclusive, to exclusive', async (client) => {
    const from = START + 1_000_000;
    assert.equal(await client.count('', { from, to: from + 1 }), 2);
    assert.equal(await client.count('', { from, to: from + 2 }), 3);
    assert.equal(await client.count('', { from: from + 1, to: from + 2 }), 1);
    assert.equal(await client.count('', { from: -Infinity, to: Infinity }), 300);
  });

  it('events past retention are not there', async (client) => {
    const tenant = { ...client.scope().tenant, receivedFrom: START + MINUTE };
    const kept = events.filter((event) => event.received! >= START + MINUTE).length;
    assert.equal(await client.count('', { tenant }), kept);
    assert.equal((await client.events({ tenant })).events.length, kept);
    await assert.rejects(client.search({ kind: 'event', ...client.scope('', { tenant }), id: idAt(events, 0) }), {
      code: 'event_not_found',
    });
  });

  it('another tenant has nothing', async (client) => {
    const tenant = { ...client.scope().tenant, number: 4_242 };
    assert.equal(await client.count('', { tenant }), 0);
    assert.deepEqual((await client.events({ tenant })).events, []);
  });

  it('a deadline that has passed gives a partial answer that says so, of every kind', async (client) => {
    const scope = client.scope('failed', { deadlineMs: 0 });
    const requests: SearchRequest[] = [
      { kind: 'events', ...scope, limit: 10, order: 'desc' },
      { kind: 'count', ...scope },
      { kind: 'histogram', ...scope, buckets: 5, by: 'severity' },
      { kind: 'facets', ...scope, fields: ['host'], limit: 5 },
      { kind: 'fields', ...scope },
      { kind: 'values', ...scope, field: 'host', prefix: '', limit: 5 },
      { kind: 'stats', ...scope, by: ['host'], metrics: [{ name: 'count' }], limit: 5 },
    ];
    for (const request of requests) {
      const answer = await client.search(request);
      assert.equal(answer.partial, true, request.kind);
      assert.match(answer.partial_reason!, /deadline/, request.kind);
    }
  });

  it('a search that is aborted rejects', async (client) => {
    await assert.rejects(client.search({ kind: 'count', ...client.scope() }, AbortSignal.abort(new Error('gone'))), /gone/);
  });
}
