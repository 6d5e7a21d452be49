import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { startControl } from '../../control/control.testing.ts';
import { ownedKey } from '../../control/names.ts';
import type { MeniscusError } from '../../errors.ts';
import { limits } from '../../limits.ts';
import { RulebaseRunner } from '../rulebases/rulebase-runner.ts';
import { RulebaseFeed } from '../../pipeline/normalize/rulebase-feed.ts';
import { createRulebases } from '../rulebases/rulebases.ts';
import { problemIn, startHarness, type CallOptions } from '../testing/harness.testing.ts';

const V2 = 'version=2\nrule=login:%user:word% logged in from %ip:ipv4%\n';
const V1 = 'rule=login:%user:word% logged in from %ip:ipv4%\n';
const LINE = 'alice logged in from 192.0.2.7';
const FIELDS = { 'event.tags': ['login'], ip: '192.0.2.7', user: 'alice' };

async function startTenant(t: TestContext) {
  const harness = await startHarness(t);
  await harness.call('POST', '/v1/tenant', { json: { tenant: { tenant_id: 'a' } } });
  const call = (method: string, path: string, options: CallOptions = {}) => harness.call(method, `/v1/tenant/a/rulebases${path}`, options);
  const put = (name: string, body: CallOptions['body'] = V2, type = 'text/plain; charset=utf-8') =>
    call('PUT', `/${encodeURIComponent(name)}`, { body: body!, headers: { 'content-type': type } });
  const run = (json: unknown) => call('POST', '/test', { json });
  return { harness, call, put, run };
}

test('a rulebase is saved, read, replaced, tested and deleted', async (t) => {
  const { call, put, run } = await startTenant(t);
  const created = await put('my / rules');
  assert.deepEqual([created.status, created.headers.get('location')], [201, '/v1/tenant/a/rulebases/my%20%2F%20rules']);
  const read = await call('GET', '/my%20%2F%20rules');
  assert.deepEqual([read.headers.get('content-type'), await read.text()], ['text/plain; charset=utf-8', V2]);
  assert.equal((await put('my / rules', V1)).status, 200);
  assert.equal(await (await call('GET', '/my%20%2F%20rules')).text(), V1);
  const { results } = (await (await run({ name: 'my / rules', lines: [LINE, 'no'] })).json()) as { results: unknown[] };
  assert.deepEqual(results, [FIELDS, { originalmsg: 'no', 'unparsed-data': 'no' }]);
  assert.equal((await call('DELETE', '/my%20%2F%20rules')).status, 204);
  assert.equal((await problemIn(await call('DELETE', '/my%20%2F%20rules'))).status, 404);
  assert.equal((await problemIn(await call('GET', '/my%20%2F%20rules'))).status, 404);
  assert.equal((await problemIn(await run({ name: 'my / rules', lines: [] }))).code, 'not_found');
});

test("a tenant's own rulebase goes before the shipped one, which cannot be deleted", async (t) => {
  const { call, put, run } = await startTenant(t);
  const list = async () => ((await (await call('GET', '')).json()) as { rulebases: { name: string; shipped: boolean }[] }).rulebases;
  const before = await list();
  assert.ok(before.length >= 15 && before.every(({ shipped }) => shipped));
  assert.equal((await problemIn(await call('DELETE', '/sshd'))).status, 404);
  const shipped = await (await call('GET', '/sshd')).text();
  assert.match(shipped, /^version=2\n/);
  assert.equal((await put('sshd')).status, 201);
  assert.equal(await (await call('GET', '/sshd')).text(), V2);
  const after = await list();
  assert.deepEqual(
    [after.length, after.find(({ name }) => name === 'sshd')],
    [before.length, { name: 'sshd', shipped: false, bytes: V2.length }],
  );
  assert.equal((await call('DELETE', '/sshd')).status, 204);
  assert.equal(await (await call('GET', '/sshd')).text(), shipped);
  const line = 'Dec 10 06:55:46 LabSZ sshd[24200]: Accepted password for bob from 192.0.2.1 port 22 ssh2';
  const { results } = (await (await run({ name: 'sshd', lines: [line] })).json()) as { results: { user: string }[] };
  assert.equal(results[0]!.user, 'bob');
  assert.equal((await call('GET', '/..%2Frulebases%2Fsshd')).status, 404);
});

test('every shipped rulebase passes the check', async (t) => {
  const { harness, call, put } = await startTenant(t);
  for (const { name } of harness.services.rulebases!.list(1)) {
    const response = await put('copy', await (await call('GET', `/${name}`)).text());
    assert.ok(response.ok, `${name}: ${await response.text()}`);
  }
});

test('errors of a rulebase by line; no files, no regular expressions', async (t) => {
  const { call, put, run } = await startTenant(t);
  const problem = await problemIn(await put('bad', 'version=2\nrule=:%a:wrod% x\nfoo\n'));
  assert.deepEqual([problem.status, problem.code], [400, 'bad_rulebase']);
  assert.deepEqual(problem['errors'], [
    { line: 2, code: 'unknown-type', title: "invalid field type 'wrod'" },
    { line: 3, code: 'unknown-directive', title: "invalid record type detected: 'foo'" },
  ]);
  assert.equal((await call('GET', '/bad')).status, 404, 'nothing is kept of it');
  const codesOf = async (rulebase: string) =>
    ((await problemIn(await run({ rulebase, lines: [LINE] })))['errors'] as { code: string }[]).map(({ code }) => code);
  assert.deepEqual(await codesOf('version=2\ninclude=/etc/passwd\n'), ['include-failed', 'load-failed']);
  assert.deepEqual(await codesOf('rule=:x %a:descent:/etc/passwd:x%\n'), ['include-failed']);
  assert.deepEqual(await codesOf('rule=:%a:regex:(a+)+%\n'), ['regex-disabled']);
  assert.deepEqual(await codesOf(' \n'), ['load-failed']);
  assert.equal((await codesOf(`version=2\n${'x\n'.repeat(500)}`)).length, limits.rulebaseErrorsListed);
});

test('bodies that are no rulebase', async (t) => {
  const { call, put } = await startTenant(t);
  assert.equal((await problemIn(await put('x', V2, 'application/json'))).code, 'unsupported_media_type');
  assert.equal((await problemIn(await put('x', Buffer.from([0x72, 0xff])))).code, 'bad_request');
  assert.equal((await problemIn(await put('x', ''))).code, 'bad_rulebase');
  assert.equal((await problemIn(await call('PUT', '/x'))).code, 'bad_rulebase');
  assert.equal((await problemIn(await put('x'.repeat(257)))).code, 'bad_request');
  const full = V2 + '#'.repeat(limits.rulebaseBytes - V2.length);
  assert.equal((await put('test', full)).status, 201);
  assert.equal((await problemIn(await put('x', `${full}#`))).code, 'body_too_large');
  assert.equal((await put('bom', `\ufeff${V2}`)).status, 201);
  assert.equal(await (await call('GET', '/bom')).text(), V2);
});

test('tests have limits', async (t) => {
  const { run } = await startTenant(t);
  const codeOf = async (json: unknown) => (await problemIn(await run(json))).code;
  assert.equal(await codeOf({ lines: [] }), 'bad_request');
  assert.equal(await codeOf({ rulebase: V2, name: 'sshd', lines: [] }), 'bad_request');
  assert.equal(await codeOf({ rulebase: V2 }), 'bad_request');
  assert.equal(await codeOf({ rulebase: V2, lines: [1] }), 'bad_request');
  assert.equal(await codeOf({ rulebase: V2, lines: Array(limits.rulebaseTestLines + 1).fill('') }), 'limit_exceeded');
  assert.equal(await codeOf({ rulebase: V2, lines: ['é'.repeat(limits.rulebaseTestLineBytes / 2 + 1)] }), 'limit_exceeded');
  assert.equal(await codeOf({ rulebase: '#'.repeat(limits.rulebaseBytes + 1), lines: [] }), 'limit_exceeded');
  const annotated = `version=2\nrule=t:%a:word%\nannotate=t:+b="${'x'.repeat(60_000)}"\n`;
  assert.equal(await codeOf({ rulebase: annotated, lines: Array(1_000).fill('y') }), 'limit_exceeded');
  assert.equal(await codeOf({ name: '__proto__', lines: [] }), 'not_found');
  const most = (await (await run({ rulebase: V1, lines: Array(limits.rulebaseTestLines).fill(LINE) })).json()) as { results: object[] };
  assert.deepEqual([most.results.length, most.results[999]], [limits.rulebaseTestLines, FIELDS]);
});

test('explain says how far each rule got with each line', async (t) => {
  const { put, run } = await startTenant(t);
  await put('x', `${V2}rule=out:%user:word% logged out\n`);
  const answer = (await (await run({ name: 'x', lines: [LINE, 'bob logged in from nowhere'], explain: true })).json()) as {
    results: unknown[];
    explanations: { matched: boolean; limited: boolean; text: string; rules: Record<string, unknown>[] }[];
  };
  assert.equal(answer.results.length, 2);
  const [first, second] = answer.explanations;
  assert.deepEqual([first!.matched, second!.matched], [true, false]);
  assert.deepEqual(second!.rules[0], {
    line: 2,
    tags: ['login'],
    rule: '%user:word% logged in from %ip:ipv4%',
    status: 'failed',
    reached: 19,
    expected: '%ip:ipv4%: an IPv4 address',
    found: 'nowhere',
    fields: [{ field: '%user:word%', text: 'bob' }],
  });
  assert.equal(second!.rules[1]!['line'], 3);
  assert.match(second!.text, /no rule matches/);
  const plain = (await (await run({ name: 'x', lines: [LINE] })).json()) as object;
  assert.deepEqual(Object.keys(plain), ['results']);
});

test('fields with any names and texts are answered as they are', async (t) => {
  const { run } = await startTenant(t);
  const response = await run({ rulebase: 'version=2\nrule=:%__proto__:word% %rest:rest%\n', lines: ['"\\ \u0001\ud800é'] });
  assert.equal(response.status, 200);
  assert.deepEqual(JSON.parse(await response.text()), JSON.parse('{"results":[{"rest":"\\u0001\ufffdé","__proto__":"\\"\\\\"}]}'));
});

test('readers read and test, administrators of the tenant write', async (t) => {
  const { harness, call } = await startTenant(t);
  const reader = await harness.key('a', 'reader');
  const admin = await harness.key('a', 'tenant_admin');
  const write = { body: V2, headers: { 'content-type': 'text/plain' } };
  assert.equal((await call('PUT', '/x', { ...write, key: reader })).status, 403);
  assert.equal((await call('PUT', '/x', { ...write, key: admin })).status, 201);
  assert.equal((await call('GET', '', { key: reader })).status, 200);
  assert.equal((await call('GET', '/x', { key: reader })).status, 200);
  assert.equal((await call('POST', '/test', { key: reader, json: { name: 'x', lines: [] } })).status, 200);
  assert.equal((await call('DELETE', '/x', { key: reader })).status, 403);
  await harness.call('POST', '/v1/tenant', { json: { tenant: { tenant_id: 'b' } } });
  assert.equal((await harness.call('GET', '/v1/tenant/b/rulebases/x')).status, 404, 'it is of one tenant');
});

test('the rulebases of a tenant have limits in number and bytes', async (t) => {
  const { store } = await startControl(t);
  const rulebases = createRulebases(store, new RulebaseFeed(store, new Map(), () => assert.fail()));
  const fill = (tenant: number, count: number, text: string) =>
    Promise.all(Array.from({ length: count }, (_, i) => store.put(ownedKey(tenant, 'rulebase', `${i}`), { text })));
  await fill(1, limits.rulebaseBytesPerTenant / limits.rulebaseBytes, V2.padEnd(limits.rulebaseBytes, '#'));
  await fill(2, limits.rulebasesPerTenant, V2);
  for (const tenant of [1, 2]) {
    await assert.rejects(rulebases.put(tenant, 'more', V2), (error: MeniscusError) => error.code === 'limit_exceeded');
    assert.equal(await rulebases.put(tenant, '0', V2), false, 'one that is there can be replaced');
    await rulebases.delete(tenant, '1');
    assert.equal(await rulebases.put(tenant, 'more', V2), true);
  }
});

test('a rulebase that works too long is ended, others run after it, and too many are refused', async () => {
  const hurried = new RulebaseRunner(1);
  const job = { text: V2, lines: [LINE] };
  // A thread does not start within a millisecond.
  await assert.rejects(hurried.run(1, job), (error: MeniscusError) => error.code === 'limit_exceeded');
  const runner = new RulebaseRunner();
  const runs = Array.from({ length: limits.rulebaseTestsQueued / 2 }, () => runner.run(1, job));
  await assert.rejects(runner.run(1, job), (error: MeniscusError) => error.code === 'too_many_requests');
  assert.deepEqual(JSON.parse(await runner.run(2, job)), { results: [FIELDS] });
  assert.equal((await Promise.all(runs)).length, runs.length);
  await assert.rejects(runner.run(1, { text: 'x', lines: [] }), (error: MeniscusError) => error.code === 'bad_rulebase');
});
