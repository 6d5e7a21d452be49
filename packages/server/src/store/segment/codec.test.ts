import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { ByteReader, ByteWriter } from './bytes.ts';
import { CHUNK, CHUNK_HEADER_BYTES, ChunkWriter, DamagedError, readChunk } from './chunk.ts';
import { compareNames, contains, parseSegmentName, segmentName } from './names.ts';
import { readNumbers, writeNumbers } from './numbers.ts';

function roundTrip(values: readonly number[], delta: boolean): { values: number[]; bytes: number } {
  const out = new ByteWriter();
  writeNumbers(out, Float64Array.from(values), delta);
  const bytes = Buffer.from(out.view());
  return { values: [...readNumbers(new ByteReader(bytes), values.length)], bytes: bytes.length };
}

const numbers = fc.oneof(
  fc.integer(),
  fc.maxSafeInteger(),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.integer({ min: -100_000, max: 100_000 }).map((value) => value / 100),
  fc.integer({ min: 0, max: 253_402_300_799_999 }).map((ms) => ms * 1000),
);

test('numbers come back exactly', () => {
  fc.assert(
    fc.property(
      fc.oneof(fc.array(numbers), fc.array(fc.integer({ min: 0, max: 300 })), fc.array(fc.integer().map((i) => i * 1_000_000))),
      fc.boolean(),
      (values, delta) => {
        // Whether a zero has a sign does not show in JSON.
        const plain = values.map((value) => (value === 0 ? 0 : value));
        // Differences are for whole numbers.
        const given = delta ? plain.map(Math.trunc).map((value) => value + 0) : plain;
        assert.deepEqual(
          roundTrip(given, delta).values.map((value) => value + 0),
          given,
        );
      },
    ),
    { numRuns: 2_000 },
  );
});

test('numbers take the bytes that they need', () => {
  const constant = Array.from({ length: 1_000 }, () => 7.25);
  assert.ok(roundTrip(constant, false).bytes < 20);
  const cents = Array.from({ length: 1_000 }, (_, i) => i / 100);
  assert.ok(roundTrip(cents, false).bytes < 2_100);
  const times = Array.from({ length: 1_000 }, (_, i) => 1_795_000_000_000_000 + i * 1_000);
  assert.ok(roundTrip(times, true).bytes < 1_100);
});

test('a chunk comes back, and a changed one does not', () => {
  const writer = new ChunkWriter(3);
  fc.assert(
    fc.property(
      fc.oneof(
        fc.uint8Array({ maxLength: 300 }),
        fc.nat({ max: 5_000 }).map((length) => new Uint8Array(length)),
      ),
      fc.nat(),
      (raw, where) => {
        const bytes = Buffer.concat(writer.chunk(CHUNK.columns, raw));
        assert.deepEqual(new Uint8Array(readChunk(bytes, 0, CHUNK.columns)), raw);
        assert.throws(() => readChunk(bytes, 0, CHUNK.directory), DamagedError);
        assert.throws(() => readChunk(bytes.subarray(0, -1), 0, CHUNK.columns), DamagedError);
        bytes[where % bytes.length]! ^= 1;
        assert.throws(() => readChunk(bytes, 0, CHUNK.columns), DamagedError);
      },
    ),
  );
  assert.ok(CHUNK_HEADER_BYTES % 4 === 0);
});

test('a chunk does not change with the bytes that it was made of', () => {
  const raw = randomBytes(10_000);
  const copy = Buffer.from(raw);
  const parts = new ChunkWriter(3).chunk(CHUNK.columns, raw);
  raw.fill(0);
  assert.deepEqual(readChunk(Buffer.concat(parts), 0, CHUNK.columns), copy);
});

test('a name says what a segment covers, and sorts by it', () => {
  const name = segmentName(3, 0, 9_007_199_254_740_991, 12);
  assert.equal(name.name, '003-0000000000000000-9007199254740991-000012.seg');
  assert.deepEqual(parseSegmentName(name.name), name);
  for (const other of ['003-0-1-0.seg', `${name.name}.tmp`, 'x.seg', '003-0000000000000002-0000000000000001-000000.seg']) {
    assert.equal(parseSegmentName(other), undefined);
  }
  const sorted = [segmentName(0, 0, 5, 0), segmentName(0, 5, 10, 3), segmentName(1, 0, 2, 0)];
  assert.deepEqual([...sorted].reverse().sort(compareNames), sorted);
});

test('a segment contains what it was made from and nothing else', () => {
  const merged = segmentName(0, 10, 30, 1);
  assert.ok(contains(merged, segmentName(0, 10, 20, 0)));
  assert.ok(contains(merged, segmentName(0, 10, 30, 0)));
  assert.ok(!contains(merged, merged));
  assert.ok(!contains(merged, segmentName(0, 10, 30, 2)));
  assert.ok(!contains(merged, segmentName(0, 5, 20, 0)));
  assert.ok(!contains(merged, segmentName(1, 10, 20, 0)));
});
