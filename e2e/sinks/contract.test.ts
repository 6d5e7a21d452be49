/** The contract of writers against the real servers. */
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { after, before, suite, type TestContext } from 'node:test';
import { ferretDb, hdfs, lacksServer, openSearch, scriptCleanup, temporaryDirectory, type Cleanup } from '@meniscus/testkit';
import { WebHdfs } from '@meniscus/webhdfs';
import { MongoClient } from 'mongodb';
import { elasticsearchKind } from '../../packages/server/src/sinks/elasticsearch/kind.ts';
import { hdfsKind } from '../../packages/server/src/sinks/hdfs/kind.ts';
import { mongodbKind } from '../../packages/server/src/sinks/mongodb/kind.ts';
import {
  foundOf,
  testWriterContract,
  type Found,
  type FoundDocument,
  type WriterFixture,
} from '../../packages/server/src/sinks/writer-contract.testing.ts';
import type { SinkKind, SinkWriter } from '../../packages/server/src/sinks/writer.ts';
import { writerOf } from '../support/sinks.ts';

const PROMISES = { once: true, ordered: false } as const;
/** Each test has a place of its own on the server. */
let places = 0;

/** Makes writers of one sink: they share its state. */
function writersOf<S extends object>(t: TestContext, kind: SinkKind<S>, settings: Partial<S>): () => Promise<SinkWriter> {
  const stateDirectory = path.join(temporaryDirectory(t), 'state');
  mkdirSync(stateDirectory);
  return () => writerOf(t, kind, settings, { stateDirectory, timeoutMs: 20_000, warn: () => {} });
}

/** A server for all tests of a contract. */
function served<Server>(start: (t: Cleanup) => Promise<Server>): () => Server {
  const cleanup = scriptCleanup();
  let server: Server | undefined;
  before(async () => {
    server = await start(cleanup);
  });
  after(async () => cleanup.end());
  return () => server!;
}

suite('on OpenSearch', { skip: await lacksServer('opensearch') }, () => {
  const server = served((t) => openSearch(t, { heap: '384m' }));
  testWriterContract('elasticsearch', { ...PROMISES, removes: true }, (t): WriterFixture => {
    const prefix = `contract${places++}`;
    const { url } = server();
    return {
      writer: writersOf(t, elasticsearchKind, { url: [url], prefix, replicas: 0 }),
      found: async () => {
        await fetch(`${url}/${prefix}-*/_refresh`, { method: 'POST' });
        const answer = (await (await fetch(`${url}/${prefix}-*/_search?size=10000`)).json()) as {
          readonly hits: { readonly hits: readonly { readonly _source: FoundDocument }[] };
        };
        return answer.hits.hits.map(({ _source }) => foundOf(_source));
      },
    };
  });
});

suite('on FerretDB', { skip: await lacksServer('ferretdb') }, () => {
  const server = served((t) => ferretDb(t));
  testWriterContract('mongodb', { ...PROMISES, removes: true }, (t): WriterFixture => {
    const database = `contract${places++}`;
    const { url } = server();
    return {
      writer: writersOf(t, mongodbKind, { url, database }),
      found: async () => {
        const client = await new MongoClient(url).connect();
        try {
          return (await client.db(database).collection<FoundDocument>('events').find().toArray()).map(foundOf);
        } finally {
          await client.close();
        }
      },
    };
  });
});

suite('on HDFS', { skip: await lacksServer('hdfs') }, () => {
  const server = served((t) => hdfs(t, { heap: '384m' }));
  testWriterContract('hdfs', { ...PROMISES, removes: false }, (t): WriterFixture => {
    const directory = `/contract${places++}`;
    const { url, user } = server();
    return {
      writer: writersOf(t, hdfsKind, { url: [url], user, directory }),
      found: async () => {
        using client = new WebHdfs({ url, user });
        const found: Found[] = [];
        for (const { pathSuffix: tenant } of await client.listStatus(directory))
          for (const { pathSuffix: day } of tenant === '.tmp' ? [] : await client.listStatus(`${directory}/${tenant}`))
            for (const { pathSuffix: file } of await client.listStatus(`${directory}/${tenant}/${day}`)) {
              const lines = (await client.readFile(`${directory}/${tenant}/${day}/${file}`)).toString().trimEnd().split('\n');
              found.push(...lines.map((line) => foundOf(JSON.parse(line) as FoundDocument)));
            }
        return found;
      },
    };
  });
});
