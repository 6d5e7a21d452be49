import assert from 'node:assert/strict';
import { once } from 'node:events';
import net from 'node:net';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import { Client, startProcess, until, type TestTenant } from '@meniscus/testkit';
import { message } from '../../apptest/support/setup.ts';
import { exportedNumbers } from '../support/numbers.ts';
import { smallDisk, type SmallDisk } from '../support/small-disk.ts';

const MIB = 1 << 20;
/** Does not compress, so that the disk fills. */
const padding = (n: number): string => Array.from({ length: 40 }, (_, i) => Math.imul(n * 41 + i, 2_654_435_761).toString(36)).join(' ');

async function setUp(t: TestContext, disk: SmallDisk, reserve: number) {
  const dataDir = path.join(disk.directory, 'data');
  const args = ['--disk-reserve-bytes', String(reserve)];
  const service = await startProcess(t, { dataDir, args });
  const client = new Client(service);
  return { service, client, tenant: await client.createTenant('acme'), restart: () => startProcess(t, { dataDir, args }) };
}

/** Publishes numbered events until refused; gives the answer that refused, and notes what was acknowledged. */
async function publishUntilRefused(client: Client, tenant: TestTenant, acknowledged: Set<number>, first: number) {
  for (let n = first; n < first + 1_000_000; n += 100) {
    const numbers = Array.from({ length: 100 }, (_, i) => n + i);
    const answer = await client.publish(
      tenant,
      numbers.map((number) => ({ msg: `numbered ${number}`, padding: padding(number) })),
    );
    if (answer.status !== 202) return answer;
    for (const number of numbers) acknowledged.add(number);
  }
  throw new Error('nothing was refused');
}

function assertRefused({ status, headers, body }: Awaited<ReturnType<typeof publishUntilRefused>>): void {
  assert.equal(status, 503, JSON.stringify(body));
  assert.match(headers.get('retry-after') ?? '', /^\d+$/);
  assert.equal((body as { code: string }).code, 'queue_full');
}

async function assertComplete(client: Client, tenant: TestTenant, wanted: ReadonlySet<number>): Promise<void> {
  const numbers = await exportedNumbers(client, tenant);
  const found = new Set(numbers);
  assert.equal(numbers.length, found.size, 'events are there twice');
  assert.equal([...wanted].filter((number) => !found.has(number)).length, 0, 'acknowledged events are lost');
}

/** One connection that sends numbered messages as fast as they are taken; `stalled` is true while the service does not read. */
class Stream {
  readonly socket: net.Socket;
  readonly sent = new Set<number>();

  constructor(address: string, tenant: TestTenant, first: number, count: number) {
    const [host, port] = address.split(':');
    this.socket = net.connect({ host: host!, port: Number(port) });
    for (let n = first; n < first + count; n++) {
      this.sent.add(n);
      this.socket.write(`${message(tenant, `streamed ${n} ${padding(n)}`)}\n`);
    }
  }

  /** Resolves when no byte has gone for a while although some wait. */
  async stalled(): Promise<void> {
    let before = -1;
    let since = Date.now();
    await until('the stream to stall', () => {
      const { writableLength } = this.socket;
      assert.ok(writableLength > 0, 'everything was taken');
      if (writableLength !== before) [before, since] = [writableLength, Date.now()];
      return Date.now() - since > 2000;
    });
  }

  async end(): Promise<void> {
    const closed = once(this.socket, 'close');
    this.socket.end();
    this.socket.resume();
    await closed;
  }
}

test('a disk that reaches its reserve: clear refusals, TCP waits, nothing acknowledged is lost, all goes on', async (t) => {
  const disk = await smallDisk(t, 384 * MIB);
  if (typeof disk === 'string') return t.skip(disk);
  const reserve = 64 * MIB;
  const { service, client, tenant } = await setUp(t, disk, reserve);
  const acknowledged = new Set<number>();
  await client.publish(tenant, { msg: 'numbered 0' });
  disk.fill(reserve + 8 * MIB);
  assertRefused(await publishUntilRefused(client, tenant, acknowledged, 1));
  const stream = new Stream(service.run.syslog.tcp, tenant, 5_000_000, 40_000);
  await stream.stalled();
  assertRefused(await publishUntilRefused(client, tenant, acknowledged, 1_000_000));
  assert.ok(disk.free > reserve / 2, 'the reserve was used up');
  const { body } = await client.call<{ queue: { full: string } }>('/v1/pipeline');
  assert.equal(body.queue.full, 'disk');
  assert.equal((await client.call('/livez')).status, 200);
  await assertComplete(client, tenant, acknowledged);
  disk.empty();
  await stream.end();
  await until('HTTP to be taken again', async () => (await client.publish(tenant, { msg: 'numbered 9000000' })).status === 202);
  await until('the stream', async () => (await client.count(tenant.id, 'streamed')) === stream.sent.size);
  await assertComplete(client, tenant, new Set([...acknowledged, ...stream.sent, 9_000_000]));
  assert.equal(await service.end(), 0);
  return undefined;
});

test('a disk without a free byte: refusals, a crash, a restart, and nothing acknowledged is lost', async (t) => {
  const disk = await smallDisk(t, 128 * MIB);
  if (typeof disk === 'string') return t.skip(disk);
  const { service, client, tenant, restart } = await setUp(t, disk, 0);
  const acknowledged = new Set<number>();
  await client.publish(tenant, { msg: 'numbered 0' });
  disk.fill(4 * MIB);
  assertRefused(await publishUntilRefused(client, tenant, acknowledged, 1));
  disk.fill(0);
  assertRefused(await publishUntilRefused(client, tenant, acknowledged, 1_000_000));
  const refused = await client.call('/v1/tenant', { body: { tenant: { tenant_id: 'other' } } });
  assert.ok([201, 503, 507].includes(refused.status), `${refused.status} ${JSON.stringify(refused.body)}`);
  await assertComplete(client, tenant, acknowledged);
  await service.end('SIGKILL');
  // On the full disk it either starts, or says why not.
  const onFull = await restart().then(
    async (running) => running.end('SIGKILL'),
    (error: unknown) => String(error instanceof Error ? error.cause : error),
  );
  assert.match(String(onFull), /SIGKILL|The disk is full/);
  disk.empty();
  const again = new Client(await restart());
  await assertComplete(again, tenant, acknowledged);
  await until('HTTP to be taken again', async () => (await again.publish(tenant, { msg: 'numbered 9000000' })).status === 202);
  await assertComplete(again, tenant, new Set([...acknowledged, 9_000_000]));
  return undefined;
});

test('a full disk that gets room again is used again without a restart', async (t) => {
  const disk = await smallDisk(t, 128 * MIB);
  if (typeof disk === 'string') return t.skip(disk);
  const { service, client, tenant } = await setUp(t, disk, 0);
  const acknowledged = new Set<number>();
  for (let round = 0; round < 3; round++) {
    disk.fill(2 * MIB);
    assertRefused(await publishUntilRefused(client, tenant, acknowledged, round * 1_000_000));
    disk.fill(0);
    disk.empty();
    const n = round * 1_000_000 + 999_999;
    await until('HTTP to be taken again', async () => (await client.publish(tenant, { msg: `numbered ${n}` })).status === 202);
    acknowledged.add(n);
  }
  await assertComplete(client, tenant, acknowledged);
  assert.equal(await service.end(), 0);
  return undefined;
});
