import assert from 'node:assert/strict';
import { rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { PassThrough } from 'node:stream';
import { test } from 'node:test';
import { against, folder } from '../testing/against.testing.ts';
import { fakeService, type Answers } from '../testing/fake-service.testing.ts';
import { runCommand } from '../testing/run-command.testing.ts';

test('send publishes lines with the token that the API key finds out, and names rejected lines', async (t) => {
  const answers: Answers = {
    'GET /v1/tenant/acme/token': { body: { token: { valid: 'tok-1' } } },
    'POST /v1/tenant/acme/publish': {
      status: 202,
      body: { accepted: 2, rejected: 1, errors: [{ index: 1, code: 'x', title: 'too deep' }] },
    },
  };
  const { code, stdout, stderr, requests } = await against(t, answers, ['send', '--format', 'json'], {
    stdin: '{"a":1}\n\n{"b":1}\n{"c":1}',
  });
  assert.equal(code, 1);
  assert.equal(stdout, '2 events accepted, 1 rejected\n');
  assert.match(stderr, /standard input:3: too deep/);
  const publish = requests[1]!;
  assert.deepEqual(
    [publish.headers['message-token'], publish.headers.authorization, publish.headers['content-type']],
    ['tok-1', undefined, 'application/x-ndjson'],
  );
});

test('send takes what begins with a JSON object as JSON, unless it is told', async (t) => {
  const answers: Answers = { 'POST /v1/tenant/acme/publish': { status: 202, body: { accepted: 1, rejected: 0, errors: [] } } };
  const typeOf = async (stdin: string, ...more: string[]) => {
    const { requests } = await against(t, answers, ['send', ...more], { stdin, env: { MENISCUS_TOKEN: 'tok' } });
    return requests[0]!.headers['content-type'];
  };
  assert.equal(await typeOf('\n{"a":1}\n{"b":2}\n'), 'application/x-ndjson');
  assert.equal(await typeOf('{"a":1}'), 'application/x-ndjson');
  for (const text of ['{not json}\n', 'text\n{"a":1}\n', '[12:00] started\n']) assert.match((await typeOf(text))!, /^text\/plain/);
  assert.match((await typeOf('{"a":1}', '--format', 'text'))!, /^text\/plain/);
});

test('send tries again while the service is full, and as long as Retry-After says', async (t) => {
  let tries = 0;
  const answers: Answers = {
    'POST /v1/tenant/acme/publish': () =>
      ++tries < 3
        ? { status: 503, headers: { 'retry-after': '0' }, body: { title: 'The queue is full', status: 503, code: 'queue_full' } }
        : { status: 202, body: { accepted: 1, rejected: 0, errors: [] } },
  };
  const { code, stdout } = await against(t, answers, ['send'], { stdin: 'one\n', env: { MENISCUS_TOKEN: 'tok' } });
  assert.deepEqual([code, stdout, tries], [0, '1 event accepted, 0 rejected\n', 3]);
});

test('send outlives a restart of the service, also at another address', async (t) => {
  const dataDir = folder(t);
  const runFile = path.join(dataDir, 'run.json');
  const announce = (url: string): void => writeFileSync(runFile, JSON.stringify({ pid: process.pid, version: '1', http: url }));
  const published = Promise.withResolvers<void>();
  const taken = { status: 202, body: { accepted: 1, rejected: 0, errors: [] } };
  const first = await fakeService(t, {
    'POST /v1/tenant/acme/publish': (_request, response) => {
      response.once('finish', published.resolve);
      return taken;
    },
  });
  announce(first.url);
  const stdin = new PassThrough();
  const away = Promise.withResolvers<void>();
  const running = runCommand(['send', '-t', 'acme', '--data-dir', dataDir], {
    stdin,
    env: { MENISCUS_TOKEN: 'tok' },
    onNote: (text) => text.includes('trying again') && away.resolve(),
  });
  stdin.write('one\n');
  await published.promise;
  rmSync(runFile);
  await first.close();
  stdin.end('two\n');
  await away.promise;
  const second = await fakeService(t, { 'POST /v1/tenant/acme/publish': taken });
  announce(second.url);
  const { code, stdout } = await running;
  assert.deepEqual([code, stdout], [0, '2 events accepted, 0 rejected\n']);
  assert.equal(second.requests[0]!.body, 'two\n');
});

test('send reads files in order and says when one cannot be read', async (t) => {
  const cwd = folder(t);
  writeFileSync(path.join(cwd, 'a.log'), 'one\ntwo\n');
  const answers = { 'POST /v1/tenant/acme/publish': { status: 202, body: { accepted: 2, rejected: 0, errors: [] } } };
  const { code, stdout, stderr, requests } = await against(t, answers, ['send', 'a.log', 'missing.log'], {
    cwd,
    env: { MENISCUS_TOKEN: 'tok' },
  });
  assert.equal(code, 1);
  assert.equal(requests[0]!.body, 'one\ntwo\n');
  assert.match(stdout, /^2 events accepted/);
  assert.match(stderr, /cannot read missing\.log/);
});
