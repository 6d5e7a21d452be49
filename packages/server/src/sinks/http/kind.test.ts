import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { ValueFault } from '../../config/kinds.ts';
import { httpKind, type HttpSettings } from './kind.ts';

const { url, headers } = httpKind.settings;

suite('the settings of the http sink', () => {
  test('take one address or several', () => {
    assert.deepEqual(url.kind.parse('https://a.example/x?y=1,2#z', '/'), ['https://a.example/x?y=1,2']);
    assert.deepEqual(url.kind.parse(['http://a', 'http://b:81/c'], '/'), ['http://a/', 'http://b:81/c']);
    for (const wrong of ['a.example', 'ftp://a', 'http://user:secret@a', [], 5, [null], {}])
      assert.throws(() => url.kind.parse(wrong, '/'), ValueFault, JSON.stringify(wrong));
  });

  test('take headers as texts and as files', () => {
    assert.deepEqual(headers.kind.parse({ 'X-Key': 'abc', 'X-Number': 5, 'X-File': { file: 'key' } }, '/etc'), {
      'x-key': 'abc',
      'x-number': '5',
      'x-file': { file: '/etc/key' },
    });
    for (const wrong of [
      { 'a b': 'x' },
      { 'x-a': 'a\nb: c' },
      { 'x-a': 'snow ☃' },
      { Host: 'x' },
      { 'content-type': 'x' },
      { 'x-a': { file: 'a', more: 1 } },
      { 'x-a': null },
      ['a'],
      'a: b',
    ])
      assert.throws(() => headers.kind.parse(wrong, '/'), ValueFault, JSON.stringify(wrong));
  });

  test('that do not go together', () => {
    const base: HttpSettings = { url: ['http://a/'], compression: 'none', verify_certificate: true };
    for (const wrong of [
      { username: 'u' },
      { password_file: '/p' },
      { cert_file: '/c' },
      { cert_file: '/c', key_file: '/k' },
      { ca_file: '/c' },
      { server_name: 'a' },
      { key_file: '/c' },
      { username: 'u', password_file: '/p', bearer_token_file: '/b' },
      { bearer_token_file: '/b', headers: { authorization: 'x' } },
    ])
      assert.throws(() => httpKind.check!({ ...base, ...wrong }), ValueFault, JSON.stringify(wrong));
    httpKind.check!({ ...base, url: ['http://a/', 'https://b/'], username: 'u', password_file: '/p', cert_file: '/c', key_file: '/k' });
  });
});
