import assert from 'node:assert/strict';
import dgram from 'node:dgram';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { Client, lacks, sendTcp, startProcess, temporaryDirectory, until } from '@meniscus/testkit';
import { execute, found } from '../support/service.ts';

const CONFIG = `
sources:
  - { type: syslog, name: berlin, listen: 127.0.0.1, port: 0, tenant: acme, allow: [127.0.0.0/30], time_zone: Europe/Berlin }
  - { type: syslog, name: far, listen: 127.0.0.1, port: 0, tenant: acme, allow: [10.0.0.0/8] }
`;

interface Source {
  readonly name?: string;
  readonly events: number;
  readonly refused: Record<string, number>;
}

/** One datagram from an address of this computer. */
async function sendFrom(address: string, to: string, text: string): Promise<void> {
  const socket = dgram.createSocket('udp4');
  await new Promise<void>((resolve) => socket.bind({ address }, resolve));
  await new Promise<void>((resolve, reject) =>
    socket.send(text, Number(to.split(':')[1]), '127.0.0.1', (error) => (error ? reject(error) : resolve())),
  );
  socket.close();
}

test('listeners bound to a tenant: senders without credentials, by address, in their time zone', async (t) => {
  const without = await lacks('logger');
  if (without !== undefined) return t.skip(without);
  const config = path.join(temporaryDirectory(t), 'meniscus.yaml');
  writeFileSync(config, CONFIG);
  const service = await startProcess(t, { dataDir: temporaryDirectory(t), config });
  const client = new Client(service);
  const [berlin, far] = ['berlin', 'far'].map((name) => service.run.listeners.find((listener) => listener.name === name)!);
  assert.deepEqual([berlin!.tenant, far!.tenant], ['acme', 'acme']);
  const source = async (name: string): Promise<Source> => {
    const { body } = await client.call<{ sources: Source[] }>('/v1/pipeline');
    return body.sources.find((one) => one.name === name)!;
  };
  const refused = ({ refused: reasons }: Source): number => Object.values(reasons).reduce((sum, count) => sum + count, 0);

  // The tenant does not exist yet: nobody's events.
  await sendFrom('127.0.0.1', berlin!.udp!, '<13>Jul  1 12:00:00 web-01 app: too early');
  await until('the event to be refused', async () => refused(await source('berlin')) === 1);

  const tenant = await client.createTenant('acme');
  await execute('logger', [
    '--server',
    '127.0.0.1',
    '--port',
    berlin!.udp!.split(':')[1]!,
    '--udp',
    '--rfc3164',
    '--tag',
    'bound',
    'by logger',
  ]);
  assert.equal((await found(client, tenant, '"by logger"'))['pname'], 'bound');

  await sendFrom('127.0.0.2', berlin!.udp!, '<13>Jul  1 12:00:00 web-02 app: in summer');
  assert.match(String((await found(client, tenant, '"in summer"'))['time']), /-07-01T10:00:00/);
  await sendTcp(berlin!.tcp!, '<13>Jan  5 12:00:00 web-02 app: in winter\n');
  assert.match(String((await found(client, tenant, '"in winter"'))['time']), /-01-05T11:00:00/);

  // What it says of itself does not count; its credentials go.
  await sendFrom(
    '127.0.0.1',
    berlin!.udp!,
    '<13>1 2026-11-20T10:00:00Z web-03 app - - [meniscus tenant="other" token="secret"] says another',
  );
  const event = await found(client, tenant, '"says another"');
  assert.ok(!JSON.stringify(event).includes('secret'));

  await sendFrom('127.0.0.9', berlin!.udp!, '<13>Jul  1 12:00:00 web-09 app: from outside');
  await until('the address to be refused', async () => refused(await source('berlin')) === 2);
  await sendFrom('127.0.0.1', far!.udp!, '<13>Jul  1 12:00:00 web-09 app: from outside');
  await sendTcp(far!.tcp!, '<13>Jul  1 12:00:00 web-09 app: from outside\n').catch(() => {});
  await until('both to be refused', async () => refused(await source('far')) === 2);
  assert.equal(await client.count('acme', 'outside'), 0);
  assert.equal(await client.count('acme', 'early'), 0);
  assert.equal(await client.count('acme'), 4);
  return undefined;
});
