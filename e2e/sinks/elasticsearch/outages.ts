import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { TestContext } from 'node:test';
import { freePort, lacks, temporaryDirectory, type Server } from '@meniscus/testkit';
import { sinkBatch } from '../../../packages/server/src/sinks/document/documents.testing.ts';
import { WRITTEN } from '../../../packages/server/src/sinks/writer.ts';
import { certificate } from '../../support/certificate.ts';
import { running } from '../../support/sinks.ts';
import { find, opened, settingsFor, writerFor } from './cluster.ts';
import { proxy } from './proxy.ts';

const batch = sinkBatch([{ msg: 'a' }, { msg: 'b' }]);

/** A server that is away or something else, and who is let in. */
export async function access(t: TestContext, { url }: Server): Promise<void> {
  await t.test('another node is asked when one cannot be reached', async (t) => {
    const dead = `http://127.0.0.1:${await freePort()}`;
    const writer = await opened(t, [dead, url]);
    await writer.check!(running);
    assert.deepEqual(await writer.write(batch, running), WRITTEN);
  });

  await t.test('what is no cluster is told', async (t) => {
    const other = await proxy(t, url, (_, __, response) => {
      response.writeHead(200, { 'content-type': 'application/json' }).end('{"hello":1}');
      return false;
    });
    await assert.rejects(writerFor(t, settingsFor(other)).open(running), /is neither Elasticsearch nor OpenSearch/);
    const old = await proxy(t, url, (_, __, response) => {
      response.end('{"version":{"number":"6.8.1"},"tagline":"You Know, for Search"}');
      return false;
    });
    await assert.rejects(writerFor(t, settingsFor(old)).open(running), /is Elasticsearch 6\.8\.1: it takes Elasticsearch 7\.8 or newer/);
  });

  await t.test('credentials come from files, and are in no error', async (t) => {
    const directory = temporaryDirectory(t);
    const seen: (string | undefined)[] = [];
    const guarded = await proxy(t, url, ({ headers }, _, response) => {
      seen.push(headers.authorization);
      if (headers.authorization !== undefined && !headers.authorization.includes('d3Jvbmc')) return true;
      response.writeHead(401).end('{"error":{"type":"security_exception","reason":"missing credentials"},"status":401}');
      return false;
    });
    const file = (name: string, text: string): string => {
      writeFileSync(path.join(directory, name), text);
      return path.join(directory, name);
    };
    await assert.rejects(writerFor(t, settingsFor(guarded)).open(running), /401 security_exception: missing credentials/);
    const wrong = settingsFor(guarded, { api_key_file: file('wrong', 'wrong:wrong') });
    await assert.rejects(
      writerFor(t, wrong).open(running),
      (error: Error) => error.message.includes('401') && !error.message.includes('wrong'),
    );
    await opened(t, guarded, { api_key_file: file('key', 'id:secret\n') });
    assert.equal(seen.at(-1), `ApiKey ${Buffer.from('id:secret').toString('base64')}`);
    await opened(t, guarded, { username: 'ada', password_file: file('password', 's3cret: é\n') });
    assert.equal(seen.at(-1), `Basic ${Buffer.from('ada:s3cret: é').toString('base64')}`);
    await assert.rejects(writerFor(t, settingsFor(url, { api_key_file: '/none/key' })).open(running), /cannot read \/none\/key: ENOENT/);
  });
}

/** TLS on the way. */
export async function secured(t: TestContext, { url }: Server): Promise<void> {
  await t.test('a server must show a certificate that is trusted, and may ask for one', { skip: await lacks('openssl') }, async (t) => {
    const server = await certificate(t);
    const client = await certificate(t);
    const options = { cert: readFileSync(server.cert), key: readFileSync(server.key), ca: readFileSync(client.cert) };
    const pass = (): boolean => true;
    const open = await proxy(t, url, pass, options);
    await assert.rejects(writerFor(t, settingsFor(open)).open(running), /cannot reach https:.*self-signed certificate/);
    await opened(t, open, { ca_file: server.cert });
    await opened(t, open, { verify_certificate: false });
    await opened(t, open, { ca_file: server.cert, server_name: 'localhost' });
    const misnamed = settingsFor(open, { ca_file: server.cert, server_name: 'other.example' });
    await assert.rejects(writerFor(t, misnamed).open(running), /cannot reach https:.*other\.example/);
    const mutual = await proxy(t, url, pass, { ...options, requestCert: true, rejectUnauthorized: true });
    await assert.rejects(writerFor(t, settingsFor(mutual, { ca_file: server.cert })).open(running), /cannot reach https:/);
    const writer = await opened(t, mutual, { ca_file: server.cert, cert_file: client.cert, key_file: client.key });
    assert.deepEqual(await writer.write(batch, running), WRITTEN);
  });
}

/** A server that is silent or crashes. */
export async function outages(t: TestContext, server: Server): Promise<void> {
  const { url } = server;

  await t.test('a silent server costs the timeout, and then it goes on', async (t) => {
    const writer = await opened(t, url, {}, 1_000);
    server.pause();
    try {
      await assert.rejects(writer.write(batch, running), /has not answered within 1000 ms/);
      await assert.rejects(writer.open(running), /has not answered within 1000 ms/);
      const abort = AbortSignal.timeout(50);
      await assert.rejects(writer.write(batch, abort));
    } finally {
      server.resume();
    }
    const patient = await opened(t, url, { prefix: writer.prefix });
    assert.deepEqual(await patient.write(batch, running), WRITTEN);
    assert.equal((await find(url, `${writer.prefix}-acme`)).length, 2);
  });

  await t.test('after a crash of the server everything is there once', async (t) => {
    const writer = await opened(t, url);
    const big = sinkBatch(Array.from({ length: 2_000 }, (_, i) => ({ msg: `${i} ${'m'.repeat(500)}` })));
    assert.deepEqual(await writer.write(big.select([0, 1, 2]), running), WRITTEN);
    const crashing = writer.write(big, running).then(
      () => 'written',
      () => 'failed',
    );
    await server.kill();
    await crashing;
    await assert.rejects(writer.write(big, running), /cannot reach http/);
    await server.restart();
    await writer.open(running);
    assert.deepEqual(await writer.write(big, running), WRITTEN);
    assert.equal((await find(url, `${writer.prefix}-acme`)).length, 2_000);
  });
}
