import assert from 'node:assert/strict';
import { isAscii } from 'node:buffer';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { buildFilter, filterHas } from './filter.ts';
import { fold, hashWord, WordSet } from './words.ts';

/** The words of a text as the query language defines them, one code point at a time. */
function wordsOf(text: string): string[] {
  const words: string[] = [];
  let word = '';
  for (const point of text) {
    if (/^[\p{L}\p{Nd}_]$/u.test(point)) word += point;
    else if (word !== '') {
      words.push(word);
      word = '';
    }
  }
  if (word !== '') words.push(word);
  return words.map((each) =>
    Array.from(each, (point) => (point === 'İ' ? 'i' : point.toLowerCase() === 'ς' ? 'σ' : point.toLowerCase())).join(''),
  );
}

function filterOf(texts: readonly string[]): Int32Array {
  const set = new WordSet();
  const bytes = Buffer.from(texts.map((text) => `${text}\n`).join(''));
  set.addBytes(bytes, isAscii(bytes));
  return buildFilter(set);
}

test('a filter holds every word of every text, however it is written', () => {
  const units = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.string({ unit: 'grapheme' }),
    fc.string({ unit: fc.constantFrom(...Array.from('aB9_ .éİςΣ磁\u0301🚀\n\u212A')) }),
  );
  fc.assert(
    fc.property(fc.array(units, { maxLength: 6 }), (texts) => {
      const filter = filterOf(texts);
      for (const text of texts) {
        for (const word of wordsOf(text.toWellFormed())) {
          const hash = hashWord(word);
          assert.ok(hash === undefined || filterHas(filter, hash), JSON.stringify(word));
        }
      }
    }),
    { numRuns: 500 },
  );
});

test('words of texts and of single values are the same', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 40 }), (text) => {
      const [run, value] = [new WordSet(), new WordSet()];
      const bytes = Buffer.from(text);
      run.addBytes(bytes, isAscii(bytes));
      value.addText(text);
      assert.deepEqual(run.hashes.toSorted(), value.hashes.toSorted());
      assert.equal(run.size, new Set(wordsOf(text)).size);
    }),
  );
});

test('what is not a word is not in it, nor parts of words', () => {
  const filter = filterOf(['Failed password for user_7 from 10.0.0.1', "don't"]);
  for (const word of ['failed', 'user_7', '10', '0', 'don', 't']) assert.ok(filterHas(filter, hashWord(word)!), word);
  for (const word of ['fail', 'user', 'password for', 'Failed', 'dont']) assert.ok(!filterHas(filter, hashWord(word)!), word);
});

test('few absent words are taken for present ones', () => {
  const filter = filterOf(Array.from({ length: 50_000 }, (_, i) => `w${i} x${i * 7_919}`));
  let wrong = 0;
  for (let i = 0; i < 20_000; i++) if (filterHas(filter, hashWord(`absent${i}`)!)) wrong++;
  assert.ok(wrong / 20_000 < 0.02, `${wrong / 20_000}`);
});

test('a set is empty after clear, whatever was in it', () => {
  const set = new WordSet();
  for (let i = 0; i < 50_000; i++) set.addText(`w${i}`);
  set.clear();
  set.addText('one two one');
  assert.equal(set.size, 2);
  set.clear();
  assert.equal(buildFilter(set).length, 0);
  assert.ok(!filterHas(buildFilter(set), hashWord('one')!));
});

test('folding is simple lower case', () => {
  assert.equal(fold('İSTANBUL ΣΊΣΥΦΟΣ ẞ K'), 'istanbul σίσυφοσ ß k');
});
