/** The sink `mongodb` against FerretDB: what is stored, refused, tried again and deleted. */
import assert from 'node:assert/strict';
import { suite, test, type TestContext } from 'node:test';
import { ferretDb, lacksServer, onEnd, until, type Cleanup, type Server } from '@meniscus/testkit';
import { MongoClient, type Collection } from 'mongodb';
import { NumberText } from '../../packages/server/src/event/leaf.ts';
import { ACME, RECEIVED, sinkBatch, type TestEvent } from '../../packages/server/src/sinks/document/documents.testing.ts';
import { mongodbKind } from '../../packages/server/src/sinks/mongodb/kind.ts';
import { WRITTEN, type SinkWriter } from '../../packages/server/src/sinks/writer.ts';
import { numbers, running, SinkService, writerOf } from '../support/sinks.ts';

const DAY = 86_400e6;
let databases = 0;

/** A collection of a database of its own, as another client sees it. */
async function collectionOf(t: Cleanup, server: Server, database: string): Promise<Collection> {
  const client = await new MongoClient(server.url, { useBigInt64: true, serverSelectionTimeoutMS: 20_000 }).connect();
  onEnd(t, async () => client.close());
  return client.db(database).collection('events');
}

interface Fixture {
  readonly writer: SinkWriter;
  readonly events: Collection;
}

async function fixture(t: TestContext, server: Server, timeoutMs = 5000): Promise<Fixture> {
  const database = `test${databases++}`;
  const writer = await writerOf(t, mongodbKind, { url: server.url, database }, { timeoutMs });
  await writer.open(running);
  return { writer, events: await collectionOf(t, server, database) };
}

const messages = async (events: Collection): Promise<string[]> =>
  (await events.find().toArray()).map((found) => String(found['msg'])).sort((a, b) => Number(a) - Number(b));

const numbered = (count: number, event: TestEvent = {}, from = 0) =>
  sinkBatch(
    Array.from({ length: count }, (_, i) => ({ ...event, msg: String(from + i) })),
    from,
  );

suite('the sink mongodb', { skip: await lacksServer('ferretdb') }, async () => {
  test('keeps the document under the id of its event', async (t) => {
    const { writer, events } = await fixture(t, await ferretDb(t));
    const batch = sinkBatch([
      { host: 'web', pname: 'sshd', severity: 6, facility: 4, ver: 1, msg: 'ünï', native: { a: { b: [1, 'x', null, true] }, e: {} } },
      {},
    ]);
    assert.deepEqual(await writer.write(batch, running), WRITTEN);
    for (const row of [0, 1]) {
      const found = await events.findOne({ _id: batch.id(row) as never }, { useBigInt64: false } as object);
      assert.deepEqual(JSON.parse(JSON.stringify(found, (_, value: unknown) => (typeof value === 'bigint' ? Number(value) : value))), {
        _id: batch.id(row),
        ...(JSON.parse(batch.document(row)) as object),
      });
    }
    const indexes = (await events.indexes()).map(({ key }) => Object.keys(key).join());
    assert.deepEqual(new Set(indexes), new Set(['_id', 'meniscus.tenant,time', 'meniscus.tenant,meniscus.received']));
  });

  test('with one server', async (t) => {
    const server = await ferretDb(t);

    await t.test('escapes keys, and has large integers', async (t) => {
      const { writer, events } = await fixture(t, server);
      const native = {
        'a.b': 1,
        $c: { '%': 2 },
        'n\0': 3,
        _bsontype: 'ObjectId',
        toBSON: 1,
        big: new NumberText('9007199254740993'),
        huge: new NumberText('1'.repeat(30)),
      };
      assert.deepEqual(await writer.write(sinkBatch([{ native }]), running), WRITTEN);
      const found = (await events.findOne())!['native'] as object;
      assert.deepEqual(found, {
        'a%2Eb': 1,
        '%24c': { '%25': 2 },
        'n%00': 3,
        _bsontype: 'ObjectId',
        toBSON: 1,
        big: 9007199254740993n,
        huge: '1'.repeat(30),
      });
    });

    await t.test('doubles nothing that comes again, whole or in part', async (t) => {
      const { writer, events } = await fixture(t, server);
      const batch = numbered(2500);
      await writer.write(batch.select([5, 6, 1999]), running);
      assert.deepEqual(await writer.write(batch, running), WRITTEN);
      assert.deepEqual(await writer.write(batch, running), WRITTEN);
      assert.deepEqual(await messages(events), numbers(2500));
    });

    await t.test('tells which documents are refused, in the words of the server; the others are there', async (t) => {
      const { writer, events } = await fixture(t, server);
      await events.createIndex({ host: 1 }, { unique: true });
      const batch = sinkBatch([
        { host: 'a', msg: '0' },
        { host: 'a', msg: '1' },
        { host: 'b', msg: '2', native: { large: 'x'.repeat(17 << 20) } },
        { host: 'c', msg: '3' },
      ]);
      const { refused, again } = await writer.write(batch, running);
      assert.deepEqual(again, []);
      assert.deepEqual(new Set(refused.map(({ row }) => row)), new Set([1, 2]));
      assert.match(refused.find(({ row }) => row === 1)!.text, /E11000 duplicate key/);
      assert.match(refused.find(({ row }) => row === 2)!.text, /more than the 16777216 that MongoDB takes/);
      assert.deepEqual(await messages(events), ['0', '3']);
    });

    await t.test('deletes a tenant, and not what its successor has, nor others', async (t) => {
      const { writer, events } = await fixture(t, server);
      const other = { number: 2, id: 'acme2', name: '', retentionDays: 1 };
      await writer.write(
        sinkBatch([
          { msg: '0' },
          { msg: '1', received: RECEIVED - 50 * DAY },
          { msg: '2', received: RECEIVED + 1 },
          { msg: '3', tenant: other },
        ]),
        running,
      );
      await writer.removeTenant!(ACME, RECEIVED + 1, running);
      assert.deepEqual(await messages(events), ['2', '3']);
    });

    await t.test("deletes what is past each tenant's retention", async (t) => {
      const { writer, events } = await fixture(t, server);
      const now = Date.now() * 1000;
      const short = { number: 2, id: 'short', name: '', retentionDays: 2 };
      const ago = (msg: string, days: number, tenant = ACME): TestEvent => ({ msg, tenant, received: now - days * DAY });
      await writer.write(sinkBatch([ago('0', 89), ago('1', 91), ago('2', 400), ago('3', 1, short), ago('4', 3, short)]), running);
      await writer.retain!([ACME, short], running);
      assert.deepEqual(await messages(events), ['0', '3']);
    });

    await t.test('gives up on a silent server in time, and goes on with it later', async (t) => {
      const unhandled: unknown[] = [];
      const note = (error: unknown): void => void unhandled.push(error);
      process.on('unhandledRejection', note);
      const { writer, events } = await fixture(t, server, 1000);
      const batch = numbered(1000);
      server.pause();
      try {
        await assert.rejects(writer.write(batch, running));
        await assert.rejects(writer.open(running));
        await assert.rejects(writer.write(batch, AbortSignal.timeout(50)));
      } finally {
        server.resume();
      }
      await until('the sink to be open', async () =>
        writer.open(running).then(
          () => true,
          () => false,
        ),
      );
      assert.deepEqual(await writer.write(batch, running), WRITTEN);
      assert.deepEqual(await messages(events), numbers(1000));
      process.off('unhandledRejection', note);
      assert.deepEqual(unhandled, []);
    });

    await t.test('after a crash of the server everything is there once', async (t) => {
      const { writer, events } = await fixture(t, server, 2000);
      const batch = numbered(5000);
      const crashing = writer.write(batch, running).then(
        () => 'written',
        () => 'failed',
      );
      await until('some documents', async () => (await events.countDocuments()) > 0);
      await server.kill();
      await crashing;
      await assert.rejects(writer.write(batch, running), /ECONNREFUSED/);
      await server.restart();
      await writer.open(running);
      assert.deepEqual(await writer.write(batch, running), WRITTEN);
      assert.deepEqual(await messages(events), numbers(5000));
    });
  });

  test('a service with it: the server stops, crashes and comes back, the service is killed', async (t) => {
    const server = await ferretDb(t);
    const service = await SinkService.start(
      t,
      `sinks: [{ type: mongodb, url: "${server.url}", timeout: 3s }]\ndefault_sinks: [store, mongodb]`,
    );
    const events = await collectionOf(t, server, 'meniscus');
    const arrived = async (count: number): Promise<void> => {
      await until(`${count} documents`, async () => (await events.countDocuments()) >= count, 60_000);
      assert.deepEqual(await messages(events), numbers(count));
    };
    await service.publish(1000);
    server.pause();
    await service.publish(1000);
    await until('an error on view', async () => (await service.view('mongodb')).last_error);
    assert.equal((await service.client.events(service.tenant.id)).length, 2000, 'the store goes on');
    server.resume();
    await arrived(2000);
    await service.publish(500);
    await server.kill();
    await service.publish(500);
    await service.restart('SIGKILL');
    await server.restart();
    await arrived(await service.publish(500));
    assert.equal((await service.client.call(service.client.path('acme'), { method: 'DELETE' })).status, 200);
    // Each step of the deletion reads the whole collection there: FerretDB does not use the index.
    await until('the documents to be gone', async () => (await events.countDocuments()) === 0, 60_000);
  });
});
