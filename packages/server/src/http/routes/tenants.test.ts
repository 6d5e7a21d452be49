import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import { problemIn, startHarness } from '../testing/harness.testing.ts';

test('any text of 1-256 code points is a tenant id, percent-decoded once', async (t) => {
  const { call } = await startHarness(t);
  const ids = [
    'a/b',
    '100%',
    '%2F',
    '%41',
    'ä ö',
    '日本語',
    '🚀'.repeat(256),
    '%'.repeat(256),
    '__proto__',
    'a?b#c',
    '../etc',
    ':x',
    '*',
    'a+b',
    '\'"\\\u0000\n',
  ];
  for (const id of ids) {
    const created = await call('POST', '/v1/tenant', { json: { tenant: { tenant_id: id } } });
    assert.equal(created.status, 201, id);
    assert.equal(await created.text(), '');
    const location = created.headers.get('location')!;
    assert.equal(location, `/v1/tenant/${encodeURIComponent(id)}`);
    const { tenant } = (await (await call('GET', location)).json()) as { tenant: { tenant_id: string; tenant_name: string } };
    assert.deepEqual([tenant.tenant_id, tenant.tenant_name], [id, id]);
    assert.equal((await call('GET', `${location}/producers`)).status, 200);
  }
  for (const id of ['', '.', '..', 'x'.repeat(257), '\ud800']) {
    const problem = await problemIn(await call('POST', '/v1/tenant', { json: { tenant: { tenant_id: id } } }));
    assert.equal(problem.code, 'bad_request', JSON.stringify(id));
  }
  assert.equal((await problemIn(await call('GET', `/v1/tenant/${'x'.repeat(5000)}`))).code, 'tenant_not_found');
});

test('a path that is not valid percent-encoding is 400', async (t) => {
  const { url, admin } = await startHarness(t);
  for (const path of ['/v1/tenant/%zz', '/v1/tenant/%', '/v1/tenant/%ff', '/v1/tenant/%c3%28/producers']) {
    const socket = connect(Number(new URL(url).port), '127.0.0.1');
    socket.write(`GET ${path} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${admin}\r\nconnection: close\r\n\r\n`);
    assert.match(await text(socket), /^HTTP\/1\.1 400 [^]*"code":"bad_request"/, path);
  }
});

test('a second tenant of an id is 400 with the title of 2013; a deleted one is gone', async (t) => {
  const { call } = await startHarness(t);
  const create = () => call('POST', '/v1/tenant', { json: { tenant: { tenant_id: 't1', tenant_name: 'One', event_producers: [] } } });
  await create();
  assert.equal((await problemIn(await create())).title, 'Tenant with tenant_id t1 already exists');
  const list = (await (await call('GET', '/v1/tenants')).json()) as { tenants: { tenant_id: string; events_last_24h: number }[] };
  assert.deepEqual(
    list.tenants.map((one) => [one.tenant_id, one.events_last_24h]),
    [['t1', 5]],
  );
  const deleted = await call('DELETE', '/v1/tenant/t1');
  assert.deepEqual([deleted.status, await deleted.text()], [200, '']);
  assert.equal((await problemIn(await call('GET', '/v1/tenant/t1'))).title, 'Unable to locate tenant.');
  assert.equal((await call('DELETE', '/v1/tenant/t1')).status, 404);
  assert.equal((await create()).status, 201);
});

test('an unknown tenant is made by GET only when the configuration says so', async (t) => {
  const { call, key, services } = await startHarness(t, { create_tenant_on_get: true });
  assert.equal((await call('HEAD', '/v1/tenant/new')).status, 404);
  assert.equal((await call('GET', '/v1/tenant/new')).status, 200);
  assert.equal((await call('GET', '/v1/tenant/other', { key: await key('new', 'tenant_admin') })).status, 404);
  assert.equal(services.control.tenants.get('other'), undefined);
});

test('settings are merged', async (t) => {
  const { call } = await startHarness(t);
  await call('POST', '/v1/tenant', { json: { tenant: { tenant_id: 'a' } } });
  const put = (json: unknown) => call('PUT', '/v1/tenant/a/settings', { json });
  assert.deepEqual(await (await put({ settings: { retention_days: 3 } })).json(), { settings: { retention_days: 3 } });
  assert.deepEqual(await (await put({ settings: {} })).json(), { settings: { retention_days: 3 } });
  assert.deepEqual(await (await call('GET', '/v1/tenant/a/settings')).json(), { settings: { retention_days: 3 } });
  for (const wrong of [
    {},
    { settings: { retention_days: 0 } },
    { settings: { retention_days: '3' } },
    { settings: { other: 1 } },
    { tenant: {} },
  ]) {
    assert.equal((await problemIn(await put(wrong))).code, 'bad_request');
  }
});

test('producers as in 2013', async (t) => {
  const { call } = await startHarness(t);
  await call('POST', '/v1/tenant', { json: { tenant: { tenant_id: 'a b' } } });
  const url = '/v1/tenant/a%20b/producers';
  const post = (event_producer: object) => call('POST', url, { json: { event_producer } });
  const created = await post({ name: 'apache', pattern: 'apache', id: 99 });
  assert.deepEqual([created.status, created.headers.get('location'), await created.text()], [201, `${url}/1`, '']);
  assert.equal(
    (await problemIn(await post({ name: 'apache', pattern: 'x' }))).title,
    'Event producer with name apache already exists with id=1.',
  );
  const put = await call('PUT', `${url}/1`, { json: { event_producer: { name: 'apache', pattern: 'combined', durable: true } } });
  assert.deepEqual([put.status, await put.text()], [200, '']);
  assert.deepEqual(await (await call('GET', `${url}/1`)).json(), {
    event_producer: { id: 1, name: 'apache', pattern: 'combined', durable: true, encrypted: false, sinks: ['store'] },
  });
  for (const id of ['0', '2', 'x', '1e0', '01', '-1', '99999999999999999999']) {
    for (const method of ['GET', 'DELETE']) assert.equal((await problemIn(await call(method, `${url}/${id}`))).code, 'producer_not_found');
  }
  for (const wrong of [
    { name: 'x' },
    { name: '', pattern: 'x' },
    { name: 'x', pattern: 'x', durable: 'yes' },
    { name: 'x', pattern: 'x', sinks: ['a', 'a'] },
  ]) {
    assert.equal((await problemIn(await post(wrong))).code, 'bad_request');
  }
  assert.equal((await call('DELETE', `${url}/1`)).status, 200);
  assert.deepEqual(await (await call('GET', url)).json(), { event_producers: [] });
  assert.equal((await problemIn(await call('GET', '/v1/tenant/none/producers'))).code, 'tenant_not_found');
});

test('tokens as in 2013', async (t) => {
  const { call, services } = await startHarness(t);
  await call('POST', '/v1/tenant', { json: { tenant: { tenant_id: 'a' } } });
  const url = '/v1/tenant/a/token';
  const { token } = (await (await call('GET', url)).json()) as { token: { valid: string } };
  const head = async (value: string | undefined, path = url) =>
    (await call('HEAD', path, { key: null, headers: value === undefined ? {} : { 'message-token': value } })).status;
  assert.equal(await head(token.valid), 200);
  assert.equal(await head('wrong'), 404);
  assert.equal(await head('00000000-0000-0000-0000-000000000000'), 404);
  assert.equal(await head(token.valid, '/v1/tenant/none/token'), 404);
  assert.equal(await head(undefined), 400);
  const reset = (body: unknown) => call('POST', url, { json: body });
  assert.equal((await problemIn(await reset({ token: {} }))).code, 'bad_request');
  assert.equal(
    (await problemIn(await reset({ token: { invalidate_now: false } }))).title,
    'Message tokens can only be changed once every 3 hours',
  );
  const done = await reset({ token: { invalidate_now: true } });
  assert.deepEqual([done.status, done.headers.get('location'), await done.text()], [203, url, '']);
  assert.equal(await head(token.valid), 404);
  assert.equal(await head(services.control.tenants.get('a')!.token.valid), 200);
});

test('worker status as in 2013', async (t) => {
  const { call } = await startHarness(t);
  const system_info = {
    os_type: 'Linux',
    memory_mb: 4096,
    architecture: 'x86_64',
    cpu_cores: 4,
    disk_usage: [{ device: '/dev/xvda1', total: 19.7, used: 2.1 }],
    load_average: { '1': 0, '5': 0.2, '15': 0.1 },
    timestamp: '2013-12-12 18:03:11.348591',
  };
  const worker = {
    hostname: 'worker-01',
    ip_address_v4: '10.0.0.5',
    ip_address_v6: '',
    personality: 'worker',
    status: 'online',
    system_info,
  };
  const put = (worker_status: unknown, hostname = 'worker-01') => call('PUT', `/v1/worker/${hostname}/status`, { json: { worker_status } });
  assert.equal((await put(worker)).status, 202);
  assert.equal((await put(worker)).status, 200);
  assert.deepEqual(await (await call('GET', '/v1/worker/worker-01/status')).json(), { status: worker });
  assert.equal((await problemIn(await put(worker, 'worker-02'))).code, 'bad_request');
  for (const load of ['', null, [], {}, -1]) {
    const changed = { ...worker, system_info: { ...system_info, load_average: { ...system_info.load_average, '1': load } } };
    assert.equal((await put(changed)).status, 400, JSON.stringify(load));
  }
  assert.equal((await put({ ...worker, ip_address_v4: '10.0.0.500' })).status, 400);
  assert.equal((await problemIn(await call('GET', '/v1/worker/none/status'))).title, 'Unable to locate worker.');
  const { status } = (await (await call('GET', '/v1/status')).json()) as { status: { hostname: string; personality: string }[] };
  assert.deepEqual(
    status.map((one) => one.personality),
    ['all', 'worker'],
  );
  assert.equal((await call('GET', `/v1/worker/${encodeURIComponent(status[0]!.hostname)}/status`)).status, 200);
});
