import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { Client, startProcess, temporaryDirectory, until, type Cleanup, type MeniscusProcess, type TestTenant } from '@meniscus/testkit';

export const execute = promisify(execFile);

export interface Setup {
  readonly service: MeniscusProcess;
  readonly client: Client;
  readonly tenant: TestTenant;
  readonly port: string;
}

/** The service with one tenant. */
export async function setUp(t: Cleanup): Promise<Setup> {
  const service = await startProcess(t, { dataDir: temporaryDirectory(t) });
  const client = new Client(service);
  const tenant = await client.createTenant('acme');
  return { service, client, tenant, port: service.run.syslog.tcp.split(':').at(-1)! };
}

/** The structured data that carries a tenant's credentials. */
export function credentials(tenant: TestTenant): string {
  return `[meniscus tenant="${tenant.id}" token="${tenant.token}"]`;
}

/** Waits for an event that matches and gives it; the token must be nowhere in it. */
export async function found(client: Client, tenant: TestTenant, q: string): Promise<Record<string, unknown>> {
  const event = await until(`an event for ${q}`, async () => (await client.events(tenant.id, q))[0]);
  assert.ok(!JSON.stringify(event).includes(tenant.token), 'the token was stored');
  return event;
}
