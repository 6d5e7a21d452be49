import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { Client, sendTcp, sendUdp, startProcess, until, type TestTenant } from '@meniscus/testkit';
import { message, setUp } from './support/setup.ts';

const WEB = 'version=2\nrule=hit:%ip:ipv4% %status:number{"format":"number"}% %path:word%\nannotate=hit:+kind="web"\n';

async function put(client: Client, tenant: TestTenant, name: string, text: string): Promise<void> {
  const { status, body } = await client.call(client.path(tenant.id, `/rulebases/${name}`), {
    method: 'PUT',
    body: text,
    headers: { 'content-type': 'text/plain' },
  });
  assert.ok(status === 200 || status === 201, JSON.stringify(body));
}

/** Gives the tenant a producer; answers its path. */
async function produce(client: Client, tenant: TestTenant, name: string, pattern: string): Promise<string> {
  const { status, headers } = await client.call(client.path(tenant.id, '/producers'), { body: { event_producer: { name, pattern } } });
  assert.equal(status, 201);
  return headers.get('location')!;
}

async function publish(client: Client, tenant: TestTenant, ...events: object[]): Promise<void> {
  assert.equal((await client.publish(tenant, events)).status, 202);
}

const web = (msg: string): object => ({ pname: 'web', msg });

async function webService(t: TestContext) {
  const setup = await setUp(t);
  await put(setup.client, setup.tenant, 'w', WEB);
  const producer = await produce(setup.client, setup.tenant, 'web', 'w');
  return { ...setup, producer };
}

test('the fields that a rulebase finds are searchable everywhere, from every source, and msg stays', async (t) => {
  const { service, client, tenant } = await webService(t);
  const head = '<134>1 2026-11-20T10:00:00Z h web - -';
  await sendTcp(service.run.syslog.tcp, `${message(tenant, '192.0.2.1 500 /tcp', head)}\n`);
  await sendUdp(service.run.syslog.udp, message(tenant, '192.0.2.2 501 /udp', head));
  await until('both', async () => (await client.count(tenant.id)) === 2);
  await publish(client, tenant, { pname: 'web', msg: '192.0.2.3 502 /ü', other: 1 }, web('192.0.2.4 200 /ok'), {
    pname: 'x',
    msg: '1.1.1.1 503 /no',
  });
  const found = async (q: string) => (await client.events(tenant.id, q)).map((event) => String(event['msg']).slice(-3));
  assert.deepEqual((await found('status>=500')).sort(), ['/ü', 'tcp', 'udp'].map((end) => (end === '/ü' ? ' /ü' : end)).sort());
  assert.equal(await client.count(tenant.id, 'normalized.w.ip:192.0.2.1'), 1);
  assert.equal(await client.count(tenant.id, 'w.ip:192.0.2.0/30'), 3);
  assert.equal(await client.count(tenant.id, 'ip:192.0.2.0/30 status:[501 TO 502]'), 2);
  assert.equal(await client.count(tenant.id, 'event.tags:hit'), 4);
  assert.equal(await client.count(tenant.id, 'kind:=web'), 4);
  assert.equal(await client.count(tenant.id, 'web'), 4, 'a word of normalized');
  assert.equal(await client.count(tenant.id, 'normalized:*'), 4);
  assert.equal(await client.count(tenant.id, 'NOT normalized:*'), 1);
  const [event] = await client.events(tenant.id, 'status:502');
  assert.deepEqual(
    { msg: event!['msg'], native: event!['native'], normalized: event!['normalized'] },
    {
      msg: '192.0.2.3 502 /ü',
      native: { other: 1 },
      normalized: { w: { path: '/ü', status: 502, ip: '192.0.2.3', 'event.tags': ['hit'], kind: 'web' } },
    },
  );
});

test('facets, fields, values, stats, export and tail know normalized fields', async (t) => {
  const { client, tenant } = await webService(t);
  const aborter = new AbortController();
  t.after(() => aborter.abort());
  const tail = await fetch(`${client.url}${client.path(tenant.id, '/tail?q=status:404')}`, {
    headers: { authorization: `Bearer ${client.adminKey}` },
    signal: aborter.signal,
  });
  await publish(client, tenant, web('192.0.2.1 404 /a'), web('192.0.2.1 200 /b'), web('192.0.2.2 200 /b'));
  let text = '';
  for await (const chunk of tail.body!.pipeThrough(new TextDecoderStream())) if (/"msg":"[^"]*"/.test((text += chunk))) break;
  assert.match(text, /192\.0\.2\.1 404 \/a/);
  assert.doesNotMatch(text, /200 \/b/);
  const get = async (rest: string): Promise<unknown> => (await client.call<unknown>(client.path(tenant.id, rest))).body;
  const facets = (await get('/facets?from=0&fields=path,w.status')) as { facets: Record<string, { count: number; values: unknown[] }> };
  assert.deepEqual(facets.facets['path']!.values[0], { value: '/b', count: 2 });
  assert.equal(facets.facets['w.status']!.count, 3);
  const { fields } = (await get('/fields?from=0')) as { fields: { name: string; type: string }[] };
  assert.equal(fields.find(({ name }) => name.endsWith('status'))?.type, 'number');
  const { values } = (await get('/values?from=0&field=path&prefix=/')) as { values: { value: string }[] };
  assert.deepEqual(values.map(({ value }) => value).sort(), ['/a', '/b']);
  const csv = (await get('/export?from=0&format=csv&fields=status,path')) as string;
  assert.match(csv, /404,\/a/);
  const ndjson = (await get('/export?from=0&format=ndjson')) as string;
  assert.equal(
    ndjson
      .trim()
      .split('\n')
      .filter((line) => line.includes('"normalized":{"w":{"path":"')).length,
    3,
  );
});

test('fields are there from segments too, and after a restart rulebases go on', async (t) => {
  const { service, client, tenant } = await webService(t);
  await publish(client, tenant, web('192.0.2.1 500 /before'));
  assert.equal(await service.end(), 0);
  const again = await startProcess(t, { dataDir: service.dataDir });
  const later = new Client(again);
  await publish(later, tenant, web('192.0.2.1 500 /after'));
  assert.equal(await later.count(tenant.id, 'status>=500 path:before'), 1);
  assert.equal(await later.count(tenant.id, 'status>=500 path:after'), 1);
});

test('a change of a rulebase or of a pattern is in force when it is answered', async (t) => {
  const { client, tenant, producer } = await webService(t);
  const field = async (name: string) => client.count(tenant.id, `${name}:*`);
  for (let n = 1; n <= 10; n++) {
    await put(client, tenant, 'w', `version=2\nrule=:%a${n}:word%\n`);
    await publish(client, tenant, web('one'));
    assert.equal(await field(`w.a${n}`), 1);
  }
  await put(client, tenant, 'other', 'version=2\nrule=:%b:word%\n');
  const set = await client.call(producer, { method: 'PUT', body: { event_producer: { name: 'web', pattern: 'other' } } });
  assert.equal(set.status, 200);
  await publish(client, tenant, web('two'));
  assert.equal(await field('other.b'), 1);
  assert.equal((await client.call(client.path(tenant.id, '/rulebases/other'), { method: 'DELETE' })).status, 204);
  await publish(client, tenant, web('three'));
  assert.equal(await client.count(tenant.id, 'three NOT normalized:*'), 1);
});

test("a tenant's own rulebase goes before a shipped one of its name, and is nobody else's", async (t) => {
  const { client, tenant } = await webService(t);
  const other = await client.createTenant('other');
  for (const each of [tenant, other]) await produce(client, each, 'fw', 'iptables');
  const line = { pname: 'fw', msg: 'nothing of a firewall' };
  await put(client, tenant, 'iptables', 'version=2\nrule=:%mine:rest%\n');
  await produce(client, other, 'web', 'w');
  for (const each of [tenant, other]) await publish(client, each, line, web('192.0.2.1 500 /x'));
  assert.equal(await client.count(tenant.id, 'iptables.mine:*'), 1);
  assert.equal(await client.count(other.id, 'iptables.mine:*'), 0);
  assert.equal(await client.count(other.id, 'NOT normalized:*', {}), 2, 'the shipped one does not match, and w is of the first tenant');
  assert.equal((await client.call(client.path(tenant.id, '/rulebases/iptables'), { method: 'DELETE' })).status, 204);
  await publish(client, tenant, { ...line, msg: 'again' });
  assert.equal(await client.count(tenant.id, 'again NOT normalized:*'), 1);
});

test('a tenant made anew has none of the rulebases of the one before', async (t) => {
  const { client, tenant } = await webService(t);
  await client.call(client.path(tenant.id), { method: 'DELETE' });
  const anew = await client.createTenant(tenant.id);
  await produce(client, anew, 'web', 'w');
  await publish(client, anew, web('192.0.2.1 500 /x'));
  assert.equal(await client.count(anew.id, 'NOT normalized:*'), 1);
});

test('a broken rulebase is refused with the numbers of its lines, and the one before stays in force', async (t) => {
  const { client, tenant } = await webService(t);
  const { status, body } = await client.call<{ errors: { line: number; code: string }[] }>(client.path(tenant.id, '/rulebases/w'), {
    method: 'PUT',
    body: 'version=2\nrule=:%a:word%\nrule=:%b:wrod%\n',
    headers: { 'content-type': 'text/plain' },
  });
  assert.equal(status, 400);
  assert.deepEqual(
    body.errors.map(({ line }) => line),
    [3],
  );
  await publish(client, tenant, web('192.0.2.1 500 /x'));
  assert.equal(await client.count(tenant.id, 'status:500'), 1);
});

test('names and values of every kind come back as the rulebase gives them', async (t) => {
  const { client, tenant } = await webService(t);
  await put(
    client,
    tenant,
    'w',
    [
      'version=2',
      'rule=:pairs %.:name-value-list%',
      'rule=:names %b:word% %2:word% %1:word% %__proto__:word% %x.y:word%',
      'rule=:json %j:json%',
      'rule=:big %n:number{"format":"number"}% %f:float{"format":"number"}%',
      'rule=:none',
      'rule=:bytes %a:char-to:\\xbc%%b:rest%',
      '',
    ].join('\n'),
  );
  const normalized = async (msg: string): Promise<string> => {
    await publish(client, tenant, web(msg));
    const response = await fetch(`${client.url}${client.path(tenant.id, '/events?from=0&limit=1&fields=normalized')}`, {
      headers: { authorization: `Bearer ${client.adminKey}` },
    });
    return /"normalized":\{"w":(.*)\}\}\]/.exec(await response.text())?.[1] ?? '';
  };
  assert.equal(await normalized('pairs a=1 b="x y" a=2 7=z'), '{"7":"z","a":"2","b":"x y"}');
  assert.equal(await normalized('names b 2 1 p d'), '{"1":"1","2":"2","x.y":"d","__proto__":"p","b":"b"}');
  assert.equal(await normalized('json {"a":[1,{"b":null}],"c":{"d":true,"1":"é"}}'), '{"j":{"a":[1,{"b":null}],"c":{"1":"é","d":true}}}');
  assert.equal(await normalized('big 1234567890123456789 1.5'), '{"f":1.5,"n":1234567890123456789}');
  assert.equal(await normalized('bytes ü!'), '{"b":"\ufffd!","a":"\ufffd"}');
});

test('what costs too much work, is too large or too deep is stored as it is', async (t) => {
  const { client, tenant } = await webService(t);
  const oneOrTwo = '%{"type":"alternative","parser":[{"type":"literal","text":"x"},{"type":"literal","text":"xx"}]}%';
  await put(
    client,
    tenant,
    'w',
    `version=2\nrule=:${oneOrTwo.repeat(60)}!\nrule=:huge %rest:rest%\nrule=large:large\nannotate=large:+filler="${'f'.repeat(60_000)}"\nannotate=large:+more="${'f'.repeat(60_000)}"\n`,
  );
  await publish(
    client,
    tenant,
    ...Array.from({ length: 200 }, () => web('x'.repeat(90))),
    web(`huge ${'h'.repeat(900_000)}`),
    web('large'),
  );
  assert.equal(await client.count(tenant.id), 202);
  assert.equal(await client.count(tenant.id, 'normalized:*'), 0);
  await publish(client, tenant, { msg: 'others go on' });
});

interface Unparsed {
  readonly rulebase: string | null;
  readonly matched: number;
  readonly unparsed: number;
  readonly limited: number;
  readonly skipped: number;
  readonly samples: readonly { readonly time: string; readonly msg: string }[];
}

test('what no rule matches is counted by producer and can be listed, since the last change of the rulebase', async (t) => {
  const { service, client, tenant, producer } = await webService(t);
  const unparsed = async (path: string) => (await client.call<Unparsed>(`${path}/unparsed`)).body;
  assert.deepEqual(await unparsed(producer), {
    pattern: 'w',
    rulebase: 'own',
    matched: 0,
    unparsed: 0,
    limited: 0,
    skipped: 0,
    samples: [],
  });
  const lines = Array.from({ length: 30 }, (_, i) => web(`stray line ${i}`));
  await publish(client, tenant, web('192.0.2.1 200 /a'), ...lines);
  await sendTcp(service.run.syslog.tcp, `${message(tenant, `strange ${'ü'.repeat(2000)}`, '<134>1 2026-11-20T10:00:00Z h web - -')}\n`);
  await until('the last', async () => (await client.count(tenant.id)) === 32);
  const { samples, ...counts } = await unparsed(producer);
  assert.deepEqual(counts, { pattern: 'w', rulebase: 'own', matched: 1, unparsed: 31, limited: 0, skipped: 0 });
  assert.equal(samples.length, 20);
  assert.equal(samples[0]!.msg, `strange ${'ü'.repeat(508)}`, 'cut between characters');
  assert.deepEqual(
    samples.slice(1).map(({ msg }) => msg),
    Array.from({ length: 19 }, (_, i) => `stray line ${29 - i}`),
    'the newest first',
  );
  assert.match(samples[0]!.time, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/);
  assert.equal(await client.count(tenant.id, 'NOT normalized:*'), 31);
  await put(client, tenant, 'w', `${WEB}rule=:stray line %n:number%\n`);
  assert.equal((await unparsed(producer)).unparsed, 0, 'counted anew');
  await publish(client, tenant, web('stray line 1'), web('other'));
  assert.deepEqual(
    (await unparsed(producer)).samples.map(({ msg }) => msg),
    ['other'],
  );
  const metrics = await (await fetch(`${client.url}/metrics`, { headers: { authorization: `Bearer ${client.adminKey}` } })).text();
  const total = (result: string): number =>
    [...metrics.matchAll(new RegExp(`^meniscus_normalize_events_total\\{[^}]*result="${result}"\\} (\\d+)`, 'gm'))].reduce(
      (sum, [, n]) => sum + Number(n),
      0,
    );
  assert.deepEqual([total('matched'), total('unparsed'), total('limited')], [2, 32, 0]);
  const none = await produce(client, tenant, 'none', 'none');
  assert.equal((await unparsed(none)).rulebase, null);
  assert.equal((await unparsed(client.path(tenant.id, '/producers/default'))).rulebase, null);
  assert.equal((await client.call(client.path(tenant.id, '/producers/99/unparsed'))).status, 404);
});

test('hostile lines are counted, and stop being tried before they cost others much', async (t) => {
  const { client, tenant, producer } = await webService(t);
  const oneOrTwo = '%{"type":"alternative","parser":[{"type":"literal","text":"x"},{"type":"literal","text":"xx"}]}%';
  await put(client, tenant, 'w', `version=2\nrule=:${oneOrTwo.repeat(60)}!\n`);
  await publish(client, tenant, ...Array.from({ length: 2000 }, () => web('x'.repeat(90))), web('y'.repeat(100_000)));
  const { body } = await client.call<Unparsed>(`${producer}/unparsed`);
  assert.equal(body.limited, body.unparsed);
  assert.ok(body.limited >= 50 && body.limited <= 500, `${body.limited} were tried`);
  assert.equal(body.limited + body.skipped, 2001);
});

test('a rulebase named default reads the events of no producer', async (t) => {
  const { client, tenant } = await setUp(t);
  await put(client, tenant, 'default', 'version=2\nrule=:%who:word% logged in\n');
  await publish(client, tenant, { pname: 'anything', msg: 'alice logged in' });
  assert.equal(await client.count(tenant.id, 'who:alice'), 1);
});

test('every ingest thread acts by a change, whichever connection an event comes on', async (t) => {
  const { service, client, tenant } = await setUp(t, ['--ingest-threads', '2']);
  await produce(client, tenant, 'web', 'w');
  const head = '<134>1 2026-11-20T10:00:00Z h web - -';
  for (let round = 1; round <= 3; round++) {
    await put(client, tenant, 'w', `version=2\nrule=:%round${round}:word%\n`);
    const messages = Array.from({ length: 16 }, () => sendTcp(service.run.syslog.tcp, `${message(tenant, 'one', head)}\n`));
    await Promise.all([...messages, ...Array.from({ length: 16 }, () => publish(client, tenant, web('two')))]);
    await until('all', async () => (await client.count(tenant.id)) === 32 * round);
    assert.equal(await client.count(tenant.id, `w.round${round}:*`), 32);
  }
  const { body } = await client.call<Unparsed>(client.path(tenant.id, '/producers/1/unparsed'));
  assert.equal(body.matched, 32, 'the threads together');
});
