import assert from 'node:assert/strict';
import { test } from 'node:test';
import { against, event, page, whole } from '../testing/against.testing.ts';
import type { Answers } from '../testing/fake-service.testing.ts';
import { runCommand } from '../testing/run-command.testing.ts';

test('search joins words, sends key and range, and shows a table', async (t) => {
  const answers = { 'POST /v1/tenant/acme/events': { body: page([event], null) } };
  const { code, stdout, requests } = await against(t, answers, ['search', 'failed', 'password', '--from', '-2h', '--limit', '5']);
  assert.equal(code, 0);
  assert.equal(requests[0]!.headers.authorization, 'Bearer msk_test');
  assert.deepEqual(JSON.parse(requests[0]!.body), { q: 'failed password', from: '-2h', limit: 5 });
  assert.match(stdout, /^TIME .*MSG\n2026-11-23T10:00:00\.123Z  info   web-01  sshd   hello\n$/);
});

test('a query that begins with - comes after --', async (t) => {
  const answers = { 'POST /v1/tenant/acme/count': { body: { count: 3, ...whole } } };
  const { code, stdout, requests } = await against(t, answers, ['count', '--', '-level:debug']);
  assert.deepEqual([code, stdout], [0, '3\n']);
  assert.equal((JSON.parse(requests[0]!.body) as { q: string }).q, '-level:debug');
  const refused = await against(t, answers, ['count', '-level:debug']);
  assert.equal(refused.code, 2);
  assert.match(refused.stderr, /comes after --/);
});

test('json is the answer as it came, ndjson one item a line, both with numbers whole', async (t) => {
  const text = '{ "events": [{"id":"1","native":{"n":12345678901234567890}} , {"id":"2"}], "next":null,"partial":false}';
  const answers = { 'POST /v1/tenant/acme/events': { body: text } };
  assert.equal((await against(t, answers, ['search', '--output', 'json'])).stdout, `${text}\n`);
  const ndjson = await against(t, answers, ['--output=ndjson', 'search']);
  assert.equal(ndjson.stdout, '{"id":"1","native":{"n":12345678901234567890}}\n{"id":"2"}\n');
});

test('search goes through pages by cursor until the limit', async (t) => {
  const answers: Answers = {
    'POST /v1/tenant/acme/events': ({ body }) => {
      const { limit, cursor } = JSON.parse(body) as { limit: number; cursor?: string };
      const n = cursor === undefined ? 0 : Number(cursor);
      return {
        body: page(
          Array.from({ length: limit }, (_, i) => ({ id: `${n + i}` })),
          String(n + limit),
        ),
      };
    },
  };
  const { stdout, requests } = await against(t, answers, ['search', '--limit', '25000', '-o', 'ndjson']);
  const lines = stdout.trimEnd().split('\n');
  assert.equal(lines.length, 25_000);
  assert.equal(lines.at(-1), '{"id":"24999"}');
  assert.deepEqual(
    requests.map(({ body }) => (JSON.parse(body) as { limit: number }).limit),
    [10_000, 10_000, 5_000],
  );
  const json = await against(t, answers, ['search', '--limit', '10001', '-o', 'json']);
  const merged = JSON.parse(json.stdout) as { events: unknown[]; next: string };
  assert.deepEqual([merged.events.length, merged.next], [10_001, '10001']);
});

test('a saved search is run with its range and columns; the command line narrows it', async (t) => {
  const saved = { name: 'ssh', query: 'sshd', from: '-1d', columns: ['host', 'msg'] };
  const answers = {
    'GET /v1/tenant/acme/saved-searches/ssh': { body: { saved_search: saved } },
    'POST /v1/tenant/acme/events': { body: page([event], null) },
  };
  const { stdout, requests } = await against(t, answers, ['search', '--saved', 'ssh', 'failed']);
  assert.deepEqual(JSON.parse(requests[1]!.body), { q: '(sshd) (failed)', from: '-1d', fields: ['host', 'msg'], limit: 100 });
  assert.match(stdout, /^HOST    MSG\nweb-01  hello\n$/);
});

test('a partial answer is said on standard error', async (t) => {
  const answers = { 'POST /v1/tenant/acme/count': { body: { count: 3, ...whole, partial: true, partial_reason: 'the deadline passed' } } };
  const { code, stdout, stderr } = await against(t, answers, ['count']);
  assert.deepEqual([code, stdout], [0, '3\n']);
  assert.match(stderr, /not whole: the deadline passed/);
});

test('a refused query ends with 1 and a caret, wrong usage with 2', async (t) => {
  const problem = { title: 'Cannot parse the query', status: 400, code: 'query_syntax', detail: 'a value is missing', position: 5 };
  const answers = { 'POST /v1/tenant/acme/count': { status: 400, body: problem } };
  const { code, stderr } = await against(t, answers, ['count', 'host:']);
  assert.equal(code, 1);
  assert.match(stderr, /\n {4}host:\n {9}\^/);
  for (const args of [
    ['nonsense'],
    ['count', '--nonsense'],
    ['search', '--limit', 'x'],
    ['search', '--order', 'up'],
    ['facets'],
    ['tenant'],
  ]) {
    assert.equal((await runCommand(args)).code, 2, args.join(' '));
  }
  assert.equal((await runCommand(['count'], { env: { MENISCUS_URL: 'http://127.0.0.1:1' } })).code, 2);
});
