/** The sink `http` with a real server over TLS, and in a service whose receiver comes and goes. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer as createPlain, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { freePort, onEnd, until, type Cleanup } from '@meniscus/testkit';
import { sinkBatch } from '../../packages/server/src/sinks/document/documents.testing.ts';
import { httpKind } from '../../packages/server/src/sinks/http/kind.ts';
import { WRITTEN } from '../../packages/server/src/sinks/writer.ts';
import { certificate } from '../support/certificate.ts';
import { numbers, running, SinkService, writerOf } from '../support/sinks.ts';

async function listening(t: Cleanup, server: Server, port = 0): Promise<number> {
  await once(server.listen(port, '127.0.0.1'), 'listening');
  onEnd(t, () => {
    server.closeAllConnections();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

test('over TLS, by a certificate that is trusted', async (t) => {
  const { cert, key } = await certificate(t);
  const bodies: Buffer[] = [];
  const server = createServer({ cert: readFileSync(cert), key: readFileSync(key) }, (request, response) => {
    void buffer(request).then((body) => (bodies.push(body), response.writeHead(200).end()));
  });
  const url = [`https://127.0.0.1:${await listening(t, server as unknown as Server)}/`];
  const batch = sinkBatch([{ msg: 'a' }, { msg: 'b' }]);
  const writer = await writerOf(t, httpKind, { url, ca_file: cert, compression: 'gzip' });
  await writer.open(running);
  assert.deepEqual(await writer.write(batch, running), WRITTEN);
  assert.equal(gunzipSync(bodies[0]!).toString(), `${batch.document(0)}\n${batch.document(1)}\n`);
  await assert.rejects((await writerOf(t, httpKind, { url })).open(running), /certificate/);
  await (await writerOf(t, httpKind, { url, ca_file: cert, server_name: 'localhost' })).open(running);
  const misnamed = await writerOf(t, httpKind, { url, ca_file: cert, server_name: 'other.example' });
  await assert.rejects(misnamed.open(running), /altnames|other\.example/i);
  const unchecked = await writerOf(t, httpKind, { url, verify_certificate: false });
  await unchecked.open(running);
  assert.deepEqual(await unchecked.write(batch, running), WRITTEN);
});

test('a service with it: the receiver is silent, says 429 and 500, loses answers, is away and comes back', async (t) => {
  const seen: string[] = [];
  let behave = (response: ServerResponse): unknown => response.end();
  let failures = 0;
  const take = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const lines = (await buffer(request)).toString().trimEnd().split('\n');
    behave(response);
    if (response.statusCode === 200 && response.writableEnded) seen.push(...lines.map((line) => (JSON.parse(line) as { msg: string }).msg));
    else failures++;
  };
  const port = await freePort();
  const start = async (): Promise<Server> => {
    const server = createPlain((request, response) => void take(request, response).catch(() => {}));
    await listening(t, server, port);
    return server;
  };
  const server = await start();
  const service = await SinkService.start(
    t,
    `sinks: [{ name: hook, type: http, url: "http://127.0.0.1:${port}/", timeout: 300ms }]\ndefault_sinks: [hook]`,
  );
  const fails = async (how: typeof behave): Promise<void> => {
    behave = how;
    const before = failures;
    await service.publish(300);
    await until('a failure', () => failures > before);
  };
  const recovers = async (): Promise<void> => {
    behave = (response) => response.end();
    const sent = await service.publish(100);
    await until('all events', () => seen.length >= sent);
    assert.deepEqual(seen, numbers(sent));
  };
  for (const how of [
    () => undefined,
    (response: ServerResponse) => response.writeHead(429, { 'retry-after': '1' }).end(),
    (response: ServerResponse) => response.writeHead(500).end('no'),
    (response: ServerResponse) => response.destroy(),
  ]) {
    await fails(how);
    await recovers();
  }
  server.closeAllConnections();
  server.close();
  await service.publish(100);
  await until('an error on view', async () => (await service.view('hook')).last_error?.text.includes('ECONNREFUSED'));
  await start();
  await recovers();
});
