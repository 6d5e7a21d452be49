import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import { problemIn, startHarness } from './testing/harness.testing.ts';

test('GET / tells the versions, and sends browsers to the interface', async (t) => {
  const { call } = await startHarness(t);
  const response = await call('GET', '/', { key: null });
  assert.equal(response.status, 200);
  assert.deepEqual(await response.json(), { v1: 'current' });
  const html = await call('GET', '/', { key: null, headers: { accept: 'text/html,application/xhtml+xml' } });
  assert.equal(html.status, 302);
  assert.equal(html.headers.get('location'), '/ui/');
});

test('readyz tells why it is not ready', async (t) => {
  const harness = await startHarness(t);
  assert.equal((await harness.call('GET', '/livez', { key: null })).status, 200);
  assert.equal((await harness.call('GET', '/readyz', { key: null })).status, 200);
  harness.unready = ['the queue is full'];
  const response = await harness.call('GET', '/readyz', { key: null });
  assert.ok(response.headers.has('retry-after'));
  const problem = await problemIn(response);
  assert.deepEqual([problem.status, problem.detail], [503, 'the queue is full']);
});

test('metrics need an operator key unless metrics_auth is off', async (t) => {
  const on = await startHarness(t);
  assert.equal((await on.call('GET', '/metrics', { key: null })).status, 401);
  assert.equal((await on.call('GET', '/metrics')).status, 200);
  await on.call('POST', '/v1/tenant', { json: { tenant: { tenant_id: 'a' } } });
  assert.equal((await on.call('GET', '/metrics', { key: await on.key('a', 'tenant_admin') })).status, 403);
  const metrics = await (await on.call('GET', '/metrics')).text();
  assert.match(metrics, /meniscus_http_requests_total\{method="POST",route="\/v1\/tenant",status="201"\} 1/);
  const off = await startHarness(t, { metrics_auth: 'off' });
  assert.equal((await off.call('GET', '/metrics', { key: null })).status, 200);
});

test('unknown paths are 404, wrong methods 405 with Allow, OPTIONS 204 with Allow', async (t) => {
  const { call } = await startHarness(t);
  assert.deepEqual(await problemIn(await call('GET', '/nothing', { key: null })), {
    title: 'Not found',
    status: 404,
    code: 'not_found',
    detail: 'there is no such path',
  });
  const wrong = await call('PATCH', '/v1/tenant/x/producers', { key: null });
  assert.equal(wrong.headers.get('allow'), 'GET, HEAD, OPTIONS, POST');
  assert.equal((await problemIn(wrong)).code, 'method_not_allowed');
  const options = await call('OPTIONS', '/v1/tenant/a%2Fb/publish', { key: null });
  assert.equal(options.status, 204);
  assert.equal(options.headers.get('allow'), 'OPTIONS, POST');
  assert.equal(await options.text(), '');
});

test('HEAD is answered like GET without a body, errors too', async (t) => {
  const { call } = await startHarness(t);
  const head = await call('HEAD', '/v1/tenants');
  assert.deepEqual([head.status, await head.text()], [200, '']);
  const refused = await call('HEAD', '/v1/tenants', { key: null });
  assert.deepEqual([refused.status, await refused.text()], [401, '']);
  assert.equal((await call('HEAD', '/nothing')).status, 404);
});

test('bodies are checked in order: content type, JSON, schema', async (t) => {
  const { call } = await startHarness(t);
  const post = (body: string, type?: string) =>
    call('POST', '/v1/tenant', { body, headers: type === undefined ? {} : { 'content-type': type } });
  assert.equal((await problemIn(await post('{"tenant":', 'text/plain'))).code, 'unsupported_media_type');
  assert.equal((await problemIn(await call('POST', '/v1/tenant'))).code, 'unsupported_media_type');
  const malformed = await problemIn(await post('{"tenant":', 'application/json'));
  assert.deepEqual([malformed.status, malformed.title], [400, 'Malformed JSON body']);
  assert.equal((await problemIn(await post('', 'application/json'))).code, 'malformed_json');
  for (const wrong of ['{}', '[]', 'null', '7', '{"tenant":"abc"}', '{"token":{"invalidate_now":true}}', '{"tenant":{"tenant_id":7}}']) {
    const problem = await problemIn(await post(wrong, 'application/json'));
    assert.deepEqual([problem.status, problem.code, Array.isArray(problem['errors'])], [400, 'bad_request', true], wrong);
  }
  assert.equal((await problemIn(await post('{"tenant":{"tenant_id":"x","__proto__":{}}}', 'application/json'))).code, 'bad_request');
  assert.equal((await post('{"tenant":{"tenant_id":"x"}}', 'application/json; charset=utf-8')).status, 201);
  assert.equal(
    (await problemIn(await post(`{"tenant":{"tenant_id":"${'x'.repeat(5 << 20)}"}}`, 'application/json'))).code,
    'body_too_large',
  );
});

test('a failure of ours is logged under the id that the answer names, and tells nothing else', async (t) => {
  const harness = await startHarness(t);
  await harness.call('POST', '/v1/tenant', { json: { tenant: { tenant_id: 'a' } } });
  harness.search = () => Promise.reject(new Error('secret path /etc/x'));
  const problem = await problemIn(await harness.call('GET', '/v1/tenant/a/count'));
  assert.equal(problem.code, 'internal');
  assert.doesNotMatch(JSON.stringify(problem), /secret/);
  const id = /[\da-f-]{36}/.exec(problem.detail!)![0];
  assert.ok(harness.logged.some((line) => line.includes(id) && line.includes('secret path')));
  assert.ok(harness.logged.every((line) => !line.includes(harness.admin)));
});

test('what is no HTTP, and headers without end, are answered and cut off', async (t) => {
  const { url } = await startHarness(t);
  const send = async (bytes: string): Promise<string> => {
    const socket = connect(Number(new URL(url).port), '127.0.0.1');
    t.after(() => socket.destroy());
    socket.write(bytes);
    return text(socket);
  };
  assert.match(await send('hello\r\n\r\n'), /^HTTP\/1\.1 400 [^]*application\/problem\+json[^]*"code":"bad_request"/);
  assert.match(await send(`GET / HTTP/1.1\r\nhost: x\r\nx: ${'y'.repeat(200_000)}\r\n\r\n`), /^HTTP\/1\.1 431 /);
});
