import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import * as fc from 'fast-check';
import { EVENTS } from '../../test/events.ts';
import { query as anyQuery } from '../../test/arbitraries.ts';
import { SELECTIONS } from '../../test/selections.ts';
import type { QueryEvent } from '../match/predicate.ts';
import { compilePredicate } from '../match/predicate.ts';
import { leavesOf } from '../match/leaves.ts';
import { parse } from '../parser/parse.ts';
import { wordsOf } from '../text/words.ts';
import { receivedRange, timeRange } from './time.ts';
import { mayMatch, wordPlan } from './words.ts';
import type { WordPlan } from './words.ts';

const now = Date.UTC(2026, 10, 20, 5, 0, 4) * 1000;

function show(plan: WordPlan): string {
  if (plan.kind === 'unknown') return '?';
  if (plan.kind === 'words') return plan.words.join('+');
  return `(${plan.items.map(show).join(plan.kind === 'all' ? ' & ' : ' | ')})`;
}

/** The word set of a block that holds only this event. */
function wordSet(event: QueryEvent): Set<string> {
  const texts: unknown[] = [event.msg, event.host, event.pname, event.msgid];
  for (const part of [event.native, event.normalized]) for (const [, leaf] of leavesOf(part ?? {})) texts.push(leaf);
  return new Set(texts.filter((text) => typeof text === 'string').flatMap(wordsOf));
}

suite('words that a block must hold', () => {
  const PLANS: readonly (readonly [query: string, plan: string])[] = [
    ['', '?'],
    ['Failed', 'failed'],
    ['failed password', '(failed & password)'],
    ['"failed password"', 'failed+password'],
    ['"a a"', 'a'],
    ['a OR b', '(a | b)'],
    ['a OR NOT b', '?'],
    ['a NOT b', 'a'],
    ['NOT a', '?'],
    ['fail*', '?'],
    ['web-*', 'web'],
    ['a-b*-c', 'a+c'],
    ['500', '500'],
    ['msg:500', '?'],
    ['msg:"500"', '500'],
    ['host:web-01', 'web+01'],
    ['host:web-*', 'web'],
    ['host:=web-01', 'web+01'],
    ['pid:17', '?'],
    ['pid:abc', '?'],
    ['id:abc', '?'],
    ['tenant:acme', '?'],
    ['producer:x', '?'],
    ['time>5', '?'],
    ['f:abc', 'abc'],
    ['f:true', '?'],
    ['f:"true"', '?'],
    ['host:true', 'true'],
    ['f:"500"', '?'],
    ['f:=500', '?'],
    ['f:"1e"', '?'],
    ['f:"5 abc"', '5+abc'],
    ['f:"true story"', 'true+story'],
    ['f:500', '?'],
    ['f>5', '?'],
    ['f:10.0.0.0/8', '?'],
    ['f:*', '?'],
    ['f:/ failed /', 'failed'],
    ['f:/ 500 /', '?'],
    ['severity:error', '?'],
    ['host:(web OR db)', '(web | db)'],
    ['(a OR b) c', '((a | b) & c)'],
    ['f:="..."', '?'],
  ];
  for (const [query, plan] of PLANS) test(query, () => assert.equal(show(wordPlan(parse(query))), plan));

  test('no event that matches is ruled out', () => {
    for (const [query] of SELECTIONS) {
      const parsed = parse(query, { now });
      const plan = wordPlan(parsed);
      const predicate = compilePredicate(parsed);
      for (const [id, event] of EVENTS) {
        const words = wordSet(event);
        if (predicate(event))
          assert.ok(
            mayMatch(plan, (word) => words.has(word)),
            `${query} on ${id}`,
          );
      }
    }
  });
});

suite('times that a match must have', () => {
  const RANGES: readonly (readonly [query: string, from: number | null, to: number | null])[] = [
    ['', null, null],
    ['a', null, null],
    ['time:[100 TO 200}', 100e6, 200e6],
    ['time>=100 time<200 a', 100e6, 200e6],
    ['time>=100 (time<200 b)', 100e6, 200e6],
    ['time>=100 time>=150', 150e6, null],
    ['time:100 OR time:200', 100e6, 201e6],
    ['time:100 OR a', null, null],
    ['(time:100 OR time:200) time<150', 100e6, 150e6],
    ['NOT time>=100', null, null],
    ['time:*', null, null],
    ['received:100', null, null],
  ];
  for (const [query, from, to] of RANGES) test(query, () => assert.deepEqual(timeRange(parse(query)), { from, to }));

  test('received has its own', () => {
    assert.deepEqual(receivedRange(parse('received>=100 time<50')), { from: 100e6, to: null });
  });

  test('no event that matches is outside', () => {
    fc.assert(
      fc.property(anyQuery, fc.integer({ min: 0, max: 1e15 }), (query, time) => {
        const { from, to } = timeRange(query);
        if (!compilePredicate(query)({ time, msg: 'a' })) return;
        assert.ok((from === null || time >= from) && (to === null || time < to));
      }),
      { numRuns: 500 },
    );
  });
});
