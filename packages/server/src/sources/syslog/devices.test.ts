import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { TestRow } from '../testing/memory-intake.ts';
import { event } from './decode.testing.ts';

/** A line as it is sent, and what must be known of it. `-` for what is not checked would hide errors: host, pname and pid are `-` unless said. */
type Case = readonly [line: string, expected: Partial<TestRow>];

const NOV24 = '2026-11-24T10:00:00.000000Z';

const rfc3164: Case[] = [
  // RFC 3164 section 5.4
  [
    "<34>Oct 11 22:14:15 mymachine su: 'su root' failed for lonvick on /dev/pts/8",
    {
      time: '2026-10-11T22:14:15.000000Z',
      host: 'mymachine',
      pname: 'su',
      msg: "'su root' failed for lonvick on /dev/pts/8",
      severity: 2,
      facility: 4,
    },
  ],
  ['Use the BFG!', { msg: 'Use the BFG!' }],
  [
    '<13>Feb  5 17:32:18 10.0.0.99 Use the BFG!',
    { time: '2026-02-05T17:32:18.000000Z', host: '10.0.0.99', pname: 'Use', msg: 'Use the BFG!', severity: 5, facility: 1 },
  ],
  [
    "<165>Aug 24 05:34:00 CST 1987 mymachine myproc[10]: %% It's time to make the do-nuts.",
    { time: '1987-08-24T11:34:00.000000Z', host: 'mymachine', pname: 'myproc', pid: '10', msg: "%% It's time to make the do-nuts." },
  ],
  [
    "<0>1990 Oct 22 10:52:01 TZ-6 scapegoat.dmz.example.org 10.1.2.3 sched[0]: That's All Folks!",
    {
      time: '1990-10-22T16:52:01.000000Z',
      host: 'scapegoat.dmz.example.org',
      msg: "10.1.2.3 sched[0]: That's All Folks!",
      severity: 0,
      facility: 0,
    },
  ],
  // Unix daemons
  [
    '<38>Nov 24 10:00:00 web-01 sshd[812]: Accepted publickey for root from 10.0.0.1 port 50022 ssh2',
    {
      time: NOV24,
      host: 'web-01',
      pname: 'sshd',
      pid: '812',
      msg: 'Accepted publickey for root from 10.0.0.1 port 50022 ssh2',
      severity: 6,
      facility: 4,
    },
  ],
  [
    '<30>Nov 24 10:00:00 web-01 systemd[1]: Started Session 4 of user root.',
    { time: NOV24, host: 'web-01', pname: 'systemd', pid: '1', msg: 'Started Session 4 of user root.' },
  ],
  [
    '<6>Nov 24 10:00:00 web-01 kernel: [ 1234.567890] eth0: link up',
    { host: 'web-01', pname: 'kernel', msg: '[ 1234.567890] eth0: link up', facility: 0 },
  ],
  [
    '<22>Nov 24 10:00:00 mx postfix/smtpd[4711]: connect from unknown[10.0.0.1]',
    { host: 'mx', pname: 'postfix/smtpd', pid: '4711', msg: 'connect from unknown[10.0.0.1]' },
  ],
  [
    '<78>Nov 24 10:00:00 web-01 /usr/sbin/cron[99]: (root) CMD (run-parts /etc/cron.hourly)',
    { host: 'web-01', pname: '/usr/sbin/cron', pid: '99', msg: '(root) CMD (run-parts /etc/cron.hourly)' },
  ],
  [
    '<78>Nov 24 10:00:00 web-01 CRON[100]: pam_unix(cron:session): session opened',
    { host: 'web-01', pname: 'CRON', pid: '100', msg: 'pam_unix(cron:session): session opened' },
  ],
  [
    '<86>Jun 14 15:16:01 combo sshd(pam_unix)[19939]: authentication failure',
    { time: '2026-06-14T15:16:01.000000Z', host: 'combo', pname: 'sshd(pam_unix)', pid: '19939', msg: 'authentication failure' },
  ],
  [
    '<86>Nov 24 10:00:00 desk gdm-password]: pam_unix(gdm-password:session): session opened',
    { host: 'desk', pname: 'gdm-password', msg: 'pam_unix(gdm-password:session): session opened' },
  ],
  [
    '<30>Nov 24 10:00:00 mac com.apple.xpc.launchd[1] (com.apple.mdworker): Service exited',
    { host: 'mac', pname: 'com.apple.xpc.launchd', pid: '1', msg: '(com.apple.mdworker): Service exited' },
  ],
  [
    '<30>Nov 24 10:00:00 web-01 dbus-daemon[521]: [system] Activating',
    { host: 'web-01', pname: 'dbus-daemon', pid: '521', msg: '[system] Activating' },
  ],
  [
    '<46>Nov 24 10:00:00 web-01 rsyslogd: [origin software="rsyslogd" swVersion="8.2112"] start',
    { host: 'web-01', pname: 'rsyslogd', msg: '[origin software="rsyslogd" swVersion="8.2112"] start' },
  ],
  ['<13>Nov 24 10:00:00 web-01 docker/3f2a[1234]: hello', { host: 'web-01', pname: 'docker/3f2a', pid: '1234', msg: 'hello' }],
  ['<13>Nov 24 10:00:00 web-01 my.app-2_x: text', { host: 'web-01', pname: 'my.app-2_x', msg: 'text' }],
  ['<13>Nov 24 10:00:00 web-01 app:text', { host: 'web-01', pname: 'app', msg: 'text' }],
  ['<13>Nov 24 10:00:00 web-01 app[worker-3]: text', { host: 'web-01', pname: 'app', pid: 'worker-3', msg: 'text' }],
  ['<13>Nov 24 10:00:00 web-01 app[007]: text', { host: 'web-01', pname: 'app', pid: '007', msg: 'text' }],
  ['<13>Nov 24 10:00:00 web-01 app[]: text', { host: 'web-01', msg: 'app[]: text' }],
  ['<13>Nov 24 10:00:00 web-01 app:  two spaces', { host: 'web-01', pname: 'app', msg: ' two spaces' }],
  ['<13>Nov 24 10:00:00 web-01 app some text', { host: 'web-01', pname: 'app', msg: 'app some text' }],
  ['<13>Nov 24 10:00:00 web-01 last message repeated 3 times', { host: 'web-01', msg: 'last message repeated 3 times' }],
  ['<13>Nov 24 10:00:00 last message repeated 3 times', { msg: 'last message repeated 3 times' }],
  ['<38>Nov 24 10:00:00 su: BAD SU root on /dev/tty1', { pname: 'su', msg: 'BAD SU root on /dev/tty1' }],
  ['<38>Nov 24 10:00:00 login[55]: ROOT LOGIN ON tty1', { pname: 'login', pid: '55', msg: 'ROOT LOGIN ON tty1' }],
  ['<38>Nov 24 10:00:00 Message forwarded from aix01: sshd[13]: text', { host: 'aix01', pname: 'sshd', pid: '13', msg: 'text' }],
  [
    '<38>Nov 24 10:00:00 sun01 sshd[812]: [ID 800047 auth.info] Accepted',
    { host: 'sun01', pname: 'sshd', pid: '812', msg: '[ID 800047 auth.info] Accepted' },
  ],
  ['<13>Nov  4 10:00:00 web-01 app: text', { time: '2026-11-04T10:00:00.000000Z', host: 'web-01', pname: 'app', msg: 'text' }],
  ['<13>Nov 04 10:00:00 web-01 app: text', { time: '2026-11-04T10:00:00.000000Z', host: 'web-01', pname: 'app', msg: 'text' }],
  ['<13>Nov 4 10:00:00 web-01 app: text', { time: '2026-11-04T10:00:00.000000Z', host: 'web-01', pname: 'app', msg: 'text' }],
  ['<14> Nov 24 10:00:00 web-01 app: text', { time: NOV24, host: 'web-01', pname: 'app', msg: 'text' }],
  ['<14>Tue Nov 24 10:00:00 2026 web-01 app: text', { time: NOV24, host: 'web-01', pname: 'app', msg: 'text' }],
  ['<14>Nov 24 10:00:00.123456 web-01 app: text', { time: '2026-11-24T10:00:00.123456Z', host: 'web-01', pname: 'app', msg: 'text' }],
  ['<14>Nov 24 10:00:00 2001:db8::1 app[1]: text', { host: '2001:db8::1', pname: 'app', pid: '1', msg: 'text' }],
  ['<14>Nov 24 10:00:00 bücher app: grüße', { host: 'bücher', pname: 'app', msg: 'grüße' }],
  ['<14>Nov 24 10:00:00 web-01 {"level":"info"}', { host: 'web-01', msg: '{"level":"info"}' }],
  ['<14>Nov 24 10:00:00 web-01', { msg: 'web-01' }],
  ['<14>hello', { msg: 'hello', severity: 6 }],
  ['<14>app: hello', { pname: 'app', msg: 'hello' }],
  ['<14>app[12]: hello', { pname: 'app', pid: '12', msg: 'hello' }],
  ['<14>web-01 app[12]: hello', { host: 'web-01', pname: 'app', pid: '12', msg: 'hello' }],
  ['<14>three plain words', { msg: 'three plain words' }],
  ['<14>http://example.com/ is down', { msg: 'http://example.com/ is down' }],
  [
    '<14>date=2026-11-24 time=10:00:00 devname="FG100" logid="0000000013"',
    { msg: 'date=2026-11-24 time=10:00:00 devname="FG100" logid="0000000013"' },
  ],
  // No PRI
  ['Nov 24 10:00:00 web-01 sshd[812]: text', { time: NOV24, host: 'web-01', pname: 'sshd', pid: '812', msg: 'text' }],
  ['2026-11-24T10:00:00Z web-01 app: text', { time: NOV24, host: 'web-01', pname: 'app', msg: 'text' }],
  ['    at foo (bar.js:1:2)', { msg: '    at foo (bar.js:1:2)' }],
  // ISO 8601
  [
    '<14>2026-11-24T10:00:00.123456+01:00 web-01 app[1]: text',
    { time: '2026-11-24T09:00:00.123456Z', host: 'web-01', pname: 'app', pid: '1', msg: 'text' },
  ],
  [
    '<14>2026-11-24T10:00:00.123Z esx01 Hostd: info hostd[2099]',
    { time: '2026-11-24T10:00:00.123000Z', host: 'esx01', pname: 'Hostd', msg: 'info hostd[2099]' },
  ],
  ['<14>2026-11-24T10:00:00 web-01 app: text', { time: NOV24, host: 'web-01', pname: 'app', msg: 'text' }],
  ['<14>2026-11-24 10:00:00 web-01 app: text', { time: NOV24, host: 'web-01', pname: 'app', msg: 'text' }],
  ['<14>2026/11/24 10:00:00 web-01 app: text', { time: NOV24, host: 'web-01', pname: 'app', msg: 'text' }],
  ['<14>2026-11-24 10:00:00,123 web-01 app: text', { time: '2026-11-24T10:00:00.123000Z', host: 'web-01', pname: 'app', msg: 'text' }],
  ['<14>2026-11-24 11:00:00 CET web-01 app: text', { time: NOV24, host: 'web-01', pname: 'app', msg: 'text' }],
];

const devices: Case[] = [
  // Cisco IOS, with count, sequence number, origin, unset clock, year, zone and uptime
  [
    '<189>123: *Mar  1 00:00:00.123: %SYS-5-CONFIG_I: Configured from console',
    { time: '2026-03-01T00:00:00.123000Z', pname: '%SYS-5-CONFIG_I', msg: 'Configured from console', severity: 5, facility: 23 },
  ],
  [
    '<189>123: router1: *Mar  1 00:00:00.123: %SYS-5-CONFIG_I: Configured',
    { host: 'router1', pname: '%SYS-5-CONFIG_I', msg: 'Configured' },
  ],
  [
    '<189>123: 000456: Nov 24 10:00:00.123 UTC: %SYS-5-CONFIG_I: Configured',
    { time: '2026-11-24T10:00:00.123000Z', pname: '%SYS-5-CONFIG_I', msg: 'Configured' },
  ],
  [
    '<189>123: .Nov 24 2026 11:00:00.5 CET: %LINK-3-UPDOWN: Interface Gi0/1, changed state',
    { time: '2026-11-24T10:00:00.500000Z', pname: '%LINK-3-UPDOWN', msg: 'Interface Gi0/1, changed state' },
  ],
  ['<189>123: 1w2d: %SYS-5-CONFIG_I: Configured', { timeReceived: true, pname: '%SYS-5-CONFIG_I', msg: 'Configured' }],
  ['<189>123: 00:00:46: %LINK-3-UPDOWN: Interface up', { timeReceived: true, pname: '%LINK-3-UPDOWN', msg: 'Interface up' }],
  [
    '<189>Nov 24 10:00:00 router1: %LINK-3-UPDOWN: Interface up',
    { time: NOV24, host: 'router1', pname: '%LINK-3-UPDOWN', msg: 'Interface up' },
  ],
  ['<189>: 2026 Nov 24 10:00:00 UTC: %ETHPORT-5-IF_UP: Interface up', { time: NOV24, pname: '%ETHPORT-5-IF_UP', msg: 'Interface up' }],
  ['<166>%ASA-6-302013: Built outbound TCP connection', { pname: '%ASA-6-302013', msg: 'Built outbound TCP connection' }],
  ['<166>Nov 24 2026 10:00:00: %ASA-6-302013: Built', { time: NOV24, pname: '%ASA-6-302013', msg: 'Built' }],
  ['<166>Nov 24 2026 10:00:00 asa01 : %ASA-6-302013: Built', { time: NOV24, host: 'asa01', pname: '%ASA-6-302013', msg: 'Built' }],
  ['<166>2026-11-24T10:00:00Z asa01 : %ASA-6-302013: Built', { time: NOV24, host: 'asa01', pname: '%ASA-6-302013', msg: 'Built' }],
  // Others
  [
    '<190>Nov 24 2026 10:00:00 HUAWEI %%01SHELL/5/CMD(l)[123]:Recorded command',
    { time: NOV24, host: 'HUAWEI', pname: '%%01SHELL/5/CMD(l)', pid: '123', msg: 'Recorded command' },
  ],
  [
    '<190>Nov 24 10:00:00 2026 H3C %%10SHELL/6/SHELL_CMD: -Line=vty0',
    { time: NOV24, host: 'H3C', pname: '%%10SHELL/6/SHELL_CMD', msg: '-Line=vty0' },
  ],
  [
    '<190> NOV 24 10:00:00 10.0.0.1-1 TRAPMGR[123]: traputil.c(696) 1234 %% Link Up',
    { time: NOV24, host: '10.0.0.1-1', pname: 'TRAPMGR', pid: '123', msg: 'traputil.c(696) 1234 %% Link Up' },
  ],
  [
    '<134>Nov 24 10:00:00 bigip1 notice mcpd[5678]: 01070638:5: Pool member down',
    { host: 'bigip1', pname: 'mcpd', pid: '5678', msg: '01070638:5: Pool member down' },
  ],
  [
    '<134> 11/24/2026:10:00:00 GMT ns 0-PPE-0 : default TCP CONN_TERMINATE 123 0',
    { time: NOV24, host: 'ns', msg: '0-PPE-0 : default TCP CONN_TERMINATE 123 0' },
  ],
  ['<14>Nov 24 10:00:00 PA-VM 1,2026/11/24 10:00:00,007,TRAFFIC,end', { host: 'PA-VM', msg: '1,2026/11/24 10:00:00,007,TRAFFIC,end' }],
  [
    '<134>id=firewall sn=0017 time="2026-11-24 10:00:00" fw=10.0.0.1',
    { msg: 'id=firewall sn=0017 time="2026-11-24 10:00:00" fw=10.0.0.1' },
  ],
  [
    '<14>Nov 24 10:00:00 fw CEF:0|Vendor|Product|1.0|100|name|5|src=10.0.0.1',
    { host: 'fw', pname: 'CEF', msg: 'CEF:0|Vendor|Product|1.0|100|name|5|src=10.0.0.1' },
  ],
  ['<14>CEF:0|Vendor|Product|1.0|100|name|5|', { pname: 'CEF', msg: 'CEF:0|Vendor|Product|1.0|100|name|5|' }],
  ['<14>LEEF:1.0|Vendor|Product|1.0|100|', { pname: 'LEEF', msg: 'LEEF:1.0|Vendor|Product|1.0|100|' }],
  ['<13>Nov 24 10:00:00 win01 MSWinEventLog\t1\tSecurity\t42', { host: 'win01', pname: 'MSWinEventLog', msg: '1\tSecurity\t42' }],
  [
    '<30>Nov 24 10:00:00 MikroTik dhcp,info assigned 10.0.0.9',
    { host: 'MikroTik', pname: 'dhcp,info', msg: 'dhcp,info assigned 10.0.0.9' },
  ],
  ['<4>Nov 24 10:00:00 U7PG2,788a20,v4.0 kernel: text', { host: 'U7PG2,788a20,v4.0', pname: 'kernel', msg: 'text' }],
  [
    '<141>Nov 24 10:00:00 2026 aruba-ctrl cli[1234]: <341004> text',
    { time: NOV24, host: 'aruba-ctrl', pname: 'cli', pid: '1234', msg: '<341004> text' },
  ],
  [
    '<29>Nov 24 10:00:00 mx1 mgd[4321]: UI_COMMIT: User root requested commit',
    { host: 'mx1', pname: 'mgd', pid: '4321', msg: 'UI_COMMIT: User root requested commit' },
  ],
  [
    '<142>Nov 24 10:00:00 lb haproxy[14389]: 10.0.1.2:33317 [24/Nov/2026:10:00:00.655] http-in static/srv1',
    { host: 'lb', pname: 'haproxy', pid: '14389', msg: '10.0.1.2:33317 [24/Nov/2026:10:00:00.655] http-in static/srv1' },
  ],
  [
    '<13>Nov 24 10:00:00 NAS qlogd[123]: conn log: Users: admin',
    { host: 'NAS', pname: 'qlogd', pid: '123', msg: 'conn log: Users: admin' },
  ],
  ['<14>Nov 24 10:00:00 sw1 00076 ports: port 1 is now on-line', { host: 'sw1', msg: '00076 ports: port 1 is now on-line' }],
];

function check([line, expected]: Case): void {
  const { tenant, ver, time, msgid, ...got } = event(line);
  assert.equal(tenant, 1);
  const { time: expectedTime, ...rest } = expected;
  const known = Object.fromEntries(
    Object.entries(got).filter(([key]) => key in rest || !['severity', 'facility', 'timeReceived'].includes(key)),
  );
  assert.deepEqual(known, { host: '-', pname: '-', pid: '-', ...rest }, line);
  if (expectedTime !== undefined) assert.equal(time, expectedTime, line);
  assert.equal(ver, 0);
  assert.equal(msgid, '-');
}

suite('what is not RFC 5424', () => {
  for (const row of rfc3164) test(row[0], () => check(row));
});

suite('what devices send', () => {
  for (const row of devices) test(row[0], () => check(row));
});

suite('times without a year and with a zone', () => {
  const at = (line: string, received: string, zone = 'UTC'): string => event(line, { received: Date.parse(received) * 1000, zone }).time;

  test('the year is the one closest to now, at most a day ahead', () => {
    assert.equal(at('<13>Dec 31 23:59:59 h a: x', '2026-01-01T00:00:05Z'), '2025-12-31T23:59:59.000000Z');
    assert.equal(at('<13>Jan  1 00:00:01 h a: x', '2025-12-31T23:59:58Z'), '2026-01-01T00:00:01.000000Z');
    assert.equal(at('<13>Nov 25 11:00:00 h a: x', '2026-11-24T12:00:00Z'), '2026-11-25T11:00:00.000000Z');
    assert.equal(at('<13>Nov 27 11:00:00 h a: x', '2026-11-24T12:00:00Z'), '2025-11-27T11:00:00.000000Z');
    assert.equal(at('<13>Feb 29 11:00:00 h a: x', '2026-11-24T12:00:00Z'), '2024-02-29T11:00:00.000000Z');
  });

  test('local times are of the listener, in summer and winter', () => {
    assert.equal(at('<13>Nov 24 10:00:00 h a: x', '2026-11-24T12:00:00Z', 'Europe/Berlin'), '2026-11-24T09:00:00.000000Z');
    assert.equal(at('<13>Jul 24 10:00:00 h a: x', '2026-07-24T12:00:00Z', 'Europe/Berlin'), '2026-07-24T08:00:00.000000Z');
    assert.equal(at('<13>Jul 24 10:00:00 h a: x', '2026-07-24T12:00:00Z', 'Asia/Kolkata'), '2026-07-24T04:30:00.000000Z');
    assert.equal(at('<13>Nov 24 10:00:00 UTC h a: x', '2026-11-24T12:00:00Z', 'Europe/Berlin'), NOV24);
  });

  test('an hour that happens twice is the one closer to now', () => {
    assert.equal(at('<13>Oct 25 02:30:00 h a: x', '2026-10-25T00:30:01Z', 'Europe/Berlin'), '2026-10-25T00:30:00.000000Z');
    assert.equal(at('<13>Oct 25 02:30:00 h a: x', '2026-10-25T01:30:01Z', 'Europe/Berlin'), '2026-10-25T01:30:00.000000Z');
  });

  test('an hour that does not happen counts from before the change', () => {
    assert.equal(at('<13>Mar 29 02:30:00 h a: x', '2026-03-29T01:31:00Z', 'Europe/Berlin'), '2026-03-29T01:30:00.000000Z');
  });

  test('a day that does not exist is no time, but the rest is read', () => {
    const row = event('<13>Nov 31 10:00:00 web-01 app: x');
    assert.equal(row.timeReceived, true);
    assert.equal(row.host, 'web-01');
    assert.equal(row.pname, 'app');
  });

  test('a leap second is the last microsecond before it', () => {
    assert.equal(at('<13>Jun 30 23:59:60 h a: x', '2026-07-01T00:00:00Z'), '2026-06-30T23:59:59.999999Z');
  });
});
