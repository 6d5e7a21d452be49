import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Cleanup } from '../cleanup.ts';

/** A bash that keeps its state from one block to the next, as a reader's terminal does. Everything in it is ended with the test. */
export class Shell {
  private readonly child: ChildProcess;
  private readonly directory: string;
  private blocks = 0;
  private said = '';
  private wake: () => void = () => {};

  constructor(t: Cleanup, directory: string, environment: NodeJS.ProcessEnv) {
    this.directory = directory;
    this.child = spawn('bash', ['--noprofile', '--norc', '-eo', 'pipefail'], {
      cwd: directory,
      env: environment,
      stdio: ['pipe', 'pipe', 'inherit'],
      detached: true,
    });
    this.child.stdout!.on('data', (chunk: Buffer) => {
      this.said += chunk.toString();
      this.wake();
    });
    this.child.on('exit', () => this.wake());
    this.child.stdin!.on('error', () => {});
    t.after(() => this.end());
  }

  /** Runs a block; resolves with what it wrote and whether its last command, or an earlier one outside a condition, failed. */
  async run(text: string): Promise<{ readonly output: string; readonly failed: boolean }> {
    const number = ++this.blocks;
    const file = path.join(this.directory, `.block-${number}`);
    this.child.stdin!.write(`{\n${text}\n} </dev/null >${file} 2>&1\necho done-${number}\n`);
    while (!this.said.includes(`done-${number}\n`) && this.child.exitCode === null && this.child.signalCode === null)
      await new Promise<void>((resolve) => (this.wake = resolve));
    return { output: readFileSync(file, 'utf8'), failed: !this.said.includes(`done-${number}\n`) };
  }

  private async end(): Promise<void> {
    const running = this.child.exitCode === null && this.child.signalCode === null;
    const exited = running ? once(this.child, 'exit') : undefined;
    try {
      process.kill(-this.child.pid!, 'SIGKILL');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    }
    await exited;
  }
}
