import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { ValueFault } from '../../config/kinds.ts';
import { mongodbKind } from './kind.ts';

const { url, database, collection } = mongodbKind.settings;

suite('the settings of the mongodb sink', () => {
  test('take the URL of a server or of a cluster', () => {
    const cases: [unknown, string][] = [
      ['mongodb://127.0.0.1:27017', 'mongodb://127.0.0.1:27017'],
      ['mongodb://127.0.0.1:27017/', 'mongodb://127.0.0.1:27017'],
      ['mongodb://a,b:1,[::1]:2/?replicaSet=rs', 'mongodb://a,b:1,[::1]:2/?replicaSet=rs'],
      ['mongodb://a?w=1', 'mongodb://a/?w=1'],
      ['mongodb+srv://c.example/admin?x=y', 'mongodb+srv://c.example/admin?x=y'],
      [['mongodb://a:1/?replicaSet=rs', 'mongodb://b:2', 'mongodb://c:3/?replicaSet=rs'], 'mongodb://a:1,b:2,c:3/?replicaSet=rs'],
    ];
    for (const [given, expected] of cases) assert.equal(url.kind.parse(given, '/'), expected);
  });

  test('take no other', () => {
    for (const wrong of [
      'http://a',
      'mongodb://',
      'mongodb://user:secret@a',
      'mongodb://user@a/?b=c',
      'mongodb://a b',
      'mongodb://a/?tlsCertificateKeyFilePassword=x',
      [],
      ['mongodb://a/?x=1', 'mongodb://b/?x=2'],
      ['mongodb+srv://a', 'mongodb+srv://b'],
      5,
      null,
    ])
      assert.throws(() => url.kind.parse(wrong, '/'), ValueFault, JSON.stringify(wrong));
    for (const wrong of ['a.b', 'a b', '$a', '', 'a/b', 5]) assert.throws(() => database.kind.parse(wrong, '/'), ValueFault);
    for (const wrong of ['system.users', 'a$b', '', 5]) assert.throws(() => collection.kind.parse(wrong, '/'), ValueFault);
  });

  test('need a password with a user', () => {
    const base = { url: 'mongodb://a', database: 'd', collection: 'c', tls: false, ttl_index: true, verify_certificate: true };
    assert.throws(() => mongodbKind.check!({ ...base, username: 'u' }), /password_file/);
    mongodbKind.check!({ ...base, username: 'u', password_file: '/p' });
  });
});
