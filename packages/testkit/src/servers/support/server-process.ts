import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { until } from '../../wait.ts';

const LOG_END = 4000;
const STOP_TIMEOUT_MS = 20_000;

/** One program of a server. */
export interface Program {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  /** Gets the log `NAME.log`. */
  readonly workDirectory: string;
  readonly environment?: NodeJS.ProcessEnv;
  /** Whether it takes work; a rejection counts as no. Not given: started is ready. */
  readonly isReady?: () => Promise<boolean>;
  readonly readyTimeoutMs?: number;
}

/** On Linux the program ends with the process that started it, however that one ends, so that no killed test leaves a server behind. */
function tied(program: Program): [string, readonly string[]] {
  if (!existsSync('/usr/bin/setpriv')) return [program.command, program.args];
  return ['/usr/bin/setpriv', ['--pdeathsig', 'KILL', program.command, ...program.args]];
}

/** A program that can be paused, killed and started again with the same arguments, so on the same port and data. */
export class ServerProcess {
  readonly program: Program;
  readonly #log: string;
  #child: ChildProcess | undefined;
  #failure: Error | undefined;

  constructor(program: Program) {
    this.program = program;
    mkdirSync(program.workDirectory, { recursive: true });
    this.#log = path.join(program.workDirectory, `${program.name}.log`);
  }

  get pid(): number {
    return this.#child!.pid!;
  }

  get isRunning(): boolean {
    if (this.#child === undefined) return false;
    return this.#child.exitCode === null && this.#child.signalCode === null && this.#failure === undefined;
  }

  /** The end of what it wrote to standard output and error. */
  get logEnd(): string {
    return existsSync(this.#log) ? readFileSync(this.#log, 'utf8').slice(-LOG_END) : '';
  }

  launch(): void {
    const log = openSync(this.#log, 'a');
    const [command, args] = tied(this.program);
    this.#failure = undefined;
    this.#child = spawn(command, args, { stdio: ['ignore', log, log], env: { ...process.env, ...this.program.environment } });
    this.#child.once('error', (error) => (this.#failure = error));
    // A script that has nothing else to do may end; then the server ends too.
    this.#child.unref();
    closeSync(log);
  }

  /** Resolves when it takes work; rejects with the end of its log when it ends before, or does not get that far. */
  async ready(): Promise<void> {
    const { name, isReady = () => Promise.resolve(true), readyTimeoutMs = 90_000 } = this.program;
    try {
      await until(
        `${name} to be ready`,
        async () => {
          if (!this.isRunning) throw new Error(`${name} ended`, { cause: this.#failure });
          return isReady().catch(() => false);
        },
        readyTimeoutMs,
      );
    } catch (error) {
      throw new Error(`${name} did not get ready: ${String(error)}; the end of its log:\n${this.logEnd}`, { cause: error });
    }
  }

  async start(): Promise<void> {
    this.launch();
    await this.ready();
  }

  /** It holds its connections and answers nothing until `resume`. */
  pause(): void {
    this.#child?.kill('SIGSTOP');
  }

  resume(): void {
    this.#child?.kill('SIGCONT');
  }

  /** A crash. */
  async kill(): Promise<void> {
    await this.#end('SIGKILL');
  }

  /** A clean stop, also of a paused one. */
  async stop(): Promise<void> {
    this.resume();
    await this.#end('SIGTERM');
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    const child = this.#child;
    if (child === undefined || !this.isRunning) return;
    child.ref();
    const exited = once(child, 'exit');
    child.kill(signal);
    const timer = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS);
    await exited;
    clearTimeout(timer);
  }
}
