import assert from 'node:assert/strict';
import { once } from 'node:events';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { test, type TestContext } from 'node:test';
import { MeniscusError } from '../../errors.ts';
import { limits } from '../../limits.ts';
import { problemIn, startHarness, type CallOptions } from '../testing/harness.testing.ts';

/** A tenant and a way to publish as it. */
async function startTenant(t: TestContext) {
  const harness = await startHarness(t);
  await harness.call('POST', '/v1/tenant', { json: { tenant: { tenant_id: 'a b' } } });
  const token = harness.services.control.tenants.get('a b')!.token.valid;
  const path = '/v1/tenant/a%20b/publish';
  const publish = (options: CallOptions) =>
    harness.call('POST', path, { key: null, ...options, headers: { 'message-token': token, ...options.headers } });
  return { harness, token, path, publish };
}

test('the body, its type and its encoding reach the ingest as they came', async (t) => {
  const { harness, publish } = await startTenant(t);
  const bytes = Uint8Array.from({ length: 300_000 }, (_, i) => i & 255);
  await publish({ body: bytes, headers: { 'content-type': 'Application/X-NDJSON; charset=utf-8', 'content-encoding': 'GZIP' } });
  const [sent] = harness.published;
  assert.deepEqual(
    [sent!.contentType, sent!.contentEncoding, sent!.tenant.id, sent!.remote],
    ['application/x-ndjson', 'gzip', 'a b', '127.0.0.1'],
  );
  assert.ok(Buffer.from(sent!.body).equals(bytes));
  assert.equal(sent!.body.buffer.byteLength, bytes.length, 'alone in its buffer');

  const chunks = new ReadableStream({
    pull(controller) {
      controller.enqueue(bytes);
      controller.close();
    },
  });
  const { port } = new URL(harness.url);
  const chunked = httpRequest({
    port,
    path: '/v1/tenant/a%20b/publish',
    method: 'POST',
    headers: { 'message-token': sent!.tenant.token.valid },
  });
  for await (const chunk of chunks) chunked.write(chunk);
  chunked.end();
  await once(chunked, 'response');
  assert.equal(harness.published[1]!.contentType, '');
  assert.ok(Buffer.from(harness.published[1]!.body).equals(bytes));

  await publish({});
  assert.equal(harness.published[2]!.body.length, 0);
});

test('an empty Content-Type is as none', async (t) => {
  const { harness, publish } = await startTenant(t);
  const { status } = await publish({ body: '{"msg":"a"}', headers: { 'content-type': '' } });
  assert.deepEqual([status, harness.published[0]!.contentType], [202, '']);
});

test('answers: empty for a lone log_message, a job for a durable one, counts for the rest', async (t) => {
  const { harness, publish } = await startTenant(t);
  harness.publish = async () => ({ accepted: 1, rejected: 0, errors: [], logMessage: true });
  const lone = await publish({ json: {} });
  assert.deepEqual([lone.status, await lone.text()], [202, '']);

  harness.publish = async () => ({ accepted: 1, rejected: 0, errors: [], logMessage: true, jobId: '019a0b5e-1f2a-7c3d-8e4f-5a6b7c8d9e0f' });
  const job = (await (await publish({ json: {} })).json()) as { job_id: string; job_status_uri: string };
  assert.equal(job.job_status_uri, `${harness.url}/v1/tenant/a%20b/job/${job.job_id}/status`);

  const errors = [{ index: 1, code: 'event_not_object', title: 'An event must be a JSON object or a string' }];
  harness.publish = async () => ({ accepted: 1, rejected: 1, errors, logMessage: false });
  const some = await publish({ json: [] });
  assert.deepEqual([some.status, await some.json()], [202, { accepted: 1, rejected: 1, errors }]);

  harness.publish = async () => ({ accepted: 0, rejected: 1, errors, logMessage: false });
  const none = await problemIn(await publish({ json: [] }));
  assert.deepEqual([none.status, none.code, none['accepted'], none['rejected'], none['errors']], [400, 'no_event_accepted', 0, 1, errors]);

  harness.publish = () => Promise.reject(new MeniscusError('queue_full', undefined, { retryAfter: 7 }));
  const full = await publish({ json: [] });
  assert.deepEqual([full.status, full.headers.get('retry-after')], [503, '7']);
});

test('who may publish: a token in either header, MESSAGE-TOKEN counting; no API key, no other token', async (t) => {
  const { harness, token, path } = await startTenant(t);
  const post = (headers: Readonly<Record<string, string>>, at = path) => harness.call('POST', at, { key: null, body: '{}', headers });
  assert.equal((await post({ 'MESSAGE-TOKEN': token })).status, 202);
  assert.equal((await post({ authorization: `Bearer ${token}` })).status, 202);
  assert.equal((await post({ 'message-token': token, authorization: 'Bearer wrong' })).status, 202);
  assert.equal((await post({ 'message-token': 'wrong', authorization: `Bearer ${token}` })).status, 401);
  assert.equal((await post({ authorization: `Bearer ${harness.admin}` })).status, 401);
  const missing = await problemIn(await post({}));
  assert.deepEqual([missing.status, missing.title, missing.detail], [400, 'Missing header', 'The "MESSAGE-TOKEN" header is required.']);
  const wrong = await post({ 'message-token': 'wrong' });
  const unknown = await post({ 'message-token': token }, '/v1/tenant/none/publish');
  assert.equal(wrong.status, 401);
  const body = await wrong.text();
  assert.match(body, /Message not authenticated, check your tenant id and or message token for validity/);
  assert.deepEqual([unknown.status, await unknown.text()], [401, body]);
  assert.equal(harness.published.length, 3);
});

test('a body above the limit is 413 naming it, said or counted', async (t) => {
  const { harness, token, path } = await startTenant(t);
  const { port } = new URL(harness.url);
  const over = async (headers: Record<string, string>, bytes: number) => {
    const request = httpRequest({ port, path, method: 'POST', headers: { 'message-token': token, ...headers } });
    const answered = once(request, 'response') as Promise<[IncomingMessage]>;
    if (bytes > 0) request.write(Buffer.alloc(bytes));
    else request.flushHeaders();
    const [response] = await answered;
    const body = await text(response);
    request.destroy();
    return { status: response.statusCode, body };
  };
  for (const answer of [
    await over({ 'content-length': String(limits.publishBodyBytes + 1) }, 0),
    await over({}, limits.publishBodyBytes + 1),
  ]) {
    assert.equal(answer.status, 413);
    assert.match(answer.body, new RegExp(String(limits.publishBodyBytes)));
  }
  assert.equal(harness.published.length, 0);
});

test('a sender that goes away ends its request and frees its part of the budget', async (t) => {
  const { harness, token, path } = await startTenant(t);
  const { port } = new URL(harness.url);
  for (let i = 0; i < 20; i++) {
    const request = httpRequest({ port, path, method: 'POST', headers: { 'message-token': token, 'content-length': String(60 << 20) } });
    request.on('error', () => {});
    const arrived = once(harness.app.server, 'request');
    request.write('x');
    await arrived;
    const closed = new Promise((resolve) => request.once('close', resolve));
    request.destroy();
    await closed;
  }
  const response = await harness.call('POST', path, { key: null, body: new Uint8Array(60 << 20), headers: { 'message-token': token } });
  assert.equal(response.status, 202);
});

test('the status of a job', async (t) => {
  const { harness, token } = await startTenant(t);
  const id = '019a0b5e-1f2a-7c3d-8e4f-5a6b7c8d9e0f';
  const path = `/v1/tenant/a%20b/job/${id}/status`;
  harness.search = async () => '{"event":{}}';
  const stored = await harness.call('GET', path, { key: null, headers: { 'message-token': token } });
  assert.deepEqual(await stored.json(), { status: 'stored', sinks: { store: 'stored' } });
  assert.equal((await harness.call('GET', path, { key: await harness.key('a b', 'reader') })).status, 200);
  assert.equal((await harness.call('GET', path, { key: null })).status, 401);
  assert.equal((await harness.call('GET', path, { key: null, headers: { 'message-token': 'x' } })).status, 401);
  harness.search = () => Promise.reject(new MeniscusError('event_not_found'));
  assert.equal((await problemIn(await harness.call('GET', path))).code, 'job_not_found');
  assert.equal((await problemIn(await harness.call('GET', '/v1/tenant/a%20b/job/none/status'))).code, 'job_not_found');
});
