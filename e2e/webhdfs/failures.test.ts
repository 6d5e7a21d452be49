/** The WebHDFS client when servers die, hang and come back. */
import { hdfs as startHdfs, httpFs, lacksServer, until } from '@meniscus/testkit';
import { ConnectionError, TimeoutError, UnavailableError, WebHdfs, type WebHdfsOptions } from '@meniscus/webhdfs';
import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { test } from 'node:test';

/** As patient as a name node takes to notice a death. */
const PATIENT: Partial<WebHdfsOptions> = { retries: 200, backoff: { minMs: 50, maxMs: 300 } };

test('DataNodes die and return', { skip: await lacksServer('hdfs', 'httpfs') }, async (t) => {
  const server = await startHdfs(t, { dataNodes: 2 });
  const options = { url: server.url, user: server.user };
  using patient = new WebHdfs({ ...options, ...PATIENT });
  using hasty = new WebHdfs({ ...options, retries: 0 });
  using throughGateway = new WebHdfs({ ...options, url: (await httpFs(t, server)).url, retries: 0 });
  await patient.createFile('/before', 'before');

  await t.test('one dies: everything goes on with the other', async () => {
    await server.killDataNode(0);
    for (let n = 0; n < 5; n++) {
      await patient.createFile(`/one/${n}`, n % 2 === 0 ? 'text' : Readable.from(['te', 'xt']));
      await patient.appendFile(`/one/${n}`, '!');
      assert.equal((await patient.readFile(`/one/${n}`)).toString(), 'text!');
      assert.equal((await patient.readFile('/before')).toString(), 'before');
      assert.ok((await patient.getFileChecksum('/before')).algorithm);
    }
  });

  await t.test('both are dead: told as what may pass, by refused connections first and by the name node later', async () => {
    await server.killDataNode(1);
    const refused = await hasty.createFile('/two', 'x').catch((error: unknown) => error);
    assert.ok(refused instanceof ConnectionError || refused instanceof UnavailableError);
    assert.deepEqual([refused.retriable, refused.mayHaveActed], [true, false]);
    // The name node names dead DataNodes for ten seconds. Then it has none to name.
    const later = await until(
      'the name node to notice',
      () =>
        hasty.createFile('/two', 'x').then(
          () => undefined,
          (error: unknown) => error instanceof UnavailableError && error,
        ),
      60_000,
    );
    assert.deepEqual([later.exception, later.status, later.retriable, later.mayHaveActed], ['IOException', 403, true, false]);
    await assert.rejects(hasty.readFile('/before'), (error) => error instanceof UnavailableError && error.retriable);
    // HttpFS says 200 and gives nothing.
    await assert.rejects(throughGateway.readFile('/before'), (error) => error instanceof ConnectionError && error.retriable);
    await assert.rejects(throughGateway.createFile('/two', 'x'), (error) => error instanceof UnavailableError && error.retriable);
    assert.equal((await hasty.getFileStatus('/before')).length, 6);
  });

  await t.test('a call that waits succeeds when they return', async () => {
    const waiting = patient.createFile('/three', Readable.from(['x']));
    await Promise.all([server.startDataNode(0), server.startDataNode(1)]);
    await waiting;
    assert.equal((await patient.readFile('/three')).toString(), 'x');
    assert.equal((await patient.readFile('/before')).toString(), 'before');
  });

  await t.test('a DataNode hangs in the middle of an upload', async () => {
    using impatient = new WebHdfs({ ...options, retries: 0, timeoutMs: 500 });
    async function* source(): AsyncGenerator<Buffer> {
      for (let n = 0; ; n++) {
        if (n === 100) for (const node of server.dataNodes) node.pause();
        yield Buffer.alloc(65_536);
      }
    }
    await assert.rejects(impatient.createFile('/four', source()), (error) => error instanceof TimeoutError && error.peer === 'datanode');
    for (const node of server.dataNodes) node.resume();
    await patient.createFile('/four', 'whole', { overwrite: true });
    assert.equal((await patient.readFile('/four')).toString(), 'whole');
  });
});

test('a name node hangs, dies and returns', { skip: await lacksServer('hdfs') }, async (t) => {
  const server = await startHdfs(t);
  const options = { url: server.url, user: server.user };
  using hasty = new WebHdfs({ ...options, retries: 0, timeoutMs: 500 });
  using patient = new WebHdfs({ ...options, ...PATIENT });
  await patient.createFile('/a', 'kept');

  server.pause();
  await assert.rejects(hasty.getFileStatus('/a'), (error) => error instanceof TimeoutError && error.peer === 'namenode' && error.retriable);
  await assert.rejects(hasty.createFile('/b', 'x'), (error) => error instanceof TimeoutError && !error.mayHaveActed);
  await assert.rejects(hasty.rename('/a', '/b'), (error) => error instanceof TimeoutError && error.mayHaveActed);
  await assert.rejects(patient.getFileStatus('/a', { signal: AbortSignal.timeout(300) }), { name: 'TimeoutError' });
  server.resume();

  await server.kill();
  await assert.rejects(hasty.getFileStatus('/a'), (error) => error instanceof ConnectionError && !error.mayHaveActed);
  const waiting = patient.createFile('/c', 'written when it is back', { overwrite: true });
  await server.restart();
  await waiting;
  assert.equal((await patient.readFile('/c')).toString(), 'written when it is back');

  using pair = new WebHdfs({ ...options, url: ['http://127.0.0.1:1', server.url], retries: 0 });
  assert.ok((await pair.listStatus('/')).length > 0);
  assert.equal(pair.nameNode, `${server.url}/webhdfs/v1`);
});
