import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { TestRow } from '../testing/memory-intake.ts';
import { event } from './decode.testing.ts';

const TIME = '2026-11-24T10:00:00.000000Z';
const base = { tenant: 1, time: TIME, host: 'host', pname: 'app', pid: '12', msgid: 'ID1', severity: 5, facility: 1, ver: 1 };
const HEAD = '<13>1 2026-11-24T10:00:00Z host app 12 ID1';

suite('RFC 5424', () => {
  const cases: [line: string, expected: TestRow][] = [
    // Section 6.5, examples 1 to 4
    [
      "<34>1 2003-10-11T22:14:15.003Z mymachine.example.com su - ID47 - \ufeff'su root' failed for lonvick on /dev/pts/8",
      {
        tenant: 1,
        time: '2003-10-11T22:14:15.003000Z',
        host: 'mymachine.example.com',
        pname: 'su',
        pid: '-',
        msgid: 'ID47',
        severity: 2,
        facility: 4,
        ver: 1,
        msg: "'su root' failed for lonvick on /dev/pts/8",
      },
    ],
    [
      "<165>1 2003-08-24T05:14:15.000003-07:00 192.0.2.1 myproc 8710 - - %% It's time to make the do-nuts.",
      {
        tenant: 1,
        time: '2003-08-24T12:14:15.000003Z',
        host: '192.0.2.1',
        pname: 'myproc',
        pid: '8710',
        msgid: '-',
        severity: 5,
        facility: 20,
        ver: 1,
        msg: "%% It's time to make the do-nuts.",
      },
    ],
    [
      '<165>1 2003-10-11T22:14:15.003Z mymachine.example.com evntslog - ID47 [exampleSDID@32473 iut="3" eventSource="Application" eventID="1011"] \ufeffAn application event log entry...',
      {
        tenant: 1,
        time: '2003-10-11T22:14:15.003000Z',
        host: 'mymachine.example.com',
        pname: 'evntslog',
        pid: '-',
        msgid: 'ID47',
        severity: 5,
        facility: 20,
        ver: 1,
        msg: 'An application event log entry...',
        native: { 'exampleSDID@32473': { iut: '3', eventSource: 'Application', eventID: '1011' } },
      },
    ],
    [
      '<165>1 2003-10-11T22:14:15.003Z mymachine.example.com evntslog - ID47 [exampleSDID@32473 iut="3"][examplePriority@32473 class="high"]',
      {
        tenant: 1,
        time: '2003-10-11T22:14:15.003000Z',
        host: 'mymachine.example.com',
        pname: 'evntslog',
        pid: '-',
        msgid: 'ID47',
        severity: 5,
        facility: 20,
        ver: 1,
        native: { 'exampleSDID@32473': { iut: '3' }, 'examplePriority@32473': { class: 'high' } },
      },
    ],
    [
      '<0>1 - - - - - -',
      {
        tenant: 1,
        time: '2026-11-24T12:00:00.000000Z',
        timeReceived: true,
        host: '-',
        pname: '-',
        pid: '-',
        msgid: '-',
        severity: 0,
        facility: 0,
        ver: 1,
      },
    ],
    [`${HEAD} - `, { ...base, msg: '' }],
    [`${HEAD} -  two`, { ...base, msg: ' two' }],
    [`${HEAD} - [text] in brackets`, { ...base, msg: '[text] in brackets' }],
    [`${HEAD} [a]`, { ...base, native: { a: {} } }],
    [`${HEAD} [a][b x="1"] text`, { ...base, native: { a: {}, b: { x: '1' } }, msg: 'text' }],
    [`${HEAD} [a x="1" x="2" x="3"] text`, { ...base, native: { a: { x: ['1', '2', '3'] } }, msg: 'text' }],
    [`${HEAD} [a x="1"][b][a y="2" x="3"] text`, { ...base, native: { a: { x: ['1', '3'], y: '2' }, b: {} }, msg: 'text' }],
    [String.raw`${HEAD} [a x="q\"b\\s\]c\n"] text`, { ...base, native: { a: { x: String.raw`q"b\s]c\n` } }, msg: 'text' }],
    [`${HEAD} [a x=""] text`, { ...base, native: { a: { x: '' } }, msg: 'text' }],
    [`${HEAD} [a x="grüße 日本"] grüße`, { ...base, native: { a: { x: 'grüße 日本' } }, msg: 'grüße' }],
    [`${HEAD} - ${'x'.repeat(3000)}`, { ...base, msg: 'x'.repeat(3000) }],
    [`\ufeff${HEAD} - text\r\n`, { ...base, msg: 'text' }],
    [`${HEAD} - text\0`, { ...base, msg: 'text' }],
    [`${HEAD} - first\nsecond\n`, { ...base, msg: 'first\nsecond' }],
  ];
  for (const [line, expected] of cases) test(line.slice(0, 90), () => assert.deepEqual(event(line), expected));

  test('keys of structured data are only keys', () => {
    const { native } = event(`${HEAD} [__proto__ __proto__="1"][constructor x="2"] text`);
    assert.equal(JSON.stringify(native), '{"__proto__":{"__proto__":"1"},"constructor":{"x":"2"}}');
  });

  test('pids that are no plain number keep their text', () => {
    for (const pid of ['0', '7', '007', '4294967296', '123456789', 'worker-1', '-1', '1.5']) {
      assert.equal(event(`<13>1 - - - ${pid} - - x`).pid, pid);
    }
  });
});

suite('times of RFC 5424', () => {
  const times: [sent: string, time: string][] = [
    ['1985-04-12T23:20:50.52Z', '1985-04-12T23:20:50.520000Z'],
    ['1985-04-12T19:20:50.52-04:00', '1985-04-12T23:20:50.520000Z'],
    ['2003-08-24T05:14:15.000000003-07:00', '2003-08-24T12:14:15.000000Z'],
    ['2026-11-24T10:00:00.1234567Z', '2026-11-24T10:00:00.123456Z'],
    ['2026-11-24T10:00:00.999999999Z', '2026-11-24T10:00:00.999999Z'],
    ['2016-12-31T23:59:60Z', '2016-12-31T23:59:59.999999Z'],
    ['2016-12-31T18:59:60.5-05:00', '2016-12-31T23:59:59.999999Z'],
    ['2024-02-29T00:00:00Z', '2024-02-29T00:00:00.000000Z'],
    ['0000-01-01T00:00:00Z', '0000-01-01T00:00:00.000000Z'],
    ['0099-06-01T00:00:00Z', '0099-06-01T00:00:00.000000Z'],
    ['1969-12-31T23:59:59.999999Z', '1969-12-31T23:59:59.999999Z'],
    ['9999-12-31T23:59:59Z', '9999-12-31T23:59:59.000000Z'],
    ['2026-11-24T10:00:00+0100', '2026-11-24T09:00:00.000000Z'],
  ];
  for (const [sent, time] of times) {
    test(sent, () => {
      const row = event(`<13>1 ${sent} h a - - - x`);
      assert.equal(row.time, time);
      assert.equal(row.native, undefined);
    });
  }

  const unusable = [
    '2026-02-29T00:00:00Z',
    '2026-13-01T00:00:00Z',
    '2026-11-24T24:00:00Z',
    '2026-11-24T10:60:00Z',
    '2026-11-24T10:00:61Z',
    '0000-01-01T00:00:00+01:00',
    '2026-11-24',
    'yesterday',
    '2026-11-24T10:00:00ZZ',
    '2026-11-24T10:00:00+25:00',
    '2026-11-2aT10:00:00Z',
  ];
  for (const sent of unusable) {
    test(`${sent} cannot be used`, () => {
      const row = event(`<13>1 ${sent} h a 5 i - text`);
      assert.equal(row.timeReceived, true);
      assert.equal(row.time, '2026-11-24T12:00:00.000000Z');
      assert.deepEqual([row.host, row.pname, row.pid, row.msgid], ['h', 'a', '5', 'i']);
      assert.equal(row.msg, `<13>1 ${sent} h a 5 i - text`);
      assert.match(String(row.native?.['parse_error']), /timestamp/);
    });
  }
});

suite('not quite RFC 5424: read as far as it goes, whole in msg, with parse_error', () => {
  const cases: [line: string, expected: Partial<TestRow>][] = [
    ['<13>1 ', {}],
    ['<13>1 2026-11-24T10:00:00Z', { severity: 5, time: TIME }],
    ['<13>1 2026-11-24T10:00:00Z host', { time: TIME, host: 'host' }],
    ['<13>1 2026-11-24T10:00:00Z host app', { host: 'host', pname: 'app' }],
    ['<13>1 2026-11-24T10:00:00Z host app 12 ID1', { host: 'host', pname: 'app', pid: '12', msgid: 'ID1' }],
    [`${HEAD} text without structured data`, { msgid: 'ID1' }],
    [`${HEAD} [a x="1"`, { msgid: 'ID1' }],
    [`${HEAD} [a x=1] text`, { msgid: 'ID1' }],
    [`${HEAD} [a x] text`, { msgid: 'ID1' }],
    [`${HEAD} [] text`, { msgid: 'ID1' }],
    [`${HEAD} [a x="1]" y="2"] text`, {}],
    [`${HEAD} [a x="1"]text`, { msgid: 'ID1' }],
    ['<13>1  2026-11-24T10:00:00Z  host app 12 ID1 - text', { time: TIME, host: 'host', pname: 'app', msgid: 'ID1' }],
    ['<13>1 2026-11-24T10:00:00 host app 12 ID1 - text', { time: TIME, host: 'host' }],
    ['<192>1 2026-11-24T10:00:00Z host app 12 ID1 - text', { time: TIME, host: 'host' }],
    ['<13>2 2026-11-24T10:00:00Z host app 12 ID1 - text', { ver: 0, severity: 5, host: 'host' }],
    ['1 2026-11-24T10:00:00Z host app 12 ID1 - text', { ver: 1, host: 'host' }],
    ['<abc>Nov 24 10:00:00 host app: text', {}],
    ['<13', {}],
    ['<>text', {}],
    ['<134>1 1795514400.5 gw flows src=10.0.0.1 x y', { host: 'gw' }],
  ];
  for (const [line, expected] of cases) {
    test(line.slice(0, 90), () => {
      const row = event(line);
      const message = line.startsWith('<13>1  ') ? line : line.trimEnd();
      assert.equal(row.msg?.trimEnd(), message);
      assert.equal(typeof row.native?.['parse_error'], 'string');
      for (const [key, value] of Object.entries(expected)) if (key !== 'time') assert.equal(row[key as keyof TestRow], value, key);
    });
  }

  test('no severity without a usable PRI', () => {
    for (const line of ['<192>1 - - - - - - x', '<999>Nov 24 10:00:00 h a: x', '<abc>x', 'x', '<0013>x']) {
      assert.equal(event(line).severity, undefined, line);
      assert.equal(event(line).facility, undefined, line);
    }
  });

  test('an unescaped bracket in a value is kept in it', () => {
    assert.deepEqual(event(`${HEAD} [a x="1]2" y="3"] text`).native?.['a'], { x: '1]2', y: '3' });
  });

  test('header words beyond any limit are cut in their field', () => {
    const row = event(`<13>1 - ${'h'.repeat(300)} app - - - x`);
    assert.equal(row.host, 'h'.repeat(255));
    assert.equal(row.pname, 'app');
    assert.ok(row.msg?.includes('h'.repeat(300)));
  });

  test('invalid UTF-8 becomes U+FFFD, in header, structured data and text', () => {
    const row = event(Buffer.concat([Buffer.from('<13>1 - h\xff app - - [a x="\xfe"] gr\xfc\xdfe', 'latin1')]));
    assert.equal(row.host, 'h\ufffd');
    assert.equal(row.msg, 'gr\ufffd\ufffde');
    assert.deepEqual({ ...row.native, parse_error: 0 }, { a: { x: '\ufffd' }, parse_error: 0 });
    assert.match(String(row.native?.['parse_error']), /UTF-8/);
  });

  test('a cut message says so', () => {
    const row = event(`${HEAD} - ${'x'.repeat(50)}`, { originalLength: 70_000 });
    assert.deepEqual(row.native, { truncated: true, original_length: 70_000 });
    assert.equal(row.msg, 'x'.repeat(50));
  });
});
