import { Client, startProcess, temporaryDirectory, type Cleanup, type MeniscusProcess, type TestTenant } from '@meniscus/testkit';

export interface Setup {
  readonly service: MeniscusProcess;
  readonly client: Client;
  readonly tenant: TestTenant;
}

/** The service as a process of its own, with one tenant. */
export async function setUp(t: Cleanup, args: readonly string[] = []): Promise<Setup> {
  const service = await startProcess(t, { dataDir: temporaryDirectory(t), args });
  const client = new Client(service);
  return { service, client, tenant: await client.createTenant('acme') };
}

/** One RFC 5424 message with credentials. */
export function message(tenant: TestTenant, text: string, head = '<134>1 2026-11-20T10:00:00.123456Z web-01 app 4242 -'): string {
  return `${head} [meniscus tenant="${tenant.id}" token="${tenant.token}"] ${text}`;
}
