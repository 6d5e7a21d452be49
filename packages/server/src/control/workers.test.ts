import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { WorkerStatus } from './control.ts';
import { startControl } from './control.testing.ts';

const worker: WorkerStatus = {
  hostname: 'worker-01',
  ip_address_v4: '10.0.0.5',
  ip_address_v6: '',
  personality: 'worker',
  status: 'new',
  system_info: { cpu_cores: 4 },
};

test('a worker is made by its first report; later ones change its status and system_info only', async (t) => {
  const fixture = await startControl(t);
  const { workers } = fixture.control;
  assert.deepEqual(workers.list(), []);
  assert.equal(await workers.report(worker), true);
  assert.equal(
    await workers.report({ ...worker, ip_address_v4: '1.1.1.1', personality: 'coordinator', status: 'online', system_info: {} }),
    false,
  );
  const known = { ...worker, status: 'online', system_info: {} };
  assert.deepEqual(workers.get('worker-01'), known);
  await fixture.restart();
  assert.deepEqual(fixture.control.workers.list(), [known]);
});

test('of first reports at the same time one is the first', async (t) => {
  const { control } = await startControl(t);
  const first = await Promise.all(Array.from({ length: 5 }, async () => await control.workers.report(worker)));
  assert.equal(first.filter(Boolean).length, 1);
});

test('any text may be asked for', async (t) => {
  const { control } = await startControl(t);
  for (const hostname of ['', '\ud800', 'x'.repeat(10_000), '__proto__']) assert.equal(control.workers.get(hostname), undefined);
  for (const hostname of ['', '\ud800', 'x'.repeat(300)])
    await assert.rejects(control.workers.report({ ...worker, hostname }), { code: 'bad_request' });
});
