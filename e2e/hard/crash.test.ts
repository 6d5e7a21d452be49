import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { Client, MeniscusProcess, onEnd, random, startProcess, type TestTenant } from '@meniscus/testkit';
import { Oracle, publishUntilGone, streamUntilGone } from '../../apptest/support/oracle.ts';
import { setUp } from '../support/service.ts';
import { exportedNumbers } from '../support/numbers.ts';

const TRIALS = 20;
/** Numbers of one connection of one trial. */
const RANGE = 1_000_000;
/** The service lives so long under load, in milliseconds: from hardly begun to several flushes. */
const SHORTEST_MS = 20;
const LONGEST_MS = 1500;

/** Load on several connections until the service is killed after `lifeMs`. */
async function loadAndKill(service: MeniscusProcess, tenant: TestTenant, oracle: Oracle, trial: number, lifeMs: number): Promise<void> {
  const client = new Client(service);
  const base = trial * 10 * RANGE;
  const senders = [
    ...[0, 1, 2].map((i) => publishUntilGone(client, tenant, oracle, base + i * RANGE)),
    ...[3, 4].map((i) => streamUntilGone(service.run.syslog.tcp, tenant, oracle, base + i * RANGE)),
  ];
  await new Promise((resolve) => setTimeout(resolve, lifeMs));
  await service.end('SIGKILL');
  await Promise.all(senders);
}

/** Kills a service that is still starting, in the middle of its recovery. */
async function killWhileStarting(t: TestContext, dataDir: string, lifeMs: number): Promise<void> {
  const service = new MeniscusProcess({ dataDir });
  onEnd(t, async () => void (await service.end('SIGKILL')));
  await new Promise((resolve) => setTimeout(resolve, lifeMs));
  await service.end('SIGKILL');
}

async function compare(client: Client, tenant: TestTenant, oracle: Oracle, trial: string): Promise<void> {
  const numbers = await exportedNumbers(client, tenant);
  const found = new Set(numbers);
  assert.equal(numbers.length - found.size, 0, `${trial}: events are there twice`);
  let lost = 0;
  for (const number of oracle.acknowledged) if (!found.has(number)) lost++;
  assert.equal(lost, 0, `${trial}: acknowledged events are lost`);
  let unknown = 0;
  for (const number of found) if (!oracle.sent.has(number)) unknown++;
  assert.equal(unknown, 0, `${trial}: events are there that nobody sent`);
}

test(`${TRIALS} times kill -9 at a random moment: nothing acknowledged is lost, nothing is doubled`, async (t) => {
  const { service, tenant } = await setUp(t);
  const { dataDir } = service;
  const oracle = new Oracle();
  const next = random(Date.now());
  let running = service;
  for (let trial = 0; trial < TRIALS; trial++) {
    const lifeMs = SHORTEST_MS + next() * (LONGEST_MS - SHORTEST_MS);
    await loadAndKill(running, tenant, oracle, trial, lifeMs);
    if (trial % 4 === 3) await killWhileStarting(t, dataDir, next() * 800);
    running = await startProcess(t, { dataDir });
    await compare(new Client(running), tenant, oracle, `trial ${trial}, ${Math.round(lifeMs)} ms`);
  }
  assert.ok(oracle.acknowledged.size > 1000, `only ${oracle.acknowledged.size} were acknowledged`);
});
