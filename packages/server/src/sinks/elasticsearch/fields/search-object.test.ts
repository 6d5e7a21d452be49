import assert from 'node:assert/strict';
import { test } from 'node:test';
import { NumberText } from '../../../event/leaf.ts';
import { RECEIVED, sinkBatch, type TestEvent } from '../../document/documents.testing.ts';
import { MappedNames } from './mapped-names.ts';
import { wordPrefix } from './names.ts';
import { SearchObjects } from './search-object.ts';
import { sortableNumber } from './terms.ts';

function searchOf(event: TestEvent, mapped = new MappedNames(0)): Record<string, unknown> {
  const batch = sinkBatch([event]);
  return JSON.parse(new SearchObjects().json(batch, 0, batch.document(0), mapped)) as Record<string, unknown>;
}

test('an event without fields has its times', () => {
  assert.deepEqual(searchOf({ received: RECEIVED, time: RECEIVED - 1, msg: 'hello' }), {
    tenant: 1,
    received: RECEIVED,
    time: RECEIVED - 1,
  });
  assert.equal(searchOf({ time: Date.UTC(2300, 0, 1) * 1000 + 7 })['time'], Date.UTC(2300, 0, 1) * 1000 + 7);
});

test('leaves are texts, words, numbers, addresses and names', () => {
  const native = { user: 'Bob "B" Builder', http: { status: 500, ok: true }, ip: ['10.0.0.1', '-'], nil: null, empty: '', n: '007' };
  const search = searchOf({ native });
  assert.deepEqual(search['text'], ['native.user=Bob "B" Builder', 'native.ip=10.0.0.1', 'native.ip=-', 'native.empty=', 'native.n=007']);
  assert.deepEqual(search['scalars'], ['native.http.status=500', 'native.http.ok=true']);
  const [user, ip, n] = ['native.user', 'native.ip', 'native.n'].map(wordPrefix);
  assert.deepEqual(search['words'], [`${user}Bob ${user}B ${user}Builder`, `${ip}10 ${ip}0 ${ip}0 ${ip}1`, `${n}007`]);
  assert.deepEqual(search['numbers'], [`native.http.status=${sortableNumber(500)}`, `native.n=${sortableNumber(7)}`]);
  assert.deepEqual(search['addresses'], ['native.ip=40a000001']);
  assert.deepEqual(search['names'], [
    'native.user=s',
    'native',
    'native.http.status=n',
    'native.http',
    'native.http.ok=b',
    'native.ip=s',
    'native.empty=e',
    'native.n=s',
  ]);
});

test('numbers that no double holds keep their text', () => {
  const search = searchOf({ native: { big: new NumberText('12345678901234567890'), huge: new NumberText('1e400') } });
  assert.deepEqual(search['scalars'], ['native.big=12345678901234567890', 'native.huge=1e400']);
  assert.deepEqual(search['numbers'], [
    `native.big=${sortableNumber(Number('12345678901234567890'))}`,
    `native.huge=${sortableNumber(Infinity)}`,
  ]);
});

test('event fields that read as numbers or addresses are found as such', () => {
  const search = searchOf({ host: '10.0.0.1', pname: '-', pid: '812', msgid: '"5', msg: '2001:db8::1' });
  assert.deepEqual(search['numbers'], [`pid=${sortableNumber(812)}`]);
  assert.deepEqual(search['addresses'], ['host=40a000001', 'msg=620010db8000000000000000000000001']);
});

test('a host cannot pretend to be another field', () => {
  const search = searchOf({ host: 'x","msg":"5\\', msg: '6' });
  assert.deepEqual(search['numbers'], [`msg=${sortableNumber(6)}`]);
});

test('an empty msg is noted, and an array has all its kinds', () => {
  assert.deepEqual(searchOf({ msg: '' })['names'], ['msg=e']);
  assert.deepEqual(searchOf({ native: { a: ['x', 1, 'y', true] } })['names'], ['native.a=s', 'native', 'native.a=n', 'native.a=b']);
});

test('values too long for a term are noted', () => {
  const search = searchOf({ host: 'h'.repeat(9_000), native: { a: 'x'.repeat(9_000) } });
  assert.deepEqual(search['long'], ['native.a', 'host']);
});

test('hostile names and texts make JSON', () => {
  const native = JSON.parse('{"__proto__":{"":"\\ud800"},"a\\"b":"\\u0000","constructor":"c"}') as object;
  const search = searchOf({ native });
  assert.deepEqual(search['names'], ['native.__proto__.=s', 'native.__proto__', 'native', 'native.a~22;b=s', 'native.constructor=s']);
});

test('names are mapped up to the cap, by the type of their first value, and never two that exclude each other', () => {
  const mapped = new MappedNames(3);
  searchOf({ native: { a: { b: 1 }, c: 'x', d: 1, e: 1 } }, mapped);
  assert.deepEqual(Array.from(mapped.wanted), [
    ['native.a.b', 'double'],
    ['native.c', 'keyword'],
    ['native.d', 'double'],
  ]);
  mapped.add(mapped.wanted);
  const search = searchOf({ native: { a: 'scalar', c: ['y', 5], d: ['7', 'no', 8] } }, mapped);
  const fields = Object.values(search['mapped'] as object);
  assert.deepEqual(fields, [
    ['y', '5'],
    [7, 8],
  ]);
  assert.equal(mapped.wanted.size, 0);
  const other = new MappedNames(10);
  searchOf({ native: { a: { b: 1 }, 'a.c': 1, 'b..c': 1, '': 1, 'x y': 1, a2: 1 } }, other);
  searchOf({ native: { a: 1, a2: { b: 1 } } }, other);
  assert.deepEqual(Array.from(other.wanted.keys()), ['native.a.b', 'native.a.c', 'native.a2']);
});
