import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TenantView } from '../../control/tenant.ts';
import { MeniscusError } from '../../errors.ts';
import { Batch } from '../../event/batch.ts';
import { BatchBuilder } from '../../event/batch-builder.ts';
import { limits } from '../../limits.ts';
import { newCounters } from '../../sources/counters.ts';
import type { Intake } from '../../sources/source.ts';
import { Correlator } from '../correlate/correlate.ts';
import { rowOf } from '../testing/rows.ts';
import { PublishDecoder } from './publish.ts';

const tenant: TenantView = {
  number: 1,
  id: 'acme',
  name: 'acme',
  token: { valid: 'a', previous: null },
  producers: [{ id: 1, name: 'billing', pattern: 'billing', durable: true, encrypted: false, sinks: ['store'] }],
  settings: { retention_days: 90 },
};

/** Decodes a body; rows as plain objects without what every test would repeat. */
async function decode(body: string | Buffer, contentType = 'application/json') {
  const batch = new BatchBuilder(64 << 20);
  const correlator = new Correlator(['store']);
  const intake: Intake = {
    batch,
    committed: () => {},
    originOf: (to, pname) => batch.originIndex(to.number, correlator.producerOf(to, pname)),
    authenticate: () => undefined,
    tenant: () => undefined,
    directoryVersion: 0,
    refuse: () => assert.fail('publish refuses in its result'),
    congested: false,
    onRelief: () => {},
    counters: newCounters(),
  };
  const durable = { position: Promise.resolve(0) };
  const decoder = new PublishDecoder(intake, () => durable);
  const result = await decoder.decode(tenant, Buffer.from(body), contentType, '127.0.0.1');
  const sealed = batch.rows > 0 ? new Batch(batch.seal()) : undefined;
  const rows = Array.from({ length: sealed?.rows ?? 0 }, (_, row) => strip(rowOf(sealed!, row)));
  return { result, rows };
}

function strip(row: Record<string, unknown>): Record<string, unknown> {
  const { tenant: _, ...rest } = row;
  for (const key of ['host', 'pname', 'pid', 'msgid']) if (rest[key] === '-') delete rest[key];
  if (rest['time'] === 'received') delete rest['time'];
  return rest;
}

const time = '2026-11-20T00:00:00.123000Z';

/** What one JSON object becomes. */
const objects: [string, Record<string, unknown>][] = [
  ['{}', {}],
  ['{"msg":"x","user":"bob"}', { msg: 'x', native: { user: 'bob' } }],
  ['{"message":"m","msg":"x"}', { msg: 'x', native: { message: 'm' } }],
  ['{"log":"a line of Docker\\n","stream":"stderr"}', { msg: 'a line of Docker', native: { stream: 'stderr' } }],
  ['{"msg":"ends in a line end\\n","log":"x\\n"}', { msg: 'ends in a line end\n', native: { log: 'x\n' } }],
  ['{"short_message":"s","full_message":"f"}', { msg: 's', native: { full_message: 'f' } }],
  ['{"message":17,"log":"l"}', { msg: 'l', native: { message: 17 } }],
  ['{"time":"2026-11-20T00:00:00.123Z"}', { time }],
  ['{"@timestamp":"2026-11-20T01:00:00.123+01:00"}', { time }],
  ['{"ts":1795132800123}', { time }],
  ['{"timestamp":"1795132800.123"}', { time }],
  ['{"timestamp":1795132800123000000}', { time }],
  ['{"time":"soon","ts":1795132800.123}', { time, native: { time: 'soon' } }],
  ['{"time":"soon"}', { native: { time: 'soon' } }],
  ['{"level":"WARN"}', { severity: 4 }],
  ['{"level":"Error","severity":6}', { severity: 6, native: { level: 'Error' } }],
  ['{"level":30}', { severity: 6 }],
  ['{"level":60}', { severity: 2 }],
  ['{"level":3}', { severity: 3 }],
  ['{"level":8}', { native: { level: 8 } }],
  ['{"level":"loud"}', { native: { level: 'loud' } }],
  ['{"severity":"5"}', { severity: 5 }],
  ['{"severity":500}', { native: { severity: 500 } }],
  ['{"pri":"46"}', { severity: 6, facility: 5 }],
  ['{"pri":"info"}', { severity: 6 }],
  ['{"pri":"46","severity":3}', { severity: 3, facility: 5 }],
  ['{"pri":192}', { native: { pri: 192 } }],
  ['{"facility":"local0"}', { facility: 16 }],
  ['{"facility":"gelf-thing"}', { native: { facility: 'gelf-thing' } }],
  ['{"hostname":"h","host":"g"}', { host: 'g', native: { hostname: 'h' } }],
  [
    '{"host":{"name":"h","ip":"10.0.0.1"},"service":{"name":"s"},"log":{"level":"error"}}',
    { host: 'h', pname: 's', severity: 3, native: { host: { ip: '10.0.0.1' } } },
  ],
  ['{"host.name":"h","log.level":"warn","process.pid":7}', { host: 'h', severity: 4, pid: '7' }],
  ['{"service":"s","app":"a"}', { pname: 'a', native: { service: 's' } }],
  [
    '{"level":30,"time":1795132800123,"pid":17,"hostname":"h","name":"api","msg":"hi","v":1}',
    { time, severity: 6, pid: '17', host: 'h', pname: 'api', msg: 'hi', native: { v: 1 } },
  ],
  ['{"name":"bob"}', { native: { name: 'bob' } }],
  [
    '{"version":"1.1","host":"h","short_message":"s","level":4,"_user":"bob","_id":"7"}',
    { host: 'h', msg: 's', severity: 4, native: { version: '1.1', user: 'bob', id: '7' } },
  ],
  ['{"pid":12.5}', { native: { pid: 12.5 } }],
  ['{"native":{"a":1},"b":2}', { native: { a: 1, b: 2 } }],
  ['{"native":{"a":1},"a":2}', { native: { a: [1, 2] } }],
  ['{"native":[1]}', { native: { native: [1] } }],
  ['{"log_message":{"msg":"x"},"other":1}', { native: { log_message: { msg: 'x' }, other: 1 } }],
  [
    '{"__proto__":{"polluted":"yes"},"constructor":{"prototype":1}}',
    { native: JSON.parse('{"__proto__":{"polluted":"yes"},"constructor":{"prototype":1}}') },
  ],
  [
    '{"big":12345678901234567890,"huge":1e400,"tiny":0.1,"e":1e21}',
    { native: { big: '#12345678901234567890', huge: '#1e400', tiny: 0.1, e: 1e21 } },
  ],
  ['{"msg":"nul \\u0000 and \\ud800","k\\udc00":1}', { msg: 'nul \0 and \ufffd', native: { 'k\ufffd': 1 } }],
  [
    '{"id":"x","tenant":"evil","producer":1,"received":2,"normalized":{"a":1}}',
    { native: { id: 'x', tenant: 'evil', producer: 1, received: 2, normalized: { a: 1 } } },
  ],
  ['{"msg":"","host":""}', { msg: '', host: '' }],
  ['{"nested":{"empty":{},"none":[],"nil":null,"yes":true}}', { native: { nested: { empty: {}, none: [], nil: null, yes: true } } }],
];

for (const [body, wanted] of objects)
  test(`the event of ${body}`, async () => {
    const { rows, result } = await decode(body);
    assert.deepEqual(rows, [wanted]);
    assert.deepEqual([result.accepted, result.rejected, result.logMessage], [1, 0, false]);
  });

test('a body is an object, an array, lines, text or a string', async () => {
  const wanted = [{ msg: 'a' }, { msg: 'b' }];
  assert.deepEqual((await decode('[{"msg":"a"},"b"]')).rows, wanted);
  assert.deepEqual((await decode('{"msg":"a"}\n\n{"msg":"b"}\r\n')).rows, wanted);
  assert.deepEqual((await decode('{"msg":"a"}\n"b"', 'application/x-ndjson')).rows, wanted);
  assert.deepEqual((await decode('a\r\n\n  \nb', 'text/plain')).rows, wanted);
  assert.deepEqual((await decode('a\nb', 'application/x-www-form-urlencoded')).rows, wanted);
  assert.deepEqual((await decode('[{"msg":"a"},{"log_message":{"msg":"b"}}]', '')).rows, wanted);
  assert.deepEqual((await decode('"a"')).rows, [{ msg: 'a' }]);
  assert.deepEqual((await decode('\ufeff{\n "msg":\n "a"}')).rows, [{ msg: 'a' }]);
  assert.deepEqual((await decode('{"msg":"größe"}\n{"msg":"b"}')).rows, [{ msg: 'größe' }, { msg: 'b' }]);
});

test('null, numbers, booleans and arrays are no events, the others beside them are', async () => {
  const { rows, result } = await decode('[null,1,true,[],{"msg":"a"},12345678901234567890]');
  assert.deepEqual(rows, [{ msg: 'a' }]);
  assert.deepEqual(
    result.errors.map(({ index, code }) => [index, code]),
    [0, 1, 2, 3, 5].map((index) => [index, 'event_not_object']),
  );
  assert.deepEqual(
    result.letters.map(({ raw }) => Buffer.from(raw).toString()),
    ['null', '1', 'true', '[]', '12345678901234567890'],
  );
});

test('a broken line is refused alone, with its raw bytes', async () => {
  const { rows, result } = await decode('{"msg":"a"}\n{"msg":\n{"msg":"b"}');
  assert.deepEqual(rows, [{ msg: 'a' }, { msg: 'b' }]);
  assert.deepEqual(
    result.errors.map(({ index, code }) => [index, code]),
    [[1, 'event_malformed']],
  );
  assert.equal(Buffer.from(result.letters[0]!.raw).toString(), '{"msg":');
});

for (const [body, accepted, refused] of [
  ['[{"msg":"a"},{"msg":},{"msg":"b"}]', ['a', 'b'], [[1, '{"msg":}']]],
  ['[{"msg":"a"} x, "b", \n{"msg":"c"},]', ['b', 'c'], [[0, '{"msg":"a"} x']]],
  ['[{"msg":"a"}] [{"msg":"b"}]', ['a'], [[1, '[{"msg":"b"}]']]],
  ['[{"msg":"a"},{"msg":"not closed]', ['a'], [[1, '{"msg":"not closed]']]],
  ['[nonsense]', [], [[0, 'nonsense']]],
] as const)
  for (const size of ['small', 'large'])
    test(`what is no JSON in the ${size} array ${body} is refused alone`, async () => {
      const before = size === 'small' ? 0 : Math.ceil(limits.eventBytes / 1000);
      const { rows, result } = await decode(body.replace('[', () => `[${`"${'p'.repeat(1000)}",`.repeat(before)}`));
      assert.deepEqual(
        rows.slice(before),
        accepted.map((msg) => ({ msg })),
      );
      assert.deepEqual(
        result.errors.map(({ index }, i) => [index - before, Buffer.from(result.letters[i]!.raw).toString()]),
        refused,
      );
    });

test('an empty array and an empty text hold no event', async () => {
  assert.deepEqual((await decode('[]')).result.accepted, 0);
  assert.deepEqual((await decode('\n\n', 'text/plain')).result.accepted, 0);
});

for (const body of ['', '{', 'nonsense', '{"a":1', '[1,2', '{"msg":"a"} trailing'])
  test(`${JSON.stringify(body)} is malformed as a whole`, async () => {
    await assert.rejects(
      decode(body),
      (error) => error instanceof MeniscusError && error.code === 'malformed_json' && error.title === 'Malformed JSON body',
    );
  });

test('other media types are refused', async () => {
  await assert.rejects(decode('<x/>', 'application/xml'), (error) => error instanceof MeniscusError && error.status === 415);
});

test('an event above the limit is refused alone, in lines, in arrays small and large, and as the body', async () => {
  const large = JSON.stringify({ msg: 'x'.repeat(limits.eventBytes) });
  for (const [body, accepted] of [
    [`{"msg":"a"}\n${large}\n{"msg":"b"}`, 2],
    [`[{"msg":"a"},${large},{"msg":"b"}]`, 2],
    [large, 0],
  ] as const) {
    const { result } = await decode(body);
    assert.deepEqual([result.accepted, result.rejected, result.errors[0]!.code], [accepted, 1, 'event_too_large']);
  }
});

test('nesting of 64 is taken, of 65 refused alone', async () => {
  const nested = (levels: number): string => (levels === 1 ? '{}' : `{"a":${nested(levels - 1)}}`);
  const { result } = await decode(`[${nested(64)},${nested(65)},{"a":${'['.repeat(100_000)}${']'.repeat(100_000)}}]`);
  assert.deepEqual([result.accepted, result.errors.map(({ code }) => code)], [1, ['event_too_deep', 'event_too_deep']]);
});

test('invalid UTF-8 becomes U+FFFD and is marked', async () => {
  const body = Buffer.concat([Buffer.from('{"msg":"a'), Buffer.from([0xff]), Buffer.from('"}\n{"msg":"b"}')]);
  const { rows } = await decode(body);
  assert.deepEqual(rows, [{ msg: 'a\ufffd', native: { parse_error: 'invalid UTF-8' } }, { msg: 'b' }]);
});

test("2013's log_message: its required strings, its version, unknown keys in native", async () => {
  const message = {
    host: 'h',
    pname: 'billing',
    time: '2026-11-20T00:00:00.123Z',
    ver: '1',
    pri: '46',
    pid: '-',
    msgid: '-',
    msg: 'start',
    extra: 1,
    native: { sd: 'x' },
  };
  const { rows, result } = await decode(JSON.stringify({ log_message: message }));
  assert.deepEqual(rows, [
    { time, host: 'h', pname: 'billing', ver: 1, severity: 6, facility: 5, msg: 'start', native: { sd: 'x', extra: 1 } },
  ]);
  assert.equal(result.logMessage, true);
  assert.equal(result.job?.row, 0);
});

for (const bad of [
  {},
  { host: 'h', pname: 'p' },
  { host: 1, pname: 'p', time: 't' },
  { host: 'h', pname: 'p', time: 't', native: [] },
  { host: 'h', pname: 'p', time: 't', native: 0 },
  'abc',
  null,
])
  test(`the log_message ${JSON.stringify(bad)} is refused`, async () => {
    await assert.rejects(decode(JSON.stringify({ log_message: bad })), (error) => error instanceof MeniscusError && error.status === 400);
  });
