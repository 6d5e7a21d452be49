import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, rmSync, statSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { Client, startProcess, temporaryDirectory, until, type MeniscusProcess } from '@meniscus/testkit';
import { restoreBackup } from '../packages/server/src/backup/restore.ts';
import { foundNumbers, Oracle, publishUntilGone, streamUntilGone } from './support/oracle.ts';
import { setUp } from './support/setup.ts';

interface Backup {
  readonly directory: string;
  readonly files: number;
  readonly bytes: number;
}

async function backUp(client: Client, directory: string) {
  return client.call<{ backup: Backup; code?: string }>('/v1/backup', { body: { directory } });
}

/** Compares what a restored service finds with what was acknowledged before the backup. */
async function compare(
  service: MeniscusProcess,
  tenant: Parameters<typeof foundNumbers>[1],
  before: ReadonlySet<number>,
  sent: ReadonlySet<number>,
) {
  const numbers = await foundNumbers(new Client(service), tenant);
  const found = new Set(numbers);
  assert.equal(found.size, numbers.length, 'an event is there twice');
  assert.deepEqual(
    [...before].filter((number) => !found.has(number)),
    [],
    'acknowledged events are not in the backup',
  );
  assert.deepEqual(
    [...found].filter((number) => !sent.has(number)),
    [],
    'events are there that nobody sent',
  );
}

for (const where of ['beside the data, by links', 'on another file system, by copies'] as const)
  test(`a backup made under load has everything acknowledged before it, once: ${where}`, async (t) => {
    // What a clean stop left is in segments, what comes then is in the queue.
    const other = '/dev/shm';
    const elsewhere = where.startsWith('on');
    const parent = elsewhere ? path.join(other, `meniscus-${process.pid}`) : temporaryDirectory(t);
    if (elsewhere) t.after(() => rmSync(parent, { recursive: true, force: true }));
    const first = await setUp(t);
    if (elsewhere && (!existsSync(other) || statSync(other).dev === statSync(first.service.dataDir).dev))
      return t.skip('there is one file system');
    const { tenant } = first;
    const oracle = new Oracle();
    for (let n = 9_000_000; n < 9_000_100; n++) oracle.sent.add(n);
    await first.client.publish(
      tenant,
      [...oracle.sent].map((number) => ({ msg: `numbered ${number}` })),
    );
    for (const number of oracle.sent) oracle.acknowledged.add(number);
    await first.service.end();
    const service = await startProcess(t, { dataDir: first.service.dataDir, args: ['--backup-dir', parent] });
    const client = new Client(service);
    const load = [0, 1, 2].map((i) => publishUntilGone(client, tenant, oracle, i * 1_000_000));
    load.push(streamUntilGone(service.run.syslog.tcp, tenant, oracle, 5_000_000));
    const backups: { directory: string; before: ReadonlySet<number> }[] = [];
    for (const name of ['one', 'two', 'three']) {
      await until('more to be acknowledged', () => oracle.acknowledged.size > (backups.at(-1)?.before.size ?? 0) + 300);
      const before = new Set(oracle.acknowledged);
      const { status, body } = await backUp(client, name);
      assert.equal(status, 201, JSON.stringify(body));
      assert.ok(body.backup.bytes > 0);
      backups.push({ directory: body.backup.directory, before });
    }
    await service.end('SIGKILL');
    await Promise.all(load);
    for (const { directory, before } of backups) {
      const dataDir = path.join(temporaryDirectory(t), 'restored');
      await restoreBackup(directory, dataDir);
      const restored = await startProcess(t, { dataDir });
      await compare(restored, tenant, before, oracle.sent);
      const again = new Client(restored);
      assert.equal((await again.publish(tenant, { msg: 'numbered 9999999' })).status, 202);
      assert.equal(await again.count(tenant.id, '9999999'), 1);
      assert.equal(await restored.end(), 0);
      await compare(await startProcess(t, { dataDir }), tenant, before, new Set([...oracle.sent, 9_999_999]));
    }
    return undefined;
  });

test('keys, tokens, saved searches and dead letters come back; a new tenant gets nothing of an old one', async (t) => {
  const { client, tenant, service: first } = await setUp(t);
  await client.publish(tenant, [{ msg: 'old secret' }, 42]);
  await client.call(client.path('acme', '/saved-searches/mine'), { method: 'PUT', body: { saved_search: { query: 'secret' } } });
  const directory = path.join(first.dataDir, 'backups', 'monday');
  assert.equal((await backUp(client, 'monday')).status, 201);
  const dataDir = path.join(temporaryDirectory(t), 'restored');
  await restoreBackup(directory, dataDir);
  const service = await startProcess(t, { dataDir });
  const restored = new Client(service);
  assert.equal(restored.adminKey, client.adminKey);
  assert.equal(await restored.count('acme', 'secret'), 1);
  assert.equal((await restored.publish(tenant, { msg: 'with the old token' })).status, 202);
  const { body } = await restored.call<{ dead_letters: unknown[] }>(restored.path('acme', '/dead-letters'));
  assert.equal(body.dead_letters.length, 1);
  const other = await restored.createTenant('other');
  assert.equal(await restored.count(other.id), 0);
});

test('places that are not empty, not allowed or not there are refused, and nothing is left in them', async (t) => {
  const { service, client } = await setUp(t);
  const backups = path.join(service.dataDir, 'backups');
  const outside = temporaryDirectory(t);
  const { status, body } = await backUp(client, 'monday');
  assert.equal(status, 201);
  assert.equal(body.backup.directory, path.join(backups, 'monday'));
  assert.equal((await backUp(client, path.join(backups, 'week 47', 'tuesday'))).status, 201);
  mkdirSync(path.join(backups, 'full'));
  writeFileSync(path.join(backups, 'full', 'file'), '');
  symlinkSync(outside, path.join(backups, 'link'));
  for (const [directory, code] of [
    ['full', 'backup_refused'],
    ['full/file/below', 'backup_refused'],
    ['monday', 'backup_refused'],
    ['monday/store/x', 'backup_refused'],
    ['x'.repeat(1000), 'backup_refused'],
    [outside, 'bad_request'],
    [path.join(outside, 'x'), 'bad_request'],
    ['link/x', 'bad_request'],
    [service.dataDir, 'bad_request'],
    [path.join(service.dataDir, 'store', 'x'), 'bad_request'],
    [backups, 'bad_request'],
    ['.', 'bad_request'],
    ['../store/x', 'bad_request'],
    ['../../outside', 'bad_request'],
    ['../backups2', 'bad_request'],
    ['\0', 'bad_request'],
    ['', 'bad_request'],
  ] as const) {
    const answer = await backUp(client, directory);
    assert.equal(answer.body.code, code, `${JSON.stringify(directory)}: ${answer.status} ${JSON.stringify(answer.body)}`);
  }
  assert.deepEqual(readdirSync(outside), []);
  assert.deepEqual(readdirSync(backups).toSorted(), ['full', 'link', 'monday', 'week 47']);
  assert.ok(!existsSync(path.join(backups, 'week 47', 'tuesday', 'backups')), 'backups are in the backup');
  const tenantKey = await client.call<{ key: { key: string } }>(client.path('acme', '/keys'), {
    body: { key: { name: 'ann', role: 'tenant_admin' } },
  });
  assert.equal((await client.call('/v1/backup', { body: { directory: 'x' }, key: tenantKey.body.key.key })).status, 403);
});

test('a restore into a directory in use or not empty, and of a damaged backup, is refused', async (t) => {
  const { service, client } = await setUp(t);
  const directory = path.join(service.dataDir, 'backups', 'monday');
  assert.equal((await backUp(client, 'monday')).status, 201);
  await assert.rejects(restoreBackup(directory, service.dataDir), { code: 'data_dir_in_use' });
  const full = temporaryDirectory(t);
  mkdirSync(path.join(full, 'store'));
  await assert.rejects(restoreBackup(directory, full), { code: 'restore_refused' });
  await assert.rejects(restoreBackup(full, path.join(full, 'x')), { code: 'bad_backup', message: /no backup/ });
  truncateSync(path.join(directory, 'control', 'data.mdb'), 10);
  await assert.rejects(restoreBackup(directory, path.join(full, 'x')), { code: 'bad_backup', message: /data\.mdb/ });
});
