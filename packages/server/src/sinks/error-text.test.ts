import assert from 'node:assert/strict';
import { test } from 'node:test';
import { errorText, shown } from './error-text.ts';

test('an error has a text, also when it stands for several or has none of its own', () => {
  const refused = (port: number): Error => new Error(`connect ECONNREFUSED ::1:${port}`);
  assert.equal(
    errorText(new AggregateError([refused(1), refused(2), refused(1)])),
    'connect ECONNREFUSED ::1:1; connect ECONNREFUSED ::1:2',
  );
  assert.equal(errorText(Object.assign(new Error(''), { code: 'EPIPE' })), 'EPIPE');
  assert.equal(errorText(new TypeError('')), 'TypeError');
  assert.equal(errorText('thrown'), 'thrown');
});

test('a text is one line without secrets, cut between characters', () => {
  assert.equal(shown(' <html>\n\t<p>hunter22 says\0no\r\n', ['hunter22']), '<html> <p>*** says no');
  assert.equal(shown(`${'x'.repeat(999)}\u{1f512}`), `${'x'.repeat(999)}\ufffd...`);
});
