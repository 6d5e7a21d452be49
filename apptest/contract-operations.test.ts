import assert from 'node:assert/strict';
import { test } from 'node:test';
import { until, type Client } from '@meniscus/testkit';
import { setUp } from './support/setup.ts';

interface Page {
  readonly events: readonly { readonly id: string }[];
  readonly next: string | null;
}

/** The ids of all pages, each of which must be answered. */
async function paged(client: Client, path: string, parameters: Record<string, string>): Promise<string[]> {
  const ids: string[] = [];
  for (let cursor: string | null = ''; cursor !== null;) {
    const query = new URLSearchParams({ ...parameters, ...(cursor === '' ? {} : { cursor }) });
    const { status, body }: { status: number; body: Page } = await client.call<Page>(`${path}?${query}`);
    assert.equal(status, 200, JSON.stringify(body));
    ids.push(...body.events.map(({ id }) => id));
    cursor = body.next;
  }
  return ids;
}

test('pages of a relative range, and of a query with relative times, belong together', async (t) => {
  const { client, tenant } = await setUp(t);
  await client.publish(
    tenant,
    Array.from({ length: 25 }, (_, n) => ({ msg: 'paged', n })),
  );
  const path = client.path(tenant.id, '/events');
  for (const parameters of [
    {},
    { from: '-1h' },
    { from: 'now-1h', to: 'now+1m' },
    { q: 'paged time:[now-1h TO *]' },
    { q: 'paged', from: '-2h', order: 'asc' },
  ]) {
    const ids = await paged(client, path, { ...parameters, limit: '10' });
    assert.deepEqual([ids.length, new Set(ids).size], [25, 25], JSON.stringify(parameters));
  }
});

test('a cursor belongs to its query, range, order and tenant', async (t) => {
  const { client, tenant } = await setUp(t);
  const other = await client.createTenant('other');
  await client.publish(tenant, [{ msg: 'a' }, { msg: 'b' }]);
  const { body } = await client.call<Page>(client.path(tenant.id, '/events?from=-1h&limit=1'));
  const cursor = encodeURIComponent(body.next!);
  const status = async (id: string, query: string): Promise<unknown> => {
    const answer = await client.call(client.path(id, `/events?limit=1&cursor=${cursor}&${query}`));
    return answer.status === 200 ? 200 : answer.body['code'];
  };
  assert.equal(await status(tenant.id, 'from=-1h'), 200);
  for (const query of ['from=-2h', 'from=-1h&q=a', 'from=-1h&order=asc', 'from=-1h&to=now'])
    assert.equal(await status(tenant.id, query), 'bad_cursor', query);
  assert.equal(await status(other.id, 'from=-1h'), 'bad_cursor');
});

test('what is refused again by a redrive is the same dead letter again, and no event', async (t) => {
  const { client, tenant } = await setUp(t);
  await client.publish(tenant, '[12,null,true,[1],["x"],{"msg":"good"}]', { 'content-type': 'application/json' });
  await client.publish(tenant, '{"msg":', { 'content-type': 'application/json' });
  interface Letters {
    readonly dead_letters: readonly { readonly raw: string; readonly reason: string }[];
  }
  const letters = async () => {
    const { body } = await client.call<Letters>(client.path(tenant.id, '/dead-letters'));
    return body.dead_letters.map(({ raw, reason }) => `${reason} ${raw}`).sort();
  };
  const before = await letters();
  assert.equal(before.length, 6);
  const { status, body } = await client.call(client.path(tenant.id, '/dead-letters/redrive'), { method: 'POST' });
  assert.deepEqual([status, body], [202, { redriven: 6 }]);
  assert.deepEqual(await letters(), before);
  assert.equal(await client.count(tenant.id), 1);
});

test('usage agrees with what was sent as soon as it was acknowledged', async (t) => {
  const { client, tenant } = await setUp(t);
  const bodies = ['[{"msg":"one"},{"msg":"two"},{"msg":"three"}]', '{"msg":"four"}\n{"msg":"five"}\n', '[{"msg":"six"},7]', '{"msg":'];
  for (const body of bodies) await client.publish(tenant, body, { 'content-type': 'application/json' });
  interface Hours {
    readonly usage: readonly { events_in: number; bytes_in: number; stored: number; rejected: number }[];
  }
  const { body } = await client.call<Hours>(client.path(tenant.id, '/usage'));
  const sum = { events_in: 0, bytes_in: 0, stored: 0, rejected: 0 };
  for (const hour of body.usage) for (const key of Object.keys(sum) as (keyof typeof sum)[]) sum[key] += hour[key];
  assert.deepEqual({ ...sum, bytes_in: 0 }, { events_in: 8, bytes_in: 0, stored: 6, rejected: 2 });
  assert.ok(Number.isInteger(sum.bytes_in) && sum.bytes_in > 0);
});

test('a search that is ended by DELETE says so', async (t) => {
  const { client, tenant } = await setUp(t, ['--query-threads', '1']);
  const lines = Array.from({ length: 40_000 }, (_, n) => `some longer words to look at ${n} ${'lorem ipsum '.repeat(8)}`).join('\n');
  for (let i = 0; i < 8; i++) await client.publish(tenant, lines, { 'content-type': 'text/plain' });
  const path = client.path(tenant.id, '/searches');
  // Many at once on one thread: those that wait are ended, too.
  const q = encodeURIComponent('msg:/(a|l).*(m|z).*q.*r.*s/i');
  const answers = Array.from({ length: 40 }, async () => client.call(client.path(tenant.id, `/count?from=0&q=${q}`)));
  const running = await until('a running search', async () => {
    const { body } = await client.call<{ searches: readonly { id: string; kind: string }[] }>(path);
    return body.searches.at(-1);
  });
  assert.equal(running.kind, 'count');
  assert.equal((await client.call(`${path}/${running.id}`, { method: 'DELETE' })).status, 204);
  const ended = (await Promise.all(answers)).filter(({ status }) => status !== 200);
  assert.deepEqual(
    ended.map(({ status, body }) => [status, body['code']]),
    [[409, 'cancelled']],
  );
  assert.equal((await client.call(`${path}/${running.id}`, { method: 'DELETE' })).status, 404);
});

test("pino's levels count as numbers and as text", async (t) => {
  const { client, tenant } = await setUp(t);
  await client.publish(
    tenant,
    [50, '50', 3, '3', '30', 'error'].map((level) => ({ level, msg: 'm' })),
  );
  const severities = (await client.events(tenant.id)).map(({ severity }) => severity);
  assert.deepEqual(severities, [3, 3, 3, 3, 6, 3]);
});

test('a csv loses nothing: objects, arrays and large numbers are in their cells', async (t) => {
  const { client, tenant } = await setUp(t);
  const y = '{"z":[1,"q",true],"w":{"v":1,"big":12345678901234567890}}';
  const text = `{"msg":"a, \\"b\\"\\nc","y":${y},"dot.ted":5,"none":null,"e":{}}`;
  await client.publish(tenant, text, { 'content-type': 'application/json' });
  const cell = async (field: string): Promise<string> => {
    const query = new URLSearchParams({ format: 'csv', from: '0', fields: field });
    const { body } = await client.call<string>(client.path(tenant.id, `/export?${query}`));
    const line = body.slice(field.length + 1, -1);
    return line.startsWith('"') ? line.slice(1, -1).replaceAll('""', '"') : line;
  };
  assert.equal(await cell('y'), y);
  assert.equal(await cell('native.y.w'), '{"v":1,"big":12345678901234567890}');
  assert.equal(await cell('y.z'), '[1,"q",true]');
  assert.equal(await cell('msg'), 'a, "b"\nc');
  assert.equal(await cell('dot.ted'), '5');
  assert.equal(await cell('e'), '{}');
  assert.equal(await cell('none'), '');
  assert.equal((JSON.parse(await cell('producer')) as { pattern: string }).pattern, 'default');
});
