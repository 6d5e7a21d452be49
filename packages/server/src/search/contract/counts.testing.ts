import assert from 'node:assert/strict';
import { compilePredicate, parse } from '@meniscus/query';
import { formatTime } from '../../event/event.ts';
import type { SearchRequest } from '../search.ts';
import type { TestEvent } from '../store/memory-store.testing.ts';
import { expectedNumbers, MINUTE, START, type Suite } from './client.testing.ts';

/** Counts of events, by time and by values. */
export function testCounts({ it, events }: Suite): void {
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
}
