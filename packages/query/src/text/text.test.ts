import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { memberOf, parseAddress, parseNetwork } from './address.ts';
import { printNumber, readNumber } from './number.ts';
import { severityNames } from './severity.ts';
import { parseTime, printTime } from './time.ts';
import { fold, isWordAt, isWordBefore, isWordCode, wordsOf } from './words.ts';

suite('words and folding', () => {
  test('folding goes code point by code point, keeps the length and what is a word, and is final', () => {
    const words = /[\p{L}\p{Nd}_]/u;
    for (let code = 0; code <= 0x1ffff; code++) {
      if (code >= 0xd800 && code <= 0xdfff) continue;
      const char = String.fromCodePoint(code);
      const folded = fold(char);
      assert.equal(Array.from(folded).length, 1, char);
      assert.equal(fold(folded), folded, char);
      assert.equal(words.test(folded), words.test(char), char);
      assert.equal(isWordCode(code), words.test(char), char);
      assert.equal(fold(`a${char}`), `a${folded}`, char);
    }
  });

  test('folding in context', () => {
    assert.equal(fold('ΟΔΟΣ ΣΑΣ'), 'οδοσ σασ');
    assert.equal(fold('İSTANBUL'), 'istanbul');
    assert.equal(fold('STRAẞE ß'), 'straße ß');
    assert.equal(fold('ıſ'), 'ıſ');
    assert.equal(fold('𐐀'), '𐐨');
  });

  test('words', () => {
    assert.deepEqual(wordsOf("Don't panic_now: 磁盘空间, café\u0301 ½ Ⅷ 42٤٢"), ['don', 't', 'panic_now', '磁盘空间', 'café', '42٤٢']);
    assert.deepEqual(wordsOf(''), []);
    assert.deepEqual(wordsOf('... 🚀'), []);
  });

  test('neighbours beyond the basic plane', () => {
    assert.equal(isWordBefore('𐐀x', 2), true);
    assert.equal(isWordBefore('😀x', 2), false);
    assert.equal(isWordBefore('x', 0), false);
    assert.equal(isWordAt('𐐀', 0), true);
    assert.equal(isWordAt('a', 1), false);
  });
});

suite('numbers', () => {
  test('what reads as one', () => {
    for (const text of ['0', '-0', '5', '007', '1.50', '1e0', '1e+21', '-2.5e-7', '1e999'])
      assert.equal(readNumber(text), Number(text), text);
    for (const text of [
      '',
      '-',
      '+5',
      '.5',
      '5.',
      '1_000',
      ' 5',
      '5 ',
      '5\n',
      '0x10',
      'inf',
      'NaN',
      '10d',
      '1,5',
      '1e',
      'e5',
      '5E2',
      '٤٢',
      '--5',
      '1.2.3',
    ]) {
      assert.ok(Number.isNaN(readNumber(text)), text);
    }
  });

  test('what is printed reads as the same', () => {
    for (const value of [0, -1, 1e21, 5e-324, 0.1, Infinity, -Infinity, 2 ** 53]) assert.equal(readNumber(printNumber(value)), value);
  });
});

suite('addresses', () => {
  test('spellings', () => {
    const same = (text: string, family: 4 | 6, groups: number[]): void => assert.deepEqual(parseAddress(text), { family, groups });
    same('10.1.2.3', 4, [0x0a010203]);
    same('255.255.255.255', 4, [0xffffffff]);
    same('::ffff:10.1.2.3', 4, [0x0a010203]);
    same('::FFFF:0a01:0203', 4, [0x0a010203]);
    same('::', 6, [0, 0, 0, 0, 0, 0, 0, 0]);
    same('1::', 6, [1, 0, 0, 0, 0, 0, 0, 0]);
    same('1:2:3:4:5:6:1.2.3.4', 6, [1, 2, 3, 4, 5, 6, 0x102, 0x304]);
    same('1::3:4:5:6:7:8', 6, [1, 0, 3, 4, 5, 6, 7, 8]);
  });

  test('what is none', () => {
    const wrong = [
      '',
      '1',
      '10.1.2',
      '10.1.2.3.4',
      '10.1.2.256',
      '010.1.2.3',
      '10.1.2.3 ',
      '1:2:3',
      ':::',
      '1::2::3',
      '::1%eth0',
      '[::1]',
      '12345::',
      '1:2:3:4:5:6:7::8:9',
      '::1.2.3',
      '1.2.3.4::',
      '1:',
      ':1',
      'g::',
      '1:2:3:4:5:6:7:8:',
    ];
    for (const text of wrong) assert.equal(parseAddress(text), undefined, text);
  });

  test('networks', () => {
    const holds = (network: string, address: string): boolean => memberOf(parseNetwork(network)!)(parseAddress(address)!);
    assert.equal(holds('10.0.0.0/8', '10.255.0.1'), true);
    assert.equal(holds('10.0.0.0/9', '10.128.0.1'), false);
    assert.equal(holds('0.0.0.0/0', '1.2.3.4'), true);
    assert.equal(holds('2001:db8::/33', '2001:db8:8000::'), false);
    assert.equal(holds('2001:db8::/33', '2001:db8:7fff::'), true);
    assert.equal(holds('::/0', '1.2.3.4'), false);
    assert.equal(holds('::ffff:0:0/96', '1.2.3.4'), true);
    assert.equal(holds('::ffff:0:0/95', '1.2.3.4'), false);
    for (const text of ['10.0.0.0/33', '::/129', '10.0.0.0', '10.0.0.0/', '10.0.0.0/08', '10.0.0.0/-1', 'a/8', '1.2.3/8', '::1%x/64']) {
      assert.equal(parseNetwork(text), undefined, text);
    }
  });
});

suite('times', () => {
  test('days exist or not', () => {
    assert.ok(parseTime('2000-02-29', 0));
    assert.equal(parseTime('1900-02-29', 0), undefined);
    assert.equal(parseTime('2026-04-31', 0), undefined);
    assert.equal(parseTime('0000-01-01', 0)?.from, -62_167_219_200_000_000);
    assert.equal(parseTime('9999-12-31', 0)?.to, 253_402_300_800_000_000);
  });

  test('what is printed is read as the same microsecond', () => {
    for (const micros of [0, 1, -1, 999_999, -62_167_219_200_000_000, 253_402_300_799_999_936, 1_795_132_800_123_456]) {
      assert.equal(parseTime(printTime(micros), 0)?.from, micros);
    }
  });

  test('units of epoch numbers', () => {
    assert.deepEqual(parseTime('99999999999', 0), { from: 99_999_999_999e6, to: 100_000_000_000e6 });
    assert.deepEqual(parseTime('100000000000', 0), { from: 1e14, to: 1e14 + 1000 });
    assert.deepEqual(parseTime('99999999999999', 0), { from: 99_999_999_999_999_000, to: 100_000_000_000_000_000 });
    assert.deepEqual(parseTime('100000000000000', 0), { from: 1e14, to: 1e14 + 1 });
  });
});

test('sixteen names of eight severities', () => {
  const names = severityNames();
  assert.equal(names.size, 16);
  assert.deepEqual([...new Set(names.values())], [0, 1, 2, 3, 4, 5, 6, 7]);
});
