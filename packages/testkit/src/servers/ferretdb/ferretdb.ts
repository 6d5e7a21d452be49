import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import type { Cleanup } from '../../cleanup.ts';
import { accepts } from '../../net/accepts.ts';
import { freePort } from '../../net/free-port.ts';
import { temporaryDirectory } from '../../temporary-directory.ts';
import type { Server, ServerOptions } from '../server.ts';
import { startGroup } from '../support/group.ts';
import { install } from '../support/install.ts';

const execute = promisify(execFile);
const BUILD_TIMEOUT_MS = 600_000;
const VERSION = '1.24.0';
const files = ['main.go', 'go.mod', 'go.sum'].map((file) => path.join(import.meta.dirname, file));

/** Builds it once per computer; gives its folder. Rejects when Go is lacking. `go.sum` pins every module. */
export async function installFerretDb(): Promise<string> {
  const build = async (folder: string): Promise<void> => {
    const args = ['build', '-mod=readonly', '-trimpath', '-tags', 'ferretdb_no_postgresql', '-o', path.join(folder, 'ferretdb'), '.'];
    const environment = { ...process.env, CGO_ENABLED: '0' };
    await execute('go', args, { cwd: import.meta.dirname, env: environment, timeout: BUILD_TIMEOUT_MS, maxBuffer: 16 << 20 });
  };
  return install({ name: 'ferretdb', version: VERSION, files, build });
}

/** Starts FerretDB, which speaks MongoDB's protocol and keeps its data in SQLite. It has no TTL indexes, transactions or users. */
export async function ferretDb(t: Cleanup, options: Omit<ServerOptions, 'heap' | 'longRunning'> = {}): Promise<Server> {
  const home = await installFerretDb();
  const workDirectory = options.workDirectory ?? temporaryDirectory(t);
  const port = options.port ?? (await freePort());
  const program = {
    name: 'ferretdb',
    command: path.join(home, 'ferretdb'),
    args: ['-data', path.join(workDirectory, 'data'), '-listen', `127.0.0.1:${port}`],
    workDirectory,
    isReady: () => accepts(port),
  };
  return startGroup(t, `mongodb://127.0.0.1:${port}`, port, [program]);
}
