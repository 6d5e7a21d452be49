/** The store and an index answer every kind of search with the same text, whatever is counted by the server and whatever is found out from its documents. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { lacksServer } from '@meniscus/testkit';
import { parse } from '@meniscus/query';
import type { ExportRequest, SearchBackend, SearchRequest } from '../../packages/server/src/search/search.ts';
import { LocalSearch } from '../../packages/server/src/search/store/local-search.testing.ts';
import { makeBlocks, TENANT } from '../../packages/server/src/search/store/memory-store.testing.ts';
import { randomEvents } from '../../packages/server/src/search/store/evaluate/random-events.testing.ts';
import { indexed, searchOf, searchServers } from './servers.ts';

const START = Date.UTC(2026, 10, 20) * 1000;
const HOUR = 3_600_000_000;
const NEVER = new AbortController().signal;

const QUERIES = [
  '',
  'failed',
  'NOT failed',
  'severity<=3',
  'msg:/took \\d+ms/',
  'web-*',
  'status:500',
  'user:*',
  'native.seq:3',
  'NOT user:bob AND status>0',
  'nosuch',
  'host:/^WEB/i',
];
/** Fields of which an event has one value at most. */
const SINGLE = ['host', 'pname', 'pid', 'msgid', 'severity', 'level', 'facility', 'pri', 'producer', 'tenant'];
const FIELDS = [
  ...SINGLE,
  'native',
  'native.eid',
  'native.seq',
  'status',
  'user',
  'native.user',
  'normalized.sshd.user',
  'tags',
  'text',
  'a.b',
  'a.c.d',
  '__proto__',
  'nosuch',
  'msg',
];

type Asked = { kind: string } & Record<string, unknown>;

function asked(): Asked[] {
  return [
    { kind: 'events', limit: 10_000, order: 'asc' },
    { kind: 'events', limit: 7, order: 'desc', fields: ['host', 'user', 'msg'] },
    { kind: 'count' },
    { kind: 'histogram', buckets: 24 },
    { kind: 'histogram', intervalMs: 3_600_000, by: 'severity' },
    { kind: 'histogram', buckets: 12, by: 'level', from: 0 },
    { kind: 'histogram', buckets: 10, by: 'host', from: START + HOUR, to: START + 7 * HOUR + 1 },
    { kind: 'histogram', buckets: 10, by: 'native.status' },
    { kind: 'facets', fields: FIELDS, limit: 1_000 },
    ...FIELDS.map((field) => ({ kind: 'facets', fields: [field], limit: 3 })),
    ...FIELDS.flatMap((field) => ['BO', '5', 'w'].map((prefix) => ({ kind: 'values', field, prefix, limit: 10 }))),
    { kind: 'fields' },
    ...SINGLE.map((field) => ({ kind: 'stats', by: [field], metrics: [{ name: 'count' }], limit: 1_000 })),
    { kind: 'stats', by: ['host'], metrics: [{ name: 'count' }, { name: 'max', field: 'native.seq' }], limit: 100 },
    { kind: 'stats', by: ['native.user', 'severity'], metrics: [{ name: 'unique', field: 'status' }], limit: 1_000, intervalMs: 7_200_000 },
  ];
}

/** An answer without what it cost. */
async function answerOf(backend: SearchBackend, request: object): Promise<unknown> {
  const answer = JSON.parse(await backend.search(request as SearchRequest, NEVER)) as Record<string, unknown>;
  delete answer['stats'];
  delete answer['next'];
  // The store says which types a field has in the blocks that were searched, the index in the events that match.
  if (Array.isArray(answer['fields']))
    answer['fields'] = answer['fields'].map(({ name, share }: { name: string; share: number }) => [name, share]);
  // Of equally large groups those that were met first come first.
  if (Array.isArray(answer['groups']))
    answer['groups'] = answer['groups'].map((group) => JSON.stringify(group)).toSorted((a, b) => (a < b ? -1 : 1));
  return answer;
}

async function exported(backend: SearchBackend, request: object): Promise<string> {
  const pieces: Uint8Array[] = [];
  for await (const piece of backend.export(request as ExportRequest, NEVER)) pieces.push(piece);
  return Buffer.concat(pieces).toString('latin1');
}

// The oldest and the newest of those that are tried.
for (const { name, start } of searchServers.filter(({ name }) => name === 'opensearch' || name === 'elasticsearch'))
  test(`the store and ${name} answer the same`, { skip: await lacksServer(name) }, async (t) => {
    const events = randomEvents(600, 77);
    const store = LocalSearch.ofBlocks(makeBlocks(events, { rows: 10_000 }));
    const index = searchOf(t, await indexed(await start(t), events));
    const tenant = { number: TENANT, id: 'acme', receivedFrom: -Infinity };
    for (const q of QUERIES) {
      const scope = { tenant, query: parse(q), text: q, from: START, to: START + 24 * HOUR, deadlineMs: 60_000 };
      for (const more of asked()) {
        const request = { ...scope, ...more };
        const [wanted, got] = [await answerOf(store, request), await answerOf(index, request)];
        assert.deepEqual(got, wanted, `${q}: ${JSON.stringify(more)}`);
      }
      // The columns of a table are those of the blocks that were searched, or of the events that match: the same only where all do.
      const formats = ['ndjson', 'csv', 'raw', ...(q === '' ? ['parquet'] : [])];
      for (const format of formats) {
        const request = { kind: 'export', format, ...scope, deadlineMs: Infinity };
        assert.ok((await exported(index, request)) === (await exported(store, request)), `${q}: ${format}`);
      }
    }
  });
