import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BatchRefused } from '../writer.ts';
import { outcomeOf } from './outcome.ts';

function answer(status: number, body: unknown): Parameters<typeof outcomeOf>[0] {
  return { status, text: typeof body === 'string' ? body : JSON.stringify(body), url: 'http://es' };
}

type ItemOf = readonly [status: number, type?: string, reason?: string];

function outcome(...items: readonly ItemOf[]): ReturnType<typeof outcomeOf> {
  const list = items.map(([status, type, reason = 'r']) => ({
    create: { status, ...(type === undefined ? {} : { error: { type, reason } }) },
  }));
  return outcomeOf(answer(200, { items: list }), items.length);
}

test('written, and written before', () => {
  assert.deepEqual(outcome([201], [409, 'version_conflict_engine_exception'], [200]), {
    refused: [],
    again: [],
    existing: [1],
    indexGone: false,
  });
});

test('what is wrong with an event is refused with all causes', () => {
  const error = {
    type: 'mapper_parsing_exception',
    reason: 'failed',
    caused_by: { type: 'illegal_argument_exception', reason: 'For input string' },
  };
  const { refused, again } = outcomeOf(answer(200, { items: [{ create: { status: 201 } }, { create: { status: 400, error } }] }), 2);
  assert.deepEqual(again, []);
  assert.deepEqual(refused, [{ row: 1, text: 'mapper_parsing_exception: failed; caused by illegal_argument_exception: For input string' }]);
});

test('what is wrong with the index, the cluster or the rights is tried again', () => {
  const items: readonly ItemOf[] = [
    [429, 'es_rejected_execution_exception'],
    [403, 'cluster_block_exception'],
    [403, 'security_exception'],
    [503, 'unavailable_shards_exception'],
    [500, 'anything'],
    [400, 'index_closed_exception'],
    [400, 'validation_exception', 'this cluster currently has [1000]/[1000] maximum shards open'],
    [400, 'illegal_argument_exception', 'pipeline with id [x] does not exist'],
    [401, 'security_exception'],
    [409, 'something_else'],
  ];
  const { refused, again, error, indexGone } = outcome(...items);
  assert.deepEqual(refused, []);
  assert.deepEqual(
    again,
    Array.from(items, (_, row) => row),
  );
  assert.equal(error, '429 es_rejected_execution_exception: r');
  assert.equal(indexGone, false);
  assert.equal(outcome([404, 'index_not_found_exception']).indexGone, true);
});

test('a request that fails as a whole is tried again, one that is refused is split', () => {
  for (const status of [401, 403, 404, 429, 500, 502, 503])
    assert.throws(
      () => outcomeOf(answer(status, '<html>'), 1),
      (error) => !(error instanceof BatchRefused),
    );
  assert.throws(
    () => outcomeOf(answer(400, { error: { type: 'parse_exception', reason: 'no' } }), 1),
    (error: Error) => error instanceof BatchRefused && error.message === 'parse_exception: no',
  );
  assert.throws(() => outcomeOf(answer(400, { error: null }), 1), { name: 'BatchRefused', message: 'status 400: {"error":null}' });
});

test('an answer that does not speak of each event is an error', () => {
  for (const body of ['', 'null', '[]', '{}', '{"items":{}}', '{"items":[]}', '<html>'])
    assert.throws(() => outcomeOf(answer(200, body), 1), Error, body);
  assert.deepEqual(outcomeOf(answer(200, { items: [{}] }), 1).again, [0]);
});
