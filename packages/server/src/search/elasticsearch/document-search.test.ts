import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parse } from '@meniscus/query';
import { ShapeCache } from '../../event/shape.ts';
import { formatEventId } from '../../event/event-id.ts';
import type { ExportRequest, SearchRequest } from '../search.ts';
import { Budget } from '../store/budget.ts';
import { DocumentSearch } from './document-search.ts';
import { Cluster, type ClusterCalls } from './server/cluster.ts';
import { SearchServer } from './server/search-server.ts';

type Answer = { status: number; body: object } | Error;

const SHARDS = { total: 1, failed: 0 };
const NOTHING = { timed_out: false, _shards: SHARDS, hits: { total: { value: 0 }, hits: [] } };

/** A search of a cluster whose answers the test gives, and the bodies that it was sent. */
function searchOf(answer: (body: string, call: number) => Answer | Promise<Answer>) {
  const sent: string[] = [];
  const client: ClusterCalls = {
    open: () => Promise.resolve(),
    close: () => Promise.resolve(),
    call: async ({ body, path }) => {
      sent.push(String(body));
      const given = await answer(String(body), sent.length);
      if (given instanceof Error) throw given;
      return { status: given.status, text: JSON.stringify(given.body), url: path };
    },
  };
  const server = new SearchServer(new Cluster(client, client));
  const documents = new DocumentSearch({ server, node: 0, shapes: new ShapeCache(), alias: (id) => `m-${id}` });
  const ask = async (request: object, signal = new AbortController().signal): Promise<Record<string, unknown>> => {
    const tenant = { number: 7, id: 'acme', receivedFrom: 5 };
    const whole = { tenant, query: parse('failed'), from: 0, to: Infinity, deadlineMs: 5_000, ...request } as SearchRequest;
    return JSON.parse(await documents.answer(whole, new Budget({ deadlineMs: whole.deadlineMs }), signal)) as Record<string, unknown>;
  };
  const exported = async (): Promise<string> => {
    const scope = { tenant: { number: 7, id: 'acme', receivedFrom: 5 }, query: parse('failed'), from: 0, to: Infinity };
    const request: ExportRequest = { kind: 'export', format: 'raw', ...scope, deadlineMs: Infinity };
    let text = '';
    for await (const piece of documents.exporting(request, new Budget({ deadlineMs: Infinity }), new AbortController().signal))
      text += String(piece);
    return text;
  };
  return { ask, exported, sent };
}

const ok = (body: object): Answer => ({ status: 200, body });
const refused = (type: string): Answer => ({ status: 400, body: { error: { root_cause: [{ type, reason: 'why' }] } } });

test('every search asks for the tenant, by id and number, and for what retention keeps', async () => {
  const { ask, sent } = searchOf(() => ok({ ...NOTHING, hits: { total: { value: 3 }, hits: [] } }));
  assert.equal((await ask({ kind: 'count', query: parse('a OR NOT tenant:acme') }))['count'], 3);
  for (const wanted of ['"meniscus.tenant":{"value":"acme"}', '"search.tenant":{"value":7}', '"search.received":{"gte":5}'])
    assert.ok(sent[0]!.includes(wanted), wanted);
});

test('a server that cannot be reached is unavailable, and its address is not told', async () => {
  const error = Object.assign(new Error('connect ECONNREFUSED http://user:secret@host:9200'), { code: 'ECONNREFUSED' });
  const { ask } = searchOf(() => error);
  await assert.rejects(ask({ kind: 'count' }), (caught: Error & { code: string; extra: { retryAfter?: number } }) => {
    assert.deepEqual([caught.code, caught.extra.retryAfter], ['unavailable', 5]);
    assert.match(caught.message, /ECONNREFUSED/);
    assert.doesNotMatch(caught.message, /secret|host/);
    return true;
  });
});

test('a server that is overloaded or refuses the key is unavailable', async () => {
  for (const status of [401, 403, 429, 502]) {
    const { ask } = searchOf(() => ({ status, body: { error: { type: 'some_exception', reason: 'secret' } } }));
    await assert.rejects(ask({ kind: 'count' }), { code: 'unavailable', detail: /answers \d+ \(some_exception\)$/ });
  }
});

test('an index that was just made is asked again', async () => {
  const starting = {
    status: 503,
    body: { error: { root_cause: [], type: 'search_phase_execution_exception', reason: 'all shards failed' } },
  };
  const { ask, sent } = searchOf((_body, call) => (call < 3 ? starting : ok({ ...NOTHING, hits: { total: { value: 2 }, hits: [] } })));
  assert.equal((await ask({ kind: 'count' }))['count'], 2);
  assert.equal(sent.length, 3);
});

test('what is refused as too complex is asked for in simpler words, at last by range alone', async () => {
  const { ask, sent } = searchOf((body) => (body.includes('"msg"') ? refused('too_many_clauses') : ok(NOTHING)));
  assert.equal((await ask({ kind: 'count' }))['count'], 0);
  assert.equal(sent.length, 3);
  const { ask: never } = searchOf(() => refused('parsing_exception'));
  await assert.rejects(never({ kind: 'count' }), { code: 'unavailable', detail: /refuses the search/ });
});

/** A page of events that match, the n-th of which has the message `failed n`. */
function page(from: number, to: number): Answer {
  const hits = Array.from({ length: to - from }, (_, i) => {
    const id = formatEventId(1_000, 0, 0, from + i);
    const time = '1970-01-01T00:00:01Z';
    return { _source: { time, msg: `failed ${from + i}`, meniscus: { id, received: time } }, sort: [1_000_000, id] };
  });
  return ok({ ...NOTHING, hits: { hits } });
}

test('an export has every page once, in the words in which the server takes the first', async () => {
  const tooMany = refused('too_many_clauses');
  const simpler = searchOf((body, call) => (call === 1 ? tooMany : body.includes('search_after') ? page(250, 260) : page(0, 250)));
  const lines = (await simpler.exported()).trimEnd().split('\n');
  assert.deepEqual(
    lines,
    Array.from({ length: 260 }, (_, i) => `failed ${i}`),
  );
  assert.equal(simpler.sent.length, 3);
});

test('an export that the server refuses, or a later page of it, is unavailable', async () => {
  await assert.rejects(searchOf(() => refused('parsing_exception')).exported(), { code: 'unavailable', detail: /refuses the search/ });
  const { exported, sent } = searchOf((_body, call) => (call === 1 ? page(0, 250) : refused('too_many_clauses')));
  await assert.rejects(exported(), { code: 'unavailable', detail: /refuses the search/ });
  assert.equal(sent.length, 2);
});

test('shards that fail and searches that time out make a partial answer that says so', async () => {
  const failing = { ...NOTHING, _shards: { total: 4, failed: 1 } };
  const failed = await searchOf(() => ok(failing)).ask({ kind: 'count' });
  assert.deepEqual([failed['partial'], failed['partial_reason']], [true, '1 of 4 shards of the index failed']);
  const late = await searchOf(() => ok({ ...NOTHING, timed_out: true })).ask({ kind: 'histogram', buckets: 3 });
  assert.match(String(late['partial_reason']), /deadline of 5000 ms/);
});

test('documents that are no events are left out, and the answer says so', async () => {
  const hits = [
    { _source: { hello: 1 }, sort: [1, 'x'] },
    { _source: null, sort: [2, 'y'] },
  ];
  const { ask } = searchOf(() => ok({ ...NOTHING, hits: { hits } }));
  const answer = await ask({ kind: 'events', limit: 10, order: 'asc' });
  assert.deepEqual([answer['events'], answer['partial']], [[], true]);
  assert.match(String(answer['partial_reason']), /none of this service/);
});

test('an aborted search ends at once', async () => {
  const controller = new AbortController();
  const { ask } = searchOf(async () => {
    controller.abort(new Error('gone'));
    return ok(NOTHING);
  });
  await assert.rejects(ask({ kind: 'events', limit: 10, order: 'asc' }, AbortSignal.abort(new Error('gone'))), /gone/);
  await assert.rejects(ask({ kind: 'event', id: 'x' }, controller.signal), { code: 'event_not_found' });
});
