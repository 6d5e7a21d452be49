import assert from 'node:assert/strict';
import { test } from 'node:test';
import { EventRenderer } from './event-json.ts';
import { batchesOf, NODE, NOON, temporaryDirectory } from './store.testing.ts';
import { StoreView } from './view/store-view.ts';

const event = {
  tenant: 1,
  time: NOON,
  received: NOON + 5,
  timeReceived: true,
  host: 'h',
  pname: 'p',
  pid: '7',
  severity: 3,
  facility: 4,
  ver: 1,
  msg: 'a "quoted"\n msg',
  native: {
    http: {
      status: 200,
      headers: [
        { name: 'x', value: 1 },
        { name: 'y', value: 2 },
      ],
      none: [],
    },
    user: 'n',
    empty: {},
    '1.5': 0,
  },
  normalized: { sshd: { user: 'u', port: 22 } },
};

function rendered(t: Parameters<typeof temporaryDirectory>[0], fields?: readonly string[]): Record<string, unknown> {
  const own = new StoreView(temporaryDirectory(t));
  for (const batch of batchesOf([event])) own.addHot(batch);
  const [block] = own.snapshot().blocks(1, -Infinity, Infinity);
  return JSON.parse(new EventRenderer(NODE, 'the tenant', fields).block(block!).row(0)) as Record<string, unknown>;
}

test('the whole event, in the order of the interface', (t) => {
  const whole = rendered(t);
  const order = 'id tenant time time_source received host pname pid msgid pri facility severity level ver msg native normalized producer';
  assert.equal(Object.keys(whole).join(' '), order);
  assert.equal(whole['tenant'], 'the tenant');
  assert.equal(whole['time'], '2026-11-23T12:00:00.000000Z');
  assert.deepEqual([whole['pri'], whole['level'], whole['ver'], whole['pid']], [35, 'error', '1', '7']);
  assert.deepEqual(whole['native'], event.native);
  assert.deepEqual(whole['normalized'], event.normalized);
});

for (const [fields, expected] of [
  [[], {}],
  [['host', 'severity'], { host: 'h', severity: 3 }],
  [['app', 'message', 'pri'], { pname: 'p', pri: 35, msg: event.msg }],
  [['native.http.status'], { native: { http: { status: 200 } } }],
  [['http.status', 'level'], { level: 'error', native: { http: { status: 200 } } }],
  [['native.http.headers.name'], { native: { http: { headers: [{ name: 'x' }, { name: 'y' }] } } }],
  [['native.http.none'], { native: { http: { none: [] } } }],
  [['user'], { native: { user: 'n' }, normalized: { sshd: { user: 'u' } } }],
  [['normalized'], { normalized: event.normalized }],
  [['sshd.port'], { normalized: { sshd: { port: 22 } } }],
  [['native'], { native: event.native }],
  [['1.5'], { native: { '1.5': 0 } }],
  [['use', 'http.stat', 'nothing', 'constructor', '__proto__'], {}],
] as const) {
  test(`fields ${JSON.stringify(fields)}`, (t) => {
    const { id, time, ...rest } = rendered(t, fields);
    assert.ok(typeof id === 'string' && typeof time === 'string');
    assert.deepEqual(rest, expected);
  });
}

test('an empty native is left out', (t) => {
  const own = new StoreView(temporaryDirectory(t));
  for (const batch of batchesOf([{ tenant: 1, time: NOON, received: NOON, native: {} }])) own.addHot(batch);
  const [block] = own.snapshot().blocks(1, -Infinity, Infinity);
  assert.ok(!new EventRenderer(NODE, 't').block(block!).row(0).includes('native'));
});
