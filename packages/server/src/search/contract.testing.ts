import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { compilePredicate, parse } from '@meniscus/query';
import { formatEventId } from '../event/event-id.ts';
import { formatTime } from '../event/event.ts';
import type { ExportRequest, SearchBackend, SearchRequest, SearchScope } from './search.ts';
import type { TestEvent } from './store/memory-store.testing.ts';

import { Client, contractEvents, expectedNumbers, idAt, MINUTE, numbersOf, START, type Row } from './contract-client.testing.ts';

/** A back end that holds given events of one tenant. Positions of the queue are 1,000 and on, in the order of the events; node and shard 0. */
export interface SearchContract {
  readonly name: string;
  readonly create: (
    this: void,
    t: TestContext,
    events: readonly TestEvent[],
  ) => Promise<{ readonly backend: SearchBackend; readonly tenant: SearchScope['tenant'] }>;
}

/** Registers the cases that every search back end must pass. */
export function testSearchContract({ name, create }: SearchContract): void {
  const events = contractEvents();
  const it = (title: string, run: (client: Client, t: TestContext) => Promise<void>): void => {
    test(`${name}: ${title}`, async (t) => {
      const { backend, tenant } = await create(t, events);
      await run(new Client(backend, tenant), t);
    });
  };

  it('events come newest first, or oldest first, ties by id in the same direction', async (client) => {
    for (const order of ['desc', 'asc'] as const) {
      const page = await client.events({ order });
      assert.deepEqual(numbersOf(page.events), expectedNumbers(events, '', order));
      assert.equal(page.next, null);
      assert.equal(page.partial, false);
      assert.equal('partial_reason' in page, false);
      assert.equal(typeof page.stats!.elapsed_ms, 'number');
    }
  });

  it('an event is answered as it came', async (client) => {
    const page = await client.events({ order: 'asc' }, 'native.n:7');
    const { received, time } = events[7]!;
    assert.deepEqual(page.events, [
      {
        id: idAt(events, 7),
        tenant: client.scope().tenant.id,
        time: formatTime(time),
        received: formatTime(received!),
        host: 'web-3',
        pname: 'sshd',
        pid: '0',
        msgid: '-',
        pri: 39,
        facility: 4,
        severity: 7,
        level: 'debug',
        msg: 'accepted 7, "quoted"',
        native: { n: 7, bytes: 7, user: 'user-1', tags: [], ok: false, deep: { 'dotted.key': [{ x: 7 }] } },
        producer: { id: null, name: null, pattern: 'default', durable: false, encrypted: false, sinks: ['store'] },
      },
    ]);
    const absent = await client.events({}, 'native.n:0');
    for (const part of ['pri', 'facility', 'severity', 'level', 'ver', 'normalized']) assert.equal(part in absent.events[0]!, false, part);
  });

  it('pages follow each other without gap or repeat, through ties, in both orders', async (client) => {
    for (const order of ['desc', 'asc'] as const)
      for (const limit of [1, 2, 7, 100, 300]) {
        const seen: number[] = [];
        let cursor: string | undefined;
        do {
          const page = await client.events({ order, limit, ...(cursor === undefined ? {} : { cursor }) }, limit === 1 ? 'failed n<40' : '');
          assert.ok(page.events.length <= limit);
          seen.push(...numbersOf(page.events));
          cursor = page.next ?? undefined;
        } while (cursor !== undefined);
        assert.deepEqual(seen, expectedNumbers(events, limit === 1 ? 'failed n<40' : '', order));
      }
  });

  it('a cursor of another query, order, range or tenant, and a text that is none, are bad_cursor', async (client) => {
    const { next } = await client.events({ limit: 3 });
    const cursor = next!;
    const wrong: Partial<Extract<SearchRequest, { kind: 'events' }>>[] = [
      { query: parse('failed') },
      { order: 'asc' },
      { from: START - 3600_000_000 },
      { to: Infinity },
      { range: 'now-1h' },
      { tenant: { ...client.scope().tenant, number: 99 } },
    ];
    for (const more of wrong)
      await assert.rejects(client.events({ cursor, limit: 3, ...more }), { code: 'bad_cursor' }, JSON.stringify(more));
    for (const text of ['', 'x', '[]', Buffer.from('[1,2]').toString('base64url'), 'a'.repeat(5_000)])
      await assert.rejects(client.events({ cursor: text, limit: 3 }), { code: 'bad_cursor' });
  });

  it('a cursor goes on within the first page’s range when a relative range has moved on', async (client) => {
    const range = { range: '-10m,now' };
    const first = await client.events({ limit: 100, ...range });
    const second = await client.events({ limit: 1_000, cursor: first.next!, ...range, from: START + MINUTE, to: START + 20 * MINUTE });
    assert.deepEqual(numbersOf([...first.events, ...second.events]), expectedNumbers(events));
  });

  it('fields choose parts of events; id and time are always there', async (client) => {
    const one = { limit: 1, order: 'asc' } as const;
    const [event] = (await client.events({ ...one, fields: ['host', 'app', 'level', 'user', 'native.deep', 'msg'] }, 'native.n:1')).events;
    assert.deepEqual(event, {
      id: idAt(events, 1),
      time: formatTime(events[1]!.time),
      host: 'web-1',
      pname: 'sshd',
      level: 'alert',
      msg: 'accepted 1, "quoted"',
      native: { user: 'user-1', deep: { 'dotted.key': [{ x: 1 }] } },
      normalized: { sshd: { user: 'user-1' } },
    });
    const [bare] = (await client.events({ ...one, fields: ['nosuch'] }, 'native.n:1')).events;
    assert.deepEqual(Object.keys(bare!), ['id', 'time']);
  });

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

  it('an event is found by its id alone', async (client) => {
    const scope = client.scope('nosuch', { from: 0, to: 1 });
    const answer = await client.search<{ event: Row }>({ kind: 'event', ...scope, id: idAt(events, 123) });
    assert.equal(answer.event.native!.n, 123);
    for (const id of [idAt(events, 123).replace(/.$/, 'f'), formatEventId(0, 0, 0, 1_123), 'x', '', formatEventId(1e12, 9, 3, 5)])
      await assert.rejects(client.search({ kind: 'event', ...scope, id }), { code: 'event_not_found' });
  });

  it('context gives the neighbours of the same origin, oldest first', async (client) => {
    const context = (more: Partial<Extract<SearchRequest, { kind: 'context' }>>) =>
      client.search<{ before: Row[]; event: Row; after: Row[] }>({
        kind: 'context',
        ...client.scope('', { from: 0, to: Infinity }),
        id: idAt(events, 101),
        before: 2,
        after: 3,
        by: ['host', 'pname'],
        ...more,
      });
    const found = await context({});
    assert.equal(found.event.native!.n, 101);
    assert.deepEqual(numbersOf(found.before), [93, 97]);
    assert.deepEqual(numbersOf(found.after), [105, 109, 113]);
    const all = expectedNumbers(events, '', 'asc');
    const at = all.indexOf(101);
    const near = await context({ by: [] });
    assert.deepEqual(numbersOf([...near.before, near.event, ...near.after]), all.slice(at - 2, at + 4));
    const alone = await context({ by: ['n'] });
    assert.deepEqual([alone.before, alone.after], [[], []]);
    const none = await context({ before: 0, after: 0 });
    assert.deepEqual([none.before, none.after], [[], []]);
    await assert.rejects(context({ id: formatEventId(1, 0, 0, 1) }), { code: 'event_not_found' });
  });

  it('count counts', async (client) => {
    for (const q of ['', 'failed', 'NOT failed', 'severity<=3', 'user:user-1', 'tags:a', 'nosuch:*', 'failed OR ok:true'])
      assert.equal(await client.count(q), expectedNumbers(events, q).length, q);
  });

  it('a histogram has every bucket, aligned, and sums to the count', async (client) => {
    type Histogram = { interval_ms: number; buckets: { time: string; count: number; by?: Record<string, number>; other?: number }[] };
    const histogram = (q: string, more: Partial<Extract<SearchRequest, { kind: 'histogram' }>>) =>
      client.search<Histogram>({ kind: 'histogram', ...client.scope(q), ...more });
    const minutes = await histogram('failed', { buckets: 10, by: 'severity' });
    assert.equal(minutes.interval_ms, 60_000);
    assert.deepEqual(
      minutes.buckets.map(({ time }) => time),
      Array.from({ length: 10 }, (_, i) => formatTime(START + i * MINUTE)),
    );
    assert.equal(
      minutes.buckets.reduce((sum, bucket) => sum + bucket.count, 0),
      await client.count('failed'),
    );
    assert.equal(minutes.buckets[7]!.count, 0);
    assert.deepEqual(minutes.buckets[7]!.by, {});
    const first = events.filter((event) => event.time < START + MINUTE && event.msg!.startsWith('failed'));
    const bySeverity: Record<string, number> = {};
    for (const { severity } of first) if (severity !== null) bySeverity[String(severity)] = (bySeverity[String(severity)] ?? 0) + 1;
    assert.deepEqual(minutes.buckets[0]!.by, bySeverity);
    const shifted = await histogram('', { intervalMs: 90_000, from: START + 1, by: 'level' });
    assert.equal(Date.parse(shifted.buckets[0]!.time) % 90_000, 0);
    assert.equal(
      shifted.buckets.reduce((sum, bucket) => sum + bucket.count, 0),
      await client.count('', { from: START + 1 }),
    );
    const open = await histogram('', { buckets: 60, to: Infinity });
    assert.equal(
      open.buckets.reduce((sum, bucket) => sum + bucket.count, 0),
      300,
    );
    await assert.rejects(histogram('', { intervalMs: 1 }), { code: 'limit_exceeded' });
  });

  it('facets say how many events have a field and its most frequent values', async (client) => {
    type Facets = { facets: Record<string, { count: number; values: { value: unknown; count: number }[] }> };
    const fields = ['host', 'severity', 'level', 'user', 'native.user', 'tags', 'ok', 'nosuch', 'pid', 'deep.dotted.key.x'];
    for (const q of ['', 'failed']) {
      const { facets } = await client.search<Facets>({ kind: 'facets', ...client.scope(q), fields, limit: 1_000 });
      const chosen = events.filter(compilePredicate(parse(q)));
      const count = (value: (event: TestEvent) => unknown[]): { count: number; values: Map<unknown, number> } => {
        const values = new Map<unknown, number>();
        let has = 0;
        for (const event of chosen) {
          const mine = new Set(value(event).filter((item) => item !== null && item !== undefined && item !== '-'));
          if (mine.size > 0) has++;
          for (const item of mine) values.set(item, (values.get(item) ?? 0) + 1);
        }
        return { count: has, values };
      };
      const native = (event: TestEvent) => event.native as Record<string, unknown>;
      const expected = {
        host: count((event) => [event.host]),
        severity: count((event) => [event.severity]),
        user: count((event) => [native(event)['user'], (event.normalized as { sshd: { user: string } } | undefined)?.sshd.user]),
        'native.user': count((event) => [native(event)['user']]),
        tags: count((event) => native(event)['tags'] as string[]),
        ok: count((event) => [native(event)['ok']]),
        nosuch: count(() => []),
        pid: count((event) => [event.pid]),
        'deep.dotted.key.x': count((event) => [native(event)['n']]),
      };
      for (const [field, { count: has, values }] of Object.entries(expected)) {
        const facet = facets[field]!;
        assert.equal(facet.count, has, `${field} ${q}`);
        assert.deepEqual(new Map(facet.values.map(({ value, count: n }) => [value, n])), values, `${field} ${q}`);
        assert.deepEqual(
          facet.values.map(({ count: n }) => n),
          facet.values.map(({ count: n }) => n).toSorted((a, b) => b - a),
        );
      }
      assert.equal(
        facets['level']!.values.some(({ value }) => value === 'emergency'),
        true,
      );
    }
    const { facets } = await client.search<Facets>({ kind: 'facets', ...client.scope(), fields: ['user'], limit: 1 });
    assert.equal(facets['user']!.values.length, 1);
  });

  it('fields lists what the events have', async (client) => {
    type Fields = { fields: { name: string; type: string; share: number }[] };
    const { fields } = await client.search<Fields>({ kind: 'fields', ...client.scope() });
    const by = new Map(fields.map((field) => [field.name, field]));
    const share = (n: number): number => Math.round((n / 300) * 1e6) / 1e6;
    assert.deepEqual(by.get('native.n'), { name: 'native.n', type: 'number', share: 1 });
    assert.deepEqual(by.get('native.bytes'), { name: 'native.bytes', type: 'mixed', share: 1 });
    assert.deepEqual(by.get('native.user'), { name: 'native.user', type: 'string', share: share(240) });
    assert.deepEqual(by.get('native.tags'), { name: 'native.tags', type: 'string', share: share(100) });
    assert.deepEqual(by.get('native.ok'), { name: 'native.ok', type: 'boolean', share: 1 });
    assert.deepEqual(by.get('host'), { name: 'host', type: 'string', share: share(270) });
    assert.deepEqual(by.get('severity'), { name: 'severity', type: 'number', share: share(250) });
    assert.deepEqual(by.get('normalized.sshd.user'), { name: 'normalized.sshd.user', type: 'string', share: share(6) });
    assert.equal(by.has('msgid'), false);
    const some = await client.search<Fields>({ kind: 'fields', ...client.scope('native.n<10') });
    assert.equal(some.fields.find((field) => field.name === 'native.user')!.share, 0.8);
    assert.deepEqual((await client.search<Fields>({ kind: 'fields', ...client.scope('nosuch') })).fields, []);
  });

  it('values complete a prefix, ignoring case', async (client) => {
    type Values = { values: { value: unknown; count: number }[] };
    const values = (field: string, prefix: string, limit = 10) =>
      client.search<Values>({ kind: 'values', ...client.scope(), field, prefix, limit });
    assert.deepEqual(
      (await values('host', 'WEB')).values.map(({ value }) => String(value)).toSorted((a, b) => a.localeCompare(b)),
      ['web-0', 'web-1', 'web-2', 'web-3'],
    );
    assert.deepEqual((await values('host', 'eb')).values, []);
    assert.equal((await values('host', '', 2)).values.length, 2);
    assert.deepEqual((await values('native.n', '29')).values.length, 10);
    assert.deepEqual(
      (await values('level', 'Deb')).values.map(({ value }) => value),
      ['debug'],
    );
  });

  it('stats group, measure, and leave nothing out', async (client) => {
    type Group = { by: Record<string, string | null>; metrics: Record<string, number | null> };
    type Stats = { count: number; groups: Group[]; other: { groups: number; metrics: Record<string, number | null> } | null };
    const metrics = (['sum', 'avg', 'min', 'max', 'p50', 'unique'] as const).map((metric) => ({ name: metric, field: 'bytes' }));
    const stats = (more: Partial<Extract<SearchRequest, { kind: 'stats' }>>, q = '') =>
      client.search<Stats>({
        kind: 'stats',
        ...client.scope(q),
        by: ['host'],
        metrics: [{ name: 'count' }, ...metrics],
        limit: 100,
        ...more,
      });
    const byHost = await stats({});
    assert.equal(byHost.count, 300);
    assert.equal(byHost.other, null);
    for (const { by, metrics: got } of byHost.groups) {
      const mine = events
        .filter((event) => (event.host === '-' ? null : event.host) === by['host'])
        .map((event) => (event.native as { n: number }).n);
      const sum = mine.reduce((total, n) => total + n, 0);
      assert.equal(got['count'], mine.length);
      assert.equal(got['sum(bytes)'], sum);
      assert.equal(got['avg(bytes)'], sum / mine.length);
      assert.equal(got['min(bytes)'], Math.min(...mine));
      assert.equal(got['max(bytes)'], Math.max(...mine));
      assert.equal(got['unique(bytes)'], mine.length);
      const median = mine.toSorted((a, b) => a - b)[Math.floor((mine.length - 1) / 2)]!;
      assert.ok(Math.abs(got['p50(bytes)']! - median) <= 0.01 * median + 1e-9, `${got['p50(bytes)']} for ${median}`);
    }
    assert.equal(byHost.groups.length, 5);
    const top = await stats({ limit: 2 });
    assert.equal(top.groups.length, 2);
    assert.equal(top.other!.groups, 3);
    const total = top.groups.reduce((sum, group) => sum + group.metrics['sum(bytes)']!, top.other!.metrics['sum(bytes)']!);
    assert.equal(total, (299 * 300) / 2);
    const pairs = await stats({ by: ['pname', 'ok'] }, 'failed');
    assert.deepEqual(
      pairs.groups.map(({ by }) => by),
      [{ pname: 'nginx', ok: 'true' }],
    );
    const whole = await stats({ by: [] });
    assert.deepEqual(
      whole.groups.map(({ by, metrics: got }) => [by, got['count']]),
      [[{}, 300]],
    );
    const nothing = await stats({ by: [] }, 'nosuch');
    assert.deepEqual(nothing.groups[0]!.metrics, {
      count: 0,
      'sum(bytes)': null,
      'avg(bytes)': null,
      'min(bytes)': null,
      'max(bytes)': null,
      'p50(bytes)': null,
      'unique(bytes)': 0,
    });
  });

  it('stats by time have the groups in each bucket', async (client) => {
    type Stats = {
      interval_ms: number;
      groups: { by: unknown; metrics: Record<string, number>; buckets: { time: string; metrics: Record<string, number> }[] }[];
    };
    const metrics = [{ name: 'count' }, { name: 'sum', field: 'n' }, { name: 'p99', field: 'n' }] as const;
    const scope = client.scope();
    const { interval_ms: interval, groups } = await client.search<Stats>({
      kind: 'stats',
      ...scope,
      by: ['pname'],
      metrics,
      intervalMs: 60_000,
      limit: 10,
    });
    assert.equal(interval, 60_000);
    for (const group of groups) {
      assert.equal(group.buckets.length, 10);
      assert.equal(
        group.buckets.reduce((sum, bucket) => sum + bucket.metrics['count']!, 0),
        group.metrics['count'],
      );
      assert.equal(
        group.buckets.reduce((sum, bucket) => sum + (bucket.metrics['sum(n)'] ?? 0), 0),
        group.metrics['sum(n)'],
      );
    }
    await assert.rejects(client.search({ kind: 'stats', ...scope, by: ['n'], metrics, intervalMs: 1_000, limit: 1_000 }), {
      code: 'limit_exceeded',
    });
  });

  it('an export has everything that matches, oldest first, in every format', async (client) => {
    const lines = (await client.exported({})).trimEnd().split('\n');
    assert.deepEqual(numbersOf(lines.map((line) => JSON.parse(line) as Row)), expectedNumbers(events, '', 'asc'));
    const chosen = (await client.exported({ fields: ['n'] }, 'failed'))
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Row);
    assert.deepEqual(numbersOf(chosen), expectedNumbers(events, 'failed', 'asc'));
    assert.deepEqual(Object.keys(chosen[0]!), ['id', 'time', 'native']);
    const raw = (await client.exported({ format: 'raw' }, 'failed')).trimEnd().split('\n');
    assert.deepEqual(
      raw,
      expectedNumbers(events, 'failed', 'asc').map((n) => events[n]!.msg),
    );
    const csv = await client.exported({ format: 'csv', fields: ['native.n', 'msg', 'user', 'tags', 'severity'] }, 'native.n:[1 TO 3]');
    assert.equal(
      csv,
      'native.n,msg,user,tags,severity\n1,"accepted 1, ""quoted""","[""user-1"",""user-1""]",[],1\n2,"accepted 2, ""quoted""",user-2,[],2\n3,"accepted 3, ""quoted""",user-0,"[""a"",""b"",""a""]",3\n',
    );
    assert.match(await client.exported({ format: 'csv' }, 'nosuch'), /^id,time,/);
    assert.equal(await client.exported({}, 'nosuch'), '');
  });

  it('an export can be left early', async (client) => {
    const request: ExportRequest = { kind: 'export', format: 'ndjson', ...client.scope(), deadlineMs: Infinity };
    for await (const piece of client.backend.export(request, new AbortController().signal)) {
      assert.ok(piece.length > 0);
      break;
    }
    assert.equal(await client.count(''), 300);
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
