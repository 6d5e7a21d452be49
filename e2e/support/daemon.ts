import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { accepts as isAccepting, onEnd, until, type Cleanup } from '@meniscus/testkit';

/** Starts a program in the background; it is ended at the end of the test. */
export function startDaemon(t: Cleanup, command: string, args: readonly string[], env: NodeJS.ProcessEnv): ChildProcess & { said: string } {
  const child = Object.assign(spawn(command, args, { env, stdio: ['ignore', 'pipe', 'pipe'] }), { said: '' });
  const note = (chunk: Buffer): void => void (child.said = (child.said + chunk.toString()).slice(-20_000));
  child.stdout!.on('data', note);
  child.stderr!.on('data', note);
  onEnd(t, async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, 'exit');
    child.kill('SIGTERM');
    const timer = setTimeout(() => child.kill('SIGKILL'), 5000);
    await exited;
    clearTimeout(timer);
  });
  return child;
}

/** Resolves when a TCP port of this computer accepts. */
export async function accepts(port: number, child: { readonly said: string; readonly exitCode: number | null }): Promise<void> {
  await until(`port ${port} to accept`, async () => {
    if (child.exitCode !== null) throw new Error(`the program ended: ${child.said}`);
    return isAccepting(port);
  });
}
