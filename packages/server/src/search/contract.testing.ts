import { test, type TestContext } from 'node:test';
import { Client, contractEvents, type Suite } from './contract/client.testing.ts';
import { testCounts } from './contract/counts.testing.ts';
import { testEvents } from './contract/events.testing.ts';
import { testExport } from './contract/export.testing.ts';
import { testScope } from './contract/scope.testing.ts';
import { testStats } from './contract/stats.testing.ts';
import type { SearchBackend, SearchScope } from './search.ts';
import type { TestEvent } from './store/memory-store.testing.ts';

/** A back end that holds given events of one tenant. Positions of the queue are 1,000 and on, in the order of the events; node and shard 0. */
export interface SearchContract {
  readonly name: string;
  readonly create: (
    this: void,
    t: TestContext,
    events: readonly TestEvent[],
  ) => Promise<{ readonly backend: SearchBackend; readonly tenant: SearchScope['tenant'] }>;
}

/** Registers the cases that every search back end must pass. */
export function testSearchContract({ name, create }: SearchContract): void {
  const events = contractEvents();
  const it: Suite['it'] = (title, run) => {
    test(`${name}: ${title}`, async (t) => {
      const { backend, tenant } = await create(t, events);
      await run(new Client(backend, tenant));
    });
  };
  for (const register of [testEvents, testScope, testCounts, testStats, testExport]) register({ it, events });
}
