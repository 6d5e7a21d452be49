import assert from 'node:assert/strict';
import type { SearchRequest } from '../search.ts';
import { type Suite } from './client.testing.ts';

/** Metrics of groups of events. */
export function testStats({ it, events }: Suite): void {
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

  it('stats that only count have every event in a group or in other', async (client) => {
    type Group = { by: Record<string, string | null>; metrics: { count: number } };
    type Stats = { count: number; groups: Group[]; other: { groups: number; metrics: { count: number } } | null };
    const stats = (by: string[], limit: number) =>
      client.search<Stats>({ kind: 'stats', ...client.scope(), by, metrics: [{ name: 'count' }], limit });
    const counts = ({ groups }: Stats, name: string) => new Map(groups.map(({ by, metrics }) => [by[name], metrics.count]));
    const hosts = await stats(['host'], 100);
    const all = [
      ['web-1', 75],
      ['web-3', 75],
      ['web-0', 60],
      ['web-2', 60],
      [null, 30],
    ] as const;
    assert.deepEqual([hosts.count, counts(hosts, 'host'), hosts.other], [300, new Map(all), null]);
    const top = await stats(['host'], 2);
    assert.deepEqual(counts(top, 'host'), new Map(all.slice(0, 2)));
    assert.deepEqual(top.other, { groups: 3, metrics: { count: 150 } });
    const severities = await stats(['severity'], 1);
    assert.deepEqual(counts(severities, 'severity'), new Map([[null, 50]]));
    assert.equal(severities.other!.groups, 8);
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
}
