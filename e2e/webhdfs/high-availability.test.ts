/** The WebHDFS client against two real NameNodes, of which one is active, and then the other. */
import { hdfsPair, lacksServer } from '@meniscus/testkit';
import { StandbyError, WebHdfs } from '@meniscus/webhdfs';
import assert from 'node:assert/strict';
import { test } from 'node:test';

test('two NameNodes', { skip: await lacksServer('hdfs') }, async (t) => {
  const pair = await hdfsPair(t);
  const { user, urls } = pair;
  using both = new WebHdfs({ url: urls, user, retries: 200, backoff: { minMs: 50, maxMs: 300 } });
  using hasty = new WebHdfs({ url: urls, user, retries: 0 });

  // Nobody is active.
  await assert.rejects(hasty.mkdirs('/a'), (error) => error instanceof StandbyError && error.retriable && !error.mayHaveActed);
  await assert.rejects(hasty.rename('/a', '/b'), StandbyError);

  // The call that nobody can serve is served as soon as somebody can. It is the second one in the list.
  const waiting = both.mkdirs('/a');
  await pair.activate(1);
  await waiting;
  assert.equal(both.nameNode, `${urls[1]}/webhdfs/v1`);
  await hasty.createFile('/a/1', 'written on the second');
  await hasty.rename('/a/1', '/a/2');
  assert.equal(hasty.nameNode, `${urls[1]}/webhdfs/v1`);

  // The active one crashes in the middle of the work, and the other takes over.
  const stop = new AbortController();
  const work = (async () => {
    for (let n = 0; ; n++) {
      await both.createFile(`/work/${n}`, `content ${n}`, { overwrite: true });
      if (stop.signal.aborted) return n + 1;
    }
  })();
  await pair.nameNodes[1].kill();
  await pair.activate(0);
  stop.abort();
  const written = await work;
  assert.equal((await both.listStatus('/work')).length, written);
  for (let n = 0; n < written; n++) assert.equal((await both.readFile(`/work/${n}`)).toString(), `content ${n}`);
  assert.equal(both.nameNode, `${urls[0]}/webhdfs/v1`);
  assert.equal((await hasty.readFile('/a/2')).toString(), 'written on the second');
});
