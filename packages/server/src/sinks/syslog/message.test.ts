import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { sinkBatch, type TestEvent } from '../document/documents.testing.ts';
import { counted, syslogMessage } from './message.ts';

const ID = '019a0000-0000-7000-8000-000000000007';

const message = (event: TestEvent): string => syslogMessage(sinkBatch([event]).object(0), 'acme', ID);

/** The structured data behind the sink's own element. */
function data(native: object, event: TestEvent = {}): string {
  const text = message({ ...event, native });
  const own = `[meniscus@32473 tenant="acme" id="${ID}"]`;
  const at = text.indexOf(own);
  assert.ok(at > 0);
  return text.slice(at + own.length);
}

suite('a message of the syslog sink', () => {
  test('has the event in its header', () => {
    const event = { host: 'web-01', pname: 'sshd', pid: '812', msgid: 'ID47', severity: 6, facility: 4, msg: 'ünï\ncode' };
    assert.equal(
      message(event),
      `<38>1 2026-11-23T10:00:00.123456Z web-01 sshd 812 ID47 [meniscus@32473 tenant="acme" id="${ID}"] ünï\ncode`,
    );
  });

  test('has nil values, the default priority and no text where the event has none', () => {
    assert.equal(message({}), `<13>1 2026-11-23T10:00:00.123456Z - - - - [meniscus@32473 tenant="acme" id="${ID}"]`);
    assert.match(message({ severity: 3 }), /^<11>1 /);
    assert.match(message({ facility: 4 }), /^<13>1 /);
    assert.match(message({ severity: 0, facility: 0 }), /^<0>1 /);
  });

  test('has header fields of printable ASCII, no longer than the standard has them', () => {
    const long = 'x'.repeat(300);
    const [, , host, pname, pid, msgid] = message({ host: long, pname: `a b\n${long}`, pid: `ü${long}`, msgid: long }).split(' ');
    assert.equal(host, 'x'.repeat(255));
    assert.equal(pname, `a?b?${'x'.repeat(44)}`);
    assert.equal(pid, `?${'x'.repeat(127)}`);
    assert.equal(msgid, 'x'.repeat(32));
  });

  test('gives elements of structured data back', () => {
    const native = { 'ex@1': { a: '1', b: ['2', '3'] }, zone: { q: 'say "hi" \\ [x]' }, timeQuality: { tzKnown: '1' } };
    assert.equal(data(native, { ver: 1 }), '[ex@1 a="1" b="2" b="3"][zone q="say \\"hi\\" \\\\ [x\\]"][timeQuality tzKnown="1"]');
  });

  test('has what of native fits, under names that the standard allows', () => {
    const native = { user: 'bob', http: { status: 500, ok: false, deep: { x: '1' }, none: null }, tags: ['a', 'b'], origin: { ip: '::1' } };
    assert.equal(data(native), '[native@32473 user="bob" tags="a" tags="b"][http@32473 status="500" ok="false"][origin ip="::1"]');
  });

  test('leaves out names that do not fit, what would claim to be ours, and what would repeat an element', () => {
    const native = {
      'a b': '1',
      'a=b': '1',
      'a]b': '1',
      'a"b': '1',
      ü: '1',
      '': '1',
      ['x'.repeat(33)]: '1',
      ['y'.repeat(30)]: { a: '1' },
      meniscus: { token: 'secret' },
      'meniscus@32473': { tenant: 'evil' },
      flat: '1',
      'native@32473': { flat2: '2' },
      list: [{ a: '1' }, 'b'],
      empty: {},
    };
    assert.equal(data(native), '[native@32473 flat="1" flat2="2"]');
    assert.equal(data(JSON.parse('{"__proto__":{"constructor":"1"}}') as object), '[__proto__@32473 constructor="1"]');
  });

  test('is counted in bytes', () => {
    assert.equal(counted('aü☃'), '6 aü☃');
  });
});
