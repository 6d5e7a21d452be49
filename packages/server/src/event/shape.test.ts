import assert from 'node:assert/strict';
import { test } from 'node:test';
import { NumberText } from './leaf.ts';
import { compileShape } from './shape.ts';
import { ShapeTrie, TooDeep, type LeafValue } from './shape-trie.ts';

function walk(native: object, trie = new ShapeTrie(64)) {
  const leaves: LeafValue[] = [];
  const node = trie.member(trie.root, 'native', native, { leaf: (value) => void leaves.push(value) });
  return { node, leaves, shape: compileShape(node.text) };
}

/** Puts the leaves back into the skeleton. */
function render(text: readonly string[], leaves: readonly LeafValue[]): unknown {
  let json = text[0]!;
  for (const [i, leaf] of leaves.entries()) json += (leaf instanceof NumberText ? leaf.text : JSON.stringify(leaf)) + text[i + 1]!;
  return JSON.parse(`{${json}}`);
}

const samples: [object, string[]][] = [
  [{}, []],
  [{ a: 1 }, ['native.a']],
  [{ a: { b: 'x' }, 'a.b': 'y' }, ['native.a.b', 'native.a.b']],
  [{ tags: ['x', { k: 1 }, [true, null]], empty: {}, none: [] }, ['native.tags', 'native.tags.k', 'native.tags', 'native.tags']],
  [JSON.parse('{"__proto__":{"polluted":"yes"},"constructor":1}') as object, ['native.__proto__.polluted', 'native.constructor']],
  [{ '404': 1, a: 2, '3': 3 }, ['native.3', 'native.404', 'native.a']],
  [{ '': 1, '\u0000close': 2, 'quote"': 3 }, ['native.', 'native.\u0000close', 'native.quote"']],
];

for (const [native, columns] of samples)
  test(`the shape of ${JSON.stringify(native)} gives its columns and its JSON back`, () => {
    const { shape, leaves } = walk(native);
    assert.deepEqual(shape.columns, columns);
    assert.deepEqual(render(shape.pieces, leaves), { native });
  });

test('two events of one structure end at one node, others at another', () => {
  const trie = new ShapeTrie(64);
  const first = walk({ a: 1, b: ['x', 'y'] }, trie).node;
  assert.equal(walk({ a: 'other', b: [1, null] }, trie).node, first);
  assert.notEqual(walk({ a: 1, b: ['x'] }, trie).node, first);
  assert.notEqual(walk({ b: ['x', 'y'], a: 1 }, trie).node, first);
});

test('nesting above the limit is refused', () => {
  const deep = (levels: number): object => (levels === 0 ? {} : { a: deep(levels - 1) });
  assert.doesNotThrow(() => walk(deep(63)));
  assert.throws(() => walk(deep(64)), TooDeep);
});
