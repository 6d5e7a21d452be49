/** Store-and-forward: one service with all sinks and real servers, which go away one after the other in every way that a server can. */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, before, suite, test } from 'node:test';
import { lacksServer, scriptCleanup, until } from '@meniscus/testkit';
import type { SmallDisk } from '../support/small-disk.ts';
import { ARCHIVE, Fixture, startServers, type SinkName } from './dispatch/fixture.ts';
import { Gate } from './dispatch/gate.ts';
import { allComplete, load, othersGoOn, outage, type Outage } from './dispatch/outage.ts';

const REFUSED_CONNECTION = /ECONNREFUSED|ECONNRESET|refused|cannot reach|closed|timed out|terminated/i;
const SILENCE = /has not answered|no answer|timed? ?out|silent|within 3000 ms/i;

function incompressible(bytes: number): string {
  return randomBytes(bytes >> 1).toString('hex');
}

suite('store-and-forward', { skip: await lacksServer('opensearch', 'ferretdb', 'hdfs') }, () => {
  const cleanup = scriptCleanup();
  let of: Fixture;
  before(async () => {
    of = await Fixture.start(cleanup, await startServers(cleanup));
  });
  after(async () => cleanup.end());

  const away = (name: string, make: () => Outage): void => void test(name, async () => outage(of, make()));

  /** Also what a server has set aside of its disk is used up then. */
  const fillUp = async (disk: SmallDisk): Promise<void> => {
    disk.fill(0);
    await of.publish('first', 20, ` ${incompressible(400_000)}`);
  };

  /** Anything of a cluster's API. */
  const cluster = async (path: string, body: unknown): Promise<void> => {
    const request = { method: 'PUT', body: JSON.stringify(body), headers: { 'content-type': 'application/json' } };
    const response = await fetch(of.servers.cluster.url + path, request);
    assert.equal(response.status, 200, await response.text());
  };

  test('all sinks get everything, once and in order', async () => {
    await load(of);
    await allComplete(of);
  });

  const servers = {
    elasticsearch: () => of.servers.cluster,
    mongodb: () => of.servers.mongo,
    hdfs: () => of.servers.hadoop,
  } as const;

  for (const sink of ['elasticsearch', 'mongodb', 'hdfs'] as const) {
    away(`${sink}: stopped, also while the service restarts`, () => ({
      sink,
      begin: async () => servers[sink]().stop(),
      meanwhile: async () => {
        assert.equal(await of.restart('SIGTERM'), 0, 'a clean stop, although a sink is away');
        await load(of);
        await othersGoOn(of, sink);
      },
      end: async () => servers[sink]().restart(),
      error: REFUSED_CONNECTION,
    }));

    away(`${sink}: silent (SIGSTOP)`, () => ({
      sink,
      begin: () => servers[sink]().pause(),
      end: () => servers[sink]().resume(),
      error: SILENCE,
    }));

    away(`${sink}: crashes and starts with its data, the service crashes meanwhile`, () => ({
      sink,
      begin: async () => servers[sink]().kill(),
      meanwhile: async () => of.restart('SIGKILL'),
      end: async () => servers[sink]().restart(),
      error: REFUSED_CONNECTION,
    }));

    test(`${sink}: answers slowly, and so slowly that no answer ends`, async () => {
      const { port, url } = servers[sink]();
      const gate = await Gate.before(cleanup, port);
      await of.reconfigure(sink, { url: url.replace(`:${port}`, `:${gate.port}`) });
      await outage(of, { sink, begin: () => gate.trickle(1000, 300), end: () => gate.open() });
      await outage(of, { sink, begin: () => gate.trickle(1, 200), end: () => gate.open() });
      await of.reconfigure(sink, { url });
    });
  }

  away('elasticsearch: the cluster is read-only', () => ({
    sink: 'elasticsearch',
    begin: () => cluster('/_cluster/settings', { persistent: { 'cluster.blocks.read_only': true } }),
    end: () => cluster('/_cluster/settings', { persistent: { 'cluster.blocks.read_only': null } }),
    error: /cluster_block_exception/,
  }));

  for (const block of ['index.blocks.write', 'index.blocks.read_only_allow_delete'])
    away(`elasticsearch: ${block}, as where the disk is nearly full`, () => ({
      sink: 'elasticsearch',
      begin: () => cluster('/meniscus-acme/_settings', { [block]: true }),
      end: () => cluster('/meniscus-acme/_settings', { [block]: null }),
      error: /cluster_block_exception/,
    }));

  away('hdfs: the DataNode is killed', () => ({
    sink: 'hdfs',
    begin: () => of.servers.hadoop.killDataNode(0),
    end: () => of.servers.hadoop.startDataNode(0),
    error: /ECONNREFUSED|datanode|DataNode/,
  }));

  away('hdfs: the DataNode is silent', () => ({
    sink: 'hdfs',
    begin: () => of.servers.hadoop.dataNodes[0]!.pause(),
    end: () => of.servers.hadoop.dataNodes[0]!.resume(),
    error: SILENCE,
  }));

  away('hdfs: it may not write', () => ({
    sink: 'hdfs',
    begin: async () => of.servers.superuser.setPermission(`${ARCHIVE}/.tmp`, 0o555),
    end: async () => of.servers.superuser.setPermission(`${ARCHIVE}/.tmp`, 0o755),
    error: /[Pp]ermission denied/,
  }));

  away('hdfs: no space is left to it', () => ({
    sink: 'hdfs',
    begin: async () => of.servers.superuser.quotas.set(ARCHIVE, { space: 1 }),
    end: async () => of.servers.superuser.quotas.set(ARCHIVE, { space: null }),
    error: /quota/i,
  }));

  away('http: closed', () => ({
    sink: 'hook',
    begin: async () => of.servers.hook.stop(),
    end: async () => of.servers.hook.start(),
    error: /ECONNREFUSED|closed/,
  }));

  for (const [name, answer, error] of [
    ['silent', 'silence', SILENCE],
    ['takes it and hangs up', 'take and hang up', /closed|hang up|ECONNRESET|other side/],
    ['answers 503', { status: 503 }, /answered 503: not now/],
    ['answers 429 and when to come again', { status: 429, headers: { 'retry-after': '1' } }, /answered 429/],
  ] as const)
    away(`http: ${name}`, () => ({
      sink: 'hook',
      begin: () => void (of.servers.hook.answer = answer),
      end: () => {
        of.servers.hook.answer = 'take';
        of.servers.hook.hangUp();
      },
      error,
    }));

  for (const [sink, disk, error] of [
    ['archive', 'archive', /ENOSPC/],
    ['mongodb', 'mongo', /./],
  ] as const)
    test(`${sink}: its disk is full`, async (t) => {
      const small = of.servers.disks[disk];
      if (typeof small === 'string') return t.skip(small);
      let refilling: NodeJS.Timeout | undefined;
      const begin = async (): Promise<void> => {
        await fillUp(small);
        // A database that cleans up after a failure finds room for the next try.
        refilling = setInterval(() => small.fill(0), 20);
      };
      const end = async (): Promise<void> => {
        clearInterval(refilling);
        small.empty();
        // A database that met a full disk may need it: MongoDB ends by itself then.
        if (sink === 'mongodb') await of.servers.mongo.restart();
      };
      await outage(of, { sink, begin, end, error });
      return undefined;
    });

  test('all of them at once, and the service crashes meanwhile', async () => {
    const { cluster, mongo, hadoop, hook } = of.servers;
    await load(of);
    hook.answer = 'silence';
    mongo.pause();
    await Promise.all([cluster.kill(), hadoop.kill()]);
    await load(of);
    await of.restart('SIGKILL');
    await load(of);
    await othersGoOn(of, 'elasticsearch', 'mongodb', 'hdfs', 'hook');
    hook.answer = 'take';
    hook.hangUp();
    mongo.resume();
    await Promise.all([cluster.restart(), hadoop.restart()]);
    await load(of);
    await allComplete(of);
    assert.deepEqual(await of.letters(), []);
  });

  test('a limit of its own is warned of before it is reached; at it sources wait, and readyz says why', async () => {
    const sink: SinkName = 'elasticsearch';
    await of.reconfigure(sink, { queue_max_bytes: '1MiB' });
    of.servers.cluster.pause();
    try {
      const warnings = async (): Promise<string> => (await of.pipeline()).queue.warnings.join('\n');
      const fill = (share: number) => async (): Promise<true | undefined> => {
        if ((await of.view(sink)).lag.bytes >= share * 2 ** 20) return true;
        await of.publish('first', 100, ` ${incompressible(900)}`);
        return undefined;
      };
      await until('the lag to grow', fill(0.85));
      assert.match(await warnings(), /the sink elasticsearch lags by \d+ % of its queue_max_bytes: at 100 %/);
      assert.equal((await of.client.call('/readyz')).status, 200, 'it still takes events');
      await until('the lag to reach the limit', fill(1.01));
      const ready = await until('readyz to say so', async () => {
        const answer = await of.client.call('/readyz');
        return answer.status === 503 ? answer : undefined;
      });
      assert.match(JSON.stringify(ready.body), /the sink elasticsearch lags by more than its queue_max_bytes/);
      assert.match(await warnings(), /sources are held back: the sink elasticsearch/);
      await othersGoOn(of, sink);
    } finally {
      of.servers.cluster.resume();
    }
    await until('readiness', async () => (await of.client.call('/readyz')).status === 200, 60_000);
    await load(of);
    await allComplete(of);
    assert.deepEqual((await of.pipeline()).queue.warnings, []);
    await of.reconfigure(sink, { queue_max_bytes: undefined });
  });
});
