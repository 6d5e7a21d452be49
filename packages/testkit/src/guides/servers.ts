import type { Cleanup } from '../cleanup.ts';
import { elasticsearch } from '../servers/elasticsearch/elasticsearch.ts';
import { ferretDb } from '../servers/ferretdb/ferretdb.ts';
import { hdfs } from '../servers/hdfs/hdfs.ts';
import type { ServerName } from '../servers/lacks-server.ts';
import { openSearch } from '../servers/opensearch/opensearch.ts';

/** Puts real addresses in place of those that a page names. */
export type Replace = (text: string) => string;

/** Enough for the few events of a page. */
const HEAP = '384m';

const address = (stated: string, port: number): Replace => {
  return (text) => text.replaceAll(stated, `127.0.0.1:${port}`);
};

/** What a page may ask for by `servers=`. Each is named in the page by its default port on 127.0.0.1. */
const starters: Partial<Readonly<Record<ServerName, (t: Cleanup) => Promise<Replace>>>> = {
  opensearch: async (t) => address('127.0.0.1:9200', (await openSearch(t, { heap: HEAP })).port),
  elasticsearch: async (t) => address('127.0.0.1:9200', (await elasticsearch(t, { heap: HEAP })).port),
  ferretdb: async (t) => address('127.0.0.1:27017', (await ferretDb(t)).port),
  // The superuser of a cluster is who started it, `hdfs` in the page.
  hdfs: async (t) => {
    const cluster = await hdfs(t);
    const ofPort = address('127.0.0.1:9870', cluster.port);
    return (text) => ofPort(text).replaceAll('user.name=hdfs', `user.name=${cluster.user}`);
  },
};

/** Starts the servers that a page asks for; they end with the test. */
export async function startServersOfPage(t: Cleanup, names: readonly ServerName[]): Promise<Replace> {
  const replacements: Replace[] = [];
  for (const name of names) {
    const start = starters[name];
    if (start === undefined) throw new Error(`no page can ask for the server ${name}: give it a place in ${import.meta.filename}`);
    replacements.push(await start(t));
  }
  return (text) => replacements.reduce((replaced, replace) => replace(replaced), text);
}
