/** The sink `syslog` with real receivers: what they understand, over TCP and TLS, and what happens when they stop. */
import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { freePort, missing, temporaryDirectory, until } from '@meniscus/testkit';
import { sinkBatch } from '../../packages/server/src/sinks/document/documents.testing.ts';
import { syslogKind } from '../../packages/server/src/sinks/syslog/kind.ts';
import { WRITTEN } from '../../packages/server/src/sinks/writer.ts';
import { certificate } from '../support/certificate.ts';
import { unpackDebian, type Unpacked } from '../support/debian.ts';
import { numbers, running, SinkService, writerOf } from '../support/sinks.ts';
import { rsyslogReceiver, syslogNgReceiver } from '../support/syslog-receivers.ts';
import { unpackSyslogNg } from '../support/syslog-ng.ts';

const rsyslog = unpackDebian('rsyslog', ['rsyslog', 'libestr0', 'libfastjson4', 'liblognorm5']);
const syslogNg = unpackSyslogNg();
for (const install of [rsyslog, syslogNg]) install.catch(() => {});

/** The programs, or undefined when the test is skipped. */
async function provided(t: TestContext, name: string, install: Promise<Unpacked>): Promise<Unpacked | undefined> {
  const unpacked = await install.catch((error: unknown) => missing(name, error));
  if (typeof unpacked !== 'string') return unpacked;
  t.skip(unpacked);
  return undefined;
}

const EVENTS = sinkBatch([
  {
    host: 'web-01',
    pname: 'sshd',
    pid: '812',
    msgid: 'ID47',
    severity: 3,
    facility: 4,
    ver: 1,
    msg: 'größe ☃ "quoted" [x]',
    native: { 'ex@1': { a: 'say "hi"', b: 'c:\\d]' } },
  },
  { msg: 'plain', native: { user: 'bob' } },
]);

function own(row: number): string {
  return `[meniscus@32473 tenant="acme" id="${EVENTS.id(row)}"]`;
}

test('rsyslog understands a message', async (t) => {
  const unpacked = await provided(t, 'rsyslog', rsyslog);
  if (unpacked === undefined) return;
  const port = await freePort();
  const receiver = await rsyslogReceiver(t, unpacked, port);
  const writer = await writerOf(t, syslogKind, { address: `127.0.0.1:${port}` });
  await writer.open(running);
  assert.deepEqual(await writer.write(EVENTS, running), WRITTEN);
  await until('both messages', () => receiver.messages().length === 2);
  const time = '2026-11-23T10:00:00.123456Z';
  assert.deepEqual(receiver.messages(), [
    {
      pri: '35',
      time,
      host: 'web-01',
      pname: 'sshd',
      pid: '812',
      msgid: 'ID47',
      data: `${own(0)}[ex@1 a="say \\"hi\\"" b="c:\\\\d\\]"]`,
      msg: 'größe ☃ "quoted" [x]',
    },
    { pri: '13', time, host: '-', pname: '-', pid: '-', msgid: '-', data: `${own(1)}[native@32473 user="bob"]`, msg: 'plain' },
  ]);
});

for (const transport of ['tcp', 'tls'] as const)
  test(`syslog-ng understands a message over ${transport}`, async (t) => {
    const unpacked = await provided(t, 'syslog-ng', syslogNg);
    if (unpacked === undefined) return;
    const port = await freePort();
    const pair = await certificate(t);
    const receiver = await syslogNgReceiver(t, unpacked, port, transport === 'tls' ? pair : undefined);
    const address = `127.0.0.1:${port}`;
    const writer = await writerOf(t, syslogKind, {
      address,
      transport,
      ...(transport === 'tls' ? { ca_file: pair.cert, server_name: 'localhost' } : {}),
    });
    await writer.open(running);
    assert.deepEqual(await writer.write(EVENTS, running), WRITTEN);
    await until('both messages', () => receiver.messages().length === 2);
    const [first, second] = receiver.messages();
    assert.deepEqual([first!.pri, first!.host, first!.pname, first!.pid, first!.msgid], ['35', 'web-01', 'sshd', '812', 'ID47']);
    assert.match(first!.time, /^2026-11-23T10:00:00\.123456/);
    assert.equal(first!.msg, 'größe ☃ "quoted" [x]');
    assert.ok(String(first!.data).includes(EVENTS.id(0)), String(first!.data));
    assert.equal(second!.msg, 'plain');
    if (transport === 'tcp') return;
    for (const [settings, fault] of [
      [{}, /self-signed|certificate/],
      [{ ca_file: pair.cert, server_name: 'other.example' }, /altnames|other\.example/i],
    ] as const)
      await assert.rejects((await writerOf(t, syslogKind, { address, transport, ...settings })).open(running), fault);
    await (await writerOf(t, syslogKind, { address, transport, verify_certificate: false })).open(running);
  });

test('a service with it: the receiver stands still, crashes and comes back', async (t) => {
  const unpacked = await provided(t, 'rsyslog', rsyslog);
  if (unpacked === undefined) return;
  const port = await freePort();
  const directory = temporaryDirectory(t);
  const receiver = await rsyslogReceiver(t, unpacked, port, directory);
  const service = await SinkService.start(
    t,
    `sinks: [{ name: relay, type: syslog, address: "127.0.0.1:${port}", timeout: 1s }]\ndefault_sinks: [store, relay]`,
  );
  const texts = (): string[] => receiver.messages().map(({ msg }) => msg);
  await service.publish(1000);
  await until('1000 messages', () => texts().length >= 1000);
  receiver.signal('SIGSTOP');
  await service.publish(3000);
  assert.equal((await service.client.events(service.tenant.id)).length, 4000, 'the store goes on');
  receiver.signal('SIGCONT');
  await until('all messages', () => texts().length >= 4000);
  assert.deepEqual(texts(), numbers(4000), 'nothing is lost or doubled by a receiver that stands still');
  receiver.signal('SIGKILL');
  await until('the receiver to be gone', () => receiver.process.signalCode !== null);
  await service.publish(1000);
  await until('an error on view', async () => (await service.view('relay')).last_error);
  await rsyslogReceiver(t, unpacked, port, directory);
  await until('the rest', () => new Set(texts()).size === 5000);
});
