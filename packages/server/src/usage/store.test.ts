import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { openUsage } from './store.ts';
import type { StoredUsage } from './store.ts';

const HOUR = 3_600_000;
const NOW = Date.parse('2026-11-23T10:30:00Z');

interface Fixture {
  usage: StoredUsage;
  now: number;
  reopen(): Promise<void>;
}

function start(t: TestContext): Fixture {
  const directory = mkdtempSync(join(tmpdir(), 'meniscus-usage-'));
  const open = (): StoredUsage => openUsage(directory, { now: () => fixture.now, onError: (error) => assert.fail(String(error)) });
  const fixture = { now: NOW } as Fixture;
  fixture.usage = open();
  fixture.reopen = async () => {
    await fixture.usage.close();
    fixture.usage = open();
  };
  t.after(async () => {
    await fixture.usage.close();
    rmSync(directory, { recursive: true });
  });
  return fixture;
}

const one = { eventsIn: 1, bytesIn: 300, stored: 1, rejected: 0 };
const all = [0, Number.MAX_SAFE_INTEGER] as const;

test('counts are added up by tenant and hour, at once and over restarts', async (t) => {
  const fixture = start(t);
  const add = (): void => {
    for (let i = 0; i < 3; i++) fixture.usage.add(1, one);
    fixture.usage.add(2, { eventsIn: 2, bytesIn: 2 ** 52, stored: 0, rejected: 2 });
  };
  add();
  assert.deepEqual(fixture.usage.list(1, ...all), [
    { hour: '2026-11-23T10:00:00.000Z', events_in: 3, bytes_in: 900, stored: 3, rejected: 0 },
  ]);
  await fixture.reopen();
  add();
  fixture.now += HOUR;
  add();
  await fixture.reopen();
  assert.deepEqual(fixture.usage.list(1, ...all), [
    { hour: '2026-11-23T10:00:00.000Z', events_in: 6, bytes_in: 1800, stored: 6, rejected: 0 },
    { hour: '2026-11-23T11:00:00.000Z', events_in: 3, bytes_in: 900, stored: 3, rejected: 0 },
  ]);
  assert.equal(fixture.usage.list(2, ...all)[0]?.rejected, 4);
  assert.deepEqual(fixture.usage.list(3, ...all), []);
});

test('list gives the hours that overlap the range', async (t) => {
  const fixture = start(t);
  for (let i = 0; i < 4; i++) {
    fixture.usage.add(1, one);
    if (i === 1) await fixture.reopen();
    fixture.now += HOUR;
  }
  const ten = Date.parse('2026-11-23T10:00:00Z');
  const hours = (from: number, to: number): number[] => fixture.usage.list(1, from, to).map((hour) => new Date(hour.hour).getUTCHours());
  assert.deepEqual(hours(ten, ten + 4 * HOUR), [10, 11, 12, 13]);
  assert.deepEqual(hours(ten + 1, ten + HOUR), [10]);
  assert.deepEqual(hours(ten + HOUR - 1, ten + HOUR + 1), [10, 11]);
  assert.deepEqual(hours(ten + 2 * HOUR, ten + 2 * HOUR), []);
  assert.deepEqual(hours(ten, ten - 1), []);
  assert.deepEqual(hours(Number.NaN, ten), []);
  assert.deepEqual(hours(-Infinity, Infinity), [10, 11, 12, 13]);
});

test('hours are kept 400 days', async (t) => {
  const fixture = start(t);
  fixture.usage.add(1, one);
  fixture.usage.add(3, one);
  fixture.now += 399 * 24 * HOUR;
  await fixture.reopen();
  await fixture.reopen();
  assert.equal(fixture.usage.list(1, ...all).length, 1);
  fixture.now += 2 * 24 * HOUR;
  fixture.usage.add(1, one);
  await fixture.reopen();
  assert.equal(fixture.usage.list(1, ...all).length, 1);
  assert.deepEqual(fixture.usage.list(3, ...all), []);
});

test('a deleted tenant has no usage', async (t) => {
  const fixture = start(t);
  for (const tenant of [1, 2, 3]) fixture.usage.add(tenant, one);
  await fixture.reopen();
  for (const tenant of [1, 2, 3]) fixture.usage.add(tenant, one);
  await fixture.usage.drop(1);
  assert.deepEqual(fixture.usage.list(1, ...all), []);
  await fixture.reopen();
  await fixture.usage.retain(new Set([3]));
  assert.deepEqual(
    [1, 2, 3].map((tenant) => fixture.usage.list(tenant, ...all)[0]?.events_in),
    [undefined, undefined, 2],
  );
});
