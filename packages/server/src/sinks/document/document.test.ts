import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { LeafOf } from '../writer.ts';
import { NumberText } from '../../event/leaf.ts';
import { ACME, RECEIVED, sinkBatch } from './documents.testing.ts';
import { KeptDocuments } from './kept-documents.ts';

const FULL = {
  host: 'web-01',
  pname: 'sshd',
  pid: '812',
  msgid: 'ID47',
  severity: 6,
  facility: 4,
  ver: 1,
  msg: 'Failed "password"\n\u0000 ümläut 🚀',
  time: RECEIVED - 5_000_001,
  native: {
    a: { b: [1, 'x', null, true] },
    'dotted.key': 1.5,
    empty: {},
    big: new NumberText('12345678901234567890'),
    huge: new NumberText('1e400'),
  },
};

suite('the document of an event', () => {
  test('has the shape of 2013, with exact microseconds', () => {
    const batch = sinkBatch([FULL], 7);
    assert.deepEqual(JSON.parse(batch.document(0)), {
      '@timestamp': '2026-11-23T09:59:55.123455Z',
      time: '2026-11-23T09:59:55.123455Z',
      host: 'web-01',
      pname: 'sshd',
      pid: '812',
      msgid: 'ID47',
      pri: '38',
      ver: '1',
      msg: FULL.msg,
      severity: 6,
      facility: 4,
      level: 'info',
      native: { a: { b: [1, 'x', null, true] }, 'dotted.key': 1.5, empty: {}, big: Number('12345678901234567890'), huge: Infinity },
      meniscus: {
        tenant: 'acme',
        id: batch.id(0),
        received: '2026-11-23T10:00:00.123456Z',
        correlation: {
          tenant_name: 'Acme',
          ep_id: null,
          ep_name: null,
          pattern: 'default',
          durable: false,
          encrypted: false,
          '@timestamp': '2026-11-23T10:00:00.123456Z',
          sinks: ['store', 'test'],
        },
      },
    });
  });

  test('keeps numbers that a double cannot hold as they came', () => {
    const batch = sinkBatch([FULL]);
    assert.match(batch.document(0), /"big":12345678901234567890,"huge":1e400/);
    assert.deepEqual((batch.object(0)['native'] as Record<string, unknown>)['big'], 12345678901234567890n);
    assert.equal((batch.object(0)['native'] as Record<string, unknown>)['huge'], '1e400');
  });

  test('leaves out what the event lacks', () => {
    const document = JSON.parse(sinkBatch([{}]).document(0)) as Record<string, unknown>;
    assert.deepEqual(Object.keys(document), ['@timestamp', 'time', 'host', 'pname', 'pid', 'msgid', 'meniscus']);
    assert.equal(document['host'], '-');
  });

  test('says that its time is that of receipt', () => {
    const batch = sinkBatch([{ timeReceived: true }]);
    const { meniscus } = JSON.parse(batch.document(0)) as { meniscus: Record<string, unknown> };
    assert.equal(meniscus['time_source'], 'received');
    assert.deepEqual((batch.object(0) as { meniscus: unknown }).meniscus, meniscus);
  });

  test('as an object is the same as its text', () => {
    const batch = sinkBatch([FULL, {}, { native: JSON.parse('{"__proto__":{"x":1},"constructor":[]}') as object, severity: 0 }]);
    for (let row = 1; row < batch.rows; row++) assert.deepEqual(batch.object(row), JSON.parse(batch.document(row)));
    assert.deepEqual(Object.keys(batch.object(0)), Object.keys(JSON.parse(batch.document(0)) as object));
  });

  test('names its leaves', () => {
    const leaves: [string, LeafOf][] = [];
    sinkBatch([FULL]).leaves(0, (name, value) => leaves.push([name, value]));
    assert.deepEqual(leaves, [
      ['native.a.b', 1],
      ['native.a.b', 'x'],
      ['native.a.b', null],
      ['native.a.b', true],
      ['native.dotted.key', 1.5],
      ['native.big', { text: '12345678901234567890' }],
      ['native.huge', { text: '1e400' }],
    ]);
  });

  test('kept as a dead letter is the same event again', () => {
    const batch = sinkBatch([FULL, {}], 41);
    const kept = KeptDocuments.of([0, 1].map((row) => ({ tenant: ACME, text: batch.document(row) })));
    for (const row of [0, 1]) {
      assert.equal(kept.id(row), batch.id(row));
      assert.equal(kept.received(row), batch.received(row));
      assert.equal(kept.day(row), '2026-11-23');
      assert.equal(kept.position(row), batch.position(row));
      assert.equal(kept.document(row), batch.document(row));
      assert.deepEqual(kept.object(row), batch.object(row));
    }
    const leaves = (of: typeof kept | typeof batch): [string, unknown][] => {
      const list: [string, unknown][] = [];
      of.leaves(0, (name, value) => list.push([name, typeof value === 'object' && value !== null ? value.text : value]));
      return list;
    };
    assert.deepEqual(leaves(kept), leaves(batch));
  });

  test('selects rows', () => {
    const batch = sinkBatch([{ msg: 'a' }, { msg: 'b' }, { msg: 'c' }]).select([2, 0]);
    assert.deepEqual(
      [0, 1].map((row) => batch.object(row)['msg']),
      ['c', 'a'],
    );
    assert.equal(batch.select([1]).object(0)['msg'], 'a');
  });
});
