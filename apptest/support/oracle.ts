import assert from 'node:assert/strict';
import net from 'node:net';
import { Client, startProcess, until, type Cleanup, type MeniscusProcess, type TestTenant } from '@meniscus/testkit';
import { message } from './setup.ts';

/** What senders know: which numbers were acknowledged, and which were sent at all. */
export class Oracle {
  readonly acknowledged = new Set<number>();
  readonly sent = new Set<number>();
}

/** Publishes numbered events one request after the other until the service is gone. */
export async function publishUntilGone(client: Client, tenant: TestTenant, oracle: Oracle, first: number): Promise<void> {
  for (let n = first; ; n += 10) {
    const numbers = Array.from({ length: 10 }, (_, i) => n + i);
    for (const number of numbers) oracle.sent.add(number);
    try {
      const answer = await client.publish(
        tenant,
        numbers.map((number) => ({ msg: `numbered ${number}`, n: number })),
      );
      if (answer.status === 202) for (const number of numbers) oracle.acknowledged.add(number);
    } catch {
      return;
    }
  }
}

/** Sends numbered syslog events until the service is gone: TCP acknowledges nothing, so they may be lost but not doubled. */
export async function streamUntilGone(address: string, tenant: TestTenant, oracle: Oracle, first: number): Promise<void> {
  const at = address.lastIndexOf(':');
  const socket = net.connect({ host: address.slice(0, at), port: Number(address.slice(at + 1)) });
  socket.on('error', () => {});
  // Not `once`, which would reject with the error that ends the connection.
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  let n = first;
  const timer = setInterval(() => {
    let text = '';
    for (let i = 0; i < 50; i++, n++) {
      oracle.sent.add(n);
      text += `${message(tenant, `streamed ${n}`)}\n`;
    }
    socket.write(text);
  }, 2);
  await closed;
  clearInterval(timer);
}

function numberOf(event: Record<string, unknown>): number {
  return Number(/(?:numbered|streamed) (\d+)/.exec(String(event['msg']))![1]);
}

/** Every number that a search finds, in order of time. */
export async function foundNumbers(client: Client, tenant: TestTenant): Promise<number[]> {
  const numbers: number[] = [];
  let cursor: string | undefined;
  do {
    const query = new URLSearchParams({ from: '0', limit: '10000', fields: 'msg', ...(cursor === undefined ? {} : { cursor }) });
    const { status, body } = await client.call<{ events: Record<string, unknown>[]; next: string | null }>(
      client.path(tenant.id, `/events?${query}`),
    );
    assert.equal(status, 200);
    numbers.push(...body.events.map(numberOf));
    cursor = body.next ?? undefined;
  } while (cursor !== undefined);
  return numbers;
}

/** Runs load, kills the service after `lifeMs`, starts it again and compares. Gives the service that runs then. */
export async function crashTrial(
  t: Cleanup,
  service: MeniscusProcess,
  tenant: TestTenant,
  oracle: Oracle,
  trial: number,
  lifeMs: number,
): Promise<MeniscusProcess> {
  const client = new Client(service);
  const base = trial * 10_000_000;
  const load = [0, 1, 2].map((i) => publishUntilGone(client, tenant, oracle, base + i * 1_000_000));
  const streams = [3, 4].map((i) => streamUntilGone(service.run.syslog.tcp, tenant, oracle, base + i * 1_000_000));
  await until('something acknowledged', () => oracle.acknowledged.size > trial);
  await new Promise((resolve) => setTimeout(resolve, lifeMs));
  await service.end('SIGKILL');
  await Promise.all([...load, ...streams]);
  const next = await startProcess(t, { dataDir: service.dataDir });
  const numbers = await foundNumbers(new Client(next), tenant);
  const found = new Set(numbers);
  assert.equal(found.size, numbers.length, 'an event is there twice');
  assert.deepEqual(
    [...oracle.acknowledged].filter((number) => !found.has(number)),
    [],
    'acknowledged events are lost',
  );
  assert.deepEqual(
    [...found].filter((number) => !oracle.sent.has(number)),
    [],
    'events are there that nobody sent',
  );
  return next;
}
