import assert from 'node:assert/strict';
import { test } from 'node:test';
import { until, type Client } from '@meniscus/testkit';
import { fill } from '../support/fill.ts';
import { memoryOf } from '../support/memory.ts';
import { setUp } from '../support/service.ts';

const EVENTS = 200_000;
const SEARCHES = 1_000;
/** What a thousand searches at once may add: the answers of all that may run or wait, and the caches. */
const GROWTH_MAX = 1 << 30;

const ROUTES = [
  '/events?from=0&limit=10000&q=took',
  '/count?from=0&q=msg%3A%2Fu9%5Cd%2B%20took%20%5Cd%7B3%7D%2F',
  '/histogram?from=now-1h&buckets=200&by=host',
  '/facets?from=0&fields=host,status,trace&limit=1000',
  '/stats?from=0&by=host&metrics=count,unique(trace),p99(status)',
  '/events?from=0&limit=100&q=user%20AND%20NOT%20status%3A200',
];

interface Outcome {
  readonly status: number;
  readonly partial: boolean;
}

async function search(client: Client, n: number): Promise<Outcome> {
  const { status, headers, body } = await client.call<{ partial?: boolean }>(client.path(`t${n % 10}`, ROUTES[n % ROUTES.length]));
  if (status === 429) assert.match(headers.get('retry-after') ?? '', /^\d+$/);
  return { status, partial: body.partial === true };
}

test('1,000 searches at once: each is answered or told to come again, and memory stays bounded', async (t) => {
  const { service, client } = await setUp(t);
  for (let n = 0; n < 10; n++) await fill(client, await client.createTenant(`t${n}`), EVENTS / 10);
  const before = memoryOf(service.run.pid).now;
  for (let round = 0; round < 3; round++) {
    const outcomes = await Promise.all(Array.from({ length: SEARCHES }, (_, n) => search(client, n)));
    for (const { status } of outcomes) assert.ok(status === 200 || status === 429, `${status}`);
    assert.ok(outcomes.filter(({ status, partial }) => status === 200 && !partial).length > 100);
  }
  const { peak } = memoryOf(service.run.pid);
  assert.ok(peak - before < GROWTH_MAX, `${Math.round((peak - before) / 2 ** 20)} MiB more`);
  assert.equal(await client.count('t3', 'took'), EVENTS / 10);
});

async function running(client: Client, tenant: string): Promise<{ id: string; kind: string }[]> {
  const { body } = await client.call<{ searches: { id: string; kind: string }[] }>(client.path(tenant, '/searches'));
  return body.searches;
}

/** Begins an export and reads its first piece; the rest waits for its reader. */
async function beginExport(client: Client, tenant: string, signal: AbortSignal) {
  const response = await fetch(`${client.url}${client.path(tenant, '/export?format=ndjson&from=0')}`, {
    headers: { authorization: `Bearer ${client.adminKey}` },
    signal,
  });
  const reader = response.body!.getReader();
  assert.ok((await reader.read()).value!.length > 0);
  return reader;
}

test('a client that goes away ends its search and its export; so does the operator', async (t) => {
  const { client, tenant } = await setUp(t);
  await fill(client, tenant, EVENTS);
  const aborter = new AbortController();
  const url = `${client.url}${client.path(tenant.id, '/count?from=0&q=')}`;
  const slow = Array.from({ length: 60 }, (_, n) =>
    fetch(`${url}${encodeURIComponent(`msg:/(user|took).*${n}.*(ms|xyz)$/`)}`, {
      headers: { authorization: `Bearer ${client.adminKey}` },
      signal: aborter.signal,
    }).then(
      () => 'answered',
      () => 'gone',
    ),
  );
  const reader = await beginExport(client, tenant.id, aborter.signal);
  await until('the export to be listed', async () => (await running(client, tenant.id)).some(({ kind }) => kind === 'export'));
  aborter.abort();
  await Promise.all([...slow, reader.closed.catch(() => {})]);
  await until('all of them to end', async () => (await running(client, tenant.id)).length === 0);
  assert.equal(await client.count(tenant.id, 'took'), EVENTS);

  const other = await beginExport(client, tenant.id, new AbortController().signal);
  const [listed] = await running(client, tenant.id);
  const ended = await client.call(client.path(tenant.id, `/searches/${listed!.id}`), { method: 'DELETE' });
  assert.ok(ended.status === 204 || ended.status === 200);
  await assert.rejects(async () => {
    while (!(await other.read()).done);
  });
  await until('it to end', async () => (await running(client, tenant.id)).length === 0);
});
