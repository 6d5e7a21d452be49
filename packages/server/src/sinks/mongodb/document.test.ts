import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { assert as check, property, string } from 'fast-check';
import { BSON } from 'mongodb';
import { NumberText } from '../../event/leaf.ts';
import { sinkBatch } from '../document/documents.testing.ts';
import { DocumentMaker, escapeKey } from './document.ts';

const roundTrip = (native: object): unknown => {
  const batch = sinkBatch([{ native }]);
  const made = new DocumentMaker().make(batch.id(0), batch.object(0));
  return BSON.deserialize(BSON.serialize(made), { useBigInt64: true })['native'];
};

suite('a document for MongoDB', () => {
  test('has the event under its id and is else as everywhere', () => {
    const batch = sinkBatch([{ msg: 'x', severity: 3, native: { a: [1, 'b', null, true, { c: 1.5 }], d: {} } }]);
    const made = new DocumentMaker().make(batch.id(0), batch.object(0));
    assert.deepEqual(BSON.deserialize(BSON.serialize(made)), { _id: batch.id(0), ...batch.object(0) });
  });

  test('has keys that the server can hold', () => {
    assert.deepEqual(roundTrip({ 'a.b': { $c: 1, d$: 2 }, '%': 3, 'e%2Ef': 4, '$.%': 5, '': 6 }), {
      'a%2Eb': { '%24c': 1, d$: 2 },
      '%25': 3,
      'e%252Ef': 4,
      '%24%2E%25': 5,
      '': 6,
    });
    assert.equal(escapeKey('a\0$'), 'a%00$');
  });

  test('escapes no two keys to the same', () => {
    check(
      property(string(), (key) => {
        const escaped = escapeKey(key);
        assert.doesNotMatch(escaped, /[.\0]|^\$/);
        assert.equal(
          escaped.replace(/%(..)/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
          key,
        );
      }),
    );
  });

  test('gives no meaning to the keys of senders', () => {
    const native = JSON.parse(
      '{"_bsontype":"ObjectId","toBSON":"x","__proto__":{"_bsontype":"Long","low":1},"o":{"_bsontype":"Code","code":"x"}}',
    ) as object;
    const made = roundTrip(native) as Record<string, unknown>;
    assert.equal(made['_bsontype'], 'ObjectId');
    assert.equal(made['toBSON'], 'x');
    assert.deepEqual(made['o'], { _bsontype: 'Code', code: 'x' });
    assert.deepEqual(Object.getOwnPropertyDescriptor(made, '__proto__')?.value, { _bsontype: 'Long', low: 1 });
  });

  test('has large integers as int64 where they fit, else as text', () => {
    const texts = [
      '9007199254740993',
      '-9223372036854775808',
      '9223372036854775807',
      '9223372036854775808',
      '1e400',
      '123456789012345678901234567890',
    ];
    assert.deepEqual(roundTrip({ n: texts.map((text) => new NumberText(text)), small: 5, large: 2 ** 53 }), {
      n: [9007199254740993n, -9223372036854775808n, 9223372036854775807n, '9223372036854775808', '1e400', '123456789012345678901234567890'],
      small: 5,
      large: 2 ** 53,
    });
  });

  test('is no larger than its bound', () => {
    const maker = new DocumentMaker();
    const list = Array.from({ length: 5000 }, (_, i) => i);
    for (const native of [{}, { a: '☃'.repeat(1000) }, { list }, { list: list.map(String), ['ü'.repeat(100)]: list.map((x) => [{ x }]) }]) {
      const batch = sinkBatch([{ msg: 'ü'.repeat(99), native }]);
      const made = maker.make(batch.id(0), batch.object(0));
      assert.ok(BSON.calculateObjectSize(made) <= maker.bytes);
    }
  });
});
