import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test, type TestContext } from 'node:test';
import { limits } from '../../limits.ts';
import { MeniscusError } from '../../errors.ts';
import type { SearchRequest } from '../../search/search.ts';
import { problemIn, startHarness } from '../testing/harness.testing.ts';

async function startTenant(t: TestContext) {
  const harness = await startHarness(t);
  await harness.call('POST', '/v1/tenant', { json: { tenant: { tenant_id: 'a' } } });
  const last = () => harness.searched.at(-1)!;
  return { harness, last, get: (path: string) => harness.call('GET', `/v1/tenant/a/${path}`) };
}

const ID = '019a0b5e-1f2a-7c3d-8e4f-5a6b7c8d9e0f';
type Of<K extends SearchRequest['kind']> = Extract<SearchRequest, { kind: K }>;

test('the back end gets the tenant, the parsed query and absolute times; its JSON is the answer', async (t) => {
  const { harness, last, get } = await startTenant(t);
  harness.search = async () => '{"count":12345678901234567890}';
  const response = await get('count?q=host%3Aweb-01&from=2026-11-23T10:00:00%2B01:00&to=1795431600');
  assert.equal(await response.text(), '{"count":12345678901234567890}');
  assert.match(response.headers.get('content-type')!, /^application\/json/);
  const { kind, tenant, from, to, query, deadlineMs } = last() as Of<'count'>;
  assert.deepEqual(
    [kind, tenant.id, tenant.number, from, to, deadlineMs],
    ['count', 'a', 1, Date.parse('2026-11-23T09:00:00Z') * 1e3, 1_795_431_600e6, 30_000],
  );
  assert.equal(query.kind, 'field');
  assert.ok(Math.abs(tenant.receivedFrom - (Date.now() * 1e3 - 90 * 86_400e6)) < 60e6);
});

test('defaults: the last hour, open, newest first, a hundred', async (t) => {
  const { last, get } = await startTenant(t);
  await get('events');
  const { limit, order, from, to, query, cursor, fields } = last() as Of<'events'>;
  assert.deepEqual([limit, order, to, query, cursor, fields], [100, 'desc', Infinity, { kind: 'all' }, undefined, undefined]);
  assert.ok(Math.abs(from - (Date.now() * 1e3 - 3_600e6)) < 60e6);
});

test('POST takes the same parameters as JSON', async (t) => {
  const { harness, last } = await startTenant(t);
  const post = (path: string, json: unknown) => harness.call('POST', `/v1/tenant/a/${path}`, { json });
  await post('events', { q: 'x', from: 1_763_892_000, to: '2030-01-01', limit: 5, order: 'asc', cursor: null, fields: ['host', 'a,b'] });
  const { from, limit, order, fields } = last() as Of<'events'>;
  assert.deepEqual([from, limit, order, fields], [1_763_892_000e6, 5, 'asc', ['host', 'a,b']]);
  assert.equal((await harness.call('POST', '/v1/tenant/a/count')).status, 200);
  for (const wrong of [[], 'x', 7, { limit: '5' }, { q: 5 }, { from: {} }, JSON.parse('{"__proto__":1}')]) {
    assert.equal((await post('count', wrong)).status, 400, JSON.stringify(wrong));
  }
  assert.equal((await harness.call('POST', '/v1/tenant/a/count', { body: 'q=x' })).status, 415);
});

test('every route with its parameters', async (t) => {
  const { last, get } = await startTenant(t);
  await get('histogram?interval=1m&by=severity');
  assert.deepEqual(
    [(last() as Of<'histogram'>).intervalMs, (last() as Of<'histogram'>).by, 'buckets' in last()],
    [60_000, 'severity', false],
  );
  assert.equal((await get('histogram?from=0&interval=1h')).status, 200, 'everything begins with the oldest event');
  await get('histogram');
  assert.equal((last() as Of<'histogram'>).buckets, 60);
  await get('facets?fields=host,pname&fields=severity&limit=3');
  assert.deepEqual([(last() as Of<'facets'>).fields, (last() as Of<'facets'>).limit], [['host', 'pname', 'severity'], 3]);
  await get('fields');
  assert.equal(last().kind, 'fields');
  await get('values?field=host&prefix=we');
  assert.deepEqual([(last() as Of<'values'>).field, (last() as Of<'values'>).prefix], ['host', 'we']);
  await get('stats?by=host,status&metrics=count,unique(user),p95(http.took)&interval=5m');
  const stats = last() as Of<'stats'>;
  assert.deepEqual(stats.metrics, [{ name: 'count' }, { name: 'unique', field: 'user' }, { name: 'p95', field: 'http.took' }]);
  assert.deepEqual([stats.by, stats.intervalMs], [['host', 'status'], 300_000]);
  await get('stats?by=host,host&metrics=min(bytes),max,count,p50(took),p95,p95(took)');
  const short = last() as Of<'stats'>;
  assert.deepEqual(short.metrics, [
    { name: 'min', field: 'bytes' },
    { name: 'max', field: 'bytes' },
    { name: 'count' },
    { name: 'p50', field: 'took' },
    { name: 'p95', field: 'took' },
  ]);
  assert.deepEqual(short.by, ['host']);
  await get(`events/${ID}/context?before=3&after=0`);
  const context = last() as Of<'context'>;
  assert.deepEqual([context.id, context.before, context.after, context.by, context.from], [ID, 3, 0, ['host', 'pname'], 0]);
  await get(`events/${ID}`);
  assert.equal((last() as Of<'event'>).id, ID);
});

test('what is refused, with the code and the name of what is wrong', async (t) => {
  const { get } = await startTenant(t);
  const cases: readonly [string, string, RegExp][] = [
    ['events?limit=10001', 'limit_exceeded', /limit.*10000/],
    ['events?limit=0', 'bad_request', /limit/],
    ['events?limit=x', 'bad_request', /limit/],
    ['events?order=up', 'bad_request', /order.*desc, asc/],
    ['events?limt=5', 'bad_request', /"limt".*limit/],
    ['events?q=a&q=b', 'bad_request', /q is given more than once/],
    ['events?q=%zz', 'bad_request', /percent/],
    ['count?from=now&to=-1h', 'bad_request', /from must be before to/],
    ['count?from=x', 'bad_request', /from/],
    ['histogram?buckets=2001', 'limit_exceeded', /buckets.*2000/],
    ['histogram?interval=1s', 'limit_exceeded', /interval.*2000/],
    ['histogram?from=-2d&interval=1m', 'limit_exceeded', /interval.*2000/],
    ['histogram?interval=1m&buckets=5', 'bad_request', /not both/],
    ['facets', 'bad_request', /fields/],
    ['facets?fields=host&limit=1001', 'limit_exceeded', /limit.*1000/],
    ['values?field=', 'bad_request', /field/],
    ['stats?metrics=sum', 'bad_request', /metrics/],
    ['stats?metrics=count,min,sum(bytes)', 'bad_request', /metrics/],
    ['stats?metrics=median(x)', 'bad_request', /metrics/],
    ['events/none', 'event_not_found', /^$/],
    [`events/${ID}/context?before=1001`, 'limit_exceeded', /before.*1000/],
  ];
  for (const [path, code, detail] of cases) {
    const problem = await problemIn(await get(path));
    assert.equal(problem.code, code, path);
    assert.match(problem.detail ?? '', detail, path);
  }
  const syntax = await problemIn(await get('count?q=host%3A(a'));
  assert.deepEqual([syntax.status, syntax.code, syntax['position']], [400, 'query_syntax', 5]);
});

test('unknown tenants are 404 and errors of the back end go through', async (t) => {
  const { harness, get } = await startTenant(t);
  assert.equal((await problemIn(await harness.call('GET', '/v1/tenant/none/count'))).code, 'tenant_not_found');
  harness.search = () => Promise.reject(new MeniscusError('too_many_requests'));
  const response = await get('count');
  assert.deepEqual([response.status, response.headers.has('retry-after')], [429, true]);
});

/** A search that runs until it is aborted. */
function endless(harness: { search: unknown }) {
  const started = Promise.withResolvers<AbortSignal>();
  harness.search = async (_request: SearchRequest, signal: AbortSignal) => {
    started.resolve(signal);
    await once(signal, 'abort');
    throw new Error('cancelled');
  };
  return started.promise;
}

test('a client that closes its connection cancels its search', async (t) => {
  const { harness } = await startTenant(t);
  const started = endless(harness);
  const client = new AbortController();
  const asked = fetch(`${harness.url}/v1/tenant/a/count`, { headers: { authorization: `Bearer ${harness.admin}` }, signal: client.signal });
  const signal = await started;
  client.abort();
  await assert.rejects(asked);
  if (!signal.aborted) await once(signal, 'abort');
  assert.deepEqual(harness.logged, []);
});

test('running searches are listed and can be ended, by a reader only its own', async (t) => {
  const { harness, get } = await startTenant(t);
  const started = endless(harness);
  const asked = get('count?q=slow');
  await started;
  const reader = await harness.key('a', 'reader');
  const { searches } = (await (await harness.call('GET', '/v1/tenant/a/searches', { key: reader })).json()) as {
    searches: { id: string; query: string }[];
  };
  assert.deepEqual(
    searches.map((search) => search.query),
    ['slow'],
  );
  const path = `/v1/tenant/a/searches/${searches[0]!.id}`;
  assert.equal((await harness.call('DELETE', path, { key: reader })).status, 403);
  assert.equal((await harness.call('DELETE', path)).status, 204);
  assert.equal((await asked).status, 409);
  assert.equal((await harness.call('DELETE', path)).status, 404);
});

test('export streams as it is read, and says what it is', async (t) => {
  const { harness, get } = await startTenant(t);
  let made = 0;
  harness.export = async function* () {
    for (; made < 1000; made++) yield Buffer.alloc(65_536, 'x');
  };
  const response = await get('export?format=raw');
  assert.match(response.headers.get('content-type')!, /^text\/plain/);
  let read = 0;
  for await (const piece of response.body!) {
    read += piece.length;
    assert.ok(made * 65_536 - read < 32 << 20, 'made far more than was read');
  }
  assert.equal(read, 1000 * 65_536);
  assert.equal((await get('export?format=xml')).status, 400);
  harness.export = async function* () {};
  const empty = await get('export?format=csv');
  assert.deepEqual([empty.status, await empty.text()], [200, '']);
});

test('an error before the first piece is a problem, a later one breaks the connection', async (t) => {
  const { harness, get } = await startTenant(t);
  assert.equal((await problemIn(await get('export'))).code, 'unavailable');
  harness.export = async function* () {
    yield Buffer.from('{}\n');
    throw new Error('disk');
  };
  const response = await get('export');
  assert.equal(response.status, 200);
  await assert.rejects(response.text());
});

test('an export ends when its key is revoked, and its search with it', async (t) => {
  const { harness } = await startTenant(t);
  const ended = Promise.withResolvers<void>();
  harness.export = async function* (_request, signal) {
    try {
      yield Buffer.from('{}\n');
      await once(signal, 'abort');
    } finally {
      ended.resolve();
    }
  };
  const key = await harness.key('a', 'reader');
  const response = await harness.call('GET', '/v1/tenant/a/export', { key });
  const rest = response.text();
  await harness.services.control.keys.revoke('a', harness.services.control.keys.list('a')[0]!.id);
  await assert.rejects(rest);
  await ended.promise;
});

test('saved searches', async (t) => {
  const { harness } = await startTenant(t);
  const url = '/v1/tenant/a/saved-searches';
  const path = `${url}/${encodeURIComponent('ssh / trouble')}`;
  const saved_search = { query: 'sshd severity<=4', from: '-1d', columns: ['host'] };
  const put = (json: unknown, at = path) => harness.call('PUT', at, { json });
  const created = await put({ saved_search });
  assert.deepEqual([created.status, created.headers.get('location')], [201, path]);
  assert.equal((await put({ saved_search })).status, 200);
  assert.deepEqual(await (await harness.call('GET', path)).json(), { saved_search: { name: 'ssh / trouble', ...saved_search } });
  assert.deepEqual(await (await harness.call('GET', url)).json(), { saved_searches: [{ name: 'ssh / trouble', ...saved_search }] });
  assert.equal((await problemIn(await put({ saved_search: { query: '(' } }))).code, 'query_syntax');
  assert.equal((await problemIn(await put({ saved_search: { query: '', from: 'x' } }))).code, 'bad_request');
  assert.equal((await put({ saved_search }, `${url}/${'x'.repeat(257)}`)).status, 400);
  const more = Array.from({ length: limits.savedSearchesPerTenant - 1 }, (_, i) => put({ saved_search }, `${url}/${i}`));
  assert.ok((await Promise.all(more)).every(({ status }) => status === 201));
  assert.equal((await problemIn(await put({ saved_search }, `${url}/more`))).code, 'limit_exceeded');
  assert.equal((await put({ saved_search })).status, 200, 'one that is there can be replaced');
  assert.equal((await harness.call('DELETE', path)).status, 204);
  assert.equal((await harness.call('DELETE', path)).status, 404);
});

test('dead letters, usage and the pipeline', async (t) => {
  const { harness, get } = await startTenant(t);
  const letter = {
    id: '1',
    time: '2026-11-23T10:00:00.000Z',
    reason: 'refused',
    text: 'no',
    source: 'http',
    sink: null,
    raw: '{}',
    encoding: 'utf8',
  } as const;
  harness.deadLetters = [letter, { ...letter, id: '2', reason: 'unparsable' }];
  assert.deepEqual(await (await get('dead-letters?reason=refused')).json(), { dead_letters: [letter], next: null });
  assert.equal((await get('dead-letters?limit=1001')).status, 400);
  const redrive = (json?: unknown) => harness.call('POST', '/v1/tenant/a/dead-letters/redrive', { json });
  const all = await redrive();
  assert.deepEqual([all.status, await all.json()], [202, { redriven: 2 }]);
  assert.deepEqual(await (await redrive({ ids: ['1', '1'] })).json(), { redriven: 1 });
  assert.equal((await redrive({ ids: ['9'] })).status, 404);
  assert.equal((await redrive({ id: '1' })).status, 400);
  assert.deepEqual(await (await harness.call('DELETE', '/v1/tenant/a/dead-letters')).json(), { deleted: 2 });
  assert.equal((await harness.call('GET', '/v1/dead-letters')).status, 200);
  const { usage } = (await (await get('usage?from=-7d')).json()) as { usage: object[] };
  assert.equal(usage.length, 1);
  await harness.call('POST', '/v1/tenant/a/publish', { key: null, headers: { 'message-token': 'wrong' } });
  const pipeline = (await (await harness.call('GET', '/v1/pipeline')).json()) as { sources: object[]; sinks: { name: string }[] };
  assert.deepEqual(pipeline.sources, [{ type: 'http', events: 0, bytes: 0, refused: { message_not_authenticated: 1 }, parse_errors: 0 }]);
  assert.deepEqual(
    pipeline.sinks.map((sink) => sink.name),
    ['store'],
  );
});
