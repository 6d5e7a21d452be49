import assert from 'node:assert/strict';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { suite, test, type TestContext } from 'node:test';
import { buffer } from 'node:stream/consumers';
import { gunzipSync } from 'node:zlib';
import { temporaryDirectory } from '@meniscus/testkit';
import { sinkBatch } from '../document/documents.testing.ts';
import { BatchRefused, WRITTEN, type SinkWriter } from '../writer.ts';
import type { HttpSettings } from './kind.ts';
import { retryAfterMs } from './retry-after.ts';
import { createWriter } from './writer.ts';

const running = new AbortController().signal;

interface Request {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
}

interface Receiver {
  readonly url: string;
  readonly requests: Request[];
}

/** A server that answers each request as told. */
async function receiver(t: TestContext, answer: (response: ServerResponse, request: Request) => unknown): Promise<Receiver> {
  const requests: Request[] = [];
  const server = createServer((incoming, response) => {
    void buffer(incoming).then((body) => {
      const request = { method: incoming.method, url: incoming.url, headers: incoming.headers, body };
      requests.push(request);
      return answer(response, request);
    });
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/logs`, requests };
}

const answers =
  (status: number, headers: Record<string, string> = {}, body = '') =>
  (response: ServerResponse): unknown =>
    response.writeHead(status, headers).end(body);

async function writerFor(
  t: TestContext,
  settings: Partial<HttpSettings> & Pick<HttpSettings, 'url'>,
  timeoutMs = 5000,
): Promise<SinkWriter> {
  const context = { name: 'hook', timeoutMs, stateDirectory: temporaryDirectory(t), warn: assert.fail };
  const writer = createWriter({ compression: 'none', verify_certificate: true, ...settings }, context);
  t.after(() => writer.close());
  await writer.open(running);
  return writer;
}

const batch = sinkBatch([{ msg: 'one' }, { msg: 'two\nlines', native: { snow: '☃' } }]);
const lines = `${batch.document(0)}\n${batch.document(1)}\n`;

suite('the http sink', () => {
  test('posts a batch as newline-delimited JSON', async (t) => {
    const { url, requests } = await receiver(t, answers(204));
    const writer = await writerFor(t, { url: [`${url}?a=b`], headers: { 'x-key': 'k' } });
    assert.deepEqual(await writer.write(batch, running), WRITTEN);
    const [request] = requests;
    assert.equal(requests.length, 1);
    assert.equal(request!.method, 'POST');
    assert.equal(request!.url, '/logs?a=b');
    assert.equal(request!.headers['content-type'], 'application/x-ndjson');
    assert.equal(request!.headers['content-length'], String(Buffer.byteLength(lines)));
    assert.equal(request!.headers['x-key'], 'k');
    assert.equal(request!.body.toString(), lines);
  });

  test('compresses', async (t) => {
    const { url, requests } = await receiver(t, answers(200, {}, 'thank you'));
    const writer = await writerFor(t, { url: [url], compression: 'gzip' });
    await writer.write(batch, running);
    assert.equal(requests[0]!.headers['content-encoding'], 'gzip');
    assert.equal(gunzipSync(requests[0]!.body).toString(), lines);
  });

  test('gives a user and password, a token or a header from files, read again with each opening', async (t) => {
    const { url, requests } = await receiver(t, answers(200));
    const file = join(temporaryDirectory(t), 'secret');
    writeFileSync(file, 'pässword\n');
    const basic = await writerFor(t, { url: [url], username: 'u', password_file: file });
    await basic.write(batch, running);
    writeFileSync(file, 'token-1');
    const bearer = await writerFor(t, { url: [url], bearer_token_file: file, headers: { 'x-key': { file } } });
    await bearer.write(batch, running);
    writeFileSync(file, 'token-2');
    await bearer.open(running);
    await bearer.write(batch, running);
    assert.deepEqual(
      requests.map(({ headers }) => headers.authorization),
      [`Basic ${Buffer.from('u:pässword').toString('base64')}`, 'Bearer token-1', 'Bearer token-2'],
    );
    assert.equal(requests[2]!.headers['x-key'], 'token-2');
  });

  for (const status of [400, 413, 422])
    test(`${status} refuses the batch in the server's words`, async (t) => {
      const { url } = await receiver(t, answers(status, {}, 'line 1:\n no such field'));
      const writer = await writerFor(t, { url: [url, 'http://127.0.0.1:1/'] });
      await assert.rejects(writer.write(batch, running), (error) => {
        assert.ok(error instanceof BatchRefused);
        assert.equal(error.message, `${url} answered ${status}: line 1: no such field`);
        return true;
      });
    });

  for (const status of [301, 401, 403, 404, 408, 429, 500, 503])
    test(`${status} is to be tried again`, async (t) => {
      const { url, requests } = await receiver(t, answers(status, { location: '/other' }));
      const writer = await writerFor(t, { url: [url] });
      await assert.rejects(writer.write(batch, running), (error: Error) => {
        assert.ok(!(error instanceof BatchRefused));
        assert.match(error.message, new RegExp(`answered ${status}`));
        return true;
      });
      assert.equal(requests.length, 1);
    });

  test('goes to the next address when one fails, and stays there', async (t) => {
    const broken = await receiver(t, answers(503));
    const fine = await receiver(t, answers(200));
    const writer = await writerFor(t, { url: ['http://127.0.0.1:1/', broken.url, fine.url] });
    await writer.write(batch, running);
    await writer.write(batch, running);
    assert.deepEqual([broken.requests.length, fine.requests.length], [1, 2]);
  });

  test('opens only when a server is there', async (t) => {
    await assert.rejects(writerFor(t, { url: ['http://127.0.0.1:1/a?secret=x'] }), /^Error: http:\/\/127\.0\.0\.1:1\/a: .*ECONNREFUSED/);
    await assert.rejects(writerFor(t, { url: ['http://127.0.0.1:1/'], bearer_token_file: '/nowhere' }), /cannot read \/nowhere: ENOENT/);
  });

  test('gives up on a server that accepts and is silent', async (t) => {
    const { url } = await receiver(t, () => undefined);
    const writer = await writerFor(t, { url: [url] }, 100);
    await assert.rejects(writer.write(batch, running), /logs: no answer within 100 ms/);
  });

  test('ends when the service does', async (t) => {
    const aborter = new AbortController();
    const { url } = await receiver(t, () => aborter.abort());
    const writer = await writerFor(t, { url: [url] });
    await assert.rejects(writer.write(batch, aborter.signal));
  });

  test('waits as long as the server asks to', async (t) => {
    let first = true;
    const { url, requests } = await receiver(t, (response) => {
      response.writeHead(first ? 429 : 200, { 'retry-after': '1' }).end();
      first = false;
    });
    const writer = await writerFor(t, { url: [url] });
    const start = performance.now();
    await assert.rejects(writer.write(batch, running), /answered 429/);
    await writer.open(running);
    await writer.write(batch, running);
    assert.ok(performance.now() - start >= 990);
    assert.equal(requests.length, 2);
  });

  test('shows no secret that a server echoes', async (t) => {
    const { url } = await receiver(t, (response, { headers }) => response.writeHead(500).end(`no: ${JSON.stringify(headers)}`));
    const file = join(temporaryDirectory(t), 'secret');
    writeFileSync(file, 'hidden-token');
    const writer = await writerFor(t, { url: [url], bearer_token_file: file });
    await assert.rejects(writer.write(batch, running), (error: Error) => {
      assert.match(error.message, /Bearer \*\*\*/);
      assert.doesNotMatch(error.message, /hidden/);
      return true;
    });
  });
});

test('Retry-After is seconds or a date, at most 30 s', () => {
  const now = Date.UTC(2026, 10, 23, 10);
  const cases: [string | string[] | undefined, number][] = [
    [undefined, 0],
    ['5', 5000],
    ['0', 0],
    ['3600', 30_000],
    ['Mon, 23 Nov 2026 10:00:07 GMT', 7000],
    ['Mon, 23 Nov 2026 09:00:00 GMT', 0],
    ['soon', 0],
    [['1', '2'], 0],
  ];
  for (const [header, expected] of cases) assert.equal(retryAfterMs(header, now), expected, String(header));
});
