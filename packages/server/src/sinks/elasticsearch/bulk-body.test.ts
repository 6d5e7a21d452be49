import assert from 'node:assert/strict';
import { test } from 'node:test';
import { NumberText } from '../../event/leaf.ts';
import { sinkBatch } from '../document/documents.testing.ts';
import { BulkBodies } from './bulk-body.ts';
import { MappedNames } from './fields/mapped-names.ts';
import type { TenantIndex } from './indexes.ts';

test('numbers that servers would make infinities of are texts in the document, others as they came', () => {
  const native = { huge: new NumberText('1e400'), big: new NumberText('12345678901234567890'), low: new NumberText('-1e999'), n: 1.5 };
  const index = { name: 'x', mapped: new MappedNames(0) } as TenantIndex;
  const batch = sinkBatch([{ native }, { native: { big: native.big } }]);
  const { bytes } = new BulkBodies().make({ batch, indexes: [index, index] }, 0, 2, 1 << 20);
  const [, first, , second] = bytes.toString().split('\n');
  assert.match(first!, /"native":\{"huge":"1e400","big":12345678901234567890,"low":"-1e999","n":1\.5\}/);
  assert.match(first!, /"scalars":\["native\.huge=1e400"/);
  assert.match(second!, /"native":\{"big":12345678901234567890\}/);
});
