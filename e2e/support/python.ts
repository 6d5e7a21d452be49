import { execFile } from 'node:child_process';
import { existsSync, renameSync, rmSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';

const execute = promisify(execFile);

/** A Python package with what it needs in an environment of its own, made once per machine; gives the folder of its programs. Rejects when it cannot be had. */
export async function pythonPrograms(name: string, version: string): Promise<string> {
  const home = path.join(tmpdir(), 'meniscus-e2e', `${name}-${version}`);
  const done = path.join(home, 'complete');
  if (!existsSync(done)) {
    const marker = path.join(tmpdir(), 'meniscus-e2e', `${name}-${version}.${process.pid}`);
    rmSync(home, { recursive: true, force: true });
    await mkdir(path.dirname(home), { recursive: true });
    await execute('python3', ['-m', 'venv', home]);
    await execute(path.join(home, 'bin/pip'), ['install', '--quiet', '--disable-pip-version-check', `${name}==${version}`]);
    await mkdir(marker);
    renameSync(marker, done);
  }
  return path.join(home, 'bin');
}
