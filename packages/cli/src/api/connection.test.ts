import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import { Failure } from '../errors/failure.ts';
import type { Io } from '../io.ts';
import { connectionOf } from './connection.ts';
import { writeProfiles } from './profiles.ts';

function surroundings(t: TestContext, env: NodeJS.ProcessEnv = {}): Io {
  const cwd = mkdtempSync(path.join(tmpdir(), 'meniscus-cli-'));
  t.after(() => rmSync(cwd, { recursive: true, force: true }));
  return { env: { HOME: cwd, ...env }, cwd } as unknown as Io;
}

function dataDir(io: Io, name: string, http: string, key = 'msk_data'): string {
  const directory = path.join(io.cwd, name);
  mkdirSync(directory, { recursive: true });
  writeFileSync(path.join(directory, 'run.json'), JSON.stringify({ pid: process.pid, version: '1', http, syslog: {}, listeners: [] }));
  writeFileSync(path.join(directory, 'admin.key'), `${key}\n`);
  return directory;
}

function secret(io: Io, name: string, text: string): string {
  const file = path.join(io.cwd, name);
  writeFileSync(file, text);
  return file;
}

test('./data serves when nothing is said', (t) => {
  const io = surroundings(t);
  dataDir(io, 'data', 'http://127.0.0.1:8080');
  const { url, key } = connectionOf({}, io);
  assert.deepEqual([url, key], ['http://127.0.0.1:8080', 'msk_data']);
});

test('flags count before the environment, that before the profile, that before ./data', (t) => {
  const io = surroundings(t);
  dataDir(io, 'data', 'http://127.0.0.1:1', 'msk_folder');
  assert.equal(connectionOf({}, io).key, 'msk_folder');
  writeProfiles(io, { current: 'p', profiles: new Map([['p', { url: 'http://127.0.0.1:2', api_key: 'msk_profile', tenant: 'acme' }]]) });
  const byProfile = connectionOf({}, io);
  assert.deepEqual([byProfile.url, byProfile.key, byProfile.profile?.tenant], ['http://127.0.0.1:2', 'msk_profile', 'acme']);
  dataDir(io, 'other', 'http://127.0.0.1:3', 'msk_other');
  io.env['MENISCUS_DATA_DIR'] = 'other';
  assert.deepEqual([connectionOf({}, io).url, connectionOf({}, io).key], ['http://127.0.0.1:3', 'msk_other']);
  io.env['MENISCUS_API_KEY'] = 'msk_env';
  assert.equal(connectionOf({}, io).key, 'msk_env');
  io.env['MENISCUS_URL'] = 'http://127.0.0.1:4/';
  assert.deepEqual([connectionOf({}, io).url, connectionOf({}, io).key], ['http://127.0.0.1:4', 'msk_env']);
  dataDir(io, 'flag', 'http://127.0.0.1:5', 'msk_flag');
  assert.deepEqual(
    [connectionOf({ dataDir: 'flag' }, io).url, connectionOf({ dataDir: 'flag' }, io).key],
    ['http://127.0.0.1:5', 'msk_flag'],
  );
  const file = secret(io, 'key', 'msk_file\n');
  assert.equal(connectionOf({ dataDir: 'flag', apiKeyFile: file }, io).key, 'msk_file');
  assert.equal(connectionOf({ profile: 'p' }, io).key, 'msk_profile');
});

test('a key that lies beside an address goes to no other', (t) => {
  const io = surroundings(t);
  dataDir(io, 'data', 'http://127.0.0.1:8080', 'msk_folder');
  writeProfiles(io, { current: 'p', profiles: new Map([['p', { url: 'http://logs.example', api_key: 'msk_profile' }]]) });
  assert.equal(connectionOf({ url: 'http://stranger.example' }, io).key, undefined);
  assert.equal(connectionOf({ url: 'http://logs.example' }, io).key, 'msk_profile');
  assert.equal(connectionOf({ url: 'http://localhost:8080' }, io).key, 'msk_folder');
  assert.equal(connectionOf({ url: 'http://127.0.0.1.evil.example:8080' }, io).key, undefined);
});

test('what cannot work is said with what to do', (t) => {
  const io = surroundings(t);
  const failing = (options: Parameters<typeof connectionOf>[0], pattern: RegExp, exitCode: number): void => {
    assert.throws(
      () => connectionOf(options, io),
      (error: unknown) => error instanceof Failure && pattern.test(error.message) && error.exitCode === exitCode && error.notes.length > 0,
    );
  };
  failing({}, /no service is known/, 1);
  failing({ dataDir: 'nowhere' }, /no service runs on/, 1);
  failing({ url: 'ftp://x' }, /no address/, 2);
  failing({ url: 'http://user:pw@x' }, /no address/, 2);
  failing({ profile: 'none' }, /no profile/, 1);
  dataDir(io, 'data', 'http://127.0.0.1:1');
  failing({ apiKeyFile: 'missing' }, /cannot read the API key/, 1);
  failing({ apiKeyFile: secret(io, 'two', 'a b\nc') }, /holds no API key/, 1);
  writeFileSync(path.join(io.cwd, 'data', 'run.json'), '{"pid":');
  failing({}, /is damaged/, 1);
});

test('a key file that cannot be read is an error, not a missing key', (t) => {
  const io = surroundings(t);
  const directory = dataDir(io, 'data', 'http://127.0.0.1:1');
  rmSync(path.join(directory, 'admin.key'));
  mkdirSync(path.join(directory, 'admin.key'));
  assert.throws(() => connectionOf({}, io), /cannot read the API key/);
});
