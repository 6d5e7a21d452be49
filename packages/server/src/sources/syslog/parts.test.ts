import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { newCounters } from '../counters.ts';
import { AllowList, plainAddress } from './allow-list.ts';
import { dayNumber } from './civil.ts';
import { parseUdpTable } from './kernel-drops.ts';
import { countRefusedFrom, OTHERS } from './refused-from.ts';
import { Words } from './words.ts';

suite('allow', () => {
  test('addresses and networks of both families', () => {
    const list = new AllowList(['10.0.0.0/8', '192.0.2.7', '2001:db8::/32', '::1', '0.0.0.0/32']);
    for (const address of ['10.1.2.3', '::ffff:10.1.2.3', '192.0.2.7', '2001:db8::5', '::1', '2001:db8::5%eth0'])
      assert.ok(list.allows(address), address);
    for (const address of ['11.0.0.1', '192.0.2.8', '::ffff:11.0.0.1', '2001:db9::1', '::2', '', 'nonsense'])
      assert.ok(!list.allows(address), address);
  });

  test('networks of mapped addresses, and everybody', () => {
    assert.ok(new AllowList(['::ffff:10.0.0.0/104']).allows('10.9.9.9'));
    assert.ok(new AllowList(['0.0.0.0/0']).allows('203.0.113.9'));
    assert.equal(plainAddress('::FFFF:127.0.0.1'), '127.0.0.1');
  });
});

test('the days of the calendar are those of Date, where Date knows them', () => {
  for (let day = -719_000; day < 2_900_000; day += 997) {
    const date = new Date(day * 86_400_000);
    assert.equal(dayNumber(date.getUTCFullYear(), date.getUTCMonth() + 1, date.getUTCDate()), day);
  }
});

test('drops of UDP sockets are read by port and inode', () => {
  const table = [
    '   sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode ref pointer drops             ',
    '  310: 0100007F:1414 00000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 4711 2 0000000000000000 12        ',
    '  311: 00000000000000000000000000000000:0202 00000000000000000000000000000000:0000 07 00000000:00000000 00:00000000 00000000 0 0 4712 2 0000000000000000 0',
    '',
  ].join('\n');
  assert.deepEqual(parseUdpTable(table), [
    { port: 5140, inode: '4711', drops: 12 },
    { port: 514, inode: '4712', drops: 0 },
  ]);
  assert.deepEqual(parseUdpTable(''), []);
});

test('refused addresses: bounded, the ones with most stay, and nothing is lost from the sum', () => {
  const counters = newCounters();
  for (let i = 0; i < 5000; i++) {
    countRefusedFrom(counters, `10.0.${i >> 8}.${i & 255}`);
    countRefusedFrom(counters, '192.0.2.1');
  }
  const from = counters.refusedFrom!;
  assert.ok(from.size <= 1001);
  assert.equal(from.get('192.0.2.1'), 5000);
  assert.ok(from.get(OTHERS)! > 0);
  assert.equal(
    [...from.values()].reduce((a, b) => a + b),
    10_000,
  );
});

test('words are the bytes between spaces, whatever was read before', () => {
  const words = new Words();
  const all = Array.from({ length: 20_000 }, (_, i) => `w${i * 7919}`).concat('grüße', 'x'.repeat(400), '');
  for (const word of [...all, ...all]) {
    const buffer = Buffer.from(`<${word} rest`);
    assert.equal(words.read(buffer, 1, buffer.length), word);
    assert.equal(words.end, buffer.length - 5);
  }
});
