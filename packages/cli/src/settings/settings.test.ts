import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';
import { hostPort } from './addresses.ts';
import { parameterValue, shellWord } from './quote.ts';
import { settingsText } from './settings.ts';

const addresses = { http: 'http://127.0.0.1:8080', tcp: { host: '127.0.0.1', port: 5140 } };

test('settings name the real addresses, the tenant and the token', () => {
  const text = settingsText({ tenant: 'acme', token: 'tok', addresses });
  assert.match(text, /http:\/\/127\.0\.0\.1:8080\/v1\/tenant\/acme\/publish/);
  assert.match(text, /logger --server 127\.0\.0\.1 --port 5140/);
  assert.match(text, /target="127\.0\.0\.1" port="5140"/);
  assert.match(text, /syslog\("127\.0\.0\.1" port\(5140\)/);
  assert.match(text, /tenant=\\"acme\\" token=\\"tok\\"/);
});

test('a word for the shell reaches a program as it was', () => {
  for (const word of ['plain', "it's", 'a b', '$HOME `id` "x" \\', 'tab\tand\nline', "mixed '\n'"]) {
    const out = execFileSync('bash', ['-c', `printf %s ${shellWord(word)}`], { encoding: 'utf8' });
    assert.equal(out, word);
  }
});

test('values of structured data are escaped by RFC 5424', () => {
  assert.equal(parameterValue('a"b]c\\d'), String.raw`a\"b\]c\\d`);
});

test('tenant ids that a configuration file cannot hold get no settings for daemons', () => {
  const text = settingsText({ tenant: 'a\nb', token: 'tok', addresses });
  assert.match(text, /a%0Ab\/publish/);
  assert.doesNotMatch(text, /omfwd/);
});

test('addresses are split, IPv6 too', () => {
  assert.deepEqual(hostPort('127.0.0.1:5140'), { host: '127.0.0.1', port: 5140 });
  assert.deepEqual(hostPort('[::1]:5140'), { host: '::1', port: 5140 });
  assert.equal(hostPort('nonsense'), undefined);
});
