import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Client, startProcess, temporaryDirectory, type Cleanup, type MeniscusProcess, type TestTenant } from '@meniscus/testkit';

export interface Bench {
  readonly service: MeniscusProcess;
  readonly client: Client;
  readonly tenants: readonly TestTenant[];
}

/** Its path; JSON is YAML. */
function written(t: Cleanup, config: object): string {
  const file = path.join(temporaryDirectory(t), 'meniscus.yaml');
  writeFileSync(file, JSON.stringify(config));
  return file;
}

/** A fresh service with ten tenants, with its defaults or a configuration. */
export async function startBench(t: Cleanup, config?: object): Promise<Bench> {
  const service = await startProcess(t, {
    dataDir: temporaryDirectory(t),
    ...(config === undefined ? {} : { config: written(t, config) }),
  });
  const client = new Client(service);
  const tenants: TestTenant[] = [];
  for (let i = 0; i < 10; i++) tenants.push(await client.createTenant(`tenant${i}`));
  return { service, client, tenants };
}

/** Events that searches find, over all tenants. */
export async function searchable({ client, tenants }: Bench): Promise<number> {
  let total = 0;
  for (const tenant of tenants) total += await client.count(tenant.id);
  return total;
}

interface PipelineView {
  readonly sinks: readonly { readonly name: string; readonly lag: { readonly events: number } }[];
}

/** Waits until every event is in a segment on disk and found by searches. Asks seldom: what it asks is work of the service too. */
export async function settled(bench: Bench, events: number): Promise<void> {
  for (let tries = 0; tries < 150; tries++) {
    await new Promise((resolve) => setTimeout(resolve, 2000));
    const { body } = await bench.client.call<PipelineView>('/v1/pipeline');
    if (body.sinks.every((sink) => sink.lag.events === 0) && (await searchable(bench)) === events) return;
  }
  throw new Error(`${events} events were not in segments after five minutes`);
}

/** Runs one of our sender programs as a process of its own, so that its work does not count as the service's. */
export async function runSender(program: string, args: readonly string[]): Promise<void> {
  const child = spawn(process.execPath, [path.join(import.meta.dirname, program), ...args], { stdio: 'inherit' });
  const [code] = (await once(child, 'exit')) as [number];
  if (code !== 0) throw new Error(`${program} failed`);
}

/** Bytes of all files below a directory. */
export function bytesOf(directory: string): number {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, entry) => sum + statSync(path.join(entry.parentPath, entry.name)).size, 0);
}
