/** A service whose searches are answered by OpenSearch: by HTTP, with live tails, without the server, and for tenants that come and go. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import {
  Client,
  lacksServer,
  openSearch,
  repository,
  startProcess,
  temporaryDirectory,
  until,
  type Cleanup,
  type Server,
} from '@meniscus/testkit';
import { openTail } from '../../apptest/support/tail-client.ts';

const script = path.join(repository, '../shared/data/query/check.mjs');

async function service(t: Cleanup, server: Server, more = ''): Promise<Client> {
  const directory = temporaryDirectory(t);
  const config = path.join(directory, 'meniscus.yaml');
  writeFileSync(
    config,
    `sinks: [{ name: os, type: elasticsearch, url: "${server.url}", replicas: 0, batch_max_age: 50ms, refresh_interval: 200ms }]
default_sinks: [store, os]
search: { backend: elasticsearch, sink: os }
${more}`,
  );
  return new Client(await startProcess(t, { dataDir: path.join(directory, 'data'), config }));
}

function numbered(from: number, to: number): { msg: string }[] {
  return Array.from({ length: to - from }, (_, i) => ({ msg: `numbered ${from + i}` }));
}

const numbersOf = (messages: readonly unknown[]): number[] => messages.map((msg) => Number(/numbered (\d+)/.exec(String(msg))![1]));

async function found(client: Client, tenant: string, count: number, q = ''): Promise<void> {
  await until(`${count} events to be found`, async () => (await client.count(tenant, q)) === count);
}

test('a service searches OpenSearch', { skip: await lacksServer('opensearch') }, async (t) => {
  const server = await openSearch(t, { heap: '384m' });
  const client = await service(t, server, 'search_deadline: 20s');
  const count = async (id: string) => client.call(client.path(id, '/count?from=0'));

  await t.test('the sample cases', { skip: !existsSync(script) && 'they are not beside the repository' }, async () => {
    const tenant = await client.createTenant('cases');
    const args = [script, '--url', client.url, '--tenant', tenant.id, '--token', tenant.token, '--key', client.adminKey, '--quiet'];
    const { stdout } = await promisify(execFile)(process.execPath, args).catch((error: { stdout: string }) => error);
    assert.match(stdout, /\n\d+ passed, 0 failed\n$/, stdout);
  });

  await t.test('a tail begins in the past, goes on live, and resumes', async (sub) => {
    const tenant = await client.createTenant('Tails of Ånother');
    await client.publish(tenant, numbered(0, 1_500));
    await found(client, tenant.id, 1_500);
    const tail = await openTail(sub, client, tenant.id, { from: '-1h', q: 'numbered' });
    await client.publish(tenant, numbered(1_500, 1_600));
    await tail.has(1_600);
    const all = Array.from({ length: 1_600 }, (_, i) => i);
    assert.deepEqual(numbersOf(tail.messages), all);
    const { id } = tail.frames.filter(({ event }) => event === 'log')[700]!;
    const again = await openTail(sub, client, tenant.id, { q: 'numbered' }, { lastEventId: id! });
    await again.has(899);
    assert.deepEqual(numbersOf(again.messages), all.slice(701));
  });

  await t.test('events that the store does not keep are found, in the past of tails too', async (sub) => {
    const tenant = await client.createTenant('elsewhere');
    const producer = { name: 'app', pattern: 'default', sinks: ['os'] };
    assert.equal((await client.call(client.path(tenant.id, '/producers'), { body: { event_producer: producer } })).status, 201);
    const publish = async (from: number, to: number) =>
      client.publish(
        tenant,
        numbered(from, to).map((event) => ({ ...event, pname: 'app' })),
      );
    await publish(0, 20);
    await found(client, tenant.id, 20);
    const all = Array.from({ length: 25 }, (_, i) => i);
    assert.deepEqual(
      numbersOf((await client.events(tenant.id)).map(({ msg }) => msg)).toSorted((a, b) => a - b),
      all.slice(0, 20),
    );
    // Nor are the last of them in the index yet.
    await publish(20, 25);
    const tail = await openTail(sub, client, tenant.id, { from: '-1h', q: 'numbered' });
    await tail.has(25);
    assert.deepEqual(numbersOf(tail.messages), all);
  });

  await t.test('a tenant that is made anew sees nothing of the one before', async () => {
    const tenant = await client.createTenant('anew');
    await client.publish(tenant, numbered(0, 10));
    await found(client, tenant.id, 10);
    assert.equal((await client.call(client.path('anew'), { method: 'DELETE' })).status, 200);
    const second = await client.createTenant('anew');
    assert.equal(await client.count(second.id), 0);
    await client.publish(second, numbered(10, 13));
    await found(client, second.id, 3);
  });

  await t.test('a tenant without any event has empty answers', async () => {
    await client.createTenant('empty');
    for (const rest of [
      'events',
      'count',
      'histogram?by=severity',
      'histogram?by=host&from=0',
      'facets?fields=host,user',
      'fields',
      'values?field=user',
    ]) {
      const { status, body } = await client.call(client.path('empty', `/${rest}`));
      assert.deepEqual([status, body['partial']], [200, false], rest);
    }
    for (const format of ['ndjson', 'csv', 'parquet'])
      assert.equal((await client.call(client.path('empty', `/export?format=${format}`))).status, 200, format);
    assert.equal((await client.call(client.path('empty', '/events/019a0000-0000-7000-8000-000000000000'))).status, 404);
  });

  await t.test('a server that is silent or gone is a 503, and found again', async () => {
    const tenant = await client.createTenant('away');
    await client.publish(tenant, numbered(0, 5));
    await found(client, tenant.id, 5);
    server.pause();
    const silent = await count(tenant.id);
    assert.deepEqual([silent.status, silent.body['code']], [503, 'unavailable']);
    assert.ok(Number(silent.headers.get('retry-after')) > 0);
    server.resume();
    await found(client, tenant.id, 5);
    await server.kill();
    const gone = await count(tenant.id);
    assert.deepEqual([gone.status, gone.body['code']], [503, 'unavailable']);
    assert.match(String(gone.body['detail']), /ECONNREFUSED/);
    await client.publish(tenant, numbered(5, 8));
    await server.restart();
    await until('all events', async () => {
      const { status, body } = await count(tenant.id);
      return status === 200 && body['count'] === 8;
    });
  });
});
