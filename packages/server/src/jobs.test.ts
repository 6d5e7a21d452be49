import assert from 'node:assert/strict';
import path from 'node:path';
import { suite, test, type TestContext } from 'node:test';
import { temporaryDirectory } from '@meniscus/testkit';
import { controlStores } from './control/index.ts';
import { formatEventId } from './event/event-id.ts';
import { createJobs, type Jobs } from './jobs.ts';

const ID = formatEventId(Date.now(), 0, 0, 5);

/** Jobs of one shard, in which the sink `hook` has everything before `position`. */
function jobsAt(t: TestContext, position: number, storeIsSearched = true): Jobs {
  const store = controlStores.embedded(path.join(temporaryDirectory(t), 'control'));
  const stats = [{ shard: 0, queue: { consumers: [{ name: 'hook', position }] } }];
  const jobs = createJobs({
    store,
    storeIsSearched,
    ingest: () => ({ stats: async () => stats as never }),
    isSink: (name) => name === 'hook' || name === 'store',
    onError: (error) => assert.fail(String(error)),
  });
  t.after(async () => {
    jobs.close();
    await store.close();
  });
  return jobs;
}

suite('jobs', () => {
  test('tell where the event is in each sink', async (t) => {
    const [before, after] = [jobsAt(t, 5), jobsAt(t, 6)];
    for (const jobs of [before, after]) await jobs.add(ID, 1, ['store', 'hook', 'gone']);
    assert.deepEqual(await before.status(ID, 1), { status: 'failed', sinks: { store: 'stored', hook: 'pending', gone: 'failed' } });
    assert.deepEqual((await after.status(ID, 1))?.sinks, { store: 'stored', hook: 'stored', gone: 'failed' });
    assert.equal(await before.status(ID, 2), undefined, "another tenant's");
    assert.equal(await before.status('no-id', 1), undefined);
  });

  test('know of a refusal, also of one that came before the job', async (t) => {
    const jobs = jobsAt(t, 6);
    await jobs.failed('hook', [ID]);
    await jobs.add(ID, 1, ['store', 'hook']);
    assert.deepEqual(await jobs.status(ID, 1), { status: 'failed', sinks: { store: 'stored', hook: 'failed' } });
    await jobs.again('hook', [ID]);
    assert.equal((await jobs.status(ID, 1))?.status, 'stored');
    await jobs.failed('hook', [ID]);
    assert.equal((await jobs.status(ID, 1))?.status, 'failed');
  });

  test('keep events that only go to the store where searches do not ask it', async (t) => {
    const [searched, other] = [jobsAt(t, 0), jobsAt(t, 0, false)];
    for (const jobs of [searched, other]) await jobs.add(ID, 1, ['store']);
    assert.equal(await searched.status(ID, 1), undefined);
    assert.deepEqual(await other.status(ID, 1), { status: 'stored', sinks: { store: 'stored' } });
  });
});
