import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { suite, test } from 'node:test';
import { repository, temporaryDirectory, until } from '@meniscus/testkit';
import { ARCHIVE, archived, msgs, setup, sinkState, webhook, type Doc } from './support/sinks.ts';

suite('the configuration of sinks', () => {
  test('a reload adds, changes and removes sinks without losing an event', async (t) => {
    const hook = await webhook(t);
    const fixture = await setup(t, () => 'default_sinks: [store]');
    const { client, archive } = fixture;
    const tenant = await client.createTenant('acme');
    fixture.configure(ARCHIVE(archive));
    const reload = async (): Promise<{ sinks: Record<string, string[]>; needs_restart: string[] }> => {
      const { status, body } = await client.call('/v1/config/reload', { method: 'POST' });
      assert.equal(status, 200, JSON.stringify(body));
      return body as never;
    };
    assert.deepEqual((await reload()).sinks, { added: ['archive'], changed: [], removed: [] });
    await client.call(client.path('acme', '/producers'), {
      body: { event_producer: { name: 'app', pattern: 'default', sinks: ['archive'] } },
    });
    let sent = 0;
    const publish = async (): Promise<void> => {
      await client.publish(tenant, { pname: 'app', msg: `event ${sent++}` });
    };
    for (let i = 0; i < 5; i++) {
      await publish();
      fixture.configure(`sinks: [{ name: archive, type: file, directory: "${archive}", batch_max_age: 3${i}ms }]`);
      const [reloaded] = await Promise.all([reload(), publish()]);
      assert.deepEqual(reloaded.sinks, { added: [], changed: ['archive'], removed: [] });
    }
    await until('all of them', () => archived(archive).length >= sent);
    assert.deepEqual(msgs(archived(archive)).sort(), Array.from({ length: sent }, (_, i) => `event ${i}`).sort());

    fixture.configure(`sinks: [{ name: archive, type: nonsense }]`);
    const bad = await client.call<{ code: string }>('/v1/config/reload', { method: 'POST' });
    assert.deepEqual([bad.status, bad.body.code], [400, 'bad_configuration']);
    await publish();
    await until('it goes on as before', () => archived(archive).length === sent);

    fixture.configure(`sinks: [{ name: hook, type: http, url: "${hook.url}" }]\nlog_level: debug`);
    assert.deepEqual(await reload(), { sinks: { added: ['hook'], changed: [], removed: ['archive'] }, needs_restart: ['log_level'] });
    const { body } = await client.call<{ sinks: { name: string }[] }>('/v1/pipeline');
    assert.deepEqual(body.sinks.map(({ name }) => name).sort(), ['hook', 'store']);
    fixture.configure(ARCHIVE(archive));
    process.kill(fixture.service.run.pid, 'SIGHUP');
    await until('the signal to be heeded', async () => ((await sinkState(client, 'archive')) === undefined ? undefined : true));
  });

  test('a reload changes the default sinks, for producers that name none too', async (t) => {
    const fixture = await setup(t, (directory) => `${ARCHIVE(directory)}\ndefault_sinks: [store, archive]`);
    const { client, archive } = fixture;
    const tenant = await client.createTenant('acme');
    const added = await client.call<{ event_producer: { id: number } }>(client.path('acme', '/producers'), {
      body: { event_producer: { name: 'app', pattern: 'default' } },
    });
    assert.equal(added.status, 201);
    const sinksOfApp = async (): Promise<readonly string[]> => {
      const { body } = await client.call<{ event_producers: { sinks: string[] }[] }>(client.path('acme', '/producers'));
      return body.event_producers[0]!.sinks;
    };
    const reload = async (yaml: string): Promise<void> => {
      fixture.configure(yaml);
      const { status, body } = await client.call<{ needs_restart: string[] }>('/v1/config/reload', { method: 'POST' });
      assert.deepEqual([status, body.needs_restart], [200, []]);
    };
    const publish = async (msg: string): Promise<void> => {
      for (const pname of ['app', 'unknown']) await client.publish(tenant, { pname, msg: `${msg} ${pname}` });
    };
    await publish('one');
    await reload('default_sinks: [store]');
    assert.deepEqual(await sinksOfApp(), ['store']);
    await publish('two');
    await reload(`${ARCHIVE(archive)}\ndefault_sinks: [archive]`);
    assert.deepEqual(await sinksOfApp(), ['archive']);
    await publish('three');
    await until('the last documents', () => msgs(archived(archive)).includes('three unknown'));
    const of = (docs: readonly Doc[]): string[] => docs.map(({ msg, meniscus }) => `${msg}: ${meniscus.correlation.sinks.join()}`);
    const [both, last] = ['store,archive', 'archive'];
    const expected = [`one app: ${both}`, `one unknown: ${both}`, `three app: ${last}`, `three unknown: ${last}`];
    assert.deepEqual(of(archived(archive)), expected);
    const events = await client.events('acme');
    assert.deepEqual(
      events.map(({ msg }) => msg),
      ['one app', 'one unknown', 'two app', 'two unknown'],
    );
  });

  test("a sink's own limit of the queue is warned of before it is reached, then sources wait", async (t) => {
    const hook = await webhook(t);
    hook.answer = () => 503;
    const { client } = await setup(
      t,
      () => `sinks: [{ name: hook, type: http, url: "${hook.url}", queue_max_bytes: 1MiB }]\ndefault_sinks: [store, hook]`,
    );
    const tenant = await client.createTenant('acme');
    const some = (bytes: number): object[] => Array.from({ length: bytes / 1000 }, (_, i) => ({ msg: `${i} ${'x'.repeat(900)}` }));
    assert.equal((await client.publish(tenant, some(950_000))).status, 202);
    const warnings = async (): Promise<string> =>
      (await client.call<{ queue: { warnings: string[] } }>('/v1/pipeline')).body.queue.warnings.join('\n');
    await until('the warning', async () => (/hook lags by \d+ % of its queue_max_bytes/.test(await warnings()) ? true : undefined));
    assert.equal((await client.call('/readyz')).status, 200);
    assert.equal((await client.publish(tenant, some(400_000))).status, 202);
    await until('the limit to show', async () => (/sources are held back: the sink hook/.test(await warnings()) ? true : undefined));
    const ready = await client.call<{ detail?: string }>('/readyz');
    assert.equal(ready.status, 503);
    assert.match(JSON.stringify(ready.body), /hook/);
    const waiting = client.publish(tenant, { msg: 'waits' });
    hook.answer = () => 200;
    assert.equal((await waiting).status, 202);
    await until('the hook to have all', () => hook.taken.length === 1351);
    await until('readiness', async () => ((await client.call('/readyz')).status === 200 ? true : undefined));
  });

  test('config check --connect tries each sink', async (t) => {
    const hook = await webhook(t);
    const directory = temporaryDirectory(t);
    const config = path.join(directory, 'meniscus.yaml');
    const check = async (yaml: string): Promise<{ readonly code: number | null; readonly output: string }> => {
      writeFileSync(config, yaml);
      const child = spawn(process.execPath, [
        path.join(repository, 'packages/cli/bin/meniscus.js'),
        'config',
        'check',
        '--connect',
        '--config',
        config,
      ]);
      let output = '';
      for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
      const [code] = (await once(child, 'close')) as [number | null];
      return { code, output };
    };
    const good = await check(
      `sinks: [{ name: hook, type: http, url: "${hook.url}" }, { name: a, type: file, directory: "${directory}/a" }]`,
    );
    assert.equal(good.code, 0, good.output);
    const bad = await check(
      `sinks: [{ name: hook, type: http, url: "http://127.0.0.1:1/" }, { name: a, type: file, directory: "${directory}/a" }]`,
    );
    assert.equal(bad.code, 1, bad.output);
    assert.match(bad.output, /cannot reach hook/);
  });
});
