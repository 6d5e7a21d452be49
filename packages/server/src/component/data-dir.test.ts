import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { openDataDir, replaceFile } from './data-dir.ts';

function temporary(t: TestContext): string {
  const directory = mkdtempSync(join(tmpdir(), 'meniscus-data-'));
  t.after(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

const RUN = { pid: 1, version: '0', http: 'http://127.0.0.1:1', syslog: { tcp: '127.0.0.1:2', udp: '127.0.0.1:2' }, listeners: [] };

test('the directory is made for its owner only; run.json comes and goes', async (t) => {
  const path = join(temporary(t), 'a', 'b');
  const directory = await openDataDir(path);
  assert.equal(statSync(path).mode & 0o777, 0o700);
  assert.equal(existsSync(join(path, 'run.json')), false);
  directory.writeRun(RUN);
  directory.writeRun({ ...RUN, pid: 2 });
  assert.deepEqual(JSON.parse(readFileSync(join(path, 'run.json'), 'utf8')), { ...RUN, pid: 2 });
  await directory.close();
  await directory.close();
  assert.deepEqual(readdirSync(path), ['lock']);
});

test('a second service is refused, in this process too, also by way of a symbolic link', async (t) => {
  const path = temporary(t);
  const first = await openDataDir(path);
  const link = join(temporary(t), 'link');
  symlinkSync(path, link);
  first.writeRun(RUN);
  for (const same of [path, link]) {
    await assert.rejects(openDataDir(same), (error: { code: string; message: string }) => {
      assert.equal(error.code, 'data_dir_in_use');
      assert.match(error.message, new RegExp(`process ${process.pid}\\b`));
      return true;
    });
  }
  assert.ok(existsSync(join(path, 'run.json')));
  await first.close();
  await (await openDataDir(path)).close();
});

const HOLDER = `
  const { openDataDir } = await import(process.argv[1]);
  const directory = await openDataDir(process.argv[2]);
  directory.writeRun({ pid: process.pid });
  console.log('ready');
  setInterval(() => {}, 1000);`;

test('another process is refused with our pid, and let in after SIGKILL', async (t) => {
  const path = temporary(t);
  const module = new URL('data-dir.ts', import.meta.url).href;
  const child = spawn(process.execPath, ['--input-type=module', '-e', HOLDER, module, path], { stdio: ['ignore', 'pipe', 'inherit'] });
  t.after(() => child.kill('SIGKILL'));
  await once(child.stdout, 'data');
  await assert.rejects(openDataDir(path), { code: 'data_dir_in_use', message: new RegExp(`process ${child.pid}\\b`) });
  const exited = once(child, 'exit');
  child.kill('SIGKILL');
  await exited;
  assert.ok(existsSync(join(path, 'run.json')));
  const directory = await openDataDir(path);
  assert.equal(existsSync(join(path, 'run.json')), false);
  await directory.close();
});

test('what cannot be a data directory is a clear error', async (t) => {
  const path = temporary(t);
  writeFileSync(join(path, 'file'), '');
  await assert.rejects(openDataDir(join(path, 'file')), { code: 'bad_configuration' });
  await assert.rejects(openDataDir(join(path, 'file', 'below')), { code: 'bad_configuration' });
});

test('a replaced file has mode 0600, whatever was there, and no temporary file stays', (t) => {
  const directory = temporary(t);
  const path = join(directory, 'f');
  writeFileSync(path, 'old');
  chmodSync(path, 0o644);
  replaceFile(path, 'new');
  assert.equal(readFileSync(path, 'utf8'), 'new');
  assert.equal(statSync(path).mode & 0o777, 0o600);
  assert.deepEqual(readdirSync(directory), ['f']);
});
