/** All sinks on while processes are killed at random. `MENISCUS_ORACLE_SEED` chooses other trials, `MENISCUS_ORACLE_TRIALS` how many. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { lacksServer, random, until } from '@meniscus/testkit';
import { doubled } from './dispatch/events.ts';
import { Fixture, SINKS, startServers } from './dispatch/fixture.ts';
import { Killer, Senders, victimsOf, type Victim } from './dispatch/victims.ts';

const SEED = Number(process.env['MENISCUS_ORACLE_SEED'] ?? 20_130_708);
const TRIALS = Number(process.env['MENISCUS_ORACLE_TRIALS'] ?? 20);
const SERVICE_SHARE = 0.5;
/** From the beginning of a trial to its crash, in milliseconds: from hardly begun to several batches of each sink. */
const SHORTEST_MS = 100;
const LONGEST_MS = 2500;
/** How long a killed server stays away. */
const DOWN_MS = 3000;

interface Plan {
  readonly lifeMs: number;
  readonly service: boolean;
  readonly victims: readonly { readonly victim: Victim; readonly downMs: number }[];
}

/** All draws are made whatever happens, so that a seed always gives the same plans. */
function planOf(next: () => number, victims: readonly Victim[]): Plan {
  const lifeMs = SHORTEST_MS + next() * (LONGEST_MS - SHORTEST_MS);
  const service = next() < SERVICE_SHARE;
  const drawn = victims.map((victim) => ({ victim, isDrawn: next() < victim.share, downMs: next() * DOWN_MS }));
  const chosen = drawn.filter(({ isDrawn }) => isDrawn);
  return { lifeMs, service: service || chosen.length === 0, victims: chosen };
}

async function trial(of: Fixture, killer: Killer, number: number, { lifeMs, service, victims }: Plan): Promise<void> {
  const senders = new Senders(of, number);
  await delay(lifeMs);
  const falling = victims.filter(({ victim }) => killer.isUp(victim)).map(async ({ victim, downMs }) => killer.kill(victim, downMs));
  if (service) {
    killer.count('service');
    await of.service.end('SIGKILL');
    await senders.gone();
    await of.start();
  } else {
    await senders.stop();
    // What is found is in the queue, so that the crash of a later trial must not lose it.
    await until('all that was sent to be found', async () => (await of.client.count(of.tenant.id)) >= of.sent.size);
  }
  await Promise.all(falling);
}

async function caughtUp(of: Fixture): Promise<void> {
  const lagging = async (): Promise<boolean> => (await of.pipeline()).sinks.every(({ lag }) => lag.events === 0);
  await until('all sinks to catch up', lagging, 120_000).catch(async (error: unknown) => {
    throw new Error(`${String(error)}: ${JSON.stringify((await of.pipeline()).sinks)}`, { cause: error });
  });
}

/** Exactly what the store has, which is all that was acknowledged, once. */
async function compare(of: Fixture): Promise<number> {
  await until('the store to be whole', async () => (await of.contents.store.count()) >= of.sent.size);
  const stored = new Set((await of.contents.store.all()).map(({ id }) => id));
  for (const name of ['store', ...SINKS] as const) {
    const kept = await of.contents[name].all();
    assert.deepEqual(doubled(kept), [], `${name} has events twice`);
    assert.deepEqual(of.sent.without(kept), [], `${name} lacks acknowledged events`);
    const unknown = kept.filter((one) => !of.tried.has(one) || !stored.has(one.id));
    assert.deepEqual(unknown, [], `${name} has events that nobody sent, or that the store has not`);
    assert.equal(kept.length, stored.size, `${name} lacks events that the store has`);
  }
  return stored.size;
}

test(
  `${TRIALS} times processes are killed at random: every acknowledged event is in each sink once`,
  { skip: await lacksServer('opensearch', 'ferretdb', 'hdfs') },
  async (t) => {
    t.diagnostic(`seed ${SEED}`);
    const servers = await startServers(t);
    const of = await Fixture.start(t, servers, { ingest_threads: 2 });
    const killer = new Killer();
    const next = random(SEED);
    for (let number = 0; number < TRIALS; number++) await trial(of, killer, number, planOf(next, victimsOf(servers)));
    await killer.allUp();
    await caughtUp(of);
    const events = await compare(of);
    const kills = Array.from(killer.killed, ([name, count]) => `${name} ${count}`).join(', ');
    t.diagnostic(`${of.sent.size} acknowledged of ${events} stored; killed: ${kills}`);
    assert.deepEqual(await of.letters(), []);
    assert.ok(of.sent.size > TRIALS * 100, `only ${of.sent.size} were acknowledged`);
  },
);
