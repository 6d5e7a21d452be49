import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { onEnd, type Cleanup } from '../cleanup.ts';
import { until } from '../wait.ts';

export const repository = path.resolve(import.meta.dirname, '../../../..');
export const serverMain = path.join(repository, 'packages/server/src/main.ts');

/** What run.json says. */
export interface RunFile {
  readonly pid: number;
  readonly version: string;
  readonly http: string;
  readonly syslog: { readonly tcp: string; readonly udp: string };
  readonly listeners: readonly {
    readonly type: string;
    readonly name?: string;
    readonly tenant?: string;
    readonly tcp?: string;
    readonly udp?: string;
  }[];
}

export interface ProcessOptions {
  readonly dataDir: string;
  readonly args?: readonly string[];
  readonly environment?: NodeJS.ProcessEnv;
  /** Text of a YAML configuration's path. */
  readonly config?: string;
}

/** A running service process. */
export class MeniscusProcess {
  readonly child: ChildProcess;
  readonly dataDir: string;
  /** What it wrote to standard output and error so far. */
  output = '';
  run!: RunFile;

  constructor(options: ProcessOptions) {
    this.dataDir = options.dataDir;
    const config = options.config === undefined ? [] : ['--config', options.config];
    const args = [serverMain, '--data-dir', options.dataDir, '--http-port', '0', '--syslog-port', '0', ...config, ...(options.args ?? [])];
    this.child = spawn(process.execPath, args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { NODE_COMPILE_CACHE: path.join(repository, 'node_modules/.cache/meniscus'), ...process.env, ...options.environment },
    });
    const collect = (chunk: Buffer): void => void (this.output = (this.output + chunk.toString()).slice(-200_000));
    this.child.stdout!.on('data', collect);
    this.child.stderr!.on('data', collect);
  }

  /** Resolves when run.json is there; rejects with what the process said when it ends before. */
  async ready(): Promise<this> {
    const file = path.join(this.dataDir, 'run.json');
    this.run = await until('run.json', () => {
      if (this.child.exitCode !== null || this.child.signalCode !== null)
        throw new Error(`the service ended with ${this.child.exitCode ?? this.child.signalCode}:\n${this.output}`);
      if (!existsSync(file)) return undefined;
      const run = JSON.parse(readFileSync(file, 'utf8')) as RunFile;
      return run.pid === this.child.pid ? run : undefined;
    }).catch((error: unknown) => {
      throw new Error(`the service did not get ready:\n${this.output}`, { cause: error });
    });
    return this;
  }

  get adminKey(): string {
    return readFileSync(path.join(this.dataDir, 'admin.key'), 'utf8').trim();
  }

  /** Ends it; resolves with its exit code, or the signal's name. */
  async end(signal: NodeJS.Signals = 'SIGTERM'): Promise<number | string> {
    if (this.child.exitCode === null && this.child.signalCode === null) {
      const exited = once(this.child, 'exit');
      this.child.kill(signal);
      await exited;
    }
    return this.child.exitCode ?? this.child.signalCode ?? 0;
  }
}

/** Starts the service on free ports; it is killed at the end unless it ended before. */
export async function startProcess(t: Cleanup, options: ProcessOptions): Promise<MeniscusProcess> {
  const service = new MeniscusProcess(options);
  onEnd(t, async () => void (await service.end('SIGKILL')));
  return service.ready();
}
