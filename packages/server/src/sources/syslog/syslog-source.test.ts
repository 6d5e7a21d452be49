import assert from 'node:assert/strict';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { suite, test, type TestContext } from 'node:test';
import type { SyslogSourceConfig } from '../../config/config.ts';
import { testSource } from '../contract.testing.ts';
import type { ListenerInfo } from '../source.ts';
import { MemoryIntake } from '../testing/memory-intake.ts';
import { acme, CREDENTIALS } from './decode.testing.ts';
import { SyslogSource, type SyslogSourceOptions } from './syslog-source.ts';

const HEAD = `<13>1 - host app - - ${CREDENTIALS}`;

function endpoint(address: string | undefined): { host: string; port: number } {
  const at = address!.lastIndexOf(':');
  return { host: address!.slice(0, at), port: Number(address!.slice(at + 1)) };
}

async function open(t: TestContext | undefined, info: ListenerInfo): Promise<Socket> {
  const socket = connect(endpoint(info.tcp));
  t?.after(() => socket.destroy());
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  return socket;
}

async function sendTcp(info: ListenerInfo, data: string): Promise<void> {
  const socket = await open(undefined, info);
  socket.end(data);
  socket.resume();
  await once(socket, 'close');
}

async function sendUdp(info: ListenerInfo, datagrams: readonly (string | Buffer)[]): Promise<void> {
  const socket = createSocket('udp4');
  const { host, port } = endpoint(info.udp);
  for (const datagram of datagrams) await new Promise((resolve) => socket.send(datagram, port, host, resolve));
  await new Promise<void>((resolve) => socket.close(resolve));
}

async function listen(t: TestContext, config: Partial<SyslogSourceConfig> = {}, options: SyslogSourceOptions = {}) {
  const intake = new MemoryIntake(acme);
  const source = new SyslogSource({ type: 'syslog', port: 0, ...config }, intake, options);
  t.after(() => source.stop());
  return { intake, source, info: await source.start() };
}

for (const protocol of ['tcp', 'udp'] as const) {
  testSource({
    name: `syslog over ${protocol}`,
    make: (intake, port = 0) => new SyslogSource({ type: 'syslog', port }, intake),
    intake: () => new MemoryIntake(acme),
    send: (info, texts) =>
      protocol === 'tcp'
        ? sendTcp(info, texts.map((text) => `${HEAD} ${text}\n`).join(''))
        : sendUdp(
            info,
            texts.map((text) => `${HEAD} ${text}`),
          ),
  });
}

suite('syslog listeners', () => {
  test('TCP and UDP have one port number', async (t) => {
    const { info } = await listen(t);
    assert.equal(info.tcp, info.udp);
  });

  test('the name and the tenant are in the answer', async (t) => {
    const { info } = await listen(t, { name: 'switches', tenant: 'acme', allow: ['127.0.0.1'] });
    assert.deepEqual([info.name, info.tenant], ['switches', 'acme']);
  });

  test('several sources share a port with reusePort', { skip: process.platform !== 'linux' }, async (t) => {
    const first = await listen(t, {}, { reusePort: true });
    const second = await listen(t, { port: endpoint(first.info.tcp).port }, { reusePort: true });
    assert.equal(second.info.tcp, first.info.tcp);
  });

  test('framings change within a connection', async (t) => {
    const { info, intake } = await listen(t);
    const counted = `${HEAD} two\nlines`;
    await sendTcp(info, `${HEAD} one\n${counted.length} ${counted}\n${HEAD} three\r\n${HEAD} four`);
    const rows = await intake.arrived(4);
    assert.deepEqual(
      rows.map(({ msg }) => msg),
      ['one', 'two\nlines', 'three', 'four'],
    );
    assert.equal(intake.counters.emptyFrames, 1);
  });

  test('a connection closed in mid message: a line is an event, a counted message one with parse_error', async (t) => {
    const { info, intake } = await listen(t);
    await sendTcp(info, `${HEAD} line`);
    await sendTcp(info, `500 ${HEAD} counted`);
    const rows = await intake.arrived(2);
    assert.deepEqual(
      rows.map(({ msg, native }) => [msg, native === undefined]),
      [
        ['line', true],
        ['counted', false],
      ],
    );
  });

  test('a sender that writes byte by byte', async (t) => {
    const { info, intake } = await listen(t);
    const socket = await open(t, info);
    socket.setNoDelay(true);
    for (const byte of Buffer.from(`${HEAD} slow grüße\n`)) await new Promise((resolve) => socket.write(Buffer.from([byte]), resolve));
    assert.equal((await intake.arrived(1))[0]?.msg, 'slow grüße');
  });

  test('2,000 idle connections do not keep others from sending', async (t) => {
    const { info, intake } = await listen(t);
    const idle = await Promise.all(Array.from({ length: 2000 }, () => open(t, info)));
    await sendTcp(info, `${HEAD} here\n`);
    assert.equal((await intake.arrived(1))[0]?.msg, 'here');
    // A connection counts once it is accepted, which its first event proves.
    for (const socket of idle) socket.write(`${HEAD} awake\n`);
    await intake.arrived(2001);
    assert.equal(intake.counters.events, 2001);
    assert.ok(intake.counters.connections >= 2000);
  });

  test('one connection too many is closed and counted', async (t) => {
    const { info, intake } = await listen(t, {}, { connectionsMax: 2 });
    const kept = [await open(t, info), await open(t, info)];
    const third = connect(endpoint(info.tcp));
    t.after(() => third.destroy());
    third.on('error', () => undefined);
    await once(third, 'close');
    assert.equal(intake.counters.refused.get('too_many_connections'), 1);
    kept[0]!.write(`${HEAD} still here\n`);
    assert.equal((await intake.arrived(1))[0]?.msg, 'still here');
  });

  test('TCP is not read while the intake is congested, and goes on after', async (t) => {
    const { info, intake } = await listen(t);
    const socket = await open(t, info);
    socket.write(`${HEAD} one\n`);
    await intake.arrived(1);
    intake.congested = true;
    const late = await open(t, info);
    const line = `${HEAD} ${'x'.repeat(1000)}\n`;
    const [first, second] = [line.repeat(2000), `${HEAD} late\n`];
    const written = [new Promise((resolve) => socket.write(first, resolve)), new Promise((resolve) => late.write(second, resolve))];
    await new Promise((resolve) => setImmediate(resolve));
    assert.ok(intake.counters.events < 2000);
    intake.congested = false;
    await Promise.all(written);
    assert.equal((await intake.arrived(2002)).length, 2002);
  });

  test('UDP is dropped and counted while the intake is congested', async (t) => {
    const { info, intake, source } = await listen(t);
    intake.congested = true;
    await sendUdp(info, [`${HEAD} lost`, `${HEAD} lost too`]);
    await source.stop();
    assert.equal(intake.counters.congestionDrops, 2);
    assert.equal(intake.counters.events, 0);
  });

  test('datagrams: one message each, long ones cut, empty ones counted', async (t) => {
    const { info, intake } = await listen(t, {}, { messageBytesMax: 200 });
    await sendUdp(info, ['', `${HEAD} a\nb\n`, `${HEAD} ${'x'.repeat(1000)}`]);
    const rows = await intake.arrived(2);
    assert.equal(rows[0]?.msg, 'a\nb');
    assert.equal(rows[1]?.native?.['truncated'], true);
    assert.equal(rows[1]?.native?.['original_length'], HEAD.length + 1001);
    assert.equal(intake.counters.emptyFrames, 1);
    assert.equal(intake.counters.truncated, 1);
  });

  test('an address that may not speak for the tenant is refused and counted', async (t) => {
    const { info, intake, source } = await listen(t, { tenant: 'acme', allow: ['10.0.0.0/8'] });
    await sendTcp(info, '<13>text\n');
    await sendUdp(info, ['<13>text']);
    await source.stop();
    assert.equal(intake.counters.events, 0);
    assert.equal(intake.counters.refused.get('not_allowed'), 2);
    assert.equal(intake.counters.refusedFrom?.get('127.0.0.1'), 2);
  });

  test('an address that may speaks without credentials, in its time zone', async (t) => {
    const { info, intake } = await listen(t, { tenant: 'acme', allow: ['127.0.0.0/8'], time_zone: 'Europe/Berlin' });
    await sendTcp(info, '<13>2026-11-24 10:00:00 host app: text\n');
    const [row] = await intake.arrived(1);
    assert.equal(row?.time, '2026-11-24T09:00:00.000000Z');
    assert.equal(row?.msg, 'text');
  });

  test('over IPv6, an IPv4 network allows its addresses', async (t) => {
    const { info, intake } = await listen(t, { listen: '::', tenant: 'acme', allow: ['127.0.0.1'] });
    const port = Number(info.tcp!.split(':').at(-1));
    assert.equal(info.tcp, `[::1]:${port}`);
    await sendTcp({ type: 'syslog', tcp: `127.0.0.1:${port}` }, '<13>mapped\n');
    assert.equal((await intake.arrived(1))[0]?.msg, 'mapped');
  });

  test('configurations that cannot be are refused', () => {
    const make = (config: Partial<SyslogSourceConfig>) => () =>
      new SyslogSource({ type: 'syslog', port: 0, ...config }, new MemoryIntake());
    assert.throws(make({ tenant: 'acme' }), { code: 'bad_configuration' });
    assert.throws(make({ time_zone: 'Mars/Olympus' }), { code: 'bad_configuration' });
    for (const network of ['nonsense', '10.0.0.0/33', '10.0.0.0/8/8', '::1/129', '10.0.0.0/']) {
      assert.throws(make({ tenant: 'acme', allow: [network] }), { code: 'bad_configuration' }, network);
    }
  });
});
