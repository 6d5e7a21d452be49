import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fold, memberOf, parseAddress, parseNetwork } from '@meniscus/query';
import * as fc from 'fast-check';
import { nameKey, nameOfKey, objectNames, shortName, wordPrefix } from './names.ts';
import { addressTerm, fieldWord, networkRange, numberTerm, sortableNumber, TERM_MAX, valueTerm } from './terms.ts';

const names = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 20 }),
  fc.string({ unit: fc.constantFrom(...Array.from('aA=^~.\0\u0001;"\\İςΣ\ud800é '), '~a;', '^a'), maxLength: 8 }),
);

test('a plain name is its own key', () => {
  for (const name of ['native.http.status', 'normalized.sshd.remote_host', '*.user', 'native.a-b', 'native.@x'])
    assert.equal(nameKey(name), name);
  assert.equal(nameKey('native.userName'), 'native.user^name');
});

test('keys differ where names do, fold to themselves, need no escape and have no =', () => {
  fc.assert(
    fc.property(names, names, (a, b) => {
      assert.equal(nameKey(a) === nameKey(b), a === b);
      assert.equal(fold(nameKey(a)), nameKey(a));
      assert.equal(JSON.stringify(nameKey(a)), `"${nameKey(a)}"`);
      assert.doesNotMatch(nameKey(a), /=/);
    }),
    { numRuns: 2_000 },
  );
});

test('a key says its name, unless it is cut', () => {
  fc.assert(fc.property(names, (name) => assert.equal(nameOfKey(nameKey(name)), nameKey(name).includes('~~') ? undefined : name)));
  assert.equal(nameOfKey(nameKey('native.userName=~^é\ud800')), 'native.userName=~^é\ud800');
  assert.equal(nameOfKey(nameKey('x'.repeat(600))), undefined);
});

test('keys of long names are bounded and differ', () => {
  const long = 'x'.repeat(5_000);
  assert.ok(nameKey(long).length <= 512);
  assert.notEqual(nameKey(`${long}a`), nameKey(`${long}b`));
  assert.notEqual(nameKey('🚀'.repeat(300)), nameKey('🚀'.repeat(301)));
  assert.ok(nameKey('A🚀\0'.repeat(300)).isWellFormed());
  assert.ok(Buffer.byteLength(`${nameKey('é'.repeat(600))}=${'磁'.repeat(8_192)}`) < 32_766 && TERM_MAX * 3 < 32_766);
});

test('a word of a value cannot be taken for one of another name', () => {
  assert.match(wordPrefix('native.user'), /^[0-9a-z]{12}$/);
  assert.equal(fieldWord('native.user', 'bob'), `${wordPrefix('native.user')}bob`);
  assert.notEqual(wordPrefix('native.user'), wordPrefix('native.User'));
});

test('leaves of normalized have a name without their pattern', () => {
  assert.equal(shortName('normalized.sshd.user'), '*.user');
  assert.equal(shortName('normalized.sshd.a.b'), '*.a.b');
  assert.equal(shortName('normalized.user'), undefined);
  assert.equal(shortName('native.a.user'), undefined);
  assert.deepEqual(objectNames('native.http.status'), ['native.http', 'native']);
  assert.deepEqual(objectNames('*.a.b'), ['*.a']);
});

test('numbers sort as doubles', () => {
  fc.assert(
    fc.property(fc.double({ noNaN: true }), fc.double({ noNaN: true }), (a, b) => {
      const [x, y] = [sortableNumber(a), sortableNumber(b)];
      assert.equal(x.length, 16);
      assert.equal(x < y, a < b);
      assert.equal(x === y, a === b);
    }),
    { numRuns: 2_000 },
  );
  assert.equal(sortableNumber(-0), sortableNumber(0));
  assert.ok(numberTerm('native.n', -Infinity) < numberTerm('native.n', -Number.MAX_VALUE));
});

test('the range of a network has its addresses and no others', () => {
  const address = fc.oneof(fc.ipV4(), fc.ipV6(), fc.constantFrom('::ffff:10.1.2.3', '10.0.0.1', '::1', '::', '255.255.255.255'));
  fc.assert(
    fc.property(address, address, fc.integer({ min: 0, max: 128 }), (base, member, bits) => {
      const network = parseNetwork(`${base}/${bits}`);
      const parsed = parseAddress(member);
      if (network === undefined || parsed === undefined) return;
      const { first, last } = networkRange('native.ip', network);
      const term = addressTerm('native.ip', parsed);
      assert.equal(term >= first && term <= last, memberOf(network)(parsed), `${base}/${bits} ${member}`);
    }),
    { numRuns: 3_000 },
  );
});

test('a value may hold anything', () => {
  assert.equal(valueTerm('native.A=b', 'x=y'), 'native.^a~3d;b=x=y');
});
