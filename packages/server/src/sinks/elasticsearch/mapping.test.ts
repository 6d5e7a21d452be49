import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mappedField, type MappedType } from './fields/mapped-names.ts';
import { type Mapping, mappedNames, mappingOf } from './mapping.ts';

test('what is mapped is read back from the mapping', () => {
  const names: [string, MappedType][] = [
    ['native.http.status', 'double'],
    ['native.http.path', 'keyword'],
    ['native.__proto__.constructor', 'keyword'],
    ['normalized.sshd.user', 'keyword'],
  ];
  const mapping = JSON.parse(JSON.stringify(mappingOf(names))) as Mapping;
  assert.deepEqual(new Map(mappedNames(mapping, 10).entries()), new Map(names));
  const field = mappedField('native.http.status', 'double');
  assert.deepEqual(mapping.properties!['native']!.properties!['http']!.properties!['status'], {
    type: 'alias',
    path: `search.mapped.${field}`,
  });
  assert.deepEqual(mapping.properties!['search']!.properties!['mapped']!.properties![field], { type: 'double' });
});

test('a mapping of somebody else has no names of ours', () => {
  const mapping: Mapping = {
    properties: {
      native: { properties: { a: { type: 'keyword' }, b: { type: 'alias', path: 'search.mapped.d_other' }, c: { type: 'alias' } } },
    },
  };
  assert.deepEqual(mappedNames(mapping, 10).entries(), []);
  assert.deepEqual(mappedNames({}, 10).entries(), []);
});
