import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Client, sendTcp, startProcess, temporaryDirectory, until, type TestTenant } from '@meniscus/testkit';
import { message, setUp } from './support/setup.ts';
import { openTail } from './support/tail-client.ts';

function numbered(from: number, to: number): { msg: string; n: number }[] {
  return Array.from({ length: to - from }, (_, i) => ({ msg: `numbered ${from + i}`, n: from + i }));
}

function numbersOf(messages: readonly unknown[]): number[] {
  return messages.map((msg) => Number(/numbered (\d+)/.exec(String(msg))![1]));
}

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from }, (_, i) => from + i);
}

test('a tail shows what comes from now on, as searches show it', async (t) => {
  const { client, tenant, service } = await setUp(t);
  await client.publish(tenant, { msg: 'before' });
  const tail = await openTail(t, client, tenant.id);
  assert.equal(tail.response.headers['content-type'], 'text/event-stream');
  assert.equal(tail.response.headers['cache-control'], 'no-store');
  assert.equal(tail.response.headers['x-accel-buffering'], 'no');
  await client.publish(tenant, { msg: 'over HTTP', user: 'bob', 'http.status': 500, list: [1, 'two', null] });
  await sendTcp(service.run.syslog.tcp, `${message(tenant, 'over syslog')}\n`);
  await tail.has(2);
  assert.deepEqual(tail.messages, ['over HTTP', 'over syslog']);
  const searched = await client.events(tenant.id, 'over');
  assert.deepEqual(
    tail.events.toSorted((a, b) => (String(a['time']) < String(b['time']) ? -1 : 1)),
    searched,
  );
  assert.deepEqual(
    tail.frames.filter(({ event }) => event === 'log').map(({ id }) => id),
    tail.events.map((event) => event['id']),
  );
  assert.ok(tail.comments.length > 0);
  await until('a status', () => tail.frames.filter(({ event }) => event === 'status').length > 1);
});

test('a tail shows what its query selects, and the fields asked for', async (t) => {
  const { client, tenant } = await setUp(t);
  const queries = ['user:bob', 'failed OR status>=500', 'NOT failed', 'msg:/fai.ed \\d+$/', 'severity<=error', '"took long"', 'took*'];
  const tails = await Promise.all(queries.map((q) => openTail(t, client, tenant.id, { q })));
  const few = await openTail(t, client, tenant.id, { fields: 'msg,user' });
  const all = await openTail(t, client, tenant.id);
  await client.publish(tenant, [
    { msg: 'failed 17', user: 'bob', level: 'error' },
    { msg: 'it took long', status: 503, level: 'info' },
    { msg: 'fine', status: '200', user: 'Bob' },
    { msg: 'failed', level: 'debug' },
  ]);
  await all.has(4);
  for (const [i, q] of queries.entries()) {
    const expected = (await client.events(tenant.id, q)).map((event) => event['msg']);
    await tails[i]!.has(expected.length);
    assert.deepEqual(new Set(tails[i]!.messages), new Set(expected), q);
  }
  await few.has(4);
  assert.deepEqual(Object.keys(few.events[0]!), ['id', 'time', 'msg', 'native']);
});

test('a bad query is refused with its position, a bad id too', async (t) => {
  const { client, tenant } = await setUp(t);
  const bad = await client.call(client.path(tenant.id, `/tail?${new URLSearchParams({ q: 'a AND (b' })}`));
  assert.equal(bad.status, 400);
  assert.equal(typeof bad.body['position'], 'number');
  assert.match(bad.headers.get('content-type')!, /problem\+json/);
  assert.equal((await client.call(client.path(tenant.id, '/tail'), { headers: { 'last-event-id': 'nonsense' } })).status, 400);
  assert.equal((await client.call(client.path(tenant.id, '/tail?fild=x'))).status, 400);
  assert.equal((await client.call(client.path('nobody', '/tail'))).status, 404);
  assert.equal((await client.call(client.path(tenant.id, '/tail'), { key: 'msk_wrong' })).status, 401);
});

test('from begins in the past and goes on', async (t) => {
  const { client, tenant } = await setUp(t);
  await client.publish(tenant, numbered(0, 500));
  const tail = await openTail(t, client, tenant.id, { from: '-1h', q: 'numbered' });
  await client.publish(tenant, numbered(500, 1000));
  await tail.has(1000);
  assert.deepEqual(numbersOf(tail.messages), range(0, 1000));
});

test('two tenants see their own events only', async (t) => {
  const { client, tenant } = await setUp(t);
  const other = await client.createTenant('other');
  const tails = [await openTail(t, client, tenant.id), await openTail(t, client, other.id)] as const;
  for (let i = 0; i < 20; i++) {
    await Promise.all([client.publish(tenant, { msg: `acme ${i}` }), client.publish(other, { msg: `other ${i}` })]);
  }
  await tails[0].has(20);
  await tails[1].has(20);
  assert.deepEqual(
    tails[0].messages,
    range(0, 20).map((i) => `acme ${i}`),
  );
  assert.deepEqual(
    tails[1].messages,
    range(0, 20).map((i) => `other ${i}`),
  );
  assert.equal((await client.call(client.path(other.id), { method: 'DELETE' })).status, 200);
  await tails[1].ended();
});

/** Publishes numbered events, ten at a time, until told to stop. Gives how many. */
async function publishing(client: Client, tenant: TestTenant, first: number, state: { running: boolean }): Promise<number> {
  let n = first;
  for (; state.running; n += 10) assert.equal((await client.publish(tenant, numbered(n, n + 10))).status, 202);
  return n;
}

test('a tail that is taken up again, while events come, misses and repeats nothing', async (t) => {
  const { client, tenant } = await setUp(t);
  const state = { running: true };
  let tail = await openTail(t, client, tenant.id);
  const publisher = publishing(client, tenant, 0, state);
  const seen: unknown[] = [];
  for (let round = 0; round < 8; round++) {
    await tail.has(100);
    tail.close();
    const lastEventId = tail.lastId;
    seen.push(...tail.messages);
    tail = await openTail(t, client, tenant.id, {}, { lastEventId });
  }
  state.running = false;
  const total = await publisher;
  await tail.has(total - seen.length);
  assert.deepEqual(numbersOf([...seen, ...tail.messages]), range(0, total));
});

for (const threads of [1, 3]) {
  test(`a tail goes on across a crash without gap or repeat, ${threads} ingest threads`, async (t) => {
    const config = ['--ingest-threads', String(threads)];
    const { client: first, tenant, service } = await setUp(t, config);
    let client = first;
    let current = service;
    let tail = await openTail(t, client, tenant.id);
    const seen: Record<string, unknown>[] = [];
    const acknowledged = new Set<number>();
    for (let trial = 0; trial < 3; trial++) {
      const base = trial * 1_000_000;
      const publishers = range(0, 3).map(async (p) => {
        for (let n = base + p * 100_000; ; n += 10) {
          const events = numbered(n, n + 10);
          const status = await client.publish(tenant, events).then(
            (answer) => answer.status,
            () => 0,
          );
          if (status !== 202) return;
          for (const event of events) acknowledged.add(event.n);
        }
      });
      await tail.has(200);
      await current.end('SIGKILL');
      await Promise.all(publishers);
      await tail.ended();
      seen.push(...tail.events);
      current = await startProcess(t, { dataDir: current.dataDir, args: config });
      client = new Client(current);
      tail = await openTail(t, client, tenant.id, {}, { lastEventId: tail.lastId });
    }
    await client.publish(tenant, { msg: 'numbered 9999999' });
    await until('the last event', () => tail.messages.includes('numbered 9999999'));
    const numbers = numbersOf([...seen, ...tail.events].map((event) => event['msg']));
    assert.equal(new Set(numbers).size, numbers.length, 'an event came twice');
    const missing = [...acknowledged].filter((n) => !numbers.includes(n));
    assert.deepEqual(missing, [], 'events did not come');
    const ids = [...seen, ...tail.events].map((event) => String(event['id']));
    assert.deepEqual(ids, ids.toSorted(), 'in the order of ids');
  });
}

test('a client that has seen no event yet goes on where it began', async (t) => {
  const { client, tenant, service } = await setUp(t);
  await client.publish(tenant, { msg: 'before' });
  const tail = await openTail(t, client, tenant.id);
  await until('the first status', () => tail.lastId !== '');
  tail.close();
  await client.publish(tenant, { msg: 'meanwhile' });
  await service.end();
  const next = new Client(await startProcess(t, { dataDir: service.dataDir }));
  const again = await openTail(t, next, tenant.id, {}, { lastEventId: tail.lastId });
  await next.publish(tenant, { msg: 'after' });
  await again.has(2);
  assert.deepEqual(again.messages, ['meanwhile', 'after']);
});

test('a slow subscriber loses events of its own only, and is told how many', async (t) => {
  const { client, tenant } = await setUp(t);
  const slow = await openTail(t, client, tenant.id);
  const fast = await openTail(t, client, tenant.id);
  slow.response.pause();
  const text = 'x'.repeat(2_000);
  const rounds = 100;
  for (let i = 0; i < rounds; i++) {
    await client.publish(
      tenant,
      Array.from({ length: 200 }, (_, n) => ({ msg: `numbered ${i * 200 + n} ${text}` })),
    );
  }
  await fast.has(rounds * 200);
  assert.deepEqual(numbersOf(fast.messages), range(0, rounds * 200));
  assert.equal(fast.dropped, 0);
  slow.response.resume();
  await until('all events, those lost and those not', () => slow.dropped > 0 && slow.events.length + slow.dropped === rounds * 200);
  const numbers = numbersOf(slow.messages);
  assert.deepEqual(
    numbers,
    [...new Set(numbers)].toSorted((a, b) => a - b),
  );
  // What was lost is told before what comes then.
  const first = numbers.findIndex((n, i) => n !== i);
  if (first >= 0) {
    const frame = slow.frames.findIndex(({ data }) => data.includes(`"numbered ${numbers[first]} `));
    assert.ok(slow.frames.slice(0, frame).some(({ event, data }) => event === 'status' && !data.includes('"dropped":0')));
  }
  await client.publish(tenant, { msg: 'numbered 999999' });
  await until('it goes on', () => slow.messages.at(-1) === 'numbered 999999');
});

test('metrics say what all tails sent, lost and hold', async (t) => {
  const { client, tenant } = await setUp(t);
  const reading = async (): Promise<(name: string) => number> => {
    const { body } = await client.call<string>('/metrics');
    return (name) => Number(new RegExp(`^meniscus_${name} (\\S+)$`, 'm').exec(body)![1]);
  };
  const none = await reading();
  assert.deepEqual(['tails', 'tail_events_sent_total', 'tail_events_lost_total', 'tail_buffer_bytes'].map(none), [0, 0, 0, 0]);
  const slow = await openTail(t, client, tenant.id);
  const fast = await openTail(t, client, tenant.id);
  slow.response.pause();
  const text = 'x'.repeat(2_000);
  const rounds = 100;
  for (let i = 0; i < rounds; i++)
    await client.publish(
      tenant,
      Array.from({ length: 200 }, (_, n) => ({ msg: `numbered ${i * 200 + n} ${text}` })),
    );
  await fast.has(rounds * 200);
  const during = await reading();
  assert.equal(during('tails'), 2);
  assert.ok(during('tail_buffer_bytes') > 0);
  assert.ok(during('tail_events_lost_total') > 0);
  slow.response.resume();
  await until('all events, those lost and those not', () => slow.events.length + slow.dropped === rounds * 200);
  const after = await reading();
  assert.equal(after('tail_events_lost_total'), slow.dropped);
  assert.equal(after('tail_events_sent_total'), fast.events.length + slow.events.length);
  slow.close();
  fast.close();
  await until('no tail to be open', async () => (await reading())('tails') === 0);
  assert.equal((await reading())('tail_buffer_bytes'), 0);
});

test('a tail ends within a second when its key is revoked', async (t) => {
  const { client, tenant } = await setUp(t);
  const created = await client.call<{ key: { id: string; key: string } }>(client.path(tenant.id, '/keys'), {
    body: { key: { name: 'tail', role: 'reader' } },
  });
  const { id, key } = created.body.key;
  const tail = await openTail(t, client, tenant.id, {}, { key });
  const other = await openTail(t, client, tenant.id);
  assert.equal((await client.call(client.path(tenant.id, `/keys/${id}`), { method: 'DELETE' })).status, 204);
  await until('the end', () => tail.closed, 1_000);
  await client.publish(tenant, { msg: 'later' });
  await other.has(1);
  assert.deepEqual(tail.messages, []);
});

test('open tails are listed and can be ended; a closed connection is gone at once', async (t) => {
  const { client, tenant, service } = await setUp(t);
  const tail = await openTail(t, client, tenant.id, { q: 'sshd' });
  const running = async () =>
    (await client.call<{ searches: { id: string; kind: string; query: string }[] }>(client.path(tenant.id, '/searches'))).body.searches;
  const [search] = await running();
  assert.deepEqual([search!.kind, search!.query], ['tail', 'sshd']);
  assert.equal((await client.call(client.path(tenant.id, `/searches/${search!.id}`), { method: 'DELETE' })).status, 204);
  await tail.ended();
  const closing = await openTail(t, client, tenant.id);
  assert.equal((await running()).length, 1);
  closing.close();
  await until('it is gone', async () => (await running()).length === 0);
  await openTail(t, client, tenant.id);
  assert.equal(await service.end(), 0);
});

test('events that are in segments are replayed too, in the order of their receipt', async (t) => {
  const dataDir = temporaryDirectory(t);
  const first = await startProcess(t, { dataDir });
  const client = new Client(first);
  const tenant = await client.createTenant('acme');
  const time = (n: number): string => new Date(Date.UTC(2026, 0, 1) + ((n * 7919) % 3000) * 60_000).toISOString();
  for (let i = 0; i < 3000; i += 300)
    await client.publish(
      tenant,
      numbered(i, i + 300).map((event) => ({ ...event, time: time(event.n) })),
    );
  await first.end();
  const next = new Client(await startProcess(t, { dataDir }));
  await next.publish(tenant, numbered(3000, 3100));
  const tail = await openTail(t, next, tenant.id, { from: '-1h' });
  await tail.has(3100);
  assert.deepEqual(numbersOf(tail.messages), range(0, 3100));
  const middle = tail.frames.filter(({ event }) => event === 'log')[1234]!.id!;
  const again = await openTail(t, next, tenant.id, { last_event_id: middle });
  await again.has(3100 - 1235);
  assert.deepEqual(numbersOf(again.messages), range(1235, 3100));
});
