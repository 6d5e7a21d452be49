import assert from 'node:assert/strict';
import dgram from 'node:dgram';
import { test } from 'node:test';
import { until } from '@meniscus/testkit';
import { message } from '../../apptest/support/setup.ts';
import { setUp } from '../support/service.ts';

const DATAGRAMS = 40_000;

/** More than the largest receive buffer holds, one after the other. */
async function flood(port: number, text: string): Promise<void> {
  const socket = dgram.createSocket('udp4');
  for (let n = 0; n < DATAGRAMS; n++)
    await new Promise<void>((resolve, reject) =>
      socket.send(`${text} ${n}`, port, '127.0.0.1', (error) => (error ? reject(error) : resolve())),
    );
  socket.close();
}

test('what the kernel drops of a flood of datagrams is counted, in /metrics and in /v1/pipeline, to the last one', async (t) => {
  const { service, client, tenant, port } = await setUp(t);
  // A process that stands still reads nothing: the receive buffer fills for certain.
  process.kill(service.run.pid, 'SIGSTOP');
  await flood(Number(port), message(tenant, `flood ${'x'.repeat(800)}`)).finally(() => process.kill(service.run.pid, 'SIGCONT'));
  const drops = await until('all datagrams to be accounted for', async () => {
    const { body } = await client.call<{ sources: { udp?: string; kernel_drops: number }[] }>('/v1/pipeline');
    const dropped = body.sources.find(({ udp }) => udp !== undefined)!.kernel_drops;
    return dropped > 0 && dropped + (await client.count(tenant.id, 'flood')) === DATAGRAMS && dropped;
  });
  const { body: metrics } = await client.call<string>('/metrics');
  const shown = /^meniscus_source_kernel_drops_total\{.*\} (\d+)$/m.exec(metrics)?.[1];
  assert.equal(Number(shown), drops);
});
