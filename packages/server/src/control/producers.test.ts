import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startControl } from './control.testing.ts';

test('a producer needs a name and a pattern; the rest has defaults', async (t) => {
  const fixture = await startControl(t);
  const { tenants } = fixture.control;
  await tenants.create('t');
  const made = await tenants.addProducer('t', { name: 'apache', pattern: 'apache' });
  assert.deepEqual(made, { id: 1, name: 'apache', pattern: 'apache', durable: false, encrypted: false, sinks: ['store'] });
  const full = { name: 'b', pattern: 'q', durable: true, encrypted: true, sinks: ['archive', 'store'] };
  assert.deepEqual(await tenants.addProducer('t', full), { id: 2, ...full });
  assert.deepEqual(tenants.get('t')?.event_producers, [made, { id: 2, ...full }]);
  assert.deepEqual(tenants.view('t')?.producers, [made, { id: 2, ...full }]);
  await fixture.restart();
  assert.deepEqual(fixture.control.tenants.view('t')?.producers, [made, { id: 2, ...full }]);
});

test('ids are not used again', async (t) => {
  const { control } = await startControl(t);
  await control.tenants.create('t');
  await control.tenants.addProducer('t', { name: 'a', pattern: 'p' });
  await control.tenants.addProducer('t', { name: 'b', pattern: 'p' });
  await control.tenants.removeProducer('t', 2);
  assert.equal((await control.tenants.addProducer('t', { name: 'b', pattern: 'p' })).id, 3);
  for (const id of [2, 0, -1, 1.5, Number.NaN])
    await assert.rejects(control.tenants.removeProducer('t', id), { code: 'producer_not_found' });
});

test('names are unique in a tenant, with the titles of 2013', async (t) => {
  const { control } = await startControl(t);
  for (const id of ['t', 'u']) await control.tenants.create(id);
  await control.tenants.addProducer('t', { name: 'a', pattern: 'p' });
  await control.tenants.addProducer('t', { name: 'b', pattern: 'p' });
  await control.tenants.addProducer('u', { name: 'a', pattern: 'p' });
  await assert.rejects(control.tenants.addProducer('t', { name: 'b', pattern: 'p' }), {
    status: 400,
    title: 'Event producer with name b already exists with id=2.',
  });
  await assert.rejects(control.tenants.updateProducer('t', 2, { name: 'a', pattern: 'p' }), {
    status: 400,
    title: 'EventProducer with name a already exists with id=1.',
  });
  await control.tenants.updateProducer('t', 2, { name: 'b', pattern: 'other' });
  const results = await Promise.allSettled(['c', 'c'].map(async (name) => await control.tenants.addProducer('t', { name, pattern: 'p' })));
  assert.equal(results.filter((one) => one.status === 'fulfilled').length, 1);
});

test('absent optional fields keep their value', async (t) => {
  const { control } = await startControl(t);
  await control.tenants.create('t');
  await control.tenants.addProducer('t', { name: 'a', pattern: 'p', durable: true, encrypted: true, sinks: ['archive'] });
  const kept = await control.tenants.updateProducer('t', 1, { name: 'A', pattern: 'P' });
  assert.deepEqual(kept, { id: 1, name: 'A', pattern: 'P', durable: true, encrypted: true, sinks: ['archive'] });
  const changed = await control.tenants.updateProducer('t', 1, { name: 'A', pattern: 'P', durable: false, sinks: [] });
  assert.deepEqual(changed, { id: 1, name: 'A', pattern: 'P', durable: false, encrypted: true, sinks: ['store'] });
  assert.deepEqual(control.tenants.get('t')?.event_producers, [changed]);
});

test('what is wrong is refused and changes nothing', async (t) => {
  const { control } = await startControl(t);
  await control.tenants.create('t');
  await assert.rejects(control.tenants.addProducer('absent', { name: 'a', pattern: 'p' }), { code: 'tenant_not_found' });
  await assert.rejects(control.tenants.updateProducer('t', 1, { name: 'a', pattern: 'p' }), { code: 'producer_not_found' });
  await assert.rejects(control.tenants.addProducer('t', { name: 'a', pattern: 'p', sinks: ['hdfs'] }), {
    code: 'unknown_sink',
    title: 'Unknown sink hdfs',
  });
  const bad: object[] = [
    { name: '', pattern: 'p' },
    { name: 'a', pattern: '' },
    { name: 'a' },
    { name: 1, pattern: 'p' },
    { name: 'a', pattern: 'p'.repeat(257) },
    { name: '\ud800', pattern: 'p' },
    { name: 'a', pattern: 'p', durable: 'yes' },
    { name: 'a', pattern: 'p', sinks: ['store', 'store'] },
    { name: 'a', pattern: 'p', sinks: 'store' },
    { name: 'a', pattern: 'p', sinks: [1] },
  ];
  for (const producer of bad) await assert.rejects(control.tenants.addProducer('t', producer as never), { code: 'bad_request' });
  const made = await control.tenants.addProducer(
    't',
    JSON.parse('{"name":"__proto__","pattern":"p","id":77,"__proto__":{"durable":true}}') as never,
  );
  assert.deepEqual(made, { id: 1, name: '__proto__', pattern: 'p', durable: false, encrypted: false, sinks: ['store'] });
});

test('many writers at the same time lose no change', async (t) => {
  const { control } = await startControl(t);
  await control.tenants.create('t');
  await Promise.all(Array.from({ length: 30 }, async (_, i) => await control.tenants.addProducer('t', { name: `p${i}`, pattern: 'p' })));
  const producers = control.tenants.get('t')!.event_producers;
  assert.equal(producers.length, 30);
  assert.deepEqual(
    producers.map((producer) => producer.id),
    Array.from({ length: 30 }, (_, i) => i + 1),
  );
});

test('of two that change one producer at the same time one gets a conflict', async (t) => {
  const { control } = await startControl(t);
  await control.tenants.create('t');
  for (const name of ['a', 'b']) await control.tenants.addProducer('t', { name, pattern: 'p' });
  const same = await Promise.allSettled(
    ['x', 'y'].map(async (pattern) => await control.tenants.updateProducer('t', 1, { name: 'a', pattern })),
  );
  assert.deepEqual(
    same.filter((one) => one.status === 'rejected').map((one) => (one.reason as { code: string }).code),
    ['conflict'],
  );
  await Promise.all([1, 2].map(async (id) => await control.tenants.updateProducer('t', id, { name: 'ab'[id - 1]!, pattern: 'z' })));
  assert.deepEqual(
    control.tenants.view('t')?.producers.map((producer) => producer.pattern),
    ['z', 'z'],
  );
});
