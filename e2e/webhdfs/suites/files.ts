/** Files and directories: what a client of HDFS does all day. */
import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import type { TestContext } from 'node:test';
import {
  AccessDeniedError,
  FileExistsError,
  FileNotFoundError,
  RefusedError,
  RemoteError,
  ResponseError,
  UnsupportedError,
  WebHdfs,
} from '@meniscus/webhdfs';
import { until } from '@meniscus/testkit';
import type { Target } from './target.ts';

const text = async (hdfs: WebHdfs, path: string): Promise<string> => (await hdfs.readFile(path)).toString();

export async function files(t: TestContext, target: Target): Promise<void> {
  const { hdfs, directory } = target;
  await t.test('create, append, read', () => createAppendRead(hdfs, `${directory}/files`));
  await t.test('every legal name', () => names(hdfs, `${directory}/names ü`));
  await t.test('directories, and their listings', () => directories(hdfs, `${directory}/tree`));
  await t.test('rename', () => rename(target, `${directory}/rename`));
  await t.test('truncate and concat', () => truncateConcat(hdfs, `${directory}/blocks`));
  await t.test('status, checksum, blocks, access', () => facts(target, `${directory}/facts`));
  await t.test('typed errors', () => errors(target, `${directory}/errors`));
  await t.test('temporary name, rename over, list', () => product(hdfs, `${directory}/product`));
}

async function createAppendRead(hdfs: WebHdfs, at: string): Promise<void> {
  await hdfs.createFile(`${at}/a`, 'one\n', { permission: 0o640, replication: 1, blockSize: 1_048_576, bufferSize: 4096 });
  await hdfs.appendFile(`${at}/a`, new TextEncoder().encode('two\n'));
  await hdfs.appendFile(`${at}/a`, Readable.from(['thr', 'ee\n']), { bufferSize: 4096 });
  assert.equal(await text(hdfs, `${at}/a`), 'one\ntwo\nthree\n');
  assert.equal((await hdfs.readFile(`${at}/a`, { offset: 4, length: 3, bufferSize: 4096 })).toString(), 'two');
  const status = await hdfs.getFileStatus(`${at}/a`);
  assert.deepEqual(
    [status.type, status.length, status.permission, status.replication, status.blockSize],
    ['FILE', 14, '640', 1, 1_048_576],
  );
  await assert.rejects(hdfs.createFile(`${at}/a`, 'x'), FileExistsError);
  await hdfs.createFile(`${at}/a`, '', { overwrite: true });
  assert.equal(await text(hdfs, `${at}/a`), '');
  // Longer than the first part that is sent before a refusal is waited for.
  await assert.rejects(hdfs.createFile(`${at}/a`, Buffer.alloc(5_000_000)), FileExistsError);
}

async function names(hdfs: WebHdfs, at: string): Promise<void> {
  const all = [
    'ü日本',
    'a b',
    'a+b',
    'a%b',
    'a%20b',
    'a;b',
    'a#b',
    'a?b&c=d',
    `a'b"c`,
    '{x}[y]|',
    '😀',
    '~!@$^*()',
    '%2e%2e',
    '...',
    'a,b',
    '<>`',
  ];
  for (const name of all) {
    await hdfs.createFile(`${at}/${name}`, name);
    await hdfs.appendFile(`${at}/${name}`, '!');
    assert.equal(await text(hdfs, `${at}/${name}`), `${name}!`);
    await hdfs.rename(`${at}/${name}`, `${at}/${name} 2`);
    await hdfs.getFileChecksum(`${at}/${name} 2`);
  }
  const listed = (await hdfs.listStatus(at)).map(({ pathSuffix }) => pathSuffix);
  assert.deepEqual(listed.sort(), all.map((name) => `${name} 2`).sort());
}

async function directories(hdfs: WebHdfs, at: string): Promise<void> {
  await hdfs.mkdirs(`${at}/d/e/f`, { permission: 0o750 });
  await hdfs.mkdirs(`${at}/d/e/f`);
  assert.equal((await hdfs.getFileStatus(`${at}/d/e/f`)).permission, '750');
  assert.equal(await hdfs.exists(`${at}/d/e`), true);
  assert.equal(await hdfs.exists(`${at}/none`), false);
  // The name node of this test lists four at a time.
  const expected = Array.from({ length: 10 }, (_, n) => `file-${n}`);
  for (const name of expected) await hdfs.createFile(`${at}/many/${name}`, 'x');
  assert.deepEqual(
    (await hdfs.listStatus(`${at}/many`)).map(({ pathSuffix }) => pathSuffix),
    expected,
  );
  const listed: string[] = [];
  for await (const { pathSuffix } of hdfs.list(`${at}/many`)) listed.push(pathSuffix);
  assert.deepEqual(listed, expected);
  const rest: string[] = [];
  for await (const { pathSuffix } of hdfs.list(`${at}/many`, { startAfter: 'file-6' })) rest.push(pathSuffix);
  assert.deepEqual(rest, ['file-7', 'file-8', 'file-9']);
  assert.deepEqual(
    (await hdfs.listStatus(`${at}/many/file-1`)).map(({ pathSuffix }) => pathSuffix),
    [''],
  );
  await assert.rejects(hdfs.delete(`${at}/many`), RemoteError);
  assert.equal(await hdfs.delete(`${at}/many`, { recursive: true }), true);
  assert.equal(await hdfs.delete(`${at}/many`), false);
}

async function rename({ hdfs, kind }: Target, at: string): Promise<void> {
  await hdfs.createFile(`${at}/a`, 'a');
  await hdfs.createFile(`${at}/b`, 'b');
  await assert.rejects(hdfs.rename(`${at}/a`, `${at}/b`), RefusedError);
  await assert.rejects(hdfs.rename(`${at}/none`, `${at}/c`), RefusedError);
  await assert.rejects(hdfs.rename(`${at}/a`, `${at}/no/parent`), RefusedError);
  if (kind === 'webhdfs') {
    await hdfs.rename(`${at}/a`, `${at}/b`, { overwrite: true });
    assert.equal(await text(hdfs, `${at}/b`), 'a');
    await assert.rejects(hdfs.rename(`${at}/none`, `${at}/b`, { overwrite: true }), FileNotFoundError);
  } else {
    await assert.rejects(hdfs.rename(`${at}/a`, `${at}/b`, { overwrite: true }), UnsupportedError);
    await assert.rejects(hdfs.rename(`${at}/none`, `${at}/b`, { overwrite: true }), RefusedError);
  }
  await hdfs.rename(`${at}/b`, `${at}/c`, { overwrite: true });
  assert.equal(await hdfs.exists(`${at}/b`), false);
}

async function truncateConcat(hdfs: WebHdfs, at: string): Promise<void> {
  await hdfs.createFile(`${at}/t`, '0123456789');
  // Within a block it takes the DataNodes a moment.
  if (!(await hdfs.truncate(`${at}/t`, 4)))
    await until('the block to be cut', async () => (await hdfs.getFileStatus(`${at}/t`)).length === 4);
  assert.equal(await text(hdfs, `${at}/t`), '0123');
  for (const name of ['a', 'b', 'c']) await hdfs.createFile(`${at}/${name}`, name.repeat(1000), { blockSize: 1_048_576 });
  await hdfs.concat(`${at}/a`, [`${at}/b`, `${at}/c`]);
  assert.equal(await text(hdfs, `${at}/a`), `${'a'.repeat(1000)}${'b'.repeat(1000)}${'c'.repeat(1000)}`);
  assert.equal(await hdfs.exists(`${at}/b`), false);
  const blocks = await hdfs.getFileBlockLocations(`${at}/a`);
  assert.deepEqual(
    blocks.map(({ offset, length }) => [offset, length]),
    [
      [0, 1000],
      [1000, 1000],
      [2000, 1000],
    ],
  );
  assert.equal((await hdfs.getFileBlockLocations(`${at}/a`, { offset: 1500, length: 10 })).length, 1);
}

async function facts({ hdfs, other, superuser, kind }: Target, at: string): Promise<void> {
  await hdfs.createFile(`${at}/a`, 'abc');
  await hdfs.createFile(`${at}/b`, 'abc');
  assert.deepEqual(await hdfs.getFileChecksum(`${at}/a`), await hdfs.getFileChecksum(`${at}/b`));
  const summary = await hdfs.getContentSummary(at);
  assert.deepEqual([summary.directoryCount, summary.fileCount, summary.length], [1, 2, 6]);
  await hdfs.setPermission(`${at}/a`, 0o600);
  await hdfs.setOwner(`${at}/a`, { owner: 'logs', group: 'readers' });
  await hdfs.setOwner(`${at}/a`, { group: 'writers' });
  await hdfs.setTimes(`${at}/a`, { modificationTime: new Date(1_700_000_000_000) });
  assert.equal(await hdfs.setReplication(`${at}/a`, 1), true);
  assert.equal(await hdfs.setReplication(at, 1), false);
  const status = await hdfs.getFileStatus(`${at}/a`);
  assert.deepEqual(
    [status.permission, status.owner, status.group, status.modificationTime, status.replication],
    ['600', 'logs', 'writers', 1_700_000_000_000, 1],
  );
  await hdfs.checkAccess(`${at}/a`, 'rw-');
  await assert.rejects(other.checkAccess(`${at}/a`, 'r--'), AccessDeniedError);
  assert.equal((await hdfs.getFileLinkStatus(`${at}/a`)).type, 'FILE');
  // Hadoop has links switched off, HttpFS does not even know the operation.
  await assert.rejects(hdfs.createSymlink(`${at}/link`, `${at}/a`), UnsupportedError);
  await assert.rejects(hdfs.getLinkTarget(`${at}/a`), kind === 'webhdfs' ? RemoteError : UnsupportedError);
  assert.equal(await hdfs.getHomeDirectory(), `/user/${superuser}`);
  assert.equal(await hdfs.getTrashRoot(at), `/user/${superuser}/.Trash`);
  await hdfs.mkdirs(`/user/${superuser}/.Trash`);
  // HttpFS writes Java's words in place of JSON here.
  if (kind === 'httpfs') await assert.rejects(hdfs.getTrashRoots(), ResponseError);
  else assert.equal((await hdfs.getTrashRoots({ allUsers: true }))[0]?.path, `/user/${superuser}/.Trash`);
  const { capacity, used, remaining } = await hdfs.getStatus();
  assert.ok(capacity > used && remaining > 0);
  assert.ok((await hdfs.getServerDefaults()).blockSize > 0);
}

async function errors({ hdfs, other, url, superuser, kind }: Target, at: string): Promise<void> {
  await hdfs.createFile(`${at}/a`, 'x');
  await hdfs.setPermission(`${at}/a`, 0o600);
  for (const call of [
    () => hdfs.getFileStatus(`${at}/none`),
    () => hdfs.openFile(`${at}/none`),
    () => hdfs.readFile(`${at}/none`),
    () => hdfs.appendFile(`${at}/none`, 'x'),
    () => hdfs.listStatus(`${at}/none`),
    () => hdfs.getFileChecksum(`${at}/none`),
  ]) {
    await assert.rejects(call, FileNotFoundError);
  }
  for (const call of [
    () => other.mkdirs(`${at}/d`),
    () => other.createFile(`${at}/b`, 'x'),
    () => other.createFile(`${at}/b`, Buffer.alloc(5_000_000)),
    () => other.readFile(`${at}/a`),
    () => other.delete(`${at}/a`),
    () => other.rename(`${at}/a`, `${at}/b`),
    () => other.setOwner(`${at}/a`, { owner: 'other' }),
  ]) {
    await assert.rejects(
      call,
      (error) => error instanceof AccessDeniedError && error.exception === 'AccessControlException' && !error.retriable,
    );
  }
  await assert.rejects(hdfs.mkdirs(`${at}/a`), FileExistsError);
  await assert.rejects(hdfs.mkdirs(`${at}/a:b`), RemoteError);
  await assert.rejects(new WebHdfs({ url, user: 'other', doAs: superuser }).getHomeDirectory(), AccessDeniedError);
  // The name node takes a caller without a name for its guest.
  if (kind === 'httpfs') await assert.rejects(new WebHdfs({ url }).getHomeDirectory(), { name: 'AuthenticationError' });
}

/** What an archive of events does: a file has its name only when it is whole, and writing it once more changes nothing. */
async function product(hdfs: WebHdfs, at: string): Promise<void> {
  const lines = Array.from({ length: 1000 }, (_, n) => `{"id":${n},"msg":"event ${n}"}\n`);
  const [temporary, day] = [`${at}/.tmp/0000-0999`, `${at}/tenant/2026-11-25`];
  const name = `${day}/0000-0999.ndjson`;
  await hdfs.mkdirs(day);
  for (const _attempt of ['first', 'again']) {
    await hdfs.createFile(temporary, () => Readable.from(lines), { overwrite: true });
    await hdfs.rename(temporary, name, { overwrite: true }).catch(async (error: unknown) => {
      if (!(error instanceof UnsupportedError)) throw error;
      await hdfs.delete(name);
      await hdfs.rename(temporary, name);
    });
    const listed = await hdfs.listStatus(day);
    assert.deepEqual(
      listed.map(({ pathSuffix, length }) => [pathSuffix, length]),
      [['0000-0999.ndjson', lines.join('').length]],
    );
    assert.deepEqual(await hdfs.listStatus(`${at}/.tmp`), []);
  }
  assert.equal(await text(hdfs, name), lines.join(''));
}
