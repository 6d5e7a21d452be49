import assert from 'node:assert/strict';
import { test } from 'node:test';
import { itemTexts, memberTexts, parseForShow } from './json-text.ts';

test('items of an array keep their text, with nested values, strings that look like structure, and large numbers', () => {
  const items = ['{"n":12345678901234567890,"s":"a],}\\"["}', '[1, [2]]', '"x,y"', '1e400', 'null'];
  assert.deepEqual(itemTexts(`[ ${items.join(' , ')} ]`), items);
  assert.deepEqual(itemTexts('[]'), []);
});

test('members of an object keep their text; names may be escaped', () => {
  const members = memberTexts('{ "events" : [{"a":{"events":[9]}}], "next":null,"\\u006eame":"v" }');
  assert.deepEqual(
    [...members],
    [
      ['events', '[{"a":{"events":[9]}}]'],
      ['next', 'null'],
      ['name', '"v"'],
    ],
  );
  assert.equal(memberTexts('{}').size, 0);
});

test('numbers that JavaScript would change are shown as they were', () => {
  assert.deepEqual(parseForShow('{"a":12345678901234567890,"b":1e400,"c":1.5,"d":7,"__proto__":1}'), {
    a: '12345678901234567890',
    b: '1e400',
    c: 1.5,
    d: 7,
    ['__proto__']: 1,
  });
});
