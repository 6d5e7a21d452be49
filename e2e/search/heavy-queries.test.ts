/** Queries as large and as costly as the language allows: what a server refuses is found out otherwise, with the same answer. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { lacksServer } from '@meniscus/testkit';
import { MeniscusError } from '../../packages/server/src/errors.ts';
import { parse } from '@meniscus/query';
import type { SearchBackend, SearchRequest } from '../../packages/server/src/search/search.ts';
import { randomEvents } from '../../packages/server/src/search/store/evaluate/random-events.testing.ts';
import { LocalSearch } from '../../packages/server/src/search/store/local-search.testing.ts';
import { makeBlocks, TENANT } from '../../packages/server/src/search/store/memory-store.testing.ts';
import { indexed, searchOf, searchServers } from './servers.ts';

const any = (count: number, term: (i: number) => string): string => Array.from({ length: count }, (_, i) => term(i)).join(' OR ');

/** The query within itself again and again. */
function nested(depth: number, around: (inner: string) => string): string {
  let query = 'bob';
  for (let i = 0; i < depth; i++) query = around(query);
  return query;
}

const QUERIES = [
  any(500, (i) => `w${i}`),
  any(400, (i) => `"a${i} b"`),
  any(500, (i) => `fa${i}*`),
  any(300, (i) => `user:b${i}*`),
  any(100, (i) => `user:/b.*${i}/`),
  any(500, (i) => `status:${i}`),
  any(300, (i) => `status>${i}`),
  any(200, (i) => `src:10.${i}.0.0/16`),
  `bob AND NOT (${any(200, (i) => `msg:/x${i}\\d+y/`)})`,
  nested(30, (inner) => `-(${inner} OR zz)`),
  nested(30, (inner) => `(${inner} OR failed) AND (bob OR user:*)`),
  'user:*a????????????????b*',
  'user:/(a|b){1,500}c{1,900}x/',
  'NOT user:/[^a]{500}[^b]{400}/',
  `user:/${'ab?'.repeat(300)}/`,
  `NOT user:${'*a'.repeat(200)}`,
  '*a*b*c*d*e*f*g*h*',
];

async function answerOf(backend: SearchBackend, request: object): Promise<string> {
  const ask = async (): Promise<string> => backend.search(request as SearchRequest, new AbortController().signal);
  // A small server that is busy with the query before refuses for a moment: who asks is told to come again, and does.
  const answer = await ask().catch(async (error: unknown) => {
    if (!(error instanceof MeniscusError) || error.code !== 'unavailable') throw error;
    await delay(1000 * (error.extra.retryAfter ?? 1));
    return ask();
  });
  return answer.replace(/,"stats":.*$/, '');
}

for (const { name, start } of searchServers)
  test(`${name} or the documents answer the heaviest queries`, { skip: await lacksServer(name) }, async (t) => {
    const events = randomEvents(300, 5);
    const store = LocalSearch.ofBlocks(makeBlocks(events));
    const index = searchOf(t, await indexed(await start(t), events));
    const tenant = { number: TENANT, id: 'acme', receivedFrom: -Infinity };
    for (const q of QUERIES)
      for (const more of [{ kind: 'count' }, { kind: 'events', limit: 1_000, order: 'asc' }]) {
        const request = { tenant, query: parse(q), text: q, from: -Infinity, to: Infinity, deadlineMs: 60_000, ...more };
        assert.ok((await answerOf(index, request)) === (await answerOf(store, request)), `${q.slice(0, 60)}: ${more.kind}`);
      }
  });
