import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { testTenant } from '../testing/memory-intake.ts';
import { acme, CREDENTIALS, decode, TOKEN } from './decode.testing.ts';
import { SyslogDecoder } from './decoder.ts';
import { MemoryIntake } from '../testing/memory-intake.ts';
import { Zone } from './zone.ts';

const HEAD = '<13>1 2026-11-24T10:00:00Z host app 12 ID1';
const OTHER = '11111111-2222-3333-4444-555555555555';

/** Every byte that is stored of a message. */
const stored = (rows: unknown): string => JSON.stringify(rows);

suite('credentials are found and removed', () => {
  const cases: [line: string, msg: string | undefined, native?: object][] = [
    [`${HEAD} ${CREDENTIALS} text`, 'text'],
    [`${HEAD} ${CREDENTIALS}`, undefined],
    [`${HEAD} [meniscus@32473 tenant="acme" token="${TOKEN}"] text`, 'text'],
    [`${HEAD} [meniscus token="${TOKEN}" tenant="acme"] text`, 'text'],
    [`${HEAD} [a x="1"]${CREDENTIALS}[b] text`, 'text', { a: { x: '1' }, b: {} }],
    [`${HEAD} ${CREDENTIALS}[a x="1"] text`, 'text', { a: { x: '1' } }],
    [`${HEAD} - ${CREDENTIALS} text`, 'text'],
    [`<13>Nov 24 10:00:00 host app[12]: ${CREDENTIALS} text`, 'text'],
    [`<13>Nov 24 10:00:00 host app[12]: ${CREDENTIALS}text`, 'text'],
    [`<13>Nov 24 10:00:00 host ${CREDENTIALS} app[12]: text`, 'text'],
    [`<13>Nov 24 10:00:00 host app[12]: [meniscus@1 tenant="acme" token="${TOKEN}"] text`, 'text'],
  ];
  for (const [line, msg, native] of cases) {
    test(line.replace(TOKEN, 'T'), () => {
      const { rows, intake } = decode(line);
      assert.equal(rows.length, 1);
      const row = rows[0]!;
      assert.deepEqual([row.tenant, row.host, row.pname, row.pid, row.msg], [1, 'host', 'app', '12', msg]);
      assert.deepEqual(row.native, native);
      assert.equal(intake.refusals.length, 0);
      assert.ok(!stored(rows).includes(TOKEN));
    });
  }

  test('at the head of a text without any header', () => {
    for (const line of [`<13>${CREDENTIALS} text`, `${CREDENTIALS} text`]) assert.equal(decode(line).rows[0]?.msg, 'text');
  });

  test('with escapes in the tenant, the same each time', () => {
    const tenant = testTenant(5, String.raw`a"b\c]dü`, OTHER);
    const intake = new MemoryIntake(tenant);
    const decoder = new SyslogDecoder(intake, new Zone());
    const line = Buffer.from(String.raw`${HEAD} [meniscus tenant="a\"b\\c\]dü" token="${OTHER}"] text`);
    for (let i = 0; i < 3; i++) {
      decoder.begin(line, '::1', 0);
      decoder.frame(line, 0, line.length, true, 0, '');
    }
    assert.deepEqual(
      intake.rows.map(({ tenant, msg }) => [tenant, msg]),
      [
        [5, 'text'],
        [5, 'text'],
        [5, 'text'],
      ],
    );
    assert.equal(intake.authentications, 1);
  });

  test('of a message whose rest is broken', () => {
    const broken = [
      `<13>1 garbage ${CREDENTIALS} text`,
      `<13>1 yesterday host app 12 ID1 ${CREDENTIALS} text`,
      `${HEAD} ${CREDENTIALS}[broken x="1 text`,
      `${HEAD} ${CREDENTIALS}text`,
      `<999>1 2026-11-24T10:00:00Z host app 12 ID1 ${CREDENTIALS} text`,
      `<13>1 ${CREDENTIALS}`,
      `<x>${CREDENTIALS} text`,
      `${HEAD} [meniscus tenant="acme" token="${TOKEN}" text`,
    ];
    for (const line of broken) {
      const { rows } = decode(line);
      assert.equal(rows.length, 1, line);
      assert.equal(rows[0]?.tenant, 1);
      assert.equal(typeof rows[0]?.native?.['parse_error'], 'string', line);
      assert.ok(!stored(rows).includes(TOKEN), line);
    }
    const { msg } = decode(`<13>1 garbage ${CREDENTIALS} text`).rows[0]!;
    assert.equal(msg, '<13>1 garbage text');
  });

  test('copies elsewhere are masked', () => {
    const lines = [
      `${HEAD} ${CREDENTIALS} sent ${CREDENTIALS} twice`,
      `${HEAD} ${CREDENTIALS}[debug sent="${TOKEN}" sent="x${TOKEN}"] text`,
      `<13>Nov 24 10:00:00 host app[12]: ${CREDENTIALS} and ${CREDENTIALS}`,
      `<13>1 garbage ${CREDENTIALS} ${CREDENTIALS} [meniscus tenant="x" token="${TOKEN}`,
      `${HEAD} ${CREDENTIALS}${CREDENTIALS} text`,
    ];
    for (const line of lines) {
      const { rows } = decode(line);
      assert.equal(rows[0]?.tenant, 1, line);
      assert.ok(!stored(rows).includes(TOKEN), stored(rows));
    }
  });

  test('a word that only begins like it is structured data like any other', () => {
    const { rows } = decode(`${HEAD} ${CREDENTIALS}[meniscuss x="1"] text`);
    assert.deepEqual(rows[0]?.native, { meniscuss: { x: '1' } });
  });
});

suite('nobody answers for a message', () => {
  const lines = [
    `${HEAD} - text`,
    `${HEAD} [meniscus tenant="acme"] text`,
    `${HEAD} [meniscus tenant="acme" token="${OTHER}"] text`,
    `${HEAD} [meniscus tenant="nobody" token="${TOKEN}"] text`,
    `${HEAD} [meniscuss tenant="acme" token="${TOKEN}"] text`,
    `${HEAD} [meniscus tenant="acme" token="${TOKEN.slice(0, 30)}`,
    `<13>Nov 24 10:00:00 host app: [meniscus tenant="acme" token="${OTHER}"] text`,
    'hello',
  ];
  for (const line of lines) {
    test(line, () => {
      const { rows, intake } = decode(line);
      assert.equal(rows.length, 0);
      const [letter] = intake.refusals;
      assert.equal(letter?.tenant, null);
      assert.equal(letter?.reason, 'unauthenticated');
      assert.equal(letter?.source, 'syslog 192.0.2.7');
      const raw = letter?.raw.toString() ?? '';
      assert.ok(!raw.includes(TOKEN.slice(0, 30)) && !raw.includes(OTHER), raw);
      assert.ok(raw.startsWith(line.slice(0, 5)));
      assert.equal(intake.counters.refused.get('unauthenticated'), 1);
      assert.equal(intake.counters.refusedFrom?.get('192.0.2.7'), 1);
    });
  }

  test('a token that is changed counts from the next chunk on', () => {
    const intake = new MemoryIntake(acme);
    const decoder = new SyslogDecoder(intake, new Zone());
    const line = Buffer.from(`${HEAD} ${CREDENTIALS} text`);
    const send = (): void => {
      decoder.begin(line, '::1', 0);
      decoder.frame(line, 0, line.length, true, 0, '');
    };
    send();
    intake.put(testTenant(1, 'acme', OTHER));
    send();
    assert.equal(intake.rows.length, 1);
    assert.equal(intake.refusals.length, 1);
  });
});

suite('a bound listener', () => {
  test('its tenant counts; a credentials element is only removed', () => {
    const lines = [
      `${HEAD} [meniscus tenant="other" token="${OTHER}"] text`,
      `<13>Nov 24 10:00:00 host app[12]: [meniscus tenant="other" token="${OTHER}"] text`,
      `${HEAD} - text`,
    ];
    for (const line of lines) {
      const { rows } = decode(line, { boundTo: 'acme' });
      assert.equal(rows[0]?.tenant, 1);
      assert.equal(rows[0]?.msg, 'text');
      assert.ok(!stored(rows).includes(OTHER));
    }
  });

  test('a tenant that does not exist yet makes events unauthenticated', () => {
    const intake = new MemoryIntake();
    const decoder = new SyslogDecoder(intake, new Zone(), 'acme');
    const line = Buffer.from(`${HEAD} ${CREDENTIALS} text`);
    decoder.begin(line, '::1', 0);
    decoder.frame(line, 0, line.length, true, 0, '');
    assert.equal(intake.refusals.length, 1);
    assert.ok(!intake.refusals[0]?.raw.includes(TOKEN));
    intake.put(acme);
    decoder.begin(line, '::1', 0);
    decoder.frame(line, 0, line.length, true, 0, '');
    assert.equal(intake.rows.length, 1);
  });
});
