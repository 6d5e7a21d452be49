/** Several name nodes, what is repeated, and what is not. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Readable } from 'node:stream';
import {
  ConnectionError,
  RefusedError,
  RemoteError,
  ResponseError,
  StandbyError,
  TimeoutError,
  UnavailableError,
  WebHdfs,
  type RetryNotice,
  type WebHdfsOptions,
} from '../src/index.ts';
import { json, nobody, raw, redirect, remote, reset, scripted, silence, standby, text, yes, type Scripted } from './scripted-server.ts';

const STATUS = { FileStatus: { type: 'FILE', length: 1, pathSuffix: '' } };
const NO_DATANODE = remote('IOException', 'Failed to find datanode, suggest to check cluster health. excludeDatanodes=null');

function client(servers: readonly (Scripted | string)[], options: Partial<WebHdfsOptions> = {}): WebHdfs {
  const url = servers.map((server) => (typeof server === 'string' ? server : server.url));
  return new WebHdfs({ url, user: 'me', timeoutMs: 60_000, backoff: { minMs: 1, maxMs: 2 }, ...options });
}

test('a standby name node is left for the active one, which is remembered', async (t) => {
  const [first, second] = [await scripted(t, [standby]), await scripted(t, [json(STATUS)])];
  const hdfs = client([first, second]);
  await hdfs.getFileStatus('/a');
  await hdfs.getFileStatus('/b');
  assert.deepEqual([first.seen.length, second.seen.length], [1, 2]);
  assert.equal(hdfs.nameNode, `${second.url}/webhdfs/v1`);
});

test('standby is told even by a refusal of the token', async (t) => {
  const words = 'Failed to obtain user group information: org.apache.hadoop.security.token.SecretManager$InvalidToken: StandbyException';
  const first = await scripted(t, [remote('SecurityException', words)]);
  await client([first, await scripted(t, [json(STATUS)])]).getFileStatus('/a');
});

test('an unreachable name node is left, also by calls that are never repeated', async (t) => {
  const second = await scripted(t, [yes]);
  await client([await nobody(), second], { retries: 0 }).rename('/a', '/b');
  assert.equal(second.seen[0]?.query.get('destination'), '/b');
});

test('a standby has done nothing, so a rename is sent to the next one', async (t) => {
  const second = await scripted(t, [yes]);
  await client([await scripted(t, [standby]), second], { retries: 0 }).rename('/a', '/b');
  assert.equal(second.seen.length, 1);
});

test('a server that accepts and is silent: reads go on with the next one', async (t) => {
  const second = await scripted(t, [json(STATUS)]);
  const notices: RetryNotice[] = [];
  await client([await raw(t, () => undefined), second], { timeoutMs: 50, onRetry: (notice) => void notices.push(notice) }).getFileStatus(
    '/a',
  );
  assert.equal(notices.length, 1);
  assert.equal(notices[0]?.delayMs, 0);
  assert.ok(notices[0]?.error instanceof TimeoutError);
});

test('a silent server may have renamed: that is said and not repeated', async (t) => {
  const [first, second] = [await scripted(t, [silence]), await scripted(t, [yes])];
  await assert.rejects(client([first, second], { timeoutMs: 50 }).rename('/a', '/b'), (error) => {
    assert.ok(error instanceof TimeoutError);
    assert.deepEqual([error.operation, error.path, error.retriable, error.mayHaveActed], ['RENAME', '/a', true, true]);
    return true;
  });
  assert.equal(second.seen.length, 0);
});

test('all are standby: all are asked at every attempt', async (t) => {
  const servers = [await scripted(t, [standby]), await scripted(t, [standby])];
  await assert.rejects(client(servers, { retries: 2 }).getFileStatus('/a'), StandbyError);
  assert.deepEqual(
    servers.map(({ seen }) => seen.length),
    [3, 3],
  );
});

test('one is down and the other standby: the error tells of the one that is down', async (t) => {
  await assert.rejects(client([await nobody(), await scripted(t, [standby])], { retries: 1 }).getFileStatus('/a'), ConnectionError);
});

test('a name node that starts or is in safe mode is asked again, by any operation', async (t) => {
  const server = await scripted(t, [remote('RetriableException', 'not started'), remote('SafeModeException', 'safe mode'), yes]);
  await client([server]).rename('/a', '/b');
  assert.equal(server.seen.length, 3);
});

test('no DataNode is a 403 that passes', async (t) => {
  const data = await scripted(t, [text(200)]);
  const server = await scripted(t, [NO_DATANODE, redirect(`${data.url}/webhdfs/v1/a?op=APPEND`)]);
  await client([server]).appendFile('/a', 'line\n');
  assert.equal(data.seen[0]?.body, 'line\n');
  await assert.rejects(client([await scripted(t, [NO_DATANODE])], { retries: 0 }).appendFile('/a', 'x'), (error) => {
    assert.ok(error instanceof UnavailableError);
    assert.deepEqual([error.status, error.exception, error.retriable, error.mayHaveActed], [403, 'IOException', true, false]);
    return true;
  });
});

test('5xx without a RemoteException: repeated for reads, not for deletes', async (t) => {
  const server = await scripted(t, [text(503, '<title>Down</title>'), json(STATUS)]);
  await client([server]).getFileStatus('/a');
  const other = await scripted(t, [text(503, '<html><title>Down for today</title>')]);
  await assert.rejects(client([other]).delete('/a'), (error) => {
    assert.ok(error instanceof ResponseError);
    assert.equal(error.retriable, true);
    assert.match(error.message, /HTTP 503 .*Down for today/);
    return true;
  });
  assert.equal(other.seen.length, 1);
});

test('a connection that breaks: repeated for reads, not for deletes', async (t) => {
  const server = await scripted(t, [reset, json(STATUS)]);
  await client([server]).getFileStatus('/a');
  const other = await scripted(t, [reset, json({ boolean: true })]);
  await assert.rejects(client([other]).delete('/a'), (error) => error instanceof ConnectionError && error.mayHaveActed);
  assert.equal(other.seen.length, 1);
});

test('pauses grow up to their limit, and retries end', async (t) => {
  const delays: number[] = [];
  const server = await scripted(t, [text(503)]);
  const hdfs = client([server], { retries: 5, backoff: { minMs: 2, maxMs: 8 }, onRetry: ({ delayMs }) => void delays.push(delayMs) });
  await assert.rejects(hdfs.getFileStatus('/a'), ResponseError);
  assert.equal(server.seen.length, 6);
  for (const [index, limit] of [2, 4, 8, 8, 8].entries()) assert.ok(delays[index]! >= 1 && delays[index]! <= limit, String(delays));
});

test('an exception that stays is not repeated', async (t) => {
  const server = await scripted(t, [remote('FileNotFoundException', 'none', 404)]);
  await assert.rejects(client([server]).getFileStatus('/a'), { name: 'FileNotFoundError' });
  assert.equal(server.seen.length, 1);
});

test('a DataNode that refuses connections: another one is asked for, and the data is sent from its start', async (t) => {
  const [dead, data] = [await nobody(), await scripted(t, [text(201)])];
  const server = await scripted(t, [redirect(`${dead}/webhdfs/v1/a?op=CREATE`), redirect(`${data.url}/webhdfs/v1/a?op=CREATE`)]);
  // Not repeatable, but nothing was taken from it.
  await client([server]).createFile('/a', Readable.from(['one ', 'two']));
  assert.equal(server.seen[0]?.query.get('excludedatanodes'), null);
  assert.equal(server.seen[1]?.query.get('excludedatanodes'), '127.0.0.1');
  assert.equal(data.seen[0]?.body, 'one two');
});

test('a DataNode that breaks off: repeated only when it may be and the data can be had again', async (t) => {
  const data = await scripted(t, [reset, text(201)]);
  const server = await scripted(t, [redirect(`${data.url}/a`)]);
  const hdfs = client([server]);
  await hdfs.createFile('/a', () => Readable.from(['once more']), { overwrite: true });
  assert.deepEqual(
    data.seen.map(({ body }) => body),
    ['once more', 'once more'],
  );
  for (const attempt of [
    () => hdfs.createFile('/a', Readable.from(['gone']), { overwrite: true }),
    () => hdfs.createFile('/a', 'text'),
    () => hdfs.appendFile('/a', 'text'),
  ]) {
    data.seen.length = 0;
    await assert.rejects(
      attempt(),
      (error) => error instanceof ConnectionError && error.retriable && error.mayHaveActed && error.peer === 'datanode',
    );
    assert.equal(data.seen.length, 1);
  }
});

test('a server says no to MKDIRS and RENAME', async (t) => {
  const hdfs = client([await scripted(t, [json({ boolean: false })])]);
  await assert.rejects(hdfs.mkdirs('/a'), RefusedError);
  await assert.rejects(hdfs.rename('/a', '/b'), RefusedError);
});

test('exceptions: the name decides, wrapped or not, whatever the status', async (t) => {
  const wrapped =
    'org.apache.hadoop.security.AccessControlException: Permission denied: user=me\n\tat org.apache.hadoop.Something(Something.java)';
  for (const [name, message, expected] of [
    ['FileAlreadyExistsException', 'there', 'FileExistsError'],
    ['AccessControlException', 'no', 'AccessDeniedError'],
    ['RemoteException', wrapped, 'AccessDeniedError'],
    ['DSQuotaExceededException', 'full', 'QuotaExceededError'],
    ['SecurityException', 'Failed: org.apache.hadoop.security.token.SecretManager$InvalidToken: token is expired', 'AuthenticationError'],
    ['QueryParamException', 'java.lang.IllegalArgumentException: No enum constant org.example.Operation.SETQUOTA', 'UnsupportedError'],
    ['__proto__', 'no', 'RemoteError'],
    ['constructor', 'no', 'RemoteError'],
  ] as const) {
    for (const status of [403, 500]) {
      const error = await client([await scripted(t, [remote(name, message, status)])], { retries: 0 })
        .getFileStatus('/a')
        .catch((reason: unknown) => reason);
      assert.ok(error instanceof RemoteError);
      assert.deepEqual([error.name, error.status, error.exception], [expected, status, name]);
      assert.ok(!error.message.includes('Something.java'));
    }
  }
});
