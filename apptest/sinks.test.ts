import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { until } from '@meniscus/testkit';
import { ARCHIVE, archived, msgs, setup, sinkState, webhook } from './support/sinks.ts';

suite('sinks of a running service', () => {
  test("an event goes to its producer's sinks, and only there; without any to the default ones", async (t) => {
    const { client, archive } = await setup(t, (directory) => `${ARCHIVE(directory)}\ndefault_sinks: [store]`);
    const tenant = await client.createTenant('acme');
    for (const [name, sinks] of [
      ['both', ['store', 'archive']],
      ['archived', ['archive']],
      ['stored', ['store']],
      ['none', []],
    ] as const) {
      const { status } = await client.call(client.path('acme', '/producers'), {
        body: { event_producer: { name, pattern: 'default', sinks } },
      });
      assert.equal(status, 201);
    }
    for (const pname of ['both', 'archived', 'stored', 'none', 'unknown']) await client.publish(tenant, { pname, msg: `from ${pname}` });
    await until('both documents', () => archived(archive).length >= 2);
    assert.deepEqual(msgs(archived(archive)), ['from both', 'from archived']);
    assert.deepEqual(archived(archive)[0]!.meniscus.correlation.sinks, ['store', 'archive']);
    const events = await client.events('acme');
    assert.deepEqual(
      events.map(({ msg }) => msg),
      ['from both', 'from stored', 'from none', 'from unknown'],
    );
    const unknown = await client.call<{ code: string }>(client.path('acme', '/producers'), {
      body: { event_producer: { name: 'x', pattern: 'default', sinks: ['mongodb'] } },
    });
    assert.deepEqual([unknown.status, unknown.body.code], [400, 'unknown_sink']);
  });

  test('what a producer does not store is not in a segment either', async (t) => {
    const fixture = await setup(t, (directory) => `${ARCHIVE(directory)}\ndefault_sinks: [archive]`);
    const tenant = await fixture.client.createTenant('acme');
    await fixture.client.publish(tenant, [{ msg: 'one' }, { msg: 'two' }]);
    await fixture.restart();
    assert.deepEqual(await fixture.client.events('acme'), []);
    assert.deepEqual(msgs(archived(fixture.archive)), ['one', 'two']);
  });

  test('kill -9 at any moment: each event once in the files, and all of them', async (t) => {
    const fixture = await setup(t, (directory) => `${ARCHIVE(directory)}\ndefault_sinks: [store, archive]`);
    const tenant = await fixture.client.createTenant('acme');
    let sent = 0;
    for (let round = 0; round < 4; round++) {
      for (let batch = 0; batch < 5; batch++) {
        const events = Array.from({ length: 50 }, () => ({ msg: `event ${sent++}` }));
        assert.equal((await fixture.client.publish(tenant, events)).status, 202);
      }
      await fixture.restart('SIGKILL');
    }
    await until('all documents', () => archived(fixture.archive).length >= sent);
    const { archive } = fixture;
    assert.deepEqual(
      msgs(archived(archive)),
      Array.from({ length: sent }, (_, i) => `event ${i}`),
    );
    assert.equal(new Set(archived(archive).map(({ meniscus }) => meniscus.id)).size, sent);
  });

  test('a sink that is down holds back nobody, is shown, and catches up by itself', async (t) => {
    const hook = await webhook(t);
    hook.answer = () => 503;
    const fixture = await setup(
      t,
      (directory) =>
        `sinks:\n  - { name: archive, type: file, directory: "${directory}", batch_max_age: 20ms }\n  - { name: hook, type: http, url: "${hook.url}" }\ndefault_sinks: [store, archive, hook]`,
    );
    const tenant = await fixture.client.createTenant('acme');
    for (let i = 0; i < 20; i++) await fixture.client.publish(tenant, { msg: `event ${i}` });
    await until('the archive', () => archived(fixture.archive).length === 20);
    const failing = await until('the failure to show', async () => {
      const state = await sinkState(fixture.client, 'hook');
      return state.last_error === null ? undefined : state;
    });
    assert.match(failing.last_error!.text, /503/);
    assert.equal(failing.since_ok, null);
    assert.equal(failing.lag.events, 20);
    await fixture.restart('SIGKILL');
    hook.answer = () => 200;
    await until('the hook to catch up', () => hook.taken.length >= 20);
    assert.deepEqual(
      msgs(hook.taken),
      Array.from({ length: 20 }, (_, i) => `event ${i}`),
    );
    const { body: metrics } = await fixture.client.call<string>('/metrics');
    assert.match(metrics, /meniscus_sink_up\{sink="hook"\} 1/);
    assert.match(metrics, /meniscus_sink_events_total\{sink="hook"\} 20/);
  });

  test('a start with fewer ingest threads leaves no event behind', async (t) => {
    const hook = await webhook(t);
    hook.answer = () => 503;
    const yaml = `sinks: [{ name: hook, type: http, url: "${hook.url}", batch_max_age: 20ms }]\ndefault_sinks: [store, hook]\ningest_threads: `;
    const fixture = await setup(t, () => `${yaml}3`);
    const tenant = await fixture.client.createTenant('acme');
    await Promise.all(Array.from({ length: 30 }, (_, i) => fixture.client.publish(tenant, { msg: `event ${i}` })));
    fixture.configure(`${yaml}1`);
    await fixture.restart('SIGKILL');
    hook.answer = () => 200;
    await until('all of them', () => new Set(msgs(hook.taken)).size === 30);
    assert.equal(new Set((await fixture.client.events('acme')).map(({ msg }) => msg)).size, 30);
  });
});
