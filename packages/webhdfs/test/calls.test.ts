/** Arguments, paths and signals. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { PassThrough } from 'node:stream';
import { test } from 'node:test';
import { WebHdfs, type WebHdfsOptions } from '../src/index.ts';
import { behind, json, raw, redirect, scripted, silence, text, yes } from './scripted-server.ts';

test('options that cannot be are refused at once', () => {
  const wrong: Partial<WebHdfsOptions>[] = [
    { url: [] },
    { url: 'ftp://host' },
    { url: 'nonsense' },
    { url: 'http://user:secret@host' },
    { url: 'http://host?user.name=me' },
    { timeoutMs: 0 },
    { timeoutMs: Number.NaN },
    { retries: -1 },
    { retries: 1.5 },
    { backoff: { minMs: 0 } },
  ];
  for (const options of wrong) assert.throws(() => new WebHdfs({ url: 'http://host', ...options }), TypeError, JSON.stringify(options));
});

test('paths: any legal name, percent-encoded, with one leading slash', async (t) => {
  const server = await scripted(t, [yes]);
  const hdfs = new WebHdfs({ url: `${server.url}/webhdfs/v1`, user: 'me&op=DELETE' });
  const names = ['a b', 'a+b', 'a%20b', 'ü', '日本', '😀', 'a?b#c', 'a;b=c&d', '%2e%2e', '...', "it's", '\\'];
  for (const name of names) {
    await hdfs.mkdirs(`${name}//x/`);
    const seen = server.seen.at(-1)!;
    assert.equal(decodeURIComponent(seen.path), `/webhdfs/v1/${name}/x`);
    assert.deepEqual([...seen.query.keys()], ['op', 'user.name']);
    assert.equal(seen.query.get('user.name'), 'me&op=DELETE');
    await hdfs.rename('/a', name);
    assert.equal(server.seen.at(-1)!.query.get('destination'), `/${name}`);
  }
  const before = server.seen.length;
  for (const path of ['/a/../b', '..', './a', '\ud800']) await assert.rejects(hdfs.mkdirs(path), TypeError);
  await assert.rejects(hdfs.rename('/a', '/b/..'), TypeError);
  await assert.rejects(hdfs.concat('/a', ['/b,c']), TypeError);
  assert.equal(server.seen.length, before);
});

test('permissions are octal', async (t) => {
  const server = await scripted(t, [yes]);
  const hdfs = new WebHdfs({ url: server.url });
  for (const [permission, sent] of [
    [0o755, '755'],
    ['0640', '0640'],
    [0o1777, '1777'],
    ['0', '0'],
  ] as const) {
    await hdfs.mkdirs('/a', { permission });
    assert.equal(server.seen.at(-1)!.query.get('permission'), sent);
  }
  for (const permission of [0o2000, -1, 1.5, 'rwx', '888', '']) await assert.rejects(hdfs.mkdirs('/a', { permission }), TypeError);
});

test('data that is none is refused', async (t) => {
  const server = await scripted(t, [redirect('http://127.0.0.1:1/')]);
  const hdfs = new WebHdfs({ url: server.url, retries: 0 });
  for (const data of [1, null, undefined, {}]) await assert.rejects(hdfs.createFile('/a', data as never), TypeError);
  const node = await scripted(t, [text(201)]);
  const other = new WebHdfs({ url: (await scripted(t, [redirect(`${node.url}/a`)])).url, retries: 0 });
  await assert.rejects(other.createFile('/a', [1] as never), TypeError);
});

test('every kind of data arrives', async (t) => {
  const node = await scripted(t, [text(201)]);
  const hdfs = new WebHdfs({ url: (await scripted(t, [redirect(`${node.url}/a`)])).url });
  async function* generator() {
    yield 'a';
    yield new Uint8Array([0x62]);
    yield '';
    yield 'ü';
  }
  await hdfs.createFile('/a', 'abü');
  await hdfs.createFile('/a', new TextEncoder().encode('abü'));
  await hdfs.createFile('/a', ['a', 'bü']);
  await hdfs.createFile('/a', generator());
  await hdfs.createFile('/a', generator);
  await hdfs.createFile('/a', new Blob(['abü']).stream());
  for (const { body } of node.seen) assert.equal(body, 'abü');
  assert.equal(node.seen.length, 6);
  assert.equal(node.seen[0]?.headers['content-length'], '4');
  assert.equal(node.seen[3]?.headers['transfer-encoding'], 'chunked');
  await hdfs.createFile('/a', '');
  assert.equal(node.seen.at(-1)?.headers['content-length'], '0');
});

const REASON = new Error('enough');

test('an aborted signal ends a call before it begins', async (t) => {
  const server = await scripted(t, [yes]);
  const hdfs = new WebHdfs({ url: server.url });
  const signal = AbortSignal.abort(REASON);
  await assert.rejects(hdfs.mkdirs('/a', { signal }), REASON);
  await assert.rejects(hdfs.createFile('/a', 'x', { signal }), REASON);
  await assert.rejects(hdfs.list('/a', { signal }).next(), REASON);
  assert.equal(server.seen.length, 0);
});

test('a signal ends the wait for an answer and the pause between attempts', async (t) => {
  const controller = new AbortController();
  const server = await scripted(t, [() => controller.abort(REASON)]);
  await assert.rejects(new WebHdfs({ url: server.url }).mkdirs('/a', { signal: controller.signal }), REASON);
  const other = new AbortController();
  const hdfs = new WebHdfs({
    url: (await scripted(t, [text(503)])).url,
    backoff: { minMs: 1_000_000, maxMs: 1_000_000 },
    onRetry: () => other.abort(REASON),
  });
  await assert.rejects(hdfs.getFileStatus('/a', { signal: other.signal }), REASON);
  const strange = new AbortController();
  const waiting = new WebHdfs({ url: (await scripted(t, [() => strange.abort('text')])).url }).mkdirs('/a', { signal: strange.signal });
  assert.equal(await waiting.catch((reason: unknown) => reason), 'text');
});

test('a signal ends an upload whose stream gives nothing more, and destroys the stream', async (t) => {
  const controller = new AbortController();
  const node = await raw(t, (socket) => {
    socket.once('data', () => {
      socket.write('HTTP/1.1 100 Continue\r\n\r\n');
      socket.on('data', () => controller.abort(REASON));
    });
  });
  const hdfs = new WebHdfs({ url: (await scripted(t, [redirect(`${node.url}/a`)])).url });
  const source = new PassThrough();
  source.write('the first part');
  const closed = once(source, 'close');
  await assert.rejects(hdfs.createFile('/a', source, { signal: controller.signal, overwrite: true }), REASON);
  await closed;
});

test('a signal ends a download', async (t) => {
  const controller = new AbortController();
  const server = await behind(t, [(response) => void response.writeHead(200, { 'content-length': 100 }).write('part')]);
  const stream = await new WebHdfs({ url: server.url }).openFile('/a', { signal: controller.signal });
  await assert.rejects(async () => {
    for await (const chunk of stream) {
      assert.equal(String(chunk), 'part');
      controller.abort(REASON);
    }
  }, REASON);
  const late = new AbortController();
  const hdfs = new WebHdfs({ url: (await scripted(t, [silence])).url });
  setImmediate(() => late.abort(REASON));
  await assert.rejects(hdfs.readFile('/a', { signal: late.signal }), REASON);
});

test('a signal leaves nothing behind in calls that succeed', async (t) => {
  const server = await scripted(t, [json({ boolean: true })]);
  const { signal } = new AbortController();
  const added: unknown[] = [];
  const removed: unknown[] = [];
  const [add, remove] = [signal.addEventListener.bind(signal), signal.removeEventListener.bind(signal)];
  signal.addEventListener = ((type: string, listener: () => void) => (added.push(listener), add(type, listener))) as never;
  signal.removeEventListener = ((type: string, listener: () => void) => (removed.push(listener), remove(type, listener))) as never;
  await new WebHdfs({ url: server.url }).mkdirs('/a', { signal });
  assert.ok(added.length > 0);
  for (const listener of added) assert.ok(removed.includes(listener));
});
