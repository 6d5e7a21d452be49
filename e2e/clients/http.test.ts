import assert from 'node:assert/strict';
import path from 'node:path';
import { writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { lacks, temporaryDirectory } from '@meniscus/testkit';
import { pino } from 'pino';
import winston from 'winston';
import { execute, found, setUp } from '../support/service.ts';

test('curl: JSON, lines, gzip', async (t) => {
  const without = await lacks('curl');
  if (without !== undefined) return t.skip(without);
  const { client, tenant } = await setUp(t);
  const url = `${client.url}${client.path(tenant.id, '/publish')}`;
  const curl = async (...args: string[]) =>
    (await execute('curl', ['-sS', '-w', '%{http_code}', '-H', `MESSAGE-TOKEN: ${tenant.token}`, ...args, url])).stdout;
  assert.equal(await curl('-d', '{"message":"by curl","level":"error"}'), '{"accepted":1,"rejected":0,"errors":[]}202');
  const file = path.join(temporaryDirectory(t), 'lines');
  writeFileSync(file, 'line one\nline two\n');
  assert.equal(await curl('-H', 'Content-Type: text/plain', '--data-binary', `@${file}`), '{"accepted":2,"rejected":0,"errors":[]}202');
  await execute('gzip', [file]);
  assert.equal(
    await curl('-H', 'Content-Type: text/plain', '-H', 'Content-Encoding: gzip', '--data-binary', `@${file}.gz`),
    '{"accepted":2,"rejected":0,"errors":[]}202',
  );
  assert.equal((await found(client, tenant, '"by curl"'))['level'], 'error');
  assert.equal(await client.count(tenant.id, 'line'), 4);
  return undefined;
});

test("winston's HTTP transport", async (t) => {
  const { client, tenant } = await setUp(t);
  const { hostname, port } = new URL(client.url);
  const transport = new winston.transports.Http({
    host: hostname,
    port: Number(port),
    path: client.path(tenant.id, '/publish'),
    headers: { 'message-token': tenant.token },
  });
  const logger = winston.createLogger({ transports: [transport], defaultMeta: { service: 'checkout' } });
  t.after(() => void logger.close());
  logger.error('payment timed out', { order: 4711 });
  const event = await found(client, tenant, '"payment timed out" order:4711');
  assert.deepEqual([event['pname'], event['level']], ['checkout', 'error']);
});

test('pino lines, posted as they are', async (t) => {
  const { client, tenant } = await setUp(t);
  const lines: string[] = [];
  const log = pino({ name: 'api' }, { write: (line: string) => void lines.push(line) });
  log.warn({ user: { id: 17 } }, 'slow request');
  log.fatal(new Error('out of cheese'));
  const answer = await client.publish(tenant, lines.join(''), { 'content-type': 'application/x-ndjson' });
  assert.deepEqual([answer.status, answer.body], [202, { accepted: 2, rejected: 0, errors: [] }]);
  const event = await found(client, tenant, '"slow request"');
  assert.deepEqual([event['pname'], event['level'], event['native']], ['api', 'warning', { user: { id: 17 } }]);
  assert.equal((await found(client, tenant, 'cheese'))['level'], 'critical');
});

test("Python's SysLogHandler over UDP and TCP, and its urllib", async (t) => {
  const without = await lacks('python3');
  if (without !== undefined) return t.skip(without);
  const { client, tenant, port } = await setUp(t);
  const program = `
import logging, logging.handlers, socket, sys
sd = '[meniscus tenant="%s" token="%s"]' % (sys.argv[2], sys.argv[3])
for kind, name in ((socket.SOCK_DGRAM, 'udp'), (socket.SOCK_STREAM, 'tcp')):
    handler = logging.handlers.SysLogHandler(('127.0.0.1', int(sys.argv[1])), socktype=kind)
    handler.setFormatter(logging.Formatter('snake[%(process)d]: ' + sd + ' %(message)s'))
    log = logging.Logger(name)
    log.addHandler(handler)
    log.error('python over %s with größe', name)
    handler.close()
`;
  await execute('python3', ['-c', program, port, tenant.id, tenant.token]);
  for (const protocol of ['udp', 'tcp']) {
    const event = await found(client, tenant, `"python over ${protocol}"`);
    assert.deepEqual([event['pname'], event['level'], event['msg']], ['snake', 'error', `python over ${protocol} with größe`]);
  }
  return undefined;
});

test('a sender that waits for Expect: 100-continue', async (t) => {
  const without = await lacks('curl');
  if (without !== undefined) return t.skip(without);
  const { client, tenant } = await setUp(t);
  const body = JSON.stringify(Array.from({ length: 5000 }, (_, i) => ({ msg: `continued ${i}` })));
  const file = path.join(temporaryDirectory(t), 'body');
  writeFileSync(file, body);
  const args = [
    '-sS',
    '-H',
    'Expect: 100-continue',
    '-H',
    `MESSAGE-TOKEN: ${tenant.token}`,
    '-H',
    'Content-Type: application/json',
    '--data-binary',
    `@${file}`,
  ];
  const { stdout } = await execute('curl', [...args, `${client.url}${client.path(tenant.id, '/publish')}`]);
  assert.equal(stdout, '{"accepted":5000,"rejected":0,"errors":[]}');
  return undefined;
});
