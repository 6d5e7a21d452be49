import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ValueFault } from '../../config/kinds.ts';
import { type ElasticsearchSettings, elasticsearchKind } from './kind.ts';

const { settings } = elasticsearchKind;
const check = (given: ElasticsearchSettings): void => elasticsearchKind.check!(given);
const base: ElasticsearchSettings = {
  url: ['http://es:9200'],
  verify_certificate: true,
  prefix: 'meniscus',
  shards: 1,
  replicas: 1,
  refresh_interval: 1000,
  mapped_fields_max: 300,
  compression: 'none',
};

test('addresses are one or several, without secrets', () => {
  const parse = (value: unknown): readonly string[] => settings.url.kind.parse(value, '/');
  assert.deepEqual(parse('http://es:9200/'), ['http://es:9200']);
  assert.deepEqual(parse(['https://a/es/', 'https://b/es']), ['https://a/es', 'https://b/es']);
  for (const bad of ['', 'es:9200', 'ftp://es', 'http://u:p@es', 'http://es?x=1', [], [1], null])
    assert.throws(() => parse(bad), ValueFault, String(bad));
});

test('a prefix is a part of the names of indexes', () => {
  for (const good of ['meniscus', 'logs-eu', '0_x']) assert.equal(settings.prefix.kind.parse(good, '/'), good);
  for (const bad of ['', 'Logs', '-x', '.x', 'a*', 'a,b', 'a/b', 'x'.repeat(65), 5])
    assert.throws(() => settings.prefix.kind.parse(bad, '/'), ValueFault, String(bad));
});

test('settings that exclude or need each other', () => {
  const faulty: Partial<ElasticsearchSettings>[] = [
    { api_key_file: '/k', username: 'u', password_file: '/p' },
    { username: 'u' },
    { password_file: '/p' },
    { cert_file: '/c' },
    { ca_file: '/c' },
    { server_name: 'es' },
    { verify_certificate: false },
  ];
  for (const more of faulty) assert.throws(() => check({ ...base, ...more }), ValueFault, JSON.stringify(more));
  check(base);
  check({ ...base, url: ['https://es'], ca_file: '/c', cert_file: '/c', key_file: '/k', username: 'u', password_file: '/p' });
});
