/** The sink `hdfs` against a real HDFS and a real HttpFS: what is in the files, whatever is killed when. */
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { after, before, suite, test, type TestContext } from 'node:test';
import { gunzipSync, zstdDecompressSync } from 'node:zlib';
import { hdfs, httpFs, lacksServer, scriptCleanup, temporaryDirectory, type Cleanup } from '@meniscus/testkit';
import { FileNotFoundError, WebHdfs } from '@meniscus/webhdfs';
import { withDefaults } from '../../packages/server/src/sinks/default-settings.testing.ts';
import { ACME, RECEIVED, sinkBatch } from '../../packages/server/src/sinks/document/documents.testing.ts';
import { KeptDocuments } from '../../packages/server/src/sinks/document/kept-documents.ts';
import { hdfsKind, type HdfsSettings } from '../../packages/server/src/sinks/hdfs/kind.ts';
import { createWriter } from '../../packages/server/src/sinks/hdfs/writer.ts';
import type { SinkWriter } from '../../packages/server/src/sinks/writer.ts';
import { running } from '../support/sinks.ts';

const DAY = '2026-11-23';

interface Fixture {
  readonly writer: SinkWriter;
  readonly client: WebHdfs;
  readonly settings: HdfsSettings;
  /** Another writer of the same sink, as after a restart. */
  readonly restarted: () => SinkWriter;
}

let directories = 0;

function fixture(t: TestContext, server: { readonly url: string }, user: string, changes: Partial<HdfsSettings> = {}): Fixture {
  const settings = withDefaults(hdfsKind, { url: [server.url], user, directory: `/archive-${directories++}`, ...changes });
  const stateDirectory = path.join(temporaryDirectory(t), 'state');
  mkdirSync(stateDirectory);
  const make = (): SinkWriter => {
    const writer = createWriter(settings, { name: 'hdfs', timeoutMs: 5_000, stateDirectory, warn: () => {} });
    t.after(() => writer.close());
    return writer;
  };
  const client = new WebHdfs({ url: server.url, user });
  t.after(() => client.close());
  return { writer: make(), client, settings, restarted: make };
}

async function filesOf({ client, settings }: Fixture, below = ''): Promise<string[]> {
  try {
    return (await client.listStatus(`${settings.directory}${below}`)).map(({ pathSuffix }) => pathSuffix).sort();
  } catch (error) {
    if (error instanceof FileNotFoundError) return [];
    throw error;
  }
}

async function linesOf(of: Fixture, below: string, decode: (bytes: Buffer) => Buffer = (bytes) => bytes): Promise<string[]> {
  const lines: string[] = [];
  for (const file of await filesOf(of, below)) {
    const text = decode(await of.client.readFile(`${of.settings.directory}${below}/${file}`)).toString();
    assert.ok(text.endsWith('\n'), `${file} ends in a whole line`);
    lines.push(...text.slice(0, -1).split('\n'));
  }
  return lines;
}

function events(from: number, to: number) {
  return Array.from({ length: to - from }, (_, i) => ({ msg: `event ${from + i}` }));
}

type Target = { readonly url: string; readonly user: string };

function contract(name: string, start: (t: Cleanup) => Promise<Target>, skip: string | false): void {
  suite(`the sink hdfs with ${name}`, { skip }, () => {
    const cleanup = scriptCleanup();
    let server: Target;
    before(async () => {
      server = await start(cleanup);
    });
    after(async () => cleanup.end());

    test('writes a file for each tenant and day, named by places in the queue', async (t) => {
      const of = fixture(t, server, server.user);
      const other = { ...ACME, number: 2, id: 'Other Tenant' };
      const batch = sinkBatch([{ msg: 'a' }, { msg: 'b', tenant: other }, { msg: 'c' }], 40);
      await of.writer.open(running);
      assert.deepEqual(await of.writer.write(batch, running), { refused: [], again: [] });
      assert.deepEqual(await filesOf(of, `/acme/${DAY}`), ['0000000000000040-0000000000000042.ndjson']);
      assert.deepEqual(await linesOf(of, `/acme/${DAY}`), [batch.document(0), batch.document(2)]);
      const [, hashed] = (await filesOf(of)).filter((file) => file.startsWith('.')).sort();
      assert.match(hashed ?? '', /^\.tmp$|^\.[0-9a-f]{40}$/);
      assert.deepEqual(await filesOf(of, '/.tmp'), [], 'nothing is left behind');
    });

    test('a retry, and a batch that overlaps what was written, double nothing', async (t) => {
      const of = fixture(t, server, server.user);
      await of.writer.open(running);
      await of.writer.write(sinkBatch(events(0, 5), 0), running);
      await of.writer.write(sinkBatch(events(0, 5), 0), running);
      const again = of.restarted();
      await again.open(running);
      await again.write(sinkBatch(events(3, 9), 3), running);
      assert.deepEqual(await filesOf(of, `/acme/${DAY}`), [
        '0000000000000000-0000000000000004.ndjson',
        '0000000000000005-0000000000000008.ndjson',
      ]);
      const msgs = (await linesOf(of, `/acme/${DAY}`)).map((line) => (JSON.parse(line) as { readonly msg: string }).msg);
      assert.deepEqual(
        msgs,
        events(0, 9).map(({ msg }) => msg),
      );
    });

    test('events whose places another service has used are an error, and not lost', async (t) => {
      const of = fixture(t, server, server.user, { compression: 'gzip' });
      await of.writer.open(running);
      await of.writer.write(sinkBatch(events(0, 5), 0), running);
      const another = of.restarted();
      await another.open(running);
      const later = events(0, 3).map((event) => ({ ...event, received: RECEIVED + 1_000_000 }));
      await assert.rejects(another.write(sinkBatch(later, 1), running), /0000000000000000-0000000000000004\.ndjson\.gz holds other events/);
      await another.write(sinkBatch(later, 5), running);
      // The first one does not know of that file until it would write one of the same name.
      await assert.rejects(
        of.writer.write(sinkBatch(events(3, 8), 3), running),
        /0000000000000005-0000000000000007\.ndjson\.gz holds other events/,
      );
    });

    test('an event of a dead letter goes to a file of its own', async (t) => {
      const of = fixture(t, server, server.user);
      const batch = sinkBatch(events(0, 3), 70);
      await of.writer.open(running);
      const kept = KeptDocuments.of([{ tenant: ACME, text: batch.document(1) }]);
      await of.writer.write(kept, running);
      await of.writer.write(kept, running);
      assert.deepEqual(await filesOf(of, `/acme/${DAY}`), ['0000000000000071-0000000000000071.ndjson']);
      const others = [2, 0].map((row) => ({ tenant: ACME, text: batch.document(row) }));
      await of.writer.write(KeptDocuments.of(others), running);
      assert.deepEqual((await linesOf(of, `/acme/${DAY}`)).sort(), [0, 1, 2].map((row) => batch.document(row)).sort());
    });

    test('compresses, ends files at their size, and follows a template', async (t) => {
      for (const [compression, suffix, decode] of [
        ['gzip', '.gz', gunzipSync],
        ['zstd', '.zst', zstdDecompressSync],
      ] as const) {
        const of = fixture(t, server, server.user, { compression, file_max_bytes: 65_536, path: 'logs/{tenant}/{year}/{month}-{day}' });
        await of.writer.open(running);
        const batch = sinkBatch(Array.from({ length: 300 }, (_, i) => ({ msg: `${i} ${'x'.repeat(500)}` })));
        await of.writer.write(batch, running);
        const files = await filesOf(of, '/logs/acme/2026/11-23');
        assert.ok(files.length > 3 && files.every((file) => file.endsWith(`.ndjson${suffix}`)), files.join());
        const lines = await linesOf(of, '/logs/acme/2026/11-23', decode);
        assert.deepEqual(
          lines,
          Array.from({ length: 300 }, (_, row) => batch.document(row)),
        );
      }
    });

    test('clears what a crash left among its temporary files, and only its own', async (t) => {
      const of = fixture(t, server, server.user);
      await of.writer.open(running);
      await of.client.createFile(`${of.settings.directory}/.tmp/of-somebody-else`, 'x');
      const aborter = new AbortController();
      const large = sinkBatch(Array.from({ length: 2_000 }, () => ({ msg: 'x'.repeat(10_000) })));
      const writing = of.writer.write(large, aborter.signal);
      setTimeout(() => aborter.abort(), 50);
      await writing.catch(() => {});
      const again = of.restarted();
      await again.open(running);
      assert.deepEqual(await filesOf(of, '/.tmp'), ['of-somebody-else']);
      await again.write(large, running);
      assert.equal((await linesOf(of, `/acme/${DAY}`)).length, 2_000);
    });

    test('says who refuses it', async (t) => {
      const of = fixture(t, server, 'nobody-in-particular', { directory: '/not-mine' });
      await assert.rejects(of.writer.open(running), /[Pp]ermission denied/);
    });
  });
}

contract('HDFS', async (t) => hdfs(t, { heap: '384m' }), await lacksServer('hdfs'));
contract(
  'HttpFS',
  async (t) => {
    const cluster = await hdfs(t, { heap: '384m' });
    const gateway = await httpFs(t, cluster, { heap: '384m' });
    return { url: gateway.url, user: cluster.user };
  },
  (await lacksServer('hdfs')) || (await lacksServer('httpfs')),
);

suite('the sink hdfs when HDFS fails', { skip: await lacksServer('hdfs') }, () => {
  test('a killed DataNode, a silent NameNode and a crash of all: errors to try again, then each event once', async (t) => {
    const soon = { 'dfs.heartbeat.interval': '1', 'dfs.namenode.heartbeat.recheck-interval': '500' };
    const server = await hdfs(t, { heap: '384m', dataNodes: 2, properties: soon });
    const of = fixture(t, server, server.user, { replication: 1 });
    await of.writer.open(running);
    await of.writer.write(sinkBatch(events(0, 3), 0), running);
    await server.killDataNode(1);
    const insist = async (from: number, to: number): Promise<void> => {
      for (let attempt = 0; ; attempt++) {
        try {
          await of.writer.write(sinkBatch(events(from, to), from), running);
          return;
        } catch (error) {
          assert.ok(attempt < 60, String(error));
          await new Promise((resolve) => setTimeout(resolve, 500));
          await of.writer.open(running).catch(() => {});
        }
      }
    };
    await insist(3, 6);
    server.nameNode.pause();
    await assert.rejects(of.writer.write(sinkBatch(events(6, 9), 6), running), /ms|timeout|timed out|silent/i);
    server.nameNode.resume();
    await insist(6, 9);
    await server.kill();
    await assert.rejects(of.writer.write(sinkBatch(events(9, 12), 9), running));
    await server.restart();
    await of.writer.open(running);
    await insist(9, 12);
    const msgs = (await linesOf(of, `/acme/${DAY}`)).map((line) => (JSON.parse(line) as { readonly msg: string }).msg);
    assert.deepEqual(
      msgs,
      events(0, 12).map(({ msg }) => msg),
    );
  });
});
