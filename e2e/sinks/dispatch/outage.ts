import assert from 'node:assert/strict';
import { until } from '@meniscus/testkit';
import { disordered, doubled } from './events.ts';
import { SINKS, type Fixture, type SinkName } from './fixture.ts';

/** A server that was away is tried again after at most 30 s; it may have to start first. */
const CATCH_UP_MS = 90_000;
const SENDERS = ['first', 'second'] as const;
const ROUNDS = 4;
const BATCH = 20;

/** How a sink's server fails. */
export interface Outage {
  readonly sink: SinkName;
  readonly begin: (of: Fixture) => unknown;
  /** While it is away, after the other sinks have everything. */
  readonly meanwhile?: (of: Fixture) => Promise<unknown>;
  readonly end: (of: Fixture) => unknown;
  /** What the sink's last error says. Left out: it is slow and may not fail at all. */
  readonly error?: RegExp;
}

/** Two programs by HTTP and one by syslog, at the same time; each of them in order. */
export async function load(of: Fixture): Promise<void> {
  const publish = async (sender: string): Promise<void> => {
    for (let round = 0; round < ROUNDS; round++) await of.publish(sender, BATCH);
  };
  await Promise.all([...SENDERS.map(publish), of.send('syslog', ROUNDS * BATCH)]);
}

/** Waits until a sink has as many events as were sent. */
async function enough(of: Fixture, name: SinkName | 'store'): Promise<void> {
  const contents = of.contents[name];
  const wanted = of.sent.size;
  let last: unknown;
  const isEnough = async (): Promise<boolean> => {
    try {
      last = await contents.count();
      return Number(last) >= wanted;
    } catch (error) {
      last = error;
      return false;
    }
  };
  await until(`${name} to have ${wanted} events`, isEnough, CATCH_UP_MS).catch(async (error: unknown) => {
    throw new Error(`${String(error)}; it has ${String(last)}; ${JSON.stringify(await of.view(name))}`, { cause: error });
  });
}

/** Waits until a sink has as much as was sent, and then looks at each event. */
export async function assertComplete(of: Fixture, name: SinkName | 'store'): Promise<void> {
  const contents = of.contents[name];
  await enough(of, name);
  const kept = await contents.all();
  assert.deepEqual(doubled(kept), [], `${name} has events twice`);
  assert.deepEqual(of.sent.without(kept), [], `${name} lacks events`);
  assert.equal(kept.length, of.sent.size, `${name} has events that nobody sent`);
  if (contents.ordered) assert.deepEqual(disordered(kept), [], `${name} has events of a sender out of order`);
}

/** The sinks whose servers are there go on. */
export async function othersGoOn(of: Fixture, ...away: readonly SinkName[]): Promise<void> {
  for (const name of ['store', ...SINKS] as const) if (!(away as readonly string[]).includes(name)) await enough(of, name);
}

/** Every sink has every event once. */
export async function allComplete(of: Fixture): Promise<void> {
  for (const name of ['store', ...SINKS] as const) await assertComplete(of, name);
}

/** The service takes events, and says so. */
async function assertReady(of: Fixture): Promise<void> {
  const { status, body } = await of.client.call('/readyz');
  assert.equal(status, 200, JSON.stringify(body));
  const { queue } = await of.pipeline();
  assert.equal(queue.full, null);
  assert.deepEqual(queue.warnings, [], 'nothing is near a limit');
}

async function assertShown(of: Fixture, name: SinkName, error: RegExp, lag: number): Promise<void> {
  const view = await until(`${name} to show its failure`, async () => {
    const now = await of.view(name);
    return now.since_ok === null && now.retries > 0 && error.test(now.last_error?.text ?? '') ? now : undefined;
  }).catch(async (cause: unknown) => {
    throw new Error(`${String(cause)}: ${JSON.stringify(await of.view(name))}`, { cause });
  });
  assert.ok(view.lag.events >= lag, `it lags by ${view.lag.events} events, and ${lag} were sent while it was away`);
  assert.equal(await of.isUp(name), false);
}

async function assertRecovered(of: Fixture, name: SinkName): Promise<void> {
  const view = await until(`${name} to show that it works`, async () => {
    const now = await of.view(name);
    return now.lag.events === 0 && now.since_ok !== null ? now : undefined;
  });
  assert.equal(view.retries, 0);
  assert.equal(await of.isUp(name), true);
}

/** Ingest and the other sinks go on; the one that was away catches up by itself: nothing is lost, doubled or out of order. */
export async function outage(of: Fixture, { sink, begin, meanwhile, end, error }: Outage): Promise<void> {
  await load(of);
  await begin(of);
  const before = of.sent.size;
  const { pid } = of.service.run;
  try {
    await load(of);
    await othersGoOn(of, sink);
    if (error !== undefined) await assertShown(of, sink, error, of.sent.size - before);
    await assertReady(of);
    await meanwhile?.(of);
  } finally {
    await end(of);
  }
  await load(of);
  await othersGoOn(of, sink);
  await assertComplete(of, sink);
  await assertRecovered(of, sink);
  if (error !== undefined && of.service.run.pid === pid)
    assert.notEqual((await of.view(sink)).last_error, null, 'a last error stays visible');
  assert.deepEqual(await of.letters(), []);
}
