/** Every form of the query language selects in an index what the reference predicate selects, and what its clauses promise holds. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { lacksServer, type Server } from '@meniscus/testkit';
import { parse, type Query } from '@meniscus/query';
import type { Clause } from '../../packages/server/src/search/elasticsearch/dsl/clause.ts';
import { compileQuery, STRENGTHS } from '../../packages/server/src/search/elasticsearch/dsl/compile.ts';
import { hostileQueries, queries } from '../../packages/server/src/search/store/evaluate/queries.testing.ts';
import { randomEvents } from '../../packages/server/src/search/store/evaluate/random-events.testing.ts';
import { selectedByReference } from '../../packages/server/src/search/store/evaluate/reference.testing.ts';
import { aliasOf } from '../../packages/server/src/sinks/elasticsearch/index-names.ts';
import { TENANT, type TestEvent } from '../../packages/server/src/search/store/memory-store.testing.ts';
import { indexed, searchOf, searchServers } from './servers.ts';

const NOW = Date.UTC(2026, 10, 20, 5, 0, 4) * 1000;
const data = new URL('../../../shared/data/query/', import.meta.url);

interface Case {
  readonly q: string;
  readonly now?: number;
}

/** The ids of the events that the reference semantics select. */
function expected(events: readonly TestEvent[], query: Query): string[] {
  return selectedByReference(events, query)
    .map(({ id }) => id)
    .sort();
}

async function selected(url: string, index: string, query: Clause): Promise<string[]> {
  const body = JSON.stringify({ query, size: 10_000, _source: false });
  const response = await fetch(`${url}/${index}/_search`, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
  const answer = (await response.json()) as { hits?: { hits: { _id: string }[] } };
  assert.equal(response.status, 200, JSON.stringify(answer).slice(0, 2_000));
  return answer.hits!.hits.map(({ _id }) => _id).sort();
}

/** What the clauses of a query promise, however much is asked of the server. */
async function checkClauses(url: string, index: string, events: readonly TestEvent[], { q, now = NOW }: Case): Promise<void> {
  const query = parse(q, { now });
  const wanted = expected(events, query);
  for (const strength of STRENGTHS) {
    const { upper, lower, exact } = compileQuery(query, { tenantId: 'acme', strength });
    const most = new Set(await selected(url, index, upper));
    const least = exact ? most : await selected(url, index, lower);
    const missing = wanted.filter((id) => !most.has(id));
    const wrong = [...least].filter((id) => !wanted.includes(id));
    assert.deepEqual({ missing, wrong }, { missing: [], wrong: [] }, `${q}, ${strength}: ${JSON.stringify(upper)}`);
  }
}

async function check(
  t: Parameters<typeof searchOf>[0],
  server: Server,
  events: readonly TestEvent[],
  cases: readonly Case[],
): Promise<void> {
  const settings = await indexed(server, events);
  const backend = searchOf(t, settings);
  for (const one of cases) {
    await checkClauses(server.url, aliasOf(settings.prefix, 'acme'), events, one);
    const query = parse(one.q, { now: one.now ?? NOW });
    const tenant = { number: TENANT, id: 'acme', receivedFrom: -Infinity };
    const scope = { tenant, query, from: -Infinity, to: Infinity, deadlineMs: 30_000 };
    const ask = async <Answer>(more: object): Promise<Answer> =>
      JSON.parse(await backend.search({ ...scope, ...more } as never, new AbortController().signal)) as Answer;
    const page = await ask<{ events: { id: string }[]; partial: boolean }>({ kind: 'events', limit: 10_000, order: 'asc' });
    const wanted = expected(events, query);
    assert.deepEqual([page.events.map(({ id }) => id).sort(), page.partial], [wanted, false], one.q);
    const { count } = await ask<{ count: number }>({ kind: 'count' });
    assert.equal(count, wanted.length, one.q);
  }
}

for (const { name, start } of searchServers)
  test(`the query language on ${name}`, { skip: await lacksServer(name) }, async (t) => {
    const server = await start(t);
    await t.test('random events', async (sub) =>
      check(
        sub,
        server,
        randomEvents(700, 20_261_123),
        [...queries, ...hostileQueries].map((q) => ({ q })),
      ),
    );
    await t.test(
      'the shared sample cases',
      { skip: !existsSync(data) && 'the sample cases are not beside the repository' },
      async (sub) => {
        const events = JSON.parse(readFileSync(new URL('events.json', data), 'utf8')) as TestEvent[];
        const cases = JSON.parse(readFileSync(new URL('cases.json', data), 'utf8')) as { q: string; expect?: string[]; now?: string }[];
        const chosen = cases.filter(({ expect }) => expect !== undefined);
        await check(
          sub,
          server,
          events,
          chosen.map(({ q, now }) => ({ q, ...(now === undefined ? {} : { now: Date.parse(now) * 1000 }) })),
        );
      },
    );
  });
