import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BatchBuilder } from '../../event/batch-builder.ts';
import { Batch } from '../../event/batch.ts';
import { compileShape } from '../../event/shape.ts';
import { limits } from '../../limits.ts';
import { Normalizers } from './normalizers.ts';
import { RulebaseCache } from './rulebase-cache.ts';
import type { RulebaseChange } from './rulebase-change.ts';

function change(tenant: number | null, name: string, text: string | undefined): RulebaseChange {
  return { tenant, name, source: text === undefined ? undefined : { key: text, bytes: Buffer.from(text) } };
}

function producer(pattern: string, id: number | null = 1): string {
  return JSON.stringify({ id, name: 'p', pattern, durable: false, encrypted: false, sinks: ['store'] });
}

/** Adds a row; as bytes or as a text, which take different ways. */
function add(batch: BatchBuilder, tenant: number, from: string, msg: string | undefined, asText = false, native?: object): void {
  batch.begin(1e15);
  batch.host = batch.pname = batch.msgid = batch.stringIndex('-');
  if (msg !== undefined && asText) batch.msgText(msg);
  else if (msg !== undefined) batch.msgBytes(Buffer.from(msg), 0, Buffer.byteLength(msg));
  if (native !== undefined) batch.native(native);
  batch.origin = batch.originIndex(tenant, from);
  batch.commit();
}

/** Msg, shape and leaves of each row, as texts. */
function rowsOf(batch: BatchBuilder): (readonly [string | undefined, string, ...string[]])[] {
  const sealed = new Batch(batch.seal());
  return Array.from({ length: sealed.rows }, (_, row) => {
    const shape = sealed.dictionaries.shapes[sealed.shape[row]!]!;
    const from = sealed.leafStart[row]!;
    assert.equal(sealed.leafStart[row + 1]! - from, compileShape(shape).columns.length);
    const leaves = Array.from({ length: sealed.leafStart[row + 1]! - from }, (__, i) =>
      sealed.leafTag[from + i] === 3 ? String(sealed.leafNumber[from + i]) : sealed.leafString(from + i),
    );
    return [sealed.msg(row), shape, ...leaves] as const;
  });
}

const RULES = 'version=2\nrule=:%n:number{"format":"number"}% %w:word%\n';

test('fields follow native, whether msg came as bytes or as a text', () => {
  const normalizers = new Normalizers();
  normalizers.apply([change(7, 'x', RULES)]);
  const batch = new BatchBuilder();
  batch.normalizeBy(normalizers.of);
  add(batch, 7, producer('x'), '12 añb');
  add(batch, 7, producer('x'), '13 añc', true, { k: 'vä' });
  add(batch, 7, producer('x'), 'no match', true, { k: 'w' });
  add(batch, 7, producer('x'), undefined, false, { k: 'none' });
  add(batch, 7, producer('y'), '14 other', true);
  add(batch, 8, producer('x'), '15 other tenant');
  add(batch, 7, producer('x'), '16 \ud800', true);
  assert.deepEqual(rowsOf(batch), [
    ['12 añb', '{"normalized":{"x":{"w":0,"n":0}}}', 'añb', '12'],
    ['13 añc', '{"native":{"k":0},"normalized":{"x":{"w":0,"n":0}}}', 'vä', 'añc', '13'],
    ['no match', '{"native":{"k":0}}', 'w'],
    [undefined, '{"native":{"k":0}}', 'none'],
    ['14 other', '{}'],
    ['15 other tenant', '{}'],
    ['16 \ufffd', '{"normalized":{"x":{"w":0,"n":0}}}', '\ufffd', '16'],
  ]);
  add(batch, 7, producer('x'), '17 next');
  assert.equal(rowsOf(batch)[0]![2], 'next');
  assert.equal(normalizers.report(7, 1, 'x')?.matched, 4);
});

test('a change is in force for the rows that follow, in the same batch', () => {
  const normalizers = new Normalizers();
  const batch = new BatchBuilder();
  batch.normalizeBy(normalizers.of);
  const apply = (...changes: RulebaseChange[]): void => {
    normalizers.apply(changes);
    batch.normalizeBy(normalizers.of);
    add(batch, 1, producer('x'), 'msg');
  };
  apply(change(null, 'x', 'version=2\nrule=:%shipped:rest%\n'));
  apply(change(1, 'x', 'version=2\nrule=:%own:rest%\n'));
  apply(change(1, 'x', 'version=2\nrule=:%changed:rest%\n'));
  apply(change(1, 'x', undefined));
  apply(change(null, 'x', undefined));
  assert.deepEqual(
    rowsOf(batch).map(([, shape]) => shape),
    [
      '{"normalized":{"x":{"shipped":0}}}',
      '{"normalized":{"x":{"own":0}}}',
      '{"normalized":{"x":{"changed":0}}}',
      '{"normalized":{"x":{"shipped":0}}}',
      '{}',
    ],
  );
  apply(change(1, 'x', RULES));
  normalizers.forget(1);
  assert.equal(normalizers.report(1, 1, 'x'), undefined);
});

test('rows that are abandoned leave nothing behind, and counts are by producer', () => {
  const normalizers = new Normalizers();
  normalizers.apply([change(1, 'x', RULES)]);
  const batch = new BatchBuilder();
  batch.normalizeBy(normalizers.of);
  add(batch, 1, producer('x', 1), '1 a', true);
  batch.begin(1e15);
  batch.msgText('gone');
  batch.abandon();
  add(batch, 1, producer('x', 2), 'stray');
  add(batch, 1, producer('x', null), '2 b');
  assert.deepEqual(
    rowsOf(batch).map(([msg]) => msg),
    ['1 a', 'stray', '2 b'],
  );
  const counts = [1, 2, null].map((id) => normalizers.report(1, id, 'x')!);
  assert.deepEqual(
    counts.map(({ matched, unparsed, samples }) => [matched, unparsed, samples.length]),
    [
      [1, 0, 0],
      [0, 1, 1],
      [1, 0, 0],
    ],
  );
  assert.equal(normalizers.report(1, 1, 'y'), undefined, 'of another pattern');
});

test('a tenant that makes its rulebases be loaded again and again waits; others do not', () => {
  let now = 0;
  const cache = new RulebaseCache(() => (now += limits.rulebaseLoadMs / 4));
  const source = (text: string) => change(1, 'x', `version=2\nrule=:${text}\n`).source!;
  let loaded = 0;
  while (cache.get(1, source(`a${loaded}`)) !== undefined) assert.ok(++loaded < 20);
  assert.ok(loaded >= 2);
  assert.equal(cache.get(1, source('a0'))?.rulebase?.matches('a0'), true, 'what is ready costs nothing');
  assert.ok(cache.get(2, source('b')) !== undefined, 'another tenant');
  now += 100 * limits.rulebaseLoadMs;
  assert.ok(cache.get(1, source('later')) !== undefined);
});

test('rulebases that were not used for longest are given up when there are too many', () => {
  const cache = new RulebaseCache(() => 0);
  const large = (n: number) => change(1, 'x', `version=2\nrule=:${n}\n#${'x'.repeat(limits.rulebaseBytes)}\n`).source!;
  const first = cache.get(1, large(0))!;
  const count = Math.ceil(limits.rulebaseCacheBytes / limits.rulebaseBytes);
  for (let n = 1; n < count - 1; n++) cache.get(1, large(n));
  const second = cache.get(1, large(1))!;
  assert.ok(cache.get(1, large(0)) === first && first.rulebase !== undefined, 'used again');
  for (let n = count; n < 2 * count - 3; n++) cache.get(1, large(n));
  assert.ok(first.rulebase !== undefined);
  assert.ok(second.rulebase !== undefined);
  for (let n = 2 * count; n < 3 * count; n++) cache.get(1, large(n));
  assert.equal(first.rulebase, undefined);
  assert.ok(cache.get(1, large(0))!.rulebase !== undefined, 'loaded again when needed');
});

test('a text that cannot be loaded leaves events as they are', () => {
  const normalizers = new Normalizers();
  normalizers.apply([change(1, 'x', 'version=2\ninclude=nowhere\n')]);
  const batch = new BatchBuilder();
  batch.normalizeBy(normalizers.of);
  add(batch, 1, producer('x'), 'msg');
  assert.deepEqual(rowsOf(batch), [['msg', '{}']]);
  assert.equal(normalizers.report(1, 1, 'x')?.skipped, 1);
});
