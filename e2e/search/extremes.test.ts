/** Events with the longest, emptiest and oddest values and names: the store and an index answer the same. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { lacksServer, openSearch } from '@meniscus/testkit';
import { parse } from '@meniscus/query';
import { NumberText } from '../../packages/server/src/event/leaf.ts';
import type { SearchBackend, SearchRequest } from '../../packages/server/src/search/search.ts';
import { LocalSearch } from '../../packages/server/src/search/store/local-search.testing.ts';
import { makeBlocks, TENANT, type TestEvent } from '../../packages/server/src/search/store/memory-store.testing.ts';
import { indexed, searchOf } from './servers.ts';

const T = Date.UTC(2026, 10, 20) * 1000;
const KEY = 'k'.repeat(900);
const LONG = `${'y'.repeat(9_000)}END`;

const NATIVE = {
  big: new NumberText('123456789012345678901234567890'),
  small: [1e-7, 5e-324, 0.1],
  large: [1e21, 1.7976931348623157e308, 123456789.12345679],
  nul: '\u0000 \ud83d',
  marks: 'a"b\\c\n\u2028',
  '': 1,
  'x.y': { '': [[], [{}], {}] },
  empty: {},
  long: LONG,
  [KEY]: 'v',
  'my field': 'x y',
  "Ü'=~^": 'Q',
};

const EVENTS: readonly TestEvent[] = [
  { time: T, received: T, msg: '', native: NATIVE },
  { time: -5_000_001, received: T + 1, native: { o: 1 } },
  { time: 253_402_300_799_999_000, received: T + 2, native: { o: 2 }, msg: '\u0000' },
  { time: T + 1, received: T, msg: `${'z'.repeat(600_000)}END`, host: 'h'.repeat(9_000) },
];

const QUERIES = [
  '',
  'big>1e29',
  'small<1e-7',
  'long:*end',
  'long:/END$/',
  'long:y*',
  'host:*h',
  'host:/hhh$/',
  '"my field":x',
  '"Ü\'=~^":q',
  'k*',
  'nul:*',
  '"x.y":*',
  'empty:*',
  `${KEY}:v`,
  'msg:*',
  'NOT msg:*',
  'msg:=""',
  'time<1970-01-01',
  'zzz*',
  '*zzz',
  '*END',
  'hhh*',
  'msg:/z{5}END/',
  'msg:*zEND',
  'msg:/END$/i',
  'NOT *END',
  'NOT msg:/END/',
];

const ASKED = [
  { kind: 'events', limit: 2, order: 'asc' },
  { kind: 'events', limit: 3, order: 'desc' },
  { kind: 'count' },
  { kind: 'fields' },
  { kind: 'facets', fields: ['host', 'long', 'small', 'big', KEY, 'my field', "Ü'=~^"], limit: 5 },
];

async function answerOf(backend: SearchBackend, request: object): Promise<string> {
  const answer = await backend.search(request as SearchRequest, new AbortController().signal);
  return answer.replace(/,"stats":.*$/, '').replace(/"next":"[^"]*"/, '"next":"..."');
}

test('odd events are found and answered alike', { skip: await lacksServer('opensearch') }, async (t) => {
  const store = LocalSearch.ofBlocks(makeBlocks(EVENTS));
  const index = searchOf(t, await indexed(await openSearch(t, { heap: '384m' }), EVENTS));
  const tenant = { number: TENANT, id: 'acme', receivedFrom: -Infinity };
  for (const q of QUERIES)
    for (const more of ASKED) {
      const request = { tenant, query: parse(q), text: q, from: -Infinity, to: Infinity, deadlineMs: 60_000, ...more };
      assert.ok((await answerOf(index, request)) === (await answerOf(store, request)), `${q.slice(0, 50)}: ${more.kind}`);
    }
});

test('a number beyond a double keeps its digits, as a text', { skip: await lacksServer('opensearch') }, async (t) => {
  const event = { time: T, received: T, native: { huge: new NumberText('1e400') } };
  const index = searchOf(t, await indexed(await openSearch(t, { heap: '384m' }), [event]));
  const tenant = { number: TENANT, id: 'acme', receivedFrom: -Infinity };
  for (const q of ['huge>1e308', 'huge:=1e400', 'huge:1e400']) {
    const request = { tenant, query: parse(q), from: 0, to: Infinity, deadlineMs: 60_000, kind: 'events', limit: 2, order: 'asc' };
    assert.match(await answerOf(index, request), /"huge":"1e400"/, q);
  }
});
