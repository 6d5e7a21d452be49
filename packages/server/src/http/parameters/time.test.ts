import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseDuration, parseInstant } from './time.ts';

const NOW = Date.parse('2026-11-23T12:00:00Z') * 1e3;
const at = (iso: string, micros = 0): number => Date.parse(iso) * 1e3 + micros;

const instants: readonly [unknown, number][] = [
  ['2026-11-23T10:00:00Z', at('2026-11-23T10:00:00Z')],
  ['2026-11-23T10:00:00.123456Z', at('2026-11-23T10:00:00.123Z', 456)],
  ['2026-11-23T10:00:00', at('2026-11-23T10:00:00Z')],
  ['2026-11-23T10:00:00+01:00', at('2026-11-23T09:00:00Z')],
  ['2026-11-23T10:00:00 01:00', at('2026-11-23T09:00:00Z')],
  ['2026-11-23T10:00-0530', at('2026-11-23T15:30:00Z')],
  ['2026-11-23 10:00', at('2026-11-23T10:00:00Z')],
  ['2026-11-23t10:00:00z', at('2026-11-23T10:00:00Z')],
  ['2026-11-23', at('2026-11-23T00:00:00Z')],
  ['1763892000', 1_763_892_000e6],
  [1_763_892_000, 1_763_892_000e6],
  ['1763892000123', 1_763_892_000_123e3],
  [1_763_892_000_123_456, 1_763_892_000_123_456],
  ['now', NOW],
  ['-15m', NOW - 900e6],
  ['now-2h', NOW - 7_200e6],
  ['-7d', NOW - 7 * 86_400e6],
  ['now+5s', NOW + 5e6],
  [' 5m', NOW + 300e6],
];

for (const [value, expected] of instants)
  test(`${JSON.stringify(value)} is an instant`, () => assert.equal(parseInstant(value, 'from', NOW), expected));

for (const value of [
  '',
  'yesterday',
  '2026-13-01',
  '2026-02-30',
  '2026-11-23T25:00Z',
  '-15',
  '15m',
  'now-',
  '1e9',
  1.5,
  Number.NaN,
  true,
  null,
  {},
  ['now'],
  '10000-01-01',
])
  test(`${JSON.stringify(value)} is no instant`, () => assert.throws(() => parseInstant(value, 'from', NOW), /from must be/));

test('durations', () => {
  assert.deepEqual(
    ['250ms', '30s', '5m', '1h', '2d', '1w'].map((text) => parseDuration(text, 'interval')),
    [250, 30_000, 300_000, 3_600_000, 172_800_000, 604_800_000],
  );
  for (const value of ['0s', '5', 'm', '-5m', '1y', 5, '']) assert.throws(() => parseDuration(value, 'interval'), /interval must be/);
});
