import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createTelemetry } from './index.ts';

function capture(level: 'debug' | 'info' = 'info') {
  const lines: string[] = [];
  const telemetry = createTelemetry({ level, stream: { write: (line) => lines.push(line) } });
  return { ...telemetry, lines };
}

test('a log line is one JSON object with a level word and an ISO time', () => {
  const { log, lines } = capture();
  log.info({ tenant: 'a', n: 1 }, 'hello');
  log.debug('not shown');
  assert.equal(lines.length, 1);
  const { time, ...rest } = JSON.parse(lines[0]!) as Record<string, unknown>;
  assert.match(String(time), /^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
  assert.deepEqual(rest, { level: 'info', pid: process.pid, tenant: 'a', n: 1, msg: 'hello' });
});

test('secrets are masked wherever they stand', () => {
  const { log, lines } = capture();
  const secrets = {
    authorization: 'S3CRET',
    'message-token': 'S3CRET',
    'MESSAGE-TOKEN': 'S3CRET',
    token: { valid: 'S3CRET' },
    key: 'S3CRET',
    api_key: 'S3CRET',
  };
  log.warn({ ...secrets, headers: secrets, deep: { list: [{ a: secrets }] }, host: 'kept' }, 'text');
  log.child({ source: 'http', token: 'S3CRET', headers: { 'message-token': 'S3CRET', authorization: 'S3CRET' } }).info('child');
  assert.doesNotMatch(lines.join(''), /S3CRET/);
  assert.match(lines[1]!, /"source":"http"/);
  assert.match(lines[0]!, /"host":"kept"/);
});

test('errors keep their type, message and cause', () => {
  const { log, lines } = capture();
  log.error({ err: new Error('outer', { cause: new Error('inner') }) }, 'failed');
  log.error(new TypeError('alone'));
  assert.match(lines[0]!, /outer.*inner/);
  assert.match(lines[1]!, /TypeError.*alone/);
});

test('objects without end are logged', () => {
  const { log, lines } = capture();
  const loop: Record<string, unknown> = { a: 1 };
  loop['self'] = loop;
  log.info(loop, 'loop');
  assert.equal(lines.length, 1);
});

test('each telemetry has metrics of its own', async () => {
  const [one, two] = [capture(), capture()];
  assert.match(await one.registry.metrics(), /process_resident_memory_bytes|nodejs_heap_size_total_bytes/);
  assert.notEqual(one.registry, two.registry);
});
