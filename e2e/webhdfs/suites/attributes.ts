/** What files and directories have besides content: ACLs, attributes, snapshots, quotas, policies; and the tokens of those who ask. */
import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import {
  AuthenticationError,
  QuotaExceededError,
  RemoteError,
  UnsupportedError,
  WebHdfs,
  WebHdfsError,
  type SnapshotDiffEntry,
} from '@meniscus/webhdfs';
import { inspect } from 'node:util';
import type { Target } from './target.ts';

export async function attributes(t: TestContext, target: Target): Promise<void> {
  const { hdfs, directory } = target;
  await t.test('ACLs', () => acls(hdfs, `${directory}/acls`));
  await t.test('extended attributes', () => xattrs(hdfs, `${directory}/xattrs`));
  await t.test('snapshots', () => snapshots(target, `${directory}/snapshots`));
  await t.test('quotas', () => quotas(target, `${directory}/quotas`));
  await t.test('storage policies', () => storagePolicies(hdfs, `${directory}/policies`));
  await t.test('erasure coding', () => erasureCoding(target, `${directory}/coding`));
  await t.test('delegation tokens', () => tokens(target, `${directory}/tokens`));
}

async function acls(hdfs: WebHdfs, at: string): Promise<void> {
  await hdfs.createFile(`${at}/a`, 'x');
  await hdfs.acls.set(`${at}/a`, ['user::rw-', 'user:carla:rw-', 'group::r--', 'other::---']);
  await hdfs.acls.modify(`${at}/a`, ['user:dave:r--']);
  assert.deepEqual((await hdfs.acls.get(`${at}/a`)).entries, ['user:carla:rw-', 'user:dave:r--', 'group::r--']);
  await hdfs.acls.remove(`${at}/a`, ['user:carla']);
  assert.deepEqual((await hdfs.acls.get(`${at}/a`)).entries, ['user:dave:r--', 'group::r--']);
  await hdfs.acls.clear(`${at}/a`);
  assert.deepEqual((await hdfs.acls.get(`${at}/a`)).entries, []);
  await hdfs.acls.modify(at, ['default:user:dave:r--']);
  assert.ok((await hdfs.acls.get(at)).entries.includes('default:user:dave:r--'));
  await hdfs.acls.removeDefault(at);
  assert.deepEqual((await hdfs.acls.get(at)).entries, []);
}

async function xattrs(hdfs: WebHdfs, at: string): Promise<void> {
  await hdfs.createFile(`${at}/a`, 'x');
  const bytes = Buffer.from([0, 1, 2, 255]);
  await hdfs.xattrs.set(`${at}/a`, 'user.bytes', bytes);
  await hdfs.xattrs.set(`${at}/a`, 'user.text', '"ü"');
  await hdfs.xattrs.set(`${at}/a`, 'user.empty', '');
  await assert.rejects(hdfs.xattrs.set(`${at}/a`, 'user.text', 'x', { mode: 'create' }), RemoteError);
  await hdfs.xattrs.set(`${at}/a`, 'user.text', 'ü', { mode: 'replace' });
  assert.deepEqual((await hdfs.xattrs.list(`${at}/a`)).sort(), ['user.bytes', 'user.empty', 'user.text']);
  const all = await hdfs.xattrs.get(`${at}/a`);
  assert.deepEqual([all.get('user.bytes'), all.get('user.text')?.toString(), all.get('user.empty')?.length], [bytes, 'ü', 0]);
  assert.deepEqual([...(await hdfs.xattrs.get(`${at}/a`, ['user.bytes'])).keys()], ['user.bytes']);
  await assert.rejects(hdfs.xattrs.get(`${at}/a`, ['user.none']), RemoteError);
  await hdfs.xattrs.remove(`${at}/a`, 'user.text');
  assert.deepEqual((await hdfs.xattrs.list(`${at}/a`)).sort(), ['user.bytes', 'user.empty']);
}

async function snapshots({ hdfs }: Target, at: string): Promise<void> {
  await hdfs.createFile(`${at}/a`, 'old');
  await hdfs.snapshots.allow(at);
  assert.ok((await hdfs.snapshots.directories()).some(({ dirStatus }) => dirStatus.pathSuffix === 'snapshots'));
  assert.equal(await hdfs.snapshots.create(at, 's1'), `${at}/.snapshot/s1`);
  await hdfs.createFile(`${at}/ü`, 'x');
  await hdfs.rename(`${at}/a`, `${at}/b`);
  await hdfs.snapshots.create(at, 's2');
  const generated = (await hdfs.snapshots.create(at)).split('/').at(-1)!;
  await hdfs.snapshots.rename(at, generated, 's3');
  const { diffList } = await hdfs.snapshots.diff(at, 's1', 's2');
  assert.deepEqual(
    diffList.map(({ type, sourcePath, targetPath }) => [type, sourcePath, targetPath]),
    [
      ['MODIFY', '', undefined],
      ['CREATE', 'ü', undefined],
      ['RENAME', 'a', 'b'],
    ],
  );
  const entries: SnapshotDiffEntry[] = [];
  for await (const entry of hdfs.snapshots.diffEntries(at, 's1', 's2')) entries.push(entry);
  assert.deepEqual(entries.map(({ change, sourcePath, targetPath }) => `${change} ${sourcePath} ${targetPath ?? ''}`).sort(), [
    'create b ',
    'create ü ',
    'delete a b',
    'modify  ',
  ]);
  assert.equal((await hdfs.readFile(`${at}/.snapshot/s1/a`)).toString(), 'old');
  const names = (await hdfs.snapshots.list(at)).map(({ fullPath }) => fullPath.split('/').at(-1)!);
  assert.deepEqual(names.sort(), ['s1', 's2', 's3']);
  for (const name of names) await hdfs.snapshots.delete(at, name);
  await hdfs.snapshots.disallow(at);
}

async function quotas({ hdfs, kind }: Target, at: string): Promise<void> {
  await hdfs.mkdirs(at);
  if (kind === 'httpfs') {
    await assert.rejects(hdfs.quotas.set(at, { names: 2 }), UnsupportedError);
    assert.equal((await hdfs.quotas.get(at)).fileAndDirectoryCount, 1);
    return;
  }
  await hdfs.quotas.set(at, { names: 2, space: 1e9 });
  const usage = await hdfs.quotas.get(at);
  assert.deepEqual([usage.fileAndDirectoryCount, usage.quota, usage.spaceQuota], [1, 2, 1e9]);
  await hdfs.createFile(`${at}/a`, 'x');
  await assert.rejects(hdfs.createFile(`${at}/b`, 'x'), QuotaExceededError);
  await assert.rejects(hdfs.mkdirs(`${at}/b`), QuotaExceededError);
  await hdfs.quotas.set(at, { names: null });
  const { quota, spaceQuota } = await hdfs.quotas.get(at);
  assert.deepEqual([quota, spaceQuota], [-1, 1e9]);
  await hdfs.quotas.set(at, { space: null });
  await hdfs.quotas.setByStorageType(at, 'SSD', 1e9);
  assert.equal((await hdfs.quotas.get(at)).typeQuota?.['SSD']?.quota, 1e9);
  await hdfs.quotas.setByStorageType(at, 'SSD', null);
}

async function storagePolicies(hdfs: WebHdfs, at: string): Promise<void> {
  await hdfs.mkdirs(at);
  assert.ok((await hdfs.storagePolicies.all()).some(({ name }) => name === 'HOT'));
  await hdfs.storagePolicies.set(at, 'COLD');
  assert.equal((await hdfs.storagePolicies.get(at)).name, 'COLD');
  await hdfs.storagePolicies.unset(at);
  assert.equal((await hdfs.storagePolicies.get(at)).name, 'HOT');
  // The service that moves blocks is not running here.
  await assert.rejects(hdfs.storagePolicies.satisfy(at), RemoteError);
}

async function erasureCoding({ hdfs, kind }: Target, at: string): Promise<void> {
  await hdfs.mkdirs(at);
  const policy = 'RS-6-3-1024k';
  assert.ok((await hdfs.erasureCoding.policies()).some((info) => info.policy.name === policy));
  assert.ok((await hdfs.erasureCoding.codecs()).has('rs'));
  assert.equal(await hdfs.erasureCoding.get(at), undefined);
  if (kind === 'httpfs') await assert.rejects(hdfs.erasureCoding.enable(policy), UnsupportedError);
  else {
    await hdfs.erasureCoding.disable(policy);
    await hdfs.erasureCoding.enable(policy);
  }
  await hdfs.erasureCoding.set(at, policy);
  assert.equal((await hdfs.erasureCoding.get(at))?.name, policy);
  await hdfs.erasureCoding.unset(at);
  assert.equal(await hdfs.erasureCoding.get(at), undefined);
}

async function tokens({ hdfs, url, superuser, kind }: Target, at: string): Promise<void> {
  const token = await hdfs.tokens.get({ renewer: superuser });
  assert.ok(token);
  using service = new WebHdfs({ url, delegationToken: token });
  // A name node only takes tokens beside Kerberos; HttpFS always does.
  if (kind === 'httpfs') {
    await service.createFile(`${at}/a`, 'by token');
    assert.equal((await service.readFile(`${at}/a`)).toString(), 'by token');
    assert.equal((await service.getFileStatus(`${at}/a`)).owner, superuser);
  }
  assert.ok((await hdfs.tokens.renew(token)).getTime() > Date.now());
  await hdfs.tokens.cancel(token);
  const refused = (error: unknown): boolean => error instanceof AuthenticationError && !inspect(error).includes(token);
  await assert.rejects(hdfs.tokens.renew(token), refused);
  if (kind === 'httpfs') await assert.rejects(service.getHomeDirectory(), refused);
  await assert.rejects(hdfs.tokens.renew('nonsense'), WebHdfsError);
}
