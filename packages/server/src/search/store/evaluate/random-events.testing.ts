import { NumberText } from '../../../event/leaf.ts';
import type { TestEvent } from '../memory-store.testing.ts';

/** A small deterministic generator of numbers from 0 to 1. */
export function randomizer(seed: number): () => number {
  let state = seed >>> 0 || 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    state >>>= 0;
    return state / 0x1_0000_0000;
  };
}

const MESSAGES = [
  'Failed password for root from 10.1.2.3 port 22',
  'failed-password for user_name',
  'session opened; failed: Password retry',
  'failed',
  'password\nfailed\npassword',
  'GET /api/v1/users?x=1 took 15ms status=500',
  'größe überschritten: ΣΊΣΥΦΟΣ İstanbul',
  'STRASSE und Straße, naïve café',
  '磁盘空间不足 on /dev/sda1',
  '🚀 launch',
  'timeout after 1500 ms (1e3)',
  '10.1.2.3',
  '0500',
  'web-1',
  '',
  ' ',
  '-',
  'ends in newline\n',
  'failing failure failover fail',
  'a_b a-b a b',
];
const HOSTS = ['web-1', 'web-2', 'WEB-1', 'db', '-', 'Web 01', '10.0.0.7', ''];
const VALUES: readonly unknown[] = [
  500,
  404,
  1.5,
  -5,
  0,
  '500',
  '0500',
  '5e2',
  '1.5.2',
  'bob',
  'Bob',
  'bob smith',
  '10.1.2.3',
  '10.200.0.1',
  '2001:db8::1',
  '::ffff:10.1.2.3',
  '10.0.0.0/8',
  true,
  false,
  null,
  '',
  [],
  {},
  ['bob', 500, null],
  [['x', ['bob']], { user: 'carol' }],
  { user: 'bob', id: 5 },
  new NumberText('12345678901234567890'),
  'größe',
  'line one\nline two',
];

/** Events of every kind that conditions tell apart, with many values in common; `native.eid` names each. */
export function randomEvents(count: number, seed: number): TestEvent[] {
  const random = randomizer(seed);
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)]!;
  const maybe = <T>(share: number, make: () => T): T | undefined => (random() < share ? make() : undefined);
  const start = Date.UTC(2026, 10, 20) * 1000;
  return Array.from({ length: count }, (_, i) => {
    const native: Record<string, unknown> = Object.create(null) as Record<string, unknown>;
    native['eid'] = `e${i}`;
    native['seq'] = i % 10;
    for (const key of ['status', 'user', 'src', 'a.b', 'tags', '__proto__', 'text']) if (random() < 0.4) native[key] = pick(VALUES);
    if (random() < 0.3) native['a'] = { b: pick(VALUES), c: { d: pick(VALUES) } };
    if (random() < 0.3) native['long'] = `${pick(MESSAGES)} ${i} ${pick(MESSAGES)}`;
    if (random() < 0.05) native[`rare${i % 7}`] = pick(VALUES);
    const normalized = maybe(0.3, () => ({ [pick(['sshd', 'nginx'])]: { user: pick(VALUES), status: pick(VALUES) } }));
    const time = start + Math.floor((i / count) * 86_400_000) * 1000 + Math.floor(random() * 5);
    return {
      time,
      received: time + Math.floor(random() * 3_000_000),
      host: pick(HOSTS),
      pname: pick(['sshd', 'nginx', 'Kernel', '-']),
      pid: pick(['1', '812', '-', '007', 'x-1']),
      msgid: pick(['-', 'ID47', 'TRAP']),
      severity: pick([null, 0, 1, 2, 3, 4, 5, 6, 7]),
      facility: pick([null, 0, 4, 16]),
      producer: pick([null, 'sshd', 'web app']),
      native,
      ...(normalized === undefined ? {} : { normalized }),
      ...(random() < 0.9 ? { msg: random() < 0.5 ? pick(MESSAGES) : `${pick(MESSAGES)} ${pick(MESSAGES)}` } : {}),
    };
  }).map((event) => ({
    ...event,
    ...(event.severity === null || event.facility === null ? {} : { pri: event.facility * 8 + event.severity }),
  }));
}
