/** The second step: where it goes, what goes with it, and what is never said. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer as createSecureServer } from 'node:https';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { inspect } from 'node:util';
import {
  AuthenticationError,
  ConnectionError,
  ResponseError,
  TimeoutError,
  WebHdfs,
  WebHdfsError,
  type WebHdfsOptions,
} from '../src/index.ts';
import { behind, json, nobody, raw, redirect, remote, scripted, text, yes, type Reply, type Scripted } from './scripted-server.ts';

const TOKEN = 'GQAEcm9vdAF4AIoBohCNEhSKAaI0mZYUAQIU5Zz5dD';
const pem = (name: string): string => readFileSync(new URL(`fixtures/${name}.pem`, import.meta.url), 'utf8');

function client(server: Scripted, options: Partial<WebHdfsOptions> = {}): WebHdfs {
  return new WebHdfs({ url: server.url, user: 'me', retries: 0, ...options });
}

test('a redirect to anything but http is refused', async (t) => {
  for (const location of ['file:///etc/passwd', 'ftp://127.0.0.1/a', 'data:text/plain,x', 'javascript:1']) {
    const hdfs = client(await scripted(t, [redirect(location)]));
    await assert.rejects(
      hdfs.readFile('/a'),
      (error) => error instanceof ResponseError && !error.retriable && /not followed/.test(error.message),
    );
    await assert.rejects(hdfs.createFile('/a', 'x'), ResponseError);
  }
});

test('a redirect to nowhere is refused', async (t) => {
  for (const reply of [
    redirect(''),
    redirect('http://[nonsense'),
    text(307),
    json({ Location: 'http://' }),
    json({}),
    json(null),
    text(200, '{'),
  ]) {
    await assert.rejects(client(await scripted(t, [reply])).createFile('/a', 'x'), ResponseError);
  }
});

test('the place may be told as JSON, and a name node may write it as raw UTF-8', async (t) => {
  const data = await scripted(t, [text(201)]);
  await client(await scripted(t, [json({ Location: `${data.url}/webhdfs/v1/a%20b?op=CREATE&x=%2B` })])).createFile('/a b', 'x');
  const utf8 = Buffer.from(`${data.url}/ü?op=CREATE`).toString('latin1');
  await client(await scripted(t, [redirect(utf8)])).createFile('/ü', 'x');
  assert.deepEqual(
    data.seen.map(({ path, query }) => [path, query.get('x')]),
    [
      ['/webhdfs/v1/a%20b', '+'],
      ['/%C3%BC', null],
    ],
  );
});

test('redirects in a circle end; a second one is not followed with data, nor one of an operation that has none', async (t) => {
  const circle: Reply = (response, { path }) => void response.writeHead(307, { location: path }).end();
  const server = await scripted(t, [circle]);
  await assert.rejects(client(server).readFile('/a'), ResponseError);
  assert.ok(server.seen.length <= 5);
  await assert.rejects(client(await scripted(t, [circle])).createFile('/a', 'x'), ResponseError);
  await assert.rejects(client(await scripted(t, [circle])).mkdirs('/a'), ResponseError);
});

test('a server that takes the first step for the whole is an error: it has made an empty file', async (t) => {
  await assert.rejects(client(await scripted(t, [text(201)])).createFile('/a', 'x'), ResponseError);
});

test('a success before all of the data is none', async (t) => {
  const data = await raw(t, (socket) => {
    socket.once('data', () => socket.write('HTTP/1.1 201 Created\r\nContent-Length: 0\r\n\r\n'));
  });
  const hdfs = client(await scripted(t, [redirect(`${data.url}/a`)]));
  await assert.rejects(hdfs.createFile('/a', 'x'.repeat(1000)), (error) => error instanceof ConnectionError && error.mayHaveActed);
});

test('headers go to the configured origin only, and a token where the server puts it', async (t) => {
  const data = await scripted(t, [text(201)]);
  const server = await scripted(t, [redirect(`${data.url}/a?delegation=${TOKEN}`), json({ FileStatus: {} })]);
  const hdfs = new WebHdfs({
    url: `${server.url}/gateway/default/`,
    delegationToken: TOKEN,
    user: 'me',
    headers: { authorization: 'Basic c2VjcmV0' },
  });
  await hdfs.createFile('/a', 'x');
  assert.equal(server.seen[0]?.path, '/gateway/default/webhdfs/v1/a');
  assert.equal(server.seen[0]?.headers.authorization, 'Basic c2VjcmV0');
  assert.deepEqual([server.seen[0]?.query.get('delegation'), server.seen[0]?.query.get('user.name')], [TOKEN, null]);
  assert.equal(data.seen[0]?.headers.authorization, undefined);
  assert.equal(data.seen[0]?.query.get('delegation'), TOKEN);
  assert.equal(data.seen[0]?.headers['content-type'], 'application/octet-stream');
});

test('no error says the token', async (t) => {
  const echo: Reply = (response, { query }, request) =>
    remote('SecurityException', `bad ${query.get('delegation')} in ${request.url}`, 401)(response, { query } as never, request);
  const replies: Reply[] = [
    echo,
    text(403, `<title>${TOKEN}</title>`),
    redirect(`${await nobody()}/a?delegation=${TOKEN}`),
    redirect(`ftp://h/?delegation=${TOKEN}`),
    redirect(`http://[/?delegation=${TOKEN}`),
    text(200, TOKEN),
    json({ FileStatus: TOKEN }),
    (response) => void response.socket?.destroy(),
    (response) => void response.socket?.end(`${TOKEN}\r\n\r\n`),
  ];
  for (const reply of replies) {
    const server = await scripted(t, [reply]);
    const hdfs = new WebHdfs({ url: server.url, delegationToken: TOKEN, retries: 0 });
    for (const call of [() => hdfs.getFileStatus('/a'), () => hdfs.createFile('/a', 'x'), () => hdfs.getFileChecksum('/a')]) {
      const error = await call().catch((reason: unknown) => reason);
      assert.ok(error instanceof WebHdfsError, inspect(error));
      assert.ok(!inspect(error, { depth: 10, showHidden: true }).includes(TOKEN), inspect(error, { depth: 10 }));
    }
  }
});

test('no error says the token that a call is about, nor what a header has', async (t) => {
  const echo: Reply = (response, { query, headers }, request) =>
    remote('InvalidToken', `bad ${query.get('token')} of ${headers.authorization?.split(' ')[1]}`)(response, {} as never, request);
  const hdfs = client(await scripted(t, [echo]), { headers: { authorization: 'Basic c2VjcmV0LXNlY3JldA==' } });
  for (const call of [() => hdfs.tokens.renew(TOKEN), () => hdfs.tokens.cancel(TOKEN)]) {
    const error = inspect(await call().catch((reason: unknown) => reason), { depth: 10 });
    assert.ok(/bad \[redacted\] of \[redacted\]/.test(error), error);
    assert.ok(!error.includes(TOKEN) && !error.includes('c2VjcmV0'), error);
  }
});

test('401 without a RemoteException asks for another authentication', async (t) => {
  await assert.rejects(client(await scripted(t, [text(401, '<html>')])).getHomeDirectory(), AuthenticationError);
});

test('what a filter says behind the status is taken for an exception', async (t) => {
  const server = await scripted(t, [
    (response) => void response.writeHead(403, 'org.apache.hadoop.security.token.SecretManager$InvalidToken: token is expired').end(),
  ]);
  await assert.rejects(
    client(server).getHomeDirectory(),
    (error) => error instanceof AuthenticationError && error.exception === 'InvalidToken',
  );
});

test('https: the authority, the own certificate, and no way back to http', async (t) => {
  const [key, cert] = [pem('key'), pem('cert')];
  const secure = (replies: readonly Reply[]) =>
    scripted(t, replies, (listener) => createSecureServer({ key, cert, ca: cert, requestCert: true, rejectUnauthorized: true }, listener));
  const tls = { ca: cert, cert, key };
  const plain = await scripted(t, [text(201)]);
  const data = await secure([text(201)]);
  const server = await secure([yes, redirect(`${data.url}/a`), redirect(`${plain.url}/a`), redirect(`${plain.url}/a`)]);
  const hdfs = client(server, { tls });
  await hdfs.mkdirs('/a');
  await hdfs.createFile('/a', 'x');
  await assert.rejects(
    hdfs.createFile('/a', 'x'),
    (error) => error instanceof ResponseError && /allowInsecureRedirects/.test(error.message),
  );
  await client(server, { tls, allowInsecureRedirects: true }).createFile('/a', 'plain');
  assert.deepEqual([data.seen[0]?.body, plain.seen[0]?.body], ['x', 'plain']);
  await assert.rejects(client(server).mkdirs('/a'), (error) => error instanceof ConnectionError && !error.retriable);
  await assert.rejects(client(server, { tls: { ca: cert } }).mkdirs('/a'), ConnectionError);
});

test('mapRedirect changes where the data goes', async (t) => {
  const data = await scripted(t, [text(201)]);
  const server = await scripted(t, [redirect('http://datanode-7.internal:9864/webhdfs/v1/a?op=CREATE')]);
  await client(server, {
    mapRedirect: (location) => {
      location.host = data.host;
      return location;
    },
  }).createFile('/a', 'x');
  assert.equal(data.seen[0]?.path, '/webhdfs/v1/a');
});

test('a body that breaks off is read again as a whole; a stream of it fails', async (t) => {
  const broken: Reply = (response) => {
    response.writeHead(200, { 'content-length': 10 }).write('12345');
    setImmediate(() => response.destroy());
  };
  const server = await behind(t, [broken, text(200, '1234567890'), broken]);
  const hdfs = client(server, { retries: 1, backoff: { minMs: 1 } });
  assert.equal((await hdfs.readFile('/a')).toString(), '1234567890');
  const stream = await hdfs.openFile('/a');
  const [error] = (await once(stream.resume(), 'error').catch((reason: unknown) => [reason])) as [unknown];
  assert.ok(error instanceof ConnectionError && error.retriable);
});

test('a gateway that ends a file early is found out', async (t) => {
  const status = json({ FileStatus: { length: 10 } });
  // The first time, its length is asked for after it is known to be a gateway; from then on before.
  const server = await scripted(t, [text(200, '12345'), status, status, text(200, ''), status, text(200, '1234567890')]);
  const hdfs = client(server, { retries: 2, backoff: { minMs: 1 } });
  assert.equal((await hdfs.readFile('/a')).toString(), '1234567890');
  const other = client(await scripted(t, [text(200, '45'), status, status, text(200, ''), status, text(200, '89')]));
  await assert.rejects(other.readFile('/a', { offset: 3, length: 4 }), (error) => error instanceof ConnectionError && error.retriable);
  assert.equal((await other.readFile('/a', { offset: 10 })).length, 0);
  assert.equal((await other.readFile('/a', { offset: 8 })).toString(), '89');
});

test('a body that stops without an end times out; one that waits for its reader does not', async (t) => {
  const stops: Reply = (response) => void response.writeHead(200, { 'content-length': 10 }).write('12345');
  const timeoutMs = 60_000;
  const hdfs = client(await behind(t, [stops, text(200, 'x'.repeat(1_000_000))]), { timeoutMs });
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const stopped = await hdfs.openFile('/a');
  await once(stopped, 'data');
  t.mock.timers.tick(timeoutMs - 1);
  assert.equal(stopped.destroyed, false);
  t.mock.timers.tick(1);
  const [error] = (await once(stopped, 'error')) as [unknown];
  assert.ok(error instanceof TimeoutError);
  const slow = await hdfs.openFile('/a');
  slow.read(0);
  // Nobody reads, and it holds as much as it may.
  while (slow.readableLength < slow.readableHighWaterMark) await turn();
  t.mock.timers.tick(2 * timeoutMs);
  assert.equal((await buffer(slow)).length, 1_000_000);
});

test('a DataNode that accepts and does not read times out', async (t) => {
  const data = await raw(t, (socket) => void socket.pause());
  const hdfs = client(await scripted(t, [redirect(`${data.url}/a`)]), { timeoutMs: 200 });
  await assert.rejects(
    hdfs.createFile('/a', Buffer.alloc(20_000_000)),
    (error) => error instanceof TimeoutError && error.peer === 'datanode',
  );
});

test('an endless error is not read to its end', async (t) => {
  const endless: Reply = (response) => {
    response.writeHead(500);
    const more = (): void => {
      while (!response.destroyed && response.write('x'.repeat(16_384)));
    };
    response.on('drain', more).on('error', () => undefined);
    more();
  };
  await assert.rejects(client(await scripted(t, [endless])).getFileStatus('/a'), ResponseError);
});

test('a file larger than maxBytes is not taken into memory', async (t) => {
  await assert.rejects(client(await behind(t, [text(200, '12345')])).readFile('/a', { maxBytes: 4 }), ResponseError);
  assert.equal((await client(await behind(t, [text(200, '12345')])).readFile('/a', { maxBytes: 5 })).length, 5);
});

test('answers without what was asked for are errors, not undefined', async (t) => {
  for (const reply of [
    json({}),
    json([]),
    json(null),
    json({ FileStatus: 1 }),
    json({ FileStatus: [] }),
    text(200, 'nonsense'),
    text(200),
  ]) {
    await assert.rejects(client(await scripted(t, [reply])).getFileStatus('/a'), ResponseError);
  }
  await assert.rejects(client(await scripted(t, [json({ FileStatuses: { FileStatus: [1] } })])).listStatus('/a'), ResponseError);
  const again = json({
    DirectoryListing: { partialListing: { FileStatuses: { FileStatus: [{ pathSuffix: 'a' }] } }, remainingEntries: 1 },
  });
  await assert.rejects(client(await scripted(t, [json({})])).getFileStatus('a'), { operation: 'GETFILESTATUS', path: '/a' });
  const endless = client(await scripted(t, [again])).list('/a');
  await endless.next();
  await assert.rejects(endless.next(), ResponseError);
});

test('the error of the own stream comes back as it is, and the connection is closed', async (t) => {
  let closed: Promise<unknown> = Promise.resolve();
  const data = await raw(t, (socket) => {
    closed = once(socket, 'close');
    socket.once('data', () => socket.write('HTTP/1.1 100 Continue\r\n\r\n')).resume();
  });
  const hdfs = client(await scripted(t, [redirect(`${data.url}/a`)]));
  const failure = Object.assign(new Error('the disk broke'), { code: 'EIO', syscall: 'read' });
  const source = Readable.from(
    (async function* () {
      yield 'one';
      await Promise.resolve();
      throw failure;
    })(),
  );
  await assert.rejects(hdfs.createFile('/a', source), failure);
  await closed;
});
