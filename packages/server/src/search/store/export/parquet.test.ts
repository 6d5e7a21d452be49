import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parquetMetadata, parquetReadObjects } from 'hyparquet';
import { DEFAULT_PARSERS } from 'hyparquet/src/convert.js';
import { parse } from '@meniscus/query';
import type { ExportRequest } from '../../search.ts';
import { LocalSearch } from '../local-search.testing.ts';
import { makeBlocks, TENANT, type TestEvent } from '../memory-store.testing.ts';

const TIME = 1_795_000_000_123_456;

async function exported(events: readonly TestEvent[], more: Partial<ExportRequest> = {}, described = true, q = ''): Promise<ArrayBuffer> {
  const tenant = { number: TENANT, id: 'acme', receivedFrom: -Infinity };
  const scope = { tenant, query: parse(q), from: -Infinity, to: Infinity, deadlineMs: Infinity };
  const request = { kind: 'export', format: 'parquet', ...scope, ...more } as ExportRequest;
  const pieces: Uint8Array[] = [];
  const search = LocalSearch.ofBlocks(makeBlocks(events, { rows: 500, described }));
  for await (const piece of search.export(request, new AbortController().signal)) pieces.push(piece);
  const whole = Buffer.concat(pieces);
  return whole.buffer.slice(whole.byteOffset, whole.byteOffset + whole.length);
}

async function rowsOf(file: ArrayBuffer): Promise<Record<string, unknown>[]> {
  return (await parquetReadObjects({ file })) as Record<string, unknown>[];
}

const EVENTS: readonly TestEvent[] = [
  {
    time: TIME,
    host: 'web-01',
    pname: 'sshd',
    pid: '812',
    severity: 6,
    facility: 4,
    msg: 'Größe 磁盘',
    native: { status: 200, ok: true, who: 'bob' },
  },
  { time: TIME + 1, host: 'web-02', msg: 'second', native: { status: 4.5, ok: false, mixed: 'text', list: [1, 'two', null] } },
  { time: TIME + 2, msg: 'third', native: { mixed: 17, list: 'one', deep: { 'a.b': { c: 'x' } }, __proto__x: null } },
  { time: TIME + 3, producer: 'mine', native: JSON.parse('{"__proto__":"kept","constructor":1}') as Record<string, unknown> },
  { time: TIME + 4, severity: 0, msg: '' },
];

for (const described of [true, false]) {
  test(`an event's fields and the leaves of native are typed columns, ${described ? 'segments' : 'hot data'}`, async () => {
    const rows = await rowsOf(await exported(EVENTS, {}, described));
    assert.equal(rows.length, EVENTS.length);
    const [first, second, third, fourth, fifth] = rows as [Record<string, unknown>, ...Record<string, unknown>[]];
    assert.deepEqual(
      [first['host'], first['pname'], first['pid'], first['severity'], first['facility'], first['level'], first['msg']],
      ['web-01', 'sshd', '812', 6, 4, 'info', 'Größe 磁盘'],
    );
    assert.match(String(first['id']), /^[\da-f-]{36}$/);
    assert.ok(first['time'] instanceof Date);
    assert.equal(first['time'].getTime(), Math.floor(TIME / 1000));
    assert.deepEqual([first['native.status'], second!['native.status'], third!['native.status']], [200, 4.5, null]);
    assert.deepEqual([first['native.ok'], second!['native.ok'], third!['native.ok']], [true, false, null]);
    assert.equal(first['native.who'], 'bob');
    assert.deepEqual([second!['native.mixed'], third!['native.mixed']], ['"text"', '17']);
    assert.deepEqual([second!['native.list'], third!['native.list']], ['[1,"two",null]', '"one"']);
    assert.equal(third!['native.deep.a.b.c'], 'x');
    assert.equal(third!['severity'], null);
    assert.deepEqual([fourth!['native.__proto__'], fourth!['native.constructor'], fourth!['producer']], ['kept', 1, 'mine']);
    assert.deepEqual([fifth!['severity'], fifth!['level'], fifth!['msg']], [0, 'emergency', '']);
  });
}

test('times keep their microseconds', async () => {
  const file = await exported(EVENTS.slice(0, 1), { fields: ['time', 'received'] });
  const { schema } = parquetMetadata(file);
  assert.deepEqual(
    schema.slice(1).map(({ name, type, converted_type }) => [name, type, converted_type]),
    [
      ['time', 'INT64', 'TIMESTAMP_MICROS'],
      ['received', 'INT64', 'TIMESTAMP_MICROS'],
    ],
  );
  const parsers = { ...DEFAULT_PARSERS, timestampFromMicroseconds: (micros: bigint) => micros };
  const [row] = (await parquetReadObjects({ file, parsers })) as Record<string, unknown>[];
  assert.equal(row!['time'], BigInt(TIME));
});

test('the fields asked for, once each, and what the query selects', async () => {
  const rows = await rowsOf(await exported(EVENTS, { fields: ['msg', 'status', 'native', 'msg', 'nothing', 'app'] }, true, 'status>=1'));
  assert.deepEqual(rows, [
    { msg: 'Größe 磁盘', status: 200, native: '{"status":200,"ok":true,"who":"bob"}', nothing: null, app: 'sshd' },
    { msg: 'second', status: 4.5, native: '{"status":4.5,"ok":false,"mixed":"text","list":[1,"two",null]}', nothing: null, app: '-' },
  ]);
});

test('nothing that matches is a file without rows', async () => {
  const file = await exported(EVENTS, {}, true, 'nowhere');
  assert.deepEqual(await rowsOf(file), []);
  assert.equal(Number(parquetMetadata(file).num_rows), 0);
});

test('many events are many row groups, oldest first', async () => {
  const events = Array.from({ length: 16_000 }, (_, i) => ({
    time: TIME + ((i * 7919) % 16_000),
    msg: `event ${i} ${'x'.repeat(500)}`,
    native: { n: i },
  }));
  const file = await exported(events);
  assert.ok(parquetMetadata(file).row_groups.length > 1);
  const rows = await rowsOf(file);
  assert.equal(rows.length, events.length);
  assert.deepEqual(
    rows.map((row) => row['msg']),
    events.toSorted((a, b) => a.time - b.time).map(({ msg }) => msg),
  );
});

test('more leaves than columns are all there, the rest as JSON', async () => {
  const native = Object.fromEntries(Array.from({ length: 1_500 }, (_, i) => [`k${i}`, i]));
  const [row] = await rowsOf(await exported([{ time: TIME, native }]));
  assert.deepEqual(JSON.parse(String(row!['native'])), native);
  assert.ok(Object.keys(row!).length <= 1_020);
});
