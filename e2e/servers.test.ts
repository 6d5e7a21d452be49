/** The test kit's own servers: each starts, does what the sinks rely on, and has its data after a crash. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import http from 'node:http';
import { test } from 'node:test';
import { text } from 'node:stream/consumers';
import {
  elasticsearch,
  ferretDb,
  hdfs,
  httpFs,
  lacksServer,
  openSearch,
  type ElasticsearchVersion,
  type OpenSearchVersion,
  type Server,
} from '@meniscus/testkit';
import { MongoClient } from 'mongodb';

async function call(url: string, init?: RequestInit): Promise<{ status: number; body: Record<string, unknown> }> {
  const response = await fetch(url, { headers: { 'content-type': 'application/x-ndjson' }, ...init });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

/** The parts that the index template of the sink is made of. */
const analysis = {
  char_filter: { sigma: { type: 'mapping', mappings: ['ς=>σ'] }, name: { type: 'pattern_replace', pattern: '^[^=]*=', replacement: '' } },
  tokenizer: { words: { type: 'pattern', pattern: '[^a-zσ]+' } },
  filter: { cut: { type: 'truncate', length: 3 } },
  analyzer: { all: { type: 'custom', char_filter: ['name', 'sigma'], tokenizer: 'words', filter: ['lowercase', 'cut'] } },
};

async function analyzes(server: Server): Promise<void> {
  const ask = async (method: string, path: string, body: unknown) =>
    call(`${server.url}${path}`, { method, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
  assert.equal((await ask('PUT', '/words', { settings: { analysis } })).status, 200);
  const { body } = await ask('POST', '/words/_analyze', { analyzer: 'all', text: 'key=abcd σς-x' });
  assert.deepEqual(
    (body['tokens'] as { token: string }[]).map(({ token }) => token),
    ['abc', 'σσ', 'x'],
  );
}

/** Writes one document, crashes the server, and finds it again. */
async function survives(server: Server): Promise<void> {
  const bulk = '{"create":{"_index":"logs","_id":"1"}}\n{"msg":"one"}\n';
  assert.equal((await call(`${server.url}/_bulk`, { method: 'POST', body: bulk })).body['errors'], false);
  assert.equal((await call(`${server.url}/_bulk`, { method: 'POST', body: bulk })).body['errors'], true);
  await server.kill();
  assert.deepEqual(server.pids, []);
  await assert.rejects(fetch(server.url));
  await server.restart();
  const found = await call(`${server.url}/logs/_search?q=msg:one&rest_total_hits_as_int=true`);
  assert.equal((found.body['hits'] as { total: number }).total, 1);
}

for (const version of ['7.17.29', '9.2.0'] as const satisfies readonly ElasticsearchVersion[])
  test(`Elasticsearch ${version}`, { skip: await lacksServer(version === '9.2.0' ? 'elasticsearch-9' : 'elasticsearch') }, async (t) => {
    const server = await elasticsearch(t, { version });
    await survives(server);
    await analyzes(server);
    const root = await call(server.url);
    assert.equal((root.body['version'] as { number: string }).number, version);
  });

for (const version of ['3.8.0', '2.19.6'] as const satisfies readonly OpenSearchVersion[])
  test(`OpenSearch ${version}`, { skip: await lacksServer(version === '3.8.0' ? 'opensearch' : 'opensearch-2') }, async (t) => {
    const server = await openSearch(t, { version });
    await survives(server);
    await analyzes(server);
    server.pause();
    await assert.rejects(fetch(server.url, { signal: AbortSignal.timeout(300) }), { name: 'TimeoutError' });
    server.resume();
    const root = await call(server.url);
    assert.equal((root.body['version'] as { number: string }).number, version);
  });

/** WebHDFS of a user. Not fetch: a DataNode sends a `100 Continue` that nobody asked for, on which fetch fails. */
async function webHdfs(
  base: string,
  user: string,
  method: string,
  path: string,
  op: string,
  data = '',
): Promise<{ status: number; body: string }> {
  const ask = async (url: string): Promise<http.IncomingMessage> => {
    const request = http.request(url, {
      method,
      agent: false,
      headers: { 'content-type': 'application/octet-stream', 'content-length': data.length },
    });
    request.end(data);
    return ((await once(request, 'response')) as [http.IncomingMessage])[0];
  };
  let answer = await ask(`${base}/webhdfs/v1${path}?op=${op}&user.name=${user}`);
  for (; answer.statusCode === 307; answer = await ask(answer.headers.location!)) answer.resume();
  return { status: answer.statusCode!, body: await text(answer) };
}

test('HDFS and HttpFS', { skip: await lacksServer('hdfs', 'httpfs') }, async (t) => {
  const server = await hdfs(t);
  assert.equal((await webHdfs(server.url, server.user, 'PUT', '/logs/a', 'CREATE', 'one\n')).status, 201);
  await server.kill();
  await assert.rejects(fetch(server.url));
  await server.restart();
  assert.equal(await server.liveDataNodes(), 1);
  const gateway = await httpFs(t, server);
  for (const url of [server.url, gateway.url])
    assert.deepEqual(await webHdfs(url, server.user, 'GET', '/logs/a', 'OPEN'), { status: 200, body: 'one\n' });
  assert.equal((await webHdfs(server.url, 'somebody', 'PUT', '/other', 'MKDIRS')).status, 403);
  assert.equal((await webHdfs(gateway.url, 'somebody', 'PUT', '/other', 'MKDIRS')).status, 500);
  await server.killDataNode(0);
  assert.equal((await webHdfs(server.url, server.user, 'GET', '/logs/a', 'GETFILESTATUS')).status, 200);
  await server.startDataNode(0);
  assert.equal((await webHdfs(gateway.url, server.user, 'PUT', '/logs/b', 'CREATE&data=true', 'two\n')).status, 201);
});

test('FerretDB', { skip: await lacksServer('ferretdb') }, async (t) => {
  const server = await ferretDb(t);
  const client = new MongoClient(server.url, { serverSelectionTimeoutMS: 10_000 });
  t.after(() => client.close());
  const events = client.db('logs').collection<{ _id: number }>('events');
  await events.insertMany([{ _id: 1 }, { _id: 2 }]);
  await assert.rejects(events.insertMany([{ _id: 2 }, { _id: 3 }], { ordered: false }), { code: 11_000 });
  await server.kill();
  await server.restart();
  assert.deepEqual(await events.find().sort({ _id: 1 }).toArray(), [{ _id: 1 }, { _id: 2 }, { _id: 3 }]);
});
