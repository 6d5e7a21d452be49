import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { onEnd, type Cleanup, type Client, type Hdfs, type Server, type TestTenant } from '@meniscus/testkit';
import { WebHdfs } from '@meniscus/webhdfs';
import { MongoClient } from 'mongodb';
import { keptOf, keptOfLines, type Document, type Kept } from './events.ts';
import type { Hook } from './hook.ts';

/** What a sink has, asked of its server and not of the service. Both calls reject while the server is away. */
export interface Contents {
  /** How many events, cheaply. */
  count(): Promise<number>;
  /** All of them, each as often as it is there. */
  all(): Promise<Kept[]>;
  /** Whether `all` gives them in the order in which they were written. */
  readonly ordered: boolean;
}

const TIMEOUT_MS = 30_000;

async function json<T>(url: string, method: string, body?: unknown): Promise<T> {
  const text = body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } };
  const response = await fetch(url, { method, ...text, signal: AbortSignal.timeout(TIMEOUT_MS) });
  const answer = (await response.json()) as T;
  if (!response.ok) throw new Error(`${method} ${url}: ${response.status} ${JSON.stringify(answer)}`);
  return answer;
}

interface Hits {
  readonly _scroll_id: string;
  readonly hits: { readonly hits: readonly { readonly _id: string; readonly _source: Document }[] };
}

/** Through the alias of the tenant. */
export function inCluster({ url }: Pick<Server, 'url'>, tenant: string): Contents {
  const alias = `${url}/meniscus-${tenant}`;
  return {
    ordered: false,
    count: async () => {
      await json(`${alias}/_refresh`, 'POST');
      return (await json<{ count: number }>(`${alias}/_count`, 'GET')).count;
    },
    all: async () => {
      await json(`${alias}/_refresh`, 'POST');
      const kept: Kept[] = [];
      let page = await json<Hits>(`${alias}/_search?scroll=1m`, 'POST', { size: 5000, sort: ['_doc'] });
      while (page.hits.hits.length > 0) {
        for (const { _id, _source } of page.hits.hits) {
          const one = keptOf(_source);
          if (one.id !== _id) throw new Error(`the document ${_id} has the id ${one.id}`);
          kept.push(one);
        }
        page = await json<Hits>(`${url}/_search/scroll`, 'POST', { scroll: '1m', scroll_id: page._scroll_id });
      }
      await json(`${url}/_search/scroll`, 'DELETE', { scroll_id: page._scroll_id });
      return kept;
    },
  };
}

export function inMongo(t: Cleanup, { url }: Pick<Server, 'url'>): Contents {
  const client = new MongoClient(url, { serverSelectionTimeoutMS: 5000, socketTimeoutMS: TIMEOUT_MS, readConcern: { level: 'local' } });
  onEnd(t, async () => client.close());
  const events = client.db('meniscus').collection<Document & { readonly _id: string }>('events');
  return {
    ordered: false,
    count: async () => events.countDocuments(),
    all: async () => {
      const documents = await events.find({}, { projection: { msg: 1, pname: 1, 'meniscus.id': 1 } }).toArray();
      return documents.map((document) => {
        const one = keptOf(document);
        if (one.id !== document._id) throw new Error(`the document ${document._id} has the id ${one.id}`);
        return one;
      });
    },
  };
}

/** Files are whole and never change under their names, so each is read once. */
export function inHdfs(t: Cleanup, { url, user }: Pick<Hdfs, 'url' | 'user'>, directory: string): Contents {
  const client = new WebHdfs({ url, user, timeoutMs: TIMEOUT_MS });
  onEnd(t, () => client.close());
  const files = new Map<string, Kept[]>();
  const read = async (): Promise<Kept[]> => {
    const there = new Set<string>();
    for (const { pathSuffix: day } of await client.listStatus(directory))
      for (const { pathSuffix, type } of await client.listStatus(`${directory}/${day}`)) {
        const file = `${directory}/${day}/${pathSuffix}`;
        if (type !== 'FILE' || !/^\d{16}-\d{16}\.ndjson$/.test(pathSuffix)) throw new Error(`a file of no good name: ${file}`);
        there.add(file);
        if (!files.has(file)) files.set(file, keptOfLines((await client.readFile(file)).toString()));
      }
    for (const file of files.keys()) if (!there.has(file)) throw new Error(`${file} is gone`);
    return [...there].sort().flatMap((file) => files.get(file)!);
  };
  return { ordered: true, count: async () => (await read()).length, all: read };
}

export function inFiles(directory: string): Contents {
  const read = (): Promise<Kept[]> => {
    if (!existsSync(directory)) return Promise.resolve([]);
    const files = readdirSync(directory).sort();
    return Promise.resolve(files.flatMap((file) => keptOfLines(wholeLines(readFileSync(path.join(directory, file), 'utf8')))));
  };
  return { ordered: true, count: async () => (await read()).length, all: read };
}

/** While the sink writes, or has been killed within a write, the last line may not be whole. */
function wholeLines(text: string): string {
  return text.slice(0, text.lastIndexOf('\n') + 1);
}

/** At least once: what came again counts once. */
export function inHook(hook: Hook): Contents {
  const once = (): Kept[] => [...new Map(hook.taken.map((kept) => [kept.id, kept])).values()];
  return { ordered: true, count: () => Promise.resolve(once().length), all: () => Promise.resolve(once()) };
}

export function inStore(client: () => Client, tenant: () => TestTenant): Contents {
  return {
    ordered: false,
    count: async () => client().count(tenant().id),
    all: async () => {
      const of = client();
      const response = await fetch(`${of.url}${of.path(tenant().id, '/export?format=ndjson&from=0')}`, {
        headers: { authorization: `Bearer ${of.adminKey}` },
      });
      if (response.status !== 200) throw new Error(`export: ${response.status}`);
      const lines = (await response.text()).split('\n').filter((line) => line !== '');
      return lines.map((line) => {
        const event = JSON.parse(line) as { readonly id: string; readonly msg: string; readonly pname: string };
        return keptOf({ ...event, meniscus: { id: event.id } });
      });
    },
  };
}
