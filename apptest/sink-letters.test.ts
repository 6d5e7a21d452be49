import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { until } from '@meniscus/testkit';
import { archived, setup, webhook, type Doc } from './support/sinks.ts';

suite('dead letters and jobs of sinks', () => {
  test('an event that a sink refuses becomes a dead letter of its tenant; a redrive sends it there, and only there', async (t) => {
    const hook = await webhook(t);
    hook.answer = (docs) => (docs.some(({ msg }) => msg === 'bad') ? 400 : 200);
    const { client, archive } = await setup(
      t,
      (directory) =>
        `sinks:\n  - { name: archive, type: file, directory: "${directory}", batch_max_age: 20ms }\n  - { name: hook, type: http, url: "${hook.url}" }\ndefault_sinks: [store, archive, hook]`,
    );
    const tenant = await client.createTenant('acme');
    await client.publish(tenant, [{ msg: 'good' }, { msg: 'bad' }, { msg: 'fine' }]);
    await until('the others', () => hook.taken.length === 2);
    interface Letters {
      readonly dead_letters: {
        readonly id: string;
        readonly reason: string;
        readonly sink: string;
        readonly text: string;
        readonly raw: string;
      }[];
    }
    const letters = async (): Promise<Letters['dead_letters']> =>
      (await client.call<Letters>(client.path('acme', '/dead-letters'))).body.dead_letters;
    const [letter] = await until('the letter', async () => ((await letters()).length > 0 ? letters() : undefined));
    assert.deepEqual([letter!.reason, letter!.sink], ['refused', 'hook']);
    assert.match(letter!.text, /field bad is not allowed/);
    const document = JSON.parse(letter!.raw) as Doc;
    assert.equal(document.msg, 'bad');

    const again = await client.call<{ redriven: number }>(client.path('acme', '/dead-letters/redrive'), { method: 'POST' });
    assert.deepEqual([again.status, again.body], [202, { redriven: 1 }]);
    const [second] = await letters();
    assert.notEqual(second!.id, letter!.id, 'refused again: a new letter in place of the old one');
    hook.answer = () => 200;
    await client.call(client.path('acme', '/dead-letters/redrive'), { body: { ids: [second!.id] } });
    assert.deepEqual(await letters(), []);
    assert.equal(hook.taken.at(-1)!.meniscus.id, document.meniscus.id);
    assert.equal(archived(archive).length, 3);
    assert.equal((await client.events('acme')).length, 3);
  });

  test("the job of a durable producer's event tells of each sink, also after a restart", async (t) => {
    const hook = await webhook(t);
    hook.answer = () => 503;
    const fixture = await setup(t, () => `sinks: [{ name: hook, type: http, url: "${hook.url}" }]\ndefault_sinks: [store]`);
    const tenant = await fixture.client.createTenant('acme');
    const other = await fixture.client.createTenant('other');
    await fixture.client.call(fixture.client.path('acme', '/producers'), {
      body: { event_producer: { name: 'pay', pattern: 'default', durable: true, sinks: ['store', 'hook'] } },
    });
    const publish = async (msg: string): Promise<string> => {
      const log_message = { host: 'h', pname: 'pay', time: '2026-11-23T10:00:00Z', msg };
      const { status, body } = await fixture.client.publish(tenant, { log_message });
      assert.equal(status, 202);
      return new URL((body as { job_status_uri: string }).job_status_uri).pathname;
    };
    const job = async (uri: string): Promise<unknown> => (await fixture.client.call(uri)).body;
    const first = await publish('first');
    assert.deepEqual(await job(first), { status: 'pending', sinks: { store: 'stored', hook: 'pending' } });
    await fixture.restart('SIGKILL');
    assert.deepEqual(await job(first), { status: 'pending', sinks: { store: 'stored', hook: 'pending' } });
    assert.equal((await fixture.client.call(first.replace('/acme/', '/other/'), { token: other.token })).status, 404);
    hook.answer = (docs) => (docs.some(({ msg }) => msg === 'bad') ? 400 : 200);
    const stored = { status: 'stored', sinks: { store: 'stored', hook: 'stored' } };
    await until('it to be stored', async () => JSON.stringify(await job(first)) === JSON.stringify(stored));
    const bad = await publish('bad');
    const failed = { status: 'failed', sinks: { store: 'stored', hook: 'failed' } };
    await until('it to fail', async () => JSON.stringify(await job(bad)) === JSON.stringify(failed));
    hook.answer = () => 200;
    await fixture.client.call(fixture.client.path('acme', '/dead-letters/redrive'), { method: 'POST' });
    assert.deepEqual(await job(bad), stored);
  });

  test('a redrive to a sink that is down keeps the letters and says so', async (t) => {
    const hook = await webhook(t);
    hook.answer = () => 400;
    const { client } = await setup(
      t,
      () => `sinks: [{ name: hook, type: http, url: "${hook.url}", timeout: 200ms }]\ndefault_sinks: [store, hook]`,
    );
    const tenant = await client.createTenant('acme');
    await client.publish(tenant, { msg: 'x' });
    const list = async (): Promise<unknown[]> =>
      (await client.call<{ dead_letters: unknown[] }>(client.path('acme', '/dead-letters'))).body.dead_letters;
    await until('the letter', async () => ((await list()).length === 1 ? true : undefined));
    hook.answer = () => 503;
    const { status, headers } = await client.call(client.path('acme', '/dead-letters/redrive'), { method: 'POST' });
    assert.equal(status, 503);
    assert.ok(headers.get('retry-after'));
    assert.equal((await list()).length, 1);
  });
});
