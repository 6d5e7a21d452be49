import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { against, event, folder, whole } from '../testing/against.testing.ts';
import type { Answers } from '../testing/fake-service.testing.ts';
import { runCommand } from '../testing/run-command.testing.ts';

test('a service that is away ends with 1 and says from where the address came', async () => {
  const { code, stderr } = await runCommand(['count', '-t', 'acme'], { env: { MENISCUS_URL: 'http://127.0.0.1:9' } });
  assert.equal(code, 1);
  assert.match(stderr, /cannot reach the service at http:\/\/127\.0\.0\.1:9 \(from MENISCUS_URL\)/);
});

test('tenant create prints settings with the addresses that the service tells', async (t) => {
  const tenant = {
    tenant_id: 'acme',
    tenant_name: 'acme',
    event_producers: [],
    token: { valid: 'tok-1', previous: null, last_changed: event.time },
  };
  const answers = {
    'POST /v1/tenant': { status: 201 },
    'GET /v1/tenant/acme': { body: { tenant } },
    'GET /v1/pipeline': { body: { sources: [{ type: 'http' }, { type: 'syslog', tcp: '0.0.0.0:5140', udp: '0.0.0.0:5140' }] } },
  };
  const { code, stdout } = await against(t, answers, ['tenant', 'create', 'acme']);
  assert.equal(code, 0);
  for (const part of ['MESSAGE-TOKEN: tok-1', '--server 127.0.0.1 --port 5140', 'omfwd', 'transport("tcp")'])
    assert.ok(stdout.includes(part), part);
});

test('what cannot be undone needs --yes where nobody can be asked', async (t) => {
  const answers = { 'DELETE /v1/tenant/acme': {}, 'DELETE /v1/tenant/acme/dead-letters': { body: { deleted: 2 } } };
  const asked = await against(t, answers, ['tenant', 'delete', 'acme']);
  assert.deepEqual([asked.code, asked.requests.length], [2, 0]);
  assert.equal((await against(t, answers, ['tenant', 'delete', 'acme', '--yes'])).code, 0);
  assert.equal((await against(t, answers, ['tenant', 'delete', 'acme'], { stdin: 'y\n' })).code, 0);
  const refused = await against(t, answers, ['tenant', 'delete', 'acme'], { stdin: 'n\n' });
  assert.deepEqual([refused.code, refused.requests.length], [1, 0]);
  assert.equal((await against(t, answers, ['dead-letters', 'drop'])).code, 2);
  assert.equal((await against(t, answers, ['dead-letters', 'drop', '--yes'])).requests[0]!.body, '{}');
  const dropped = await against(t, answers, ['dead-letters', 'drop', '--reason', 'unparsable', '--yes']);
  assert.equal(dropped.stdout, 'Deleted 2 dead letters.\n');
  assert.equal(dropped.requests[0]!.body, '{"reason":"unparsable"}');
});

test("key create prints the text of the key alone; without a tenant it is the operator's", async (t) => {
  const key = { id: 'k', name: 'n', role: 'reader', expires_at: null, created_at: event.time, key: 'msk_new' };
  const answers = { 'POST /v1/tenant/acme/keys': { status: 201, body: { key } }, 'POST /v1/keys': { status: 201, body: { key } } };
  const made = await against(t, answers, ['key', 'create', 'grafana']);
  assert.equal(made.stdout, 'msk_new\n');
  assert.deepEqual(JSON.parse(made.requests[0]!.body), { key: { name: 'grafana', role: 'reader' } });
  const operator = await against(t, answers, ['key', 'create', 'ansible', '--operator']);
  assert.equal(operator.requests[0]!.path, '/v1/keys');
});

test('producer set keeps what is not given and finds producers by name', async (t) => {
  const producer = { id: 7, name: 'apache', pattern: 'apache', durable: true, encrypted: false, sinks: ['store'] };
  const answers = {
    'GET /v1/tenant/acme/producers': { body: { event_producers: [producer] } },
    'PUT /v1/tenant/acme/producers/7': {},
    'GET /v1/tenant/acme/producers/7': { body: { event_producer: producer } },
  };
  const { code, requests } = await against(t, answers, ['producer', 'set', 'apache', '--no-durable']);
  assert.equal(code, 0);
  assert.deepEqual(JSON.parse(requests[1]!.body), { event_producer: { name: 'apache', pattern: 'apache', durable: false } });
});

test('export writes the stream as it comes, and leaves no part of one that broke off', async (t) => {
  const cwd = folder(t);
  const answers: Answers = {
    'POST /v1/tenant/acme/export': ({ body }, response) => {
      if (!body.includes('broken')) return { body: 'a\nb\n' };
      response.writeHead(200, { 'content-length': '100' });
      response.write('part');
      response.socket!.end();
      return undefined;
    },
  };
  assert.equal((await against(t, answers, ['export', '--format', 'raw'])).stdout, 'a\nb\n');
  assert.equal((await against(t, answers, ['export', '--file', 'out'], { cwd })).code, 0);
  assert.equal(readFileSync(path.join(cwd, 'out'), 'utf8'), 'a\nb\n');
  assert.equal((await against(t, answers, ['export', '--file', 'out'], { cwd })).code, 1);
  const broken = await against(t, answers, ['export', 'broken', '--file', 'part'], { cwd });
  assert.equal(broken.code, 1);
  assert.match(broken.stderr, /broke off/);
  assert.throws(() => readFileSync(path.join(cwd, 'part')), /ENOENT/);
});

test('tail resumes after a break behind the last event, and ends after its limit', async (t) => {
  let connections = 0;
  const answers: Answers = {
    'GET /v1/tenant/acme/tail': (_request, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      const n = ++connections;
      response.write(`event: log\nid: id-${n}\ndata: ${JSON.stringify({ ...event, msg: `m${n}` })}\n\n`);
      if (n === 1) response.end('event: status\ndata: {"rate":1,"dropped":3}\n\n');
      return undefined;
    },
  };
  const { code, stdout, stderr, requests } = await against(t, answers, ['tail', '--since', '-1m', '-n', '2']);
  assert.equal(code, 0);
  assert.match(stdout, /m1\n.*m2\n$/);
  assert.match(stderr, /3 events were left out/);
  assert.deepEqual([requests[0]!.query.get('from'), requests[0]!.headers['last-event-id']], ['-1m', undefined]);
  assert.deepEqual([requests[1]!.query.get('from'), requests[1]!.headers['last-event-id']], [null, 'id-1']);
});

test('a tail that is refused, or cannot begin, fails at once; an interrupt ends it well', async (t) => {
  const refused = await against(t, {}, ['tail']);
  assert.equal(refused.code, 1);
  const away = await runCommand(['tail', '-t', 'acme'], { env: { MENISCUS_URL: 'http://127.0.0.1:9' } });
  assert.equal(away.code, 1);
  const controller = new AbortController();
  const answers: Answers = {
    'GET /v1/tenant/acme/tail': (_request, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write('event: log\nid: 1\ndata: {"msg":"x"}\n\n');
      return undefined;
    },
  };
  const ended = await against(t, answers, ['tail'], { interrupt: controller.signal, onOutput: () => controller.abort() });
  assert.equal(ended.code, 0);
});

test('stats, facets and histogram are tables; their items are lines of ndjson', async (t) => {
  const answers = {
    'POST /v1/tenant/acme/stats': {
      body: {
        count: 5,
        groups: [{ by: { host: 'a' }, metrics: { count: 3, 'avg(took)': 1.5 } }],
        other: { groups: 2, metrics: { count: 2, 'avg(took)': null } },
        ...whole,
      },
    },
    'POST /v1/tenant/acme/facets': { body: { facets: { host: { count: 4, values: [{ value: 'a', count: 3 }] } }, ...whole } },
    'POST /v1/tenant/acme/histogram': {
      body: {
        interval_ms: 60_000,
        buckets: [
          { time: event.time, count: 2 },
          { time: event.time, count: 0 },
        ],
        ...whole,
      },
    },
  };
  const stats = await against(t, answers, ['stats', '--by', 'host', '--metrics', 'count,avg(took)']);
  assert.deepEqual(JSON.parse(stats.requests[0]!.body), { q: '', by: ['host'], metrics: ['count', 'avg(took)'] });
  assert.match(stats.stdout, /HOST +COUNT +AVG\(TOOK\)\na +3 +1\.5\n\(other: 2 groups\) +2 +-/);
  const facets = await against(t, answers, ['facets', '--fields', 'host', '-o', 'ndjson']);
  assert.equal(facets.stdout, '{"field":"host","value":"a","count":3}\n');
  assert.match((await against(t, answers, ['histogram'])).stdout, /2 +█{50}\n/);
});

test('the doctor with an address says what that sender sent last and why it was refused', async (t) => {
  const letter = (id: string, source: string) => ({
    id,
    time: event.time,
    reason: 'unauthenticated',
    text: 'wrong token',
    source,
    sink: null,
    raw: '<13>x',
    encoding: 'utf8',
  });
  const answers = {
    'GET /v1/dead-letters': { body: { dead_letters: [letter('1', 'syslog 10.0.0.5'), letter('2', 'syslog 10.0.0.55')], next: null } },
    'GET /v1/tenant/acme/dead-letters': { body: { dead_letters: [], next: null } },
    'GET /v1/pipeline': { body: { sources: [], queue: {}, sinks: [] } },
  };
  const found = await against(t, answers, ['doctor', '10.0.0.5', '-o', 'ndjson']);
  assert.equal((JSON.parse(found.stdout) as { id: string }).id, '1');
  assert.match((await against(t, answers, ['doctor', '::ffff:10.0.0.5'])).stdout, /<13>x/);
  assert.match((await against(t, answers, ['doctor', '10.0.0.6'])).stdout, /Nothing from 10\.0\.0\.6/);
  assert.equal((await against(t, answers, ['doctor', 'web-01'])).code, 2);
});

test('producer unparsed shows counts and the newest messages', async (t) => {
  const answers = {
    'GET /v1/tenant/acme/producers': {
      body: { event_producers: [{ id: 3, name: 'web', pattern: 'apache', durable: false, encrypted: false, sinks: [] }] },
    },
    'GET /v1/tenant/acme/producers/3/unparsed': {
      body: {
        pattern: 'apache',
        rulebase: 'shipped',
        matched: 5,
        unparsed: 2,
        limited: 0,
        skipped: 0,
        samples: [{ time: '2026-11-23T10:00:00.123456Z', msg: 'odd\u001b[2J' }],
      },
    },
  };
  const { code, stdout } = await against(t, answers, ['producer', 'unparsed', 'web']);
  assert.equal(code, 0);
  assert.equal(
    stdout,
    'Rulebase "apache": 5 matched, 2 unparsed.\nRECEIVED                     MSG\n2026-11-23T10:00:00.123456Z  odd\\x1b[2J\n',
  );
  const ndjson = await against(t, answers, ['producer', 'unparsed', '3', '--output', 'ndjson']);
  assert.equal(ndjson.stdout, '{"time":"2026-11-23T10:00:00.123456Z","msg":"odd\\u001b[2J"}\n');
});

test('rulebase test --explain prints the explanations', async (t) => {
  const answers = {
    'POST /v1/tenant/acme/rulebases/test': { body: { results: [{}], explanations: [{ matched: false, text: 'line: a\u0007\nno rule' }] } },
  };
  const { code, stdout, requests } = await against(t, answers, ['rulebase', 'test', 'x', 'a', '--explain']);
  assert.equal(code, 0);
  assert.deepEqual(JSON.parse(requests[0]!.body), { name: 'x', lines: ['a'], explain: true });
  assert.equal(stdout, 'line: a\\x07\nno rule\n');
});
