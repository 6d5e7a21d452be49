import type { QueryEvent } from '../src/index.ts';

const DAY = 1_795_132_800_000_000;
const HOUR = 3_600_000_000;

function event(id: string, fields: QueryEvent): readonly [string, QueryEvent] {
  const header = { tenant: 'acme', producer: 'default', host: '-', pname: '-', pid: '-', msgid: '-', msg: '' };
  return [id, { id, ...header, time: DAY, received: DAY, ...fields }];
}

/** Events that differ in what the rules about fields speak of. JSON.parse makes `__proto__` an own key. */
export const EVENTS: ReadonlyMap<string, QueryEvent> = new Map([
  event('ssh', {
    time: DAY + HOUR,
    host: 'web-01',
    pname: 'sshd',
    pid: '42',
    severity: 6,
    pri: 38,
    facility: 4,
    msg: 'Failed password for root from 203.0.113.7',
    native: { src: '203.0.113.7', user: 'root', port: 22 },
    normalized: { sshd: { user: 'admin', port: '22', deep: { ok: true } } },
  }),
  event('sudo', { host: 'Web 01', pname: 'sudo', pid: '17', severity: 1, msg: 'bob : user NOT in sudoers', native: { user: 'bob' } }),
  event('kernel', { host: 'db-01', pname: 'kernel', severity: 0, msg: 'failed:\npassword', native: {} }),
  event('order', {
    time: DAY + 5 * HOUR,
    host: 'app-01',
    pname: 'shop',
    pid: '1',
    msgid: 'order',
    severity: 4,
    msg: 'order placed\n',
    producer: 'orders',
    native: { order: { number: 4711, items: [{ qty: 2 }, { qty: 10 }] }, tags: ['prod', 'eu-west', ['Blue Green']], ok: false },
  }),
  event('flat', { host: 'app-01', pname: 'shop', native: { 'order.number': 4712, tags: ['failed', 'password'], ok: null } }),
  event('empty', { msg: 'nothing here', severity: null, native: { user: '', tags: [], order: {} }, normalized: {} }),
  event('shadow', {
    host: 'web-03',
    msg: 'shadowed',
    native: { host: 'inner', level: 'error', msg: 'fail fast', native: { user: 'nested' }, app: 'x', time: 'noon' },
    normalized: { relay: { host: 'norm', a: { b: 'c' } } },
  }),
  event('odd', {
    received: DAY + 9 * HOUR,
    msg: 'odd names',
    native: JSON.parse(
      '{"__proto__":{"polluted":"yes"},"constructor":"Ford","full name":"Grace","AND":"x1","a:b":"eight","":"void","2xx":5}',
    ),
  }),
  event('bare', { msg: 'user', host: undefined, pname: null }),
]);
