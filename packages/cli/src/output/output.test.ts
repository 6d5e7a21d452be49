import assert from 'node:assert/strict';
import { test } from 'node:test';
import { coloursFor } from './colours.ts';
import { fieldText } from './event-fields.ts';
import { EventLines } from './event-lines.ts';
import { bytes, plural, time } from './human.ts';
import { printable } from './printable.ts';
import { tableText } from './table.ts';

const screen = { isTTY: true } as never;
const pipe = {} as never;

test('colours only on a terminal, and not where NO_COLOR or a dumb terminal forbids them', () => {
  assert.equal(coloursFor({ env: {} }, screen).enabled, true);
  assert.equal(coloursFor({ env: {} }, pipe).enabled, false);
  assert.equal(coloursFor({ env: { NO_COLOR: '1' } }, screen).enabled, false);
  assert.equal(coloursFor({ env: { NO_COLOR: '' } }, screen).enabled, true);
  assert.equal(coloursFor({ env: { TERM: 'dumb' } }, screen).enabled, false);
  assert.match(coloursFor({ env: {} }, screen).severity(3, 'error'), /^\u001B\[/);
});

test('nothing of a log commands the terminal', () => {
  assert.equal(printable('a\u001B[2Jb\r\n\u009Bc\u202Ed\u0000'), String.raw`a\x1b[2Jb\r\n\x9bc\u202ed\x00`);
  assert.equal(printable('Grüße 日本 🎉'), 'Grüße 日本 🎉');
});

test('a table has a head, aligned columns without borders, and - for what is absent', () => {
  const text = tableText(
    {
      head: ['name', 'n'],
      rows: [
        ['a', 10],
        ['long name', null],
      ],
      right: [1],
    },
    coloursFor({ env: {} }, pipe),
  );
  assert.deepEqual(text.split('\n'), ['NAME        N', 'a          10', 'long name   -']);
});

test('events are lines with time, level, host, pname and msg; fields choose others', () => {
  const event = { time: '2026-11-23T10:00:00.123456Z', level: 'error', severity: 3, host: 'web-01', pname: 'sshd', msg: 'a\nb' };
  const plain = coloursFor({ env: {} }, pipe);
  assert.equal(new EventLines(plain).line(event), String.raw`2026-11-23T10:00:00.123Z  error  web-01  sshd   a\nb`);
  const chosen = new EventLines(plain, ['host', 'user']);
  assert.equal(chosen.head(), 'HOST  USER');
  assert.equal(chosen.line({ ...event, native: { user: 'eve' } }), 'web-01  eve');
  assert.match(new EventLines(plain).line({ time: event.time, native: { a: 1 } }), /\{"a":1\}$/);
});

test('a field is found in the event, in native and in normalized, also with dots in its name', () => {
  const event = { host: 'h', native: { 'a.b': { c: 1 }, user: 'eve', __proto__: null }, normalized: { sshd: { port: 22 } } };
  assert.equal(fieldText(event, 'host'), 'h');
  assert.equal(fieldText(event, 'native.a.b.c'), '1');
  assert.equal(fieldText(event, 'user'), 'eve');
  assert.equal(fieldText(event, 'sshd.port'), '22');
  assert.equal(fieldText(event, 'port'), '22');
  assert.equal(fieldText(event, 'constructor'), '');
});

test('numbers for people', () => {
  assert.equal(bytes(0), '0 B');
  assert.equal(bytes(1536), '1.5 KiB');
  assert.equal(bytes(256 << 20), '256 MiB');
  assert.equal(plural(1, 'event'), '1 event');
  assert.equal(plural(1234, 'event'), '1,234 events');
  assert.equal(time('2026-11-23T10:00:00.123456Z'), '2026-11-23T10:00:00.123Z');
  assert.equal(time(null), '-');
});
