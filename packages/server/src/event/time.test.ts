import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatTime } from './event.ts';
import { timeOfNumber, timeOfText } from './time.ts';

const texts: [string, string | undefined][] = [
  ['2026-11-23T10:00:00Z', '2026-11-23T10:00:00.000000Z'],
  ['2026-11-23T10:00:00.1Z', '2026-11-23T10:00:00.100000Z'],
  ['2026-11-23T10:00:00.123456Z', '2026-11-23T10:00:00.123456Z'],
  ['2026-11-23T10:00:00.123456789Z', '2026-11-23T10:00:00.123456Z'],
  ['2026-11-23T10:00:00.123456+02:00', '2026-11-23T08:00:00.123456Z'],
  ['2026-11-23T10:00:00-0530', '2026-11-23T15:30:00.000000Z'],
  ['2026-11-23T10:00:00+02', '2026-11-23T08:00:00.000000Z'],
  ['2026-11-23T10:00:00', '2026-11-23T10:00:00.000000Z'],
  ['2026-11-23 10:00:00,250', '2026-11-23T10:00:00.250000Z'],
  ['2026-11-23 10:00', '2026-11-23T10:00:00.000000Z'],
  ['2026-11-23', '2026-11-23T00:00:00.000000Z'],
  ['2016-12-31T23:59:60Z', '2016-12-31T23:59:59.999999Z'],
  ['1795132800', '2026-11-20T00:00:00.000000Z'],
  ['1795132800.5', '2026-11-20T00:00:00.500000Z'],
  ['1795132800123', '2026-11-20T00:00:00.123000Z'],
  ['2026-02-30T10:00:00Z', undefined],
  ['2026-11-23T24:00:00Z', undefined],
  ['2026-11-23T10:60:00Z', undefined],
  ['2026-11-23T1a:00:00Z', undefined],
  ['yesterday', undefined],
  ['', undefined],
];

for (const [text, wanted] of texts)
  test(`the time of ${JSON.stringify(text)} is ${wanted ?? 'unusable'}`, () => {
    const micros = timeOfText(text);
    assert.equal(micros === undefined ? undefined : formatTime(micros), wanted);
  });

test('numbers are seconds, milliseconds, microseconds or nanoseconds by magnitude', () => {
  for (const value of [1_795_132_800.25, 1_795_132_800_250, 1_795_132_800_250_000, 1_795_132_800_250_000_000])
    assert.equal(timeOfNumber(value), 1_795_132_800_250_000);
  for (const value of [Number.NaN, Infinity, 1e30, -1e30]) assert.equal(timeOfNumber(value), undefined);
});
