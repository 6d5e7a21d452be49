import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { suite, test, type TestContext } from 'node:test';
import { Client, repository, startProcess, temporaryDirectory, until, type MeniscusProcess } from '@meniscus/testkit';

interface Doc {
  readonly msg: string;
  readonly meniscus: {
    readonly id: string;
    readonly tenant: string;
    readonly correlation: { readonly ep_name: string | null; readonly sinks: readonly string[] };
  };
}

/** All documents below an archive of the file sink, by file in the order of names. */
function archived(directory: string): Doc[] {
  let files: string[];
  try {
    files = readdirSync(directory, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ndjson'));
  } catch {
    return [];
  }
  const lines = files.sort().flatMap((file) => readFileSync(path.join(directory, file), 'utf8').split('\n'));
  return lines.filter((line) => line !== '').map((line) => JSON.parse(line) as Doc);
}

function msgs(docs: readonly Doc[]): string[] {
  return docs.map(({ msg }) => msg);
}

/** A webhook whose answers the test gives. */
async function webhook(t: TestContext) {
  const taken: Doc[] = [];
  const hook = { taken, answer: (_docs: readonly Doc[]): number => 200, url: '' };
  const server = createServer((request: IncomingMessage, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const docs = Buffer.concat(chunks)
        .toString()
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line) as Doc);
      const status = hook.answer(docs);
      if (status === 200) taken.push(...docs);
      response.writeHead(status).end(status === 400 ? 'field bad is not allowed' : '');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  hook.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/logs`;
  return hook;
}

interface Setup {
  service: MeniscusProcess;
  client: Client;
  readonly configure: (yaml: string) => void;
  readonly archive: string;
  readonly dataDir: string;
  readonly restart: (signal?: NodeJS.Signals) => Promise<void>;
}

async function setup(t: TestContext, yaml: (archive: string) => string): Promise<Setup> {
  const directory = temporaryDirectory(t);
  const [config, archive, dataDir] = ['meniscus.yaml', 'archive', 'data'].map((name) => path.join(directory, name)) as [
    string,
    string,
    string,
  ];
  const configure = (text: string): void => writeFileSync(config, text);
  configure(yaml(archive));
  const service = await startProcess(t, { dataDir, config });
  const setup: Setup = {
    service,
    client: new Client(service),
    configure,
    archive,
    dataDir,
    restart: async (signal = 'SIGTERM') => {
      await setup.service.end(signal);
      setup.service = await startProcess(t, { dataDir, config });
      setup.client = new Client(setup.service);
    },
  };
  return setup;
}

const ARCHIVE = (archive: string): string => `sinks: [{ name: archive, type: file, directory: "${archive}", batch_max_age: 20ms }]`;

async function sinkState(
  client: Client,
  name: string,
): Promise<Record<string, never> & { lag: { events: number }; last_error: { text: string } | null; since_ok: string | null }> {
  const { body } = await client.call<{ sinks: { name: string }[] }>('/v1/pipeline');
  return body.sinks.find((sink) => sink.name === name) as never;
}

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
